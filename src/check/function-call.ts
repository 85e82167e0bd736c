/** A call of a function of the language: its body is elaborated anew for the arguments. */
import type { Call, Parameter } from '../../grammar/ast.js'
import type { Span } from '../base/source.js'
import type { Expr, Index } from '../ir/expr.js'
import { isEqual } from '../ir/prove.js'
import { differentiatedNames, functionParameters, resolver } from './analyse.js'
import { bindArguments, type Bound } from './arguments.js'
import { abstracted, axesOf, elementAt } from './axes.js'
import { closed, materialised, outerIndices } from './define.js'
import { type CallSite, type Env, report } from './env.js'
import { messages } from './messages.js'
import { withOwnRules } from './own-rule.js'
import { asTensor } from './pointwise.js'
import { Scope, type UserFunction } from './scope.js'
import { showShape } from './show.js'
import { resultOf, type Steps, valueOf } from './task.js'
import { isWholeType, matchType, SCALAR_TYPES } from './types.js'
import { POISON, type Tensor, tensor, type Value } from './value.js'

/** A value for a parameter, and where it stands. */
interface Given {
  readonly parameter: Parameter
  readonly value: Tensor
  readonly span: Span
}

export function* applyFunction(env: Env, found: UserFunction, e: Call, name: string): Steps<Value> {
  const { declaration } = found
  const { parameters } = declaration.signature
  const bound = bindArguments(env, name, parameters, e.arguments, e.span, declaration.signature.name.span)
  if (!bound) return POISON
  if (isUnderWay(env.call, declaration)) return reportRecursion(env, name, declaration, e.span)
  const scope = new Scope(found.scope)
  const call: CallSite = {
    of: declaration,
    name,
    span: e.span,
    outer: env.call,
    depth: (env.call?.depth ?? 0) + 1,
  }
  const inner: Env = { ...env, scope, call, ranges: new Map(), statement: [], model: undefined }
  const functions = functionParameters(declaration, resolver(found.scope))
  const given = yield* evaluateArguments(env, inner, bound, functions, name)
  if (!given) return POISON
  return yield* applyToValues(env, inner, found, given, e.span)
}

export function isUnderWay(call: CallSite | undefined, declaration: object): boolean {
  for (let at = call; at; at = at.outer) if (at.of === declaration) return true
  return false
}

/** A circle of functions is reported once, not once from each of them. */
function reportRecursion(env: Env, name: string, declaration: object, span: Span): Value {
  const { circles } = env.context
  const members: object[] = []
  for (let at = env.call; at; at = at.outer) {
    members.push(at.of)
    if (at.of === declaration) break
  }
  const known = members.some((member) => circles.has(member))
  if (!env.context.probing) for (const member of members) circles.add(member)
  return known ? POISON : report(env, messages.recursion(name), span)
}

function* evaluateArguments(
  env: Env,
  inner: Env,
  bound: readonly Bound[],
  functions: ReadonlySet<string>,
  name: string,
): Steps<Given[] | undefined> {
  const given: Given[] = []
  let sound = true
  for (const { parameter, argument } of bound) {
    const wanted = parameter.name.name
    if (functions.has(wanted)) {
      const target = argument?.kind === 'name' ? env.scope.function(argument.name) : undefined
      if (target) inner.scope.functions.set(wanted, target)
      else {
        report(env, messages.functionExpected(name, wanted), argument?.span ?? parameter.span)
        sound = false
      }
      continue
    }
    // A default may use the parameters before it.
    const syntax = argument ?? parameter.default
    const value = syntax && asTensor(env, yield valueOf(syntax, argument ? env : inner), syntax)
    if (!value || !syntax) {
      sound = false
      continue
    }
    given.push({ parameter, value, span: syntax.span })
    if (!argument) inner.scope.bind(wanted, value, parameter.span, 'parameter')
  }
  return sound ? given : undefined
}

