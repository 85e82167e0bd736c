/** Rational coefficients and exponents in floating point. */
import type { Rational } from '../ir/rational.js'
import type { Scalar } from './loop-program.js'
import type { Scalars } from './scalars.js'

/** Whole powers up to here are products. */
const PRODUCT_LIMIT = 32n

/** `base ^ exponent` for a positive exponent. */
export function lowerPower(scalars: Scalars, base: Scalar, exponent: Rational): Scalar {
  if (exponent.isOne) return base
  if (base.kind === 'number') return scalars.number(powerOf(base.value, exponent))
  if (exponent.isInteger && exponent.n <= PRODUCT_LIMIT) return wholePower(scalars, base, exponent.n)
  if (exponent.d === 2n && exponent.n <= 5n) {
    const root = scalars.apply('sqrt', [base])
    return exponent.n === 1n ? root : scalars.mul(wholePower(scalars, base, exponent.n / 2n), root)
  }
  return scalars.apply('pow', [base, scalars.number(exponent.toNumber())])
}

function powerOf(base: number, exponent: Rational): number {
  if (exponent.d === 2n && exponent.n === 1n) return Math.sqrt(base)
  return base ** exponent.toNumber()
}

/** Repeated squaring. */
function wholePower(scalars: Scalars, base: Scalar, exponent: bigint): Scalar {
  let result: Scalar | undefined
  let square = base
  for (let rest = exponent; rest > 0n; rest /= 2n) {
    if (rest % 2n === 1n) result = result ? scalars.mul(result, square) : square
    if (rest > 1n) square = scalars.mul(square, square)
  }
  return result ?? scalars.one
}

/** `coefficient · value` for a positive coefficient: as a decimal if that is exact, else as a quotient. */
export function lowerScaled(scalars: Scalars, value: Scalar, coefficient: Rational): Scalar {
  if (coefficient.isOne) return value
  const isDecimal = coefficient.isInteger || denominatorOfDecimal(coefficient.d)
  if (isDecimal) return scalars.mul(scalars.number(coefficient.toNumber()), value)
  const n = Number(coefficient.n)
  const d = Number(coefficient.d)
  if (!Number.isSafeInteger(n) || !Number.isSafeInteger(d))
    return scalars.mul(scalars.number(coefficient.toNumber()), value)
  return scalars.apply('div', [scalars.mul(scalars.number(n), value), scalars.number(d)])
}

/** Only twos and fives: a decimal fraction, as its author wrote it. */
function denominatorOfDecimal(d: bigint): boolean {
  let rest = d
  while (rest % 2n === 0n) rest /= 2n
  while (rest % 5n === 0n) rest /= 5n
  return rest === 1n
}
