/** Functions of the language itself: scalar operators, reductions over all entries, tensor functions. */
import type { Argument, Call, Expression } from '../../grammar/ast.js'
import { SIGNATURES } from '../ops/signatures.js'
import type { Expr } from '../ir/expr.js'
import { choice, operandsOf } from './arithmetic.js'
import {
  type BuiltinName,
  isOperatorFunction,
  isReduction,
  isTensorFunction,
  OPERATOR_FUNCTIONS,
} from './builtin-names.js'
import { type Env, report } from './env.js'
import { messages } from './messages.js'
import { asTensor, pointwise } from './pointwise.js'
import { reduceAll } from './reduction.js'
import { type Steps, valueOf } from './task.js'
import { elaborateTensorFunction } from './tensor-functions.js'
import { POISON, type Value } from './value.js'

export function* elaborateBuiltin(e: Call, name: string, env: Env): Steps<Value> {
  const { graph } = env.context
  if (isOperatorFunction(name)) {
    const operator = OPERATOR_FUNCTIONS[name]
    const args = fixedArguments(e, name, SIGNATURES[operator], env)
    const operands = args && (yield* operandsOf(args, env))
    return operands
      ? pointwise(env, operands, name, e.span, (elements) => graph.apply(operator, elements))
      : POISON
  }
  if (isReduction(name)) {
    if ((name === 'max' || name === 'min') && e.arguments.length > 1) return yield* extremum(e, name, env)
    const args = fixedArguments(e, name, 1, env)
    const value = args && asTensor(env, yield valueOf(args[0], env), args[0])
    return value && args ? reduceAll(env, name, value, args[0]) : POISON
  }
  if (name === 'where') {
    const args = fixedArguments(e, name, 3, env)
    return args ? yield* choice(e, args[0], args[1], args[2], env) : POISON
  }
  if (isTensorFunction(name)) return yield* elaborateTensorFunction(e, name, env)
  throw new Error(`no builtin '${name}'`)
}

/** `max(a, b, c)`, element by element. */
function* extremum(e: Call, name: 'max' | 'min', env: Env): Steps<Value> {
  const { graph } = env.context
  const args = unnamed(e.arguments, name, env)
  const operands = args && (yield* operandsOf(args, env))
  if (!operands) return POISON
  return pointwise(env, operands, name, e.span, (elements) =>
    elements.reduce((best: Expr, element) => graph.apply(name, [best, element])),
  )
}

/** Exactly so many arguments without names. */
export function fixedArguments(
  e: Call,
  name: BuiltinName,
  count: number,
  env: Env,
): Expression[] | undefined {
  const args = unnamed(e.arguments, name, env)
  if (!args || args.length === count) return args
  report(env, messages.exactArguments(name, count, args.length), e.span)
  return undefined
}

function unnamed(args: readonly Argument[], name: BuiltinName, env: Env): Expression[] | undefined {
  const named = args.find((argument) => argument.name)
  if (!named) return args.map((argument) => argument.value)
  report(env, messages.unknownArgument(name, named.name?.name ?? ''), named.span)
  return undefined
}
