/** Walks over the syntax tree: iterative, since the tree may be deep. */
import type { Expression, Slice, Statement } from '../../grammar/ast.js'

/** The operands of an expression, in source order; bounds of binders and slices included. */
export function operandsOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'number':
    case 'name':
      return []
    case 'unary':
    case 'transpose':
      return [e.operand]
    case 'binary':
      return [e.left, e.right]
    case 'comparison':
      return e.operands
    case 'conditional':
      return [e.condition, e.consequent, e.alternate]
    case 'reduction':
      return [...e.binders.flatMap(boundsOf), ...(e.filter ? [e.filter] : []), e.body]
    case 'call':
      return [e.callee, ...e.arguments.map((argument) => argument.value)]
    case 'subscript':
      return [e.object, ...e.subscripts.flatMap(partsOf)]
    case 'member':
      return [e.object]
    case 'array':
      return e.elements
  }
}

export function boundsOf(binder: {
  lower?: { value: Expression }
  upper?: { value: Expression }
}): Expression[] {
  return [binder.lower, binder.upper].flatMap((bound) => (bound ? [bound.value] : []))
}

export function partsOf(subscript: Expression | Slice): Expression[] {
  if (subscript.kind !== 'slice') return [subscript]
  return [subscript.start, subscript.end].flatMap((part) => (part ? [part] : []))
}

/** Every expression inside the roots, the roots included. */
export function everyExpression(roots: readonly Expression[]): readonly Expression[] {
  const found: Expression[] = []
  const stack = [...roots].reverse()
  for (let e = stack.pop(); e; e = stack.pop()) {
    found.push(e)
    const operands = operandsOf(e)
    for (let at = operands.length - 1; at >= 0; at--) stack.push(operands[at])
  }
  return found
}

/** The names of values that occur, called functions excepted. */
export function namesIn(roots: readonly Expression[]): Set<string> {
  const names = new Set<string>()
  const callees = new Set<Expression>()
  for (const e of everyExpression(roots)) {
    if (e.kind === 'call') callees.add(e.callee)
    if (e.kind === 'name' && !callees.has(e)) names.add(e.name)
  }
  return names
}

/** The expressions that stand directly in a statement; inner blocks excepted. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'definition':
      return statement.values
    case 'const':
      return statement.definition.values
    case 'out':
      return statement.values ?? []
    case 'return':
      return statement.values
    case 'loss':
      return [statement.value]
    case 'param':
      return statement.initial ? [statement.initial.value] : []
    case 'derivative':
      return statement.values
    case 'assume':
      return statement.conditions
    case 'recur':
      return statement.binders.flatMap(boundsOf)
    case 'function':
    case 'model':
    case 'import':
      return []
  }
}

/** All statements of a block and of the blocks inside it. */
export function* everyStatement(statements: readonly Statement[]): Iterable<Statement> {
  const stack = [...statements].reverse()
  for (let statement = stack.pop(); statement; statement = stack.pop()) {
    yield statement
    if (statement.kind === 'recur' || statement.kind === 'function' || statement.kind === 'model')
      stack.push(...[...statement.body].reverse())
  }
}