/** Binds the parameters and elaborates the body; extra leading axes of typed parameters are mapped over. */
export function* applyToValues(
  env: Env,
  inner: Env,
  found: UserFunction,
  given: readonly Given[],
  span: Span,
): Steps<Value> {
  const { graph } = env.context
  const { declaration } = found
  const { name } = declaration.signature
  if (!declaration.body.some((statement) => statement.kind === 'return'))
    return report(env, messages.noResult(name.name), name.span)
  const lead: Expr[] = []
  const excess: number[] = []
  for (const { parameter, value, span: at } of given) {
    const own = yield* excessOf(env, inner, parameter, value, at)
    if (own === undefined) return POISON
    excess.push(own)
    if (!joinLead(lead, value.shape.slice(0, own), (a, b) => isEqual(graph, a, b)))
      return report(env, messages.shapeMismatch(`the leading axes in '${declaration.signature.name.name}'`, showShape(graph, lead), showShape(graph, value.shape.slice(0, own))), at) // prettier-ignore
  }
  const mapped = lead.map((extent) => graph.freshIndex(extent))
  const variables = differentiatedNames(declaration)
  const ambient = new Set<Index>([...found.ambient, ...mapped])
  for (const [at, { parameter, value, span: where }] of given.entries()) {
    const name = parameter.name.name
    const named = parameter.type ? materialised(env, value, name, where) : value
    const part = mappedOver(env, named, mapped, excess[at])
    const own = variables.has(name) && !part.element.integer ? variable(env, part, name, where) : part
    for (const index of outerIndices(graph, own.shape, own.element)) ambient.add(index)
    inner.scope.bind(name, own, parameter.span, 'parameter')
  }
  const body: Env = { ...inner, scope: new Scope(inner.scope), ambient: [...ambient] }
  const result = yield* withOwnRules(
    body,
    found,
    given.map(({ parameter }) => parameter.name.name),
    span,
    (rulesEnv) => resultOf(declaration.body, rulesEnv),
  )
  return lead.length === 0 ? result : spreadOver(env, result, mapped)
}

/** Matches a value against the type of its parameter; the number of leading axes to map over. */
function* excessOf(
  env: Env,
  inner: Env,
  parameter: Parameter,
  value: Tensor,
  span: Span,
): Steps<number | undefined> {
  const { type } = parameter
  if (!type) return 0
  const name = parameter.name.name
  if (type.name && !SCALAR_TYPES.has(type.name.name)) {
    report(env, messages.unknownType(type.name.name), type.name.span)
    return undefined
  }
  if (isWholeType(type) && !value.element.integer) {
    report(env, messages.wholeExpected(`'${name}'`), span)
    return undefined
  }
  const match = yield* matchType(inner, type, value.shape, { name, span, mayExceed: true })
  return match?.excess
}

/** Leading axes of several arguments are aligned at their last; false if they differ. */
function joinLead(lead: Expr[], own: readonly Expr[], equal: (a: Expr, b: Expr) => boolean): boolean {
  for (let back = 1; back <= own.length; back++) {
    const extent = own[own.length - back]
    if (back > lead.length) lead.unshift(extent)
    else if (!equal(lead[lead.length - back], extent)) return false
  }
  return true
}

function mappedOver(env: Env, value: Tensor, mapped: readonly Index[], excess: number): Tensor {
  if (excess === 0) return value
  const { graph } = env.context
  const shape = value.shape.slice(excess)
  const positions = [...mapped.slice(mapped.length - excess), ...axesOf(graph, shape)]
  return tensor(shape, elementAt(graph, value, positions))
}

function spreadOver(env: Env, value: Value, mapped: readonly Index[]): Value {
  switch (value.kind) {
    case 'tensor':
      return abstracted(env.context.graph, mapped, value.shape, value.element)
    case 'tuple':
      return { ...value, values: value.values.map((each) => spreadOver(env, each, mapped)) }
    case 'instance':
    case 'poison':
      return value
  }
}

/**
 * A definition of its own for a value that derivatives are taken by: never merged with an equal one, since two
 * parameters with the same value are two variables.
 */
export function variable(env: Env, value: Tensor, name: string, span: Span): Tensor {
  const { graph } = env.context
  const element = closed(graph, value.element, env.path)
  const outer = outerIndices(graph, value.shape, element)
  const idx = [...outer, ...axesOf(graph, value.shape)]
  const def = graph.definitions.nominal({
    name,
    shape: idx.map((index) => index.extent),
    origin: { span },
    auto: true,
    facts: element.facts,
  })
  graph.definitions.setBody(def, idx, element)
  return tensor(value.shape, graph.read(def, idx))
}
