/** The table read by names that are known at run time only, as interpreters and passes over expressions do. */
import type { Algebra, Interval } from './operator.js'
import { SIGNATURES, type Arguments, type OperatorName } from './signatures.js'
import { OPERATORS } from './table.js'

/** The value of an operator. */
export function evaluate<K extends OperatorName>(name: K, args: readonly number[]): number {
  return OPERATORS[name].evaluate(...checked(name, args))
}

/** The partial derivatives by each argument; undefined where they are structural zeros. */
export function partials<E, K extends OperatorName>(
  name: K,
  m: Algebra<E>,
  args: readonly E[],
  y: E,
): readonly E[] | undefined {
  const { derivative } = OPERATORS[name]
  return derivative.kind === 'zero' ? undefined : derivative.of(m, checked(name, args), y)
}

/** An enclosure of the values over a box of arguments. */
export function enclose<K extends OperatorName>(name: K, args: readonly Interval[]): Interval {
  return OPERATORS[name].interval(...checked(name, args))
}

/** `args` as the arguments of the operator; a wrong number of them is a bug of the caller. */
function checked<E, K extends OperatorName>(name: K, args: readonly E[]): Arguments<E, K> {
  if (!isTuple(name, args)) throw new Error(`${name} takes ${SIGNATURES[name]} arguments, not ${args.length}`)
  return args
}

function isTuple<E, K extends OperatorName>(name: K, args: readonly E[]): args is Arguments<E, K> {
  return args.length === SIGNATURES[name]
}
