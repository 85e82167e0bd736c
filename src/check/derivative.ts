/** `d`, `grad`, `jacobian`, `hessian`, `jvp`, `vjp`, `hvp`: derivatives are definitions that a later pass expands. */
import type { Call, Expression } from '../../grammar/ast.js'
import type { Span } from '../base/source.js'
import type { Def, Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { axesOf, axis, elementAt, sameShape } from './axes.js'
import type { DerivativeName } from './builtin-names.js'
import { closed, defined } from './define.js'
import { dependenceOn } from './dependence.js'
import { type Env, report, warn } from './env.js'
import { messages } from './messages.js'
import { asTensor, type Operand } from './pointwise.js'
import { showShape } from './show.js'
import { type Steps, valueOf } from './task.js'
import { POISON, type Tensor, tensor, type Value } from './value.js'

/** What a derivative is taken by: `def[at…, j…]` with `j` over `shape`. */
interface Variable {
  readonly def: Def
  readonly at: readonly Expr[]
  readonly shape: readonly Expr[]
  /** Under which the position is there. */
  readonly conditions: readonly Expr[]
}

export function* elaborateDerivative(e: Call, name: DerivativeName, env: Env): Steps<Value> {
  const wanted = name === 'jvp' || name === 'vjp' || name === 'hvp' ? 3 : 2
  const many = name === 'd' || name === 'grad' || name === 'jacobian'
  const named = e.arguments.find((argument) => argument.name)
  if (e.arguments.length < wanted || (!many && e.arguments.length > wanted) || named)
    return report(env, messages.derivativeArguments(name), e.span)
  const [first, ...rest] = e.arguments.map((argument) => argument.value)
  const subject = asTensor(env, yield valueOf(first, env), first)
  if (!subject) {
    // Further mistakes of the call still show.
    for (const argument of rest) yield valueOf(argument, env)
    return POISON
  }
  const operand: Operand = { value: subject, syntax: first }
  if (!many) return yield* withDirection(e, name, operand, rest[0], rest[1], env)
  const results: Value[] = []
  for (const variable of rest) results.push(yield* byOne(name, operand, variable, env))
  if (results.length === 1) return results[0]
  return results.some((value) => value.kind === 'poison')
    ? POISON
    : { kind: 'tuple', values: results, names: undefined, of: name }
}

/** The derivative by one variable; by a layer: by each of its parameters. */
function* byOne(name: DerivativeName, subject: Operand, variable: Expression, env: Env): Steps<Value> {
  const value = yield valueOf(variable, env)
  if (value.kind === 'poison') return POISON
  if (value.kind === 'instance') {
    const members = [...value.members]
    if (!value.applied || members.length === 0)
      return report(env, messages.notApplied(value.path.at(-1) ?? ''), variable.span)
    const values = members.flatMap(
      ([, member]) =>
      member.kind === 'param' ? [derivativeBy(env, name, subject, { def: member.def, at: [], shape: member.def.idx.map((i) => i.extent), conditions: [] }, variable.span)] : [], // prettier-ignore
    )
    return { kind: 'tuple', values, names: members.map(([each]) => each), of: name }
  }
  const target = variableOf(env, value, variable)
  return target ? derivativeBy(env, name, subject, target, variable.span) : POISON
}

function derivativeBy(env: Env, name: DerivativeName, subject: Operand, target: Variable, span: Span): Value {
  const { graph } = env.context
  const { value, syntax } = subject
  if (name === 'grad' && value.shape.length > 0)
    return report(env, messages.scalarDerivative(name, showShape(graph, value.shape)), syntax.span)
  if (name === 'd' && value.shape.length > 0 && target.shape.length > 0)
    return report(env, messages.useJacobian(), span)
  remark(env, subject, target.def, textOf(span))
  return jacobianOf(env, value, target, syntax.span)
}

/** A warning where the derivative is 0 whatever the data. */
function remark(env: Env, { value, syntax }: Operand, variable: Def, name: string): void {
  const dependence = dependenceOn(value.element, variable)
  if (dependence === 'none') warn(env, messages.independent(name), syntax.span)
  else if (dependence === 'steps') warn(env, messages.stepwise(name), syntax.span)
}

const textOf = ({ source, start, end }: Span): string => `'${source.text.slice(start, end)}'`

/** What a value names: a read of a definition, whole or at leading positions. */
function variableOf(env: Env, value: Value, syntax: Expression): Variable | undefined {
  const { graph } = env.context
  const found = asTensor(env, value, syntax)
  if (!found) return undefined
  const { element, shape } = found
  if (element.integer && syntax.kind === 'name') {
    report(env, messages.derivativeByWhole(syntax.name), syntax.span)
    return undefined
  }
  // A position that is tested when the sizes are known is one like others by then.
  const read = element.kind === 'guard' ? element.body : element
  if (read.kind === 'read' && !read.integer) {
    const axes = axesOf(graph, shape)
    const at = read.args.slice(0, read.args.length - axes.length)
    const tail = read.args.slice(at.length)
    const isWhole =
      tail.every((arg, n) => arg === axes[n]) && at.every((arg) => !arg.free.some((i) => axes.includes(i)))
    if (isWhole && read.def.kind !== 'table')
      return { def: read.def, at, shape, conditions: element.kind === 'guard' ? element.conditions : [] }
  }
  report(env, messages.notAVariable(), syntax.span)
  return undefined
}

/** `∂ value[i…] / ∂ variable[j…]`: the axes of the value, then those of the variable. */
function jacobianOf(env: Env, value: Tensor, { def, at, shape, conditions }: Variable, span: Span): Tensor {
  const { graph } = env.context
  const own = value.shape.map((extent) => graph.freshIndex(extent))
  const of = closed(graph, graph.guard(conditions, elementAt(graph, value, own)), env.path)
  const outer: Index[] = []
  for (const e of [of, ...at])
    for (const index of e.free) if (!own.includes(index) && !outer.includes(index)) outer.push(index)
  const result = graph.definitions.derivative({
    name: 'derivative',
    batch: [...outer, ...own],
    of,
    wrt: def,
    at,
    origin: { span },
  })
  const full = [...value.shape, ...shape]
  return tensor(full, graph.guard(conditions, graph.read(result, [...outer, ...axesOf(graph, full)])))
}

function* withDirection(
  e: Call,
  name: DerivativeName,
  subject: Operand,
  variable: Expression,
  direction: Expression | undefined,
  env: Env,
): Steps<Value> {
  const { graph } = env.context
  const target = variableOf(env, yield valueOf(variable, env), variable)
  const given = direction && asTensor(env, yield valueOf(direction, env), direction)
  if (!target || (direction && !given)) return POISON
  const { value, syntax } = subject
  if (name !== 'jvp' && name !== 'vjp' && value.shape.length > 0)
    return report(env, messages.scalarDerivative(name, showShape(graph, value.shape)), syntax.span)
  const wanted = name === 'vjp' ? value.shape : target.shape
  if (given && direction && !sameShape(given.shape, wanted))
    return report(
      env,
      messages.shapeMismatch(name, showShape(graph, wanted), showShape(graph, given.shape)),
      direction.span,
    )
  remark(env, subject, target.def, textOf(variable.span))
  const first = jacobianOf(env, value, target, e.span)
  if (name === 'vjp' && given) return contracted(graph, first, given, 'leading', env)
  if (name === 'jvp' && given) return contracted(graph, first, given, 'trailing', env)
  const gradient = defined(env, { name: 'gradient', span: e.span, auto: true }, first)
  const second = jacobianOf(env, gradient, target, e.span)
  return given ? contracted(graph, second, given, 'trailing', env) : second
}

/** Sums a derivative against a direction over its leading or its trailing axes. */
function contracted(
  graph: Graph,
  value: Tensor,
  direction: Tensor,
  side: 'leading' | 'trailing',
  env: Env,
): Tensor {
  const summed = direction.shape.map((extent) => graph.freshIndex(extent))
  const kept =
    side === 'leading'
      ? value.shape.slice(summed.length)
      : value.shape.slice(0, value.shape.length - summed.length)
  const axes = kept.map((extent, at) => axis(graph, kept.length - 1 - at, extent))
  const positions = side === 'leading' ? [...summed, ...axes] : [...axes, ...summed]
  const product = graph.mul(elementAt(graph, value, positions), elementAt(graph, direction, summed))
  return tensor(kept, graph.sum(summed, closed(graph, product, env.path)))
}

/** The derivative of a scalar or pointwise value by a variable of the same shape, element by element. */
export function elementwiseDerivative(
  env: Env,
  value: Tensor,
  variable: Tensor,
  span: Span,
): Tensor | undefined {
  const { graph } = env.context
  const { element } = variable
  if (element.kind !== 'read') return undefined
  const of = closed(graph, value.element, env.path)
  const batch: Index[] = []
  for (const e of [of, ...element.args])
    for (const index of e.free) if (!batch.includes(index)) batch.push(index)
  const def = graph.definitions.derivative({
    name: 'derivative',
    batch,
    of,
    wrt: element.def,
    at: element.args,
    origin: { span },
  })
  return tensor(value.shape, graph.read(def, batch))
}
