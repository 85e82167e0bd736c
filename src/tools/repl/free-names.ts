/** Which names an expression or a function of the session takes from outside. */
import type { Expression, FunctionDeclaration, Statement } from '../../../grammar/ast.js'
import { everyExpression, everyStatement, expressionsOf, namesIn } from '../../check/syntax.js'

const PREDEFINED: ReadonlySet<string> = new Set(['', 'pi', 'π', 'inf', '∞'])

export interface Uses {
  /** Values, in order of appearance. */
  readonly values: readonly string[]
  /** Functions that are called or passed on. */
  readonly functions: readonly string[]
}

export function usesOf(expressions: readonly Expression[], hidden: readonly string[] = []): Uses {
  const bound = new Set(hidden)
  const functions = new Set<string>()
  for (const e of everyExpression(expressions)) {
    if (e.kind === 'reduction') for (const { name } of e.binders) bound.add(name.name)
    if (e.kind === 'call') functions.add(calledName(e.callee))
  }
  const names = [...namesIn(expressions)]
  // Primed functions are called by name too: `f'(x)`.
  const values = names.filter((name) => !bound.has(name) && !PREDEFINED.has(name))
  const isCalled = primed(expressions)
  return { values: values.filter((name) => !isCalled.has(name)), functions: [...functions] }
}

function calledName(callee: Expression): string {
  let at = callee
  while (at.kind === 'transpose') at = at.operand
  return at.kind === 'name' ? at.name : ''
}

function primed(expressions: readonly Expression[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const e of everyExpression(expressions))
    if (e.kind === 'call' && e.callee.kind === 'transpose') names.add(calledName(e.callee))
  return names
}

/** What a definition `y[i] = e` takes from outside. */
export function usesOfStatement(statement: Statement): Uses {
  const own: string[] = []
  const expressions: Expression[] = []
  for (const inner of everyStatement([statement])) {
    expressions.push(...expressionsOf(inner))
    if (inner.kind === 'definition')
      for (const { name, subscripts } of inner.targets) {
        // The name of a definition is no variable of its own body, unless it is a mistake that others report.
        if (inner !== statement) own.push(name.name)
        for (const subscript of subscripts ?? [])
          if (subscript.kind === 'binder') own.push(subscript.name.name)
          else expressions.push(subscript)
      }
    if (inner.kind === 'recur') own.push(...inner.binders.map(({ name }) => name.name))
    if (inner.kind === 'function') own.push(...parametersOf(inner))
  }
  return usesOf(expressions, own)
}

const parametersOf = ({ signature }: FunctionDeclaration): string[] => [
  ...signature.parameters.map(({ name }) => name.name),
  ...(signature.sizes ?? []).map(({ name }) => name.name),
  ...signature.parameters.flatMap(({ type }) =>
    (type?.dimensions ?? []).flatMap((dimension) =>
      dimension.kind === 'extent' ? [...namesIn([dimension.value])] : [],
    ),
  ),
]

const DERIVATIVES: ReadonlySet<string> = new Set(['d', 'grad', 'jacobian', 'hessian', 'jvp', 'vjp', 'hvp'])

/** The names that stand as variables of derivatives. */
export function differentiatedBy(expressions: readonly Expression[]): string[] {
  return [...everyExpression(expressions)].flatMap((e) => {
    if (e.kind !== 'call' || e.callee.kind !== 'name' || !DERIVATIVES.has(e.callee.name)) return []
    return e.arguments.slice(1).flatMap(({ value }) => (value.kind === 'name' ? [value.name] : []))
  })
}
