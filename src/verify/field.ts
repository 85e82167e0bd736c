/**
 * Where the interpreter computes: numbers, tape variables or duals. All of them read the same records of `src/ops`.
 */
import { evaluate } from '../ops/apply.js'
import { algebraOf } from '../ops/number-algebra.js'
import type { Algebra } from '../ops/operator.js'
import type { OperatorName } from '../ops/signatures.js'

export interface Field<N> {
  constant(value: number): N
  /** The plain number, without derivatives. */
  value(n: N): number
  apply(operator: OperatorName, args: readonly N[]): N
  /** The same value, through which no derivative passes. */
  stop(n: N): N
  /** Zero with all its derivatives: a product with it may be left out. */
  isZero(n: N): boolean
}

export const NUMBERS: Field<number> = {
  constant: (value) => value,
  value: (n) => n,
  apply: (operator, args) =>
    operator === 'mul'
      ? args[0] * args[1]
      : operator === 'add'
        ? args[0] + args[1]
        : evaluate(operator, args),
  stop: (n) => n,
  isZero: (n) => n === 0,
}

/** The algebra in which the partials of the operator table are read over a field. */
export const fieldAlgebra = <N>(field: Field<N>): Algebra<N> =>
  algebraOf<N>({
    apply: (operator, args) => field.apply(operator, args),
    number: (numerator, denominator = 1) => field.constant(numerator / denominator),
    pi: field.constant(Math.PI),
    infinity: field.constant(Infinity),
  })
