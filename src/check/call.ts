/** Calls: what the callee stands for decides. */
import type { Call, Expression, Name } from '../../grammar/ast.js'
import { closest } from '../base/suggest.js'
import { elaborateBuiltin } from './builtin.js'
import { isDerivativeOperator } from './builtin-names.js'
import { elaborateDerivative } from './derivative.js'
import { type Env, report } from './env.js'
import { applyFunction } from './function-call.js'
import { applyInstance } from './instance.js'
import { messages } from './messages.js'
import { elaboratePrime } from './prime.js'
import type { FunctionBinding } from './scope.js'
import { SYNONYMS } from './synonyms.js'
import { type Steps, valueOf } from './task.js'
import { POISON, type Value } from './value.js'

export function* elaborateCall(e: Call, env: Env): Steps<Value> {
  const { callee } = e
  switch (callee.kind) {
    case 'name':
      return yield* callNamed(e, callee, env)
    case 'transpose':
      return yield* elaboratePrime(e, env)
    case 'subscript':
      if (callee.object.kind === 'name' && env.scope.function(callee.object.name)?.kind === 'model')
        return report(env, messages.modelCalled(callee.object.name), e.span)
      return yield* callValue(e, callee, env)
    default:
      return yield* callValue(e, callee, env)
  }
}

/** `l1(x)`, `outer.l1(x)`, or a mistake. */
function* callValue(e: Call, callee: Expression, env: Env): Steps<Value> {
  const value = yield valueOf(callee, env)
  if (value.kind === 'instance') return yield* applyInstance(env, value, e)
  if (value.kind === 'poison') return POISON
  return report(env, messages.notCallable(), callee.span)
}

function* callNamed(e: Call, callee: Name, env: Env): Steps<Value> {
  const instance = env.scope.instance(callee.name)
  if (instance) return yield* applyInstance(env, instance, e)
  const found = env.scope.function(callee.name)
  if (!found) {
    const binding = env.scope.value(callee.name)
    if (binding?.kind === 'value' && binding.value.kind === 'poison') return POISON
    if (binding) return report(env, messages.notAFunction(callee.name), callee.span)
    if (env.scope.definedLater(callee.name))
      return report(env, messages.usedBeforeDefinition(callee.name), callee.span)
    const near = SYNONYMS.get(callee.name) ?? closest(callee.name, functionsIn(env))
    return report(env, messages.unknownFunction(callee.name, near), callee.span)
  }
  return yield* callFunction(e, found, callee.name, env)
}

function* functionsIn(env: Env): Iterable<string> {
  yield* env.scope.functionNames()
  for (const name of env.scope.valueNames()) {
    const binding = env.scope.value(name)
    if (binding?.kind === 'value' && binding.value.kind === 'instance') yield name
  }
}

export function* callFunction(e: Call, found: FunctionBinding, name: string, env: Env): Steps<Value> {
  switch (found.kind) {
    case 'poison':
      // Mistakes of the arguments still show. A name may be that of a function, which it could take.
      for (const { value } of e.arguments) if (value.kind !== 'name') yield valueOf(value, env)
      return POISON
    case 'model':
      return report(env, messages.modelCalled(name), e.span)
    case 'builtin':
      return isDerivativeOperator(found.name)
        ? yield* elaborateDerivative(e, found.name, env)
        : yield* elaborateBuiltin(e, found.name, env)
    case 'function':
      return yield* applyFunction(env, found, e, name)
  }
}
