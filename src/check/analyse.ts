/** What the body of a function tells about its parameters, before it is elaborated. */
import type { Expression, FunctionDeclaration, ModelDeclaration, Statement } from '../../grammar/ast.js'
import { isBuiltin, isDerivativeOperator } from './builtin-names.js'
import type { FunctionBinding, Scope } from './scope.js'
import { boundsOf, everyExpression, everyStatement, expressionsOf, namesIn, partsOf } from './syntax.js'

type Declaration = FunctionDeclaration | ModelDeclaration

/** Finds the function that a name stands for where a declaration is written. */
type Resolve = (name: string) => FunctionBinding | undefined

export const resolver =
  (scope: Scope): Resolve =>
  (name) =>
    scope.function(name)

function bodyExpressions(declaration: Declaration): readonly Expression[] {
  const roots: Expression[] = []
  for (const statement of everyStatement(declaration.body)) roots.push(...expressionsOf(statement))
  return everyExpression(roots)
}

const calledFunctions = new WeakMap<Declaration, ReadonlySet<string>>()

/** Parameters that are called, or handed on to a function that calls them. */
export function functionParameters(declaration: Declaration, resolve: Resolve): ReadonlySet<string> {
  const present = calledFunctions.get(declaration)
  if (present) return present
  const found = new Set<string>()
  calledFunctions.set(declaration, found)
  const parameters = new Set(declaration.signature.parameters.map((parameter) => parameter.name.name))
  for (const e of bodyExpressions(declaration)) {
    if (e.kind !== 'call') continue
    const name = calleeName(e.callee)
    if (name === undefined) continue
    if (parameters.has(name)) {
      // A parameter `d` stands beside the derivative `d(f, x)`.
      if (!isBuiltin(name)) found.add(name)
      continue
    }
    const callee = resolve(name)
    if (callee?.kind !== 'function') continue
    const inner = functionParameters(callee.declaration, resolve)
    for (const [at, argument] of e.arguments.entries()) {
      const parameter = argument.name?.name ?? callee.declaration.signature.parameters[at]?.name.name
      const handed = argument.value.kind === 'name' ? argument.value.name : undefined
      if (parameter !== undefined && inner.has(parameter) && handed !== undefined && parameters.has(handed))
        found.add(handed)
    }
  }
  return found
}

function calleeName(callee: Expression): string | undefined {
  let at = callee
  while (at.kind === 'transpose') at = at.operand
  return at.kind === 'name' ? at.name : undefined
}

/** Names with respect to which the body takes derivatives. */
export function differentiatedNames(declaration: Declaration): ReadonlySet<string> {
  const names = new Set<string>()
  for (const e of bodyExpressions(declaration)) {
    if (e.kind !== 'call' || e.callee.kind !== 'name' || !isDerivativeOperator(e.callee.name)) continue
    for (const { value } of e.arguments.slice(1)) if (value.kind === 'name') names.add(value.name)
  }
  return names
}

const wholeNames = new WeakMap<Declaration, ReadonlySet<string>>()

/** Names that must be whole numbers: they occur in a bound, a shape or a subscript, directly or by a definition. */
export function wholeNumbered(declaration: Declaration, resolve: Resolve): ReadonlySet<string> {
  const present = wholeNames.get(declaration)
  if (present) return present
  const found = new Set<string>()
  wholeNames.set(declaration, found)
  const statements = [...everyStatement(declaration.body)]
  const add = (expressions: readonly Expression[]): void => {
    for (const name of namesIn(expressions)) found.add(name)
  }
  for (const parameter of declaration.signature.parameters)
    for (const dimension of parameter.type?.dimensions ?? [])
      if (dimension.kind !== 'rest') add([dimension.value])
  for (const statement of statements) add(placesOf(statement))
  for (const e of everyExpression(statements.flatMap((statement) => expressionsOf(statement)))) {
    if (e.kind === 'subscript') add(e.subscripts.flatMap(partsOf))
    else if (e.kind === 'reduction') add(e.binders.flatMap(boundsOf))
    else if (e.kind === 'call') add(wholeArguments(e, resolve))
  }
  spread(statements, found)
  return found
}

/** Expressions of a statement that stand for positions, bounds and sizes. */
function placesOf(statement: Statement): Expression[] {
  switch (statement.kind) {
    case 'recur':
      return statement.binders.flatMap(boundsOf)
    case 'definition':
    case 'out':
      return statement.targets.flatMap((target) => [
        ...(target.subscripts ?? []).flatMap((s) => (s.kind === 'binder' ? boundsOf(s) : [s])),
        ...(target.type?.dimensions ?? []).flatMap((d) => (d.kind === 'rest' ? [] : [d.value])),
      ])
    case 'param':
      return (statement.target.type?.dimensions ?? []).flatMap((d) => (d.kind === 'rest' ? [] : [d.value]))
    case 'function':
      return statement.signature.parameters.flatMap(({ type }) =>
        (type?.dimensions ?? []).flatMap((d) => (d.kind === 'rest' ? [] : [d.value])),
      )
    default:
      return []
  }
}

const SHAPE_BUILTINS: ReadonlySet<string> = new Set(['zeros', 'ones', 'eye'])

/** Arguments in the place of whole-numbered parameters. */
function wholeArguments(e: Extract<Expression, { kind: 'call' }>, resolve: Resolve): Expression[] {
  const name = calleeName(e.callee)
  if (name === undefined) return []
  const callee = resolve(name)
  if (callee?.kind === 'builtin' && SHAPE_BUILTINS.has(name))
    return e.arguments.map((argument) => argument.value)
  if (callee?.kind !== 'function') return []
  const { parameters } = callee.declaration.signature
  const inner = wholeNumbered(callee.declaration, resolve)
  return e.arguments.flatMap((argument, at) => {
    const parameter = argument.name
      ? parameters.find(({ name }) => name.name === argument.name?.name)
      : parameters[at]
    const whole = parameter && (inner.has(parameter.name.name) || parameter.type?.name?.name === 'int')
    return whole ? [argument.value] : []
  })
}

/** What a whole-numbered definition is made of is whole-numbered too. */
function spread(statements: readonly Statement[], found: Set<string>): void {
  for (let grown = true; grown;) {
    const before = found.size
    for (const statement of statements) {
      if (statement.kind !== 'definition') continue
      for (const [at, target] of statement.targets.entries()) {
        const value = statement.values[at]
        if (value && !target.subscripts && found.has(target.name.name))
          for (const name of namesIn([value])) found.add(name)
      }
    }
    grown = found.size > before
  }
}
