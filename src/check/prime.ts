/** `f'(x)`, `f''(x)`: derivatives of a function of one argument. */
import type { Call, Expression } from '../../grammar/ast.js'
import { closest } from '../base/suggest.js'
import { isOperatorFunction, OPERATOR_FUNCTIONS } from './builtin-names.js'
import { elementwiseDerivative } from './derivative.js'
import { type CallSite, type Env, report } from './env.js'
import { applyToValues, isUnderWay, variable } from './function-call.js'
import { messages } from './messages.js'
import { asTensor } from './pointwise.js'
import { Scope } from './scope.js'
import { SYNONYMS } from './synonyms.js'
import { type Steps, valueOf } from './task.js'
import { POISON, type Value } from './value.js'

export function* elaboratePrime(e: Call, env: Env): Steps<Value> {
  let order = 0
  let callee: Expression = e.callee
  for (; callee.kind === 'transpose'; callee = callee.operand) order++
  if (callee.kind !== 'name') return report(env, messages.notCallable(), callee.span)
  const found = env.scope.function(callee.name)
  const isUnary = found?.kind === 'builtin' && isOperatorFunction(found.name)
  if (!found || (found.kind !== 'function' && !isUnary)) {
    if (found || env.scope.value(callee.name))
      return report(env, messages.notAFunction(callee.name), callee.span)
    const near = SYNONYMS.get(callee.name) ?? closest(callee.name, env.scope.functionNames())
    return report(env, messages.unknownFunction(callee.name, near), callee.span)
  }
  const [argument] = e.arguments
  if (e.arguments.length !== 1 || argument.name)
    return report(env, messages.primeArguments(callee.name), e.span)
  const given = asTensor(env, yield valueOf(argument.value, env), argument.value)
  if (!given) return POISON
  const at = variable(env, given, 'x', argument.span)
  let value: Value
  if (found.kind === 'function') {
    const { declaration } = found
    const [parameter, ...others] = declaration.signature.parameters
    if (!parameter || others.some((other) => !other.default))
      return report(env, messages.primeArguments(callee.name), e.span)
    if (isUnderWay(env.call, declaration)) return report(env, messages.recursion(callee.name), e.span)
    const call: CallSite = {
      of: declaration,
      name: callee.name,
      span: e.span,
      outer: env.call,
      depth: (env.call?.depth ?? 0) + 1,
    }
    const inner: Env = {
      ...env,
      scope: new Scope(found.scope),
      call,
      ranges: new Map(),
      statement: [],
      model: undefined,
    }
    const values = [{ parameter, value: at, span: argument.span }]
    for (const other of others) {
      const syntax = other.default
      const fallback = syntax && asTensor(env, yield valueOf(syntax, inner), syntax)
      if (fallback && syntax) values.push({ parameter: other, value: fallback, span: syntax.span })
    }
    value = yield* applyToValues(env, inner, found, values, e.span)
  } else if (found.kind === 'builtin' && isOperatorFunction(found.name)) {
    const { graph } = env.context
    value = { ...at, element: graph.apply(OPERATOR_FUNCTIONS[found.name], [at.element]) }
  } else return POISON
  let result = asTensor(env, value, e)
  for (let n = 0; n < order && result; n++) result = elementwiseDerivative(env, result, at, e.span)
  return result ?? POISON
}
