/** Functions with own derivatives: a call of one goes through definitions, to which the stated rules are attached. */
import type { DerivativeDeclaration } from '../../grammar/ast.js'
import type { Span } from '../base/source.js'
import type { Def, Index } from '../ir/expr.js'
import { axesOf } from './axes.js'
import { definition, outerIndices } from './define.js'
import type { Env } from './env.js'
import { withRanges } from './ranges.js'
import { Scope, type UserFunction } from './scope.js'
import { type Request, type Steps, valueOf } from './task.js'
import { POISON, type Tensor, tensor, type Value } from './value.js'

/** Elaborates a body; if the function has own rules, its parameters and its result become definitions they speak of. */
export function* withOwnRules(
  env: Env,
  found: UserFunction,
  parameters: readonly string[],
  span: Span,
  body: (env: Env) => Request,
): Steps<Value> {
  const rules = env.context.ownRules.get(found.declaration)
  if (!rules || rules.length === 0) return yield body(env)
  const { graph } = env.context
  const name = found.declaration.signature.name.name
  const variables = new Map<string, Def>()
  for (const parameter of parameters) {
    const binding = env.scope.value(parameter)
    if (binding?.kind !== 'value' || binding.value.kind !== 'tensor') continue
    const value = binding.value
    const outer = outerIndices(graph, value.shape, value.element)
    const idx: Index[] = [...outer, ...axesOf(graph, value.shape)]
    const def = graph.definitions.nominal({
      name: parameter,
      shape: idx.map((index) => index.extent),
      integer: value.element.integer,
      origin: { span },
      auto: true,
    })
    graph.definitions.setBody(def, idx, value.element)
    variables.set(parameter, def)
    env.scope.bind(parameter, tensor(value.shape, graph.read(def, idx)), binding.span, 'parameter')
  }
  const value = yield body(env)
  if (value.kind !== 'tensor') return value
  const { def: result, outer } = definition(env, { name, span, auto: true }, value)
  const whole = tensor(value.shape, graph.read(result, [...outer, ...axesOf(graph, value.shape)]))
  for (const rule of rules) yield* attach(env, rule, variables, result, whole, span)
  return whole
}

function* attach(
  env: Env,
  rule: DerivativeDeclaration,
  variables: ReadonlyMap<string, Def>,
  result: Def,
  whole: Tensor,
  span: Span,
): Steps<void> {
  const { graph, rules, entry } = env.context
  const by = rule.by?.name ?? rule.signature.parameters[0]?.name.name
  const argument = variables.get(by)
  if (!argument) return
  const scope = new Scope(env.scope)
  let given: Def | undefined
  if (rule.given) {
    const idx = axesOf(graph, whole.shape)
    given = graph.definitions.input({
      name: rule.given.name,
      shape: whole.shape,
      origin: { span: rule.given.span },
    })
    scope.bind(rule.given.name, tensor(whole.shape, graph.read(given, idx)), rule.given.span, 'parameter')
  }
  // A rule may call the function it belongs to; there, the call is not differentiated.
  const plain: Env = {
    ...env,
    scope,
    call: undefined,
    context: { ...env.context, ownRules: new Map(), rules: [] },
  }
  const ranged = yield* withRanges(plain, [], rule.values)
  const value = rule.values.length === 1 ? yield valueOf(rule.values[0], ranged) : POISON
  if (value.kind !== 'tensor') return
  rules.push({
    entry,
    function: rule.signature.name.name,
    result,
    argument,
    rule: given
      ? { kind: 'pullback', given, cotangent: value.element }
      : { kind: 'partial', partial: value.element },
    span,
  })
}
