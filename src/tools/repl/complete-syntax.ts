/** What short forms stand for: a function alone, `f'`, and derivatives by all variables. */
import type { Expression, Name } from '../../../grammar/ast.js'
import { Diagnostics } from '../../base/diagnostic.js'
import { libraryFunction } from './infer-shapes.js'
import type { Workspace } from './workspace.js'

const BY_ALL: ReadonlySet<string> = new Set(['grad', 'jacobian', 'hessian', 'd'])

/** Says that a derivative is by none of several variables. */
type Ambiguous = (names: readonly string[]) => never

export function completed(e: Expression, workspace: Workspace, ambiguous: Ambiguous): Expression {
  return byAllVariables(e, workspace, ambiguous) ?? functionAlone(e, workspace) ?? e
}

/** `grad(f)` is the gradient by all variables of `f`, in order of appearance. */
function byAllVariables(e: Expression, workspace: Workspace, ambiguous: Ambiguous): Expression | undefined {
  if (e.kind !== 'call' || e.callee.kind !== 'name' || !BY_ALL.has(e.callee.name) || e.arguments.length !== 1) return undefined // prettier-ignore
  if (workspace.functions.has(e.callee.name)) return undefined
  const value = completed(e.arguments[0].value, workspace, ambiguous)
  const query = workspace.query([value], new Diagnostics())
  if (!query || query.variables.length === 0) return undefined
  if ((e.callee.name === 'd' || e.callee.name === 'hessian') && query.variables.length > 1)
    ambiguous(query.variables)
  const { span } = e
  const variables = query.variables.map((name) => ({ value: { kind: 'name' as const, name, span }, span }))
  return { ...e, arguments: [{ value, span }, ...variables] }
}

/** `f` is `f(x)` and `f'` is `f'(x)`, with the parameters as it names them; `f'` of an expression is by its one variable. */
function functionAlone(e: Expression, workspace: Workspace): Expression | undefined {
  let order = 0
  let inner = e
  for (; inner.kind === 'transpose'; inner = inner.operand) order++
  if (inner.kind !== 'name') return undefined
  const { name, span } = inner
  if (workspace.values.has(name)) return order === 0 || workspace.isTensor(name) ? undefined : derivative(inner, order, workspace) // prettier-ignore
  if (workspace.isValue(name) || !workspace.isFunction(name)) return undefined
  const declared = workspace.functions.get(name)?.declaration ?? libraryFunction(name)
  const parameters = declared?.signature.parameters.filter((parameter) => !parameter.default) ?? [{ name: { kind: 'name' as const, name: 'x', span } }] // prettier-ignore
  const args = parameters.map((parameter) => ({ value: { ...parameter.name, span }, span }))
  return { kind: 'call', callee: e, arguments: args, span }
}

function derivative(subject: Name, order: number, workspace: Workspace): Expression | undefined {
  const variables = workspace.query([subject], new Diagnostics())?.variables ?? []
  if (variables.length !== 1) return undefined
  const { span } = subject
  const by: Name = { kind: 'name', name: variables[0], span }
  let e: Expression = subject
  for (let n = 0; n < order; n++)
    e = { kind: 'call', callee: { kind: 'name', name: 'd', span }, arguments: [{ value: e, span }, { value: by, span }], span } // prettier-ignore
  return e
}
