/** Elementary functions of binary64 numbers in integers of 576 bits: values as sums of two numbers. */
import type { OperatorName } from '../../../src/ops/signatures.js'
import {
  BITS,
  type Fixed,
  ONE,
  PI,
  atan,
  erf,
  exp,
  log,
  ofNumber,
  product,
  quotient,
  sinCos,
  sqrt,
  toNumber,
} from '../../../src/simplify/series/fixed.js'

/** mantissa · 2^exponent. */
interface Wide {
  readonly mantissa: Fixed
  readonly exponent: number
}

export type Exact = (x: number) => readonly [high: number, low: number] | undefined

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the argument is too large')
  return value
}

const LN2 = known(log(2n * ONE))
const LN10 = known(log(10n * ONE))

/** a 2^n, in two steps. */
const scale = (a: number, n: number): number => a * 2 ** Math.ceil(n / 2) * 2 ** Math.floor(n / 2)

function sumOfTwo({ mantissa, exponent }: Wide): readonly [number, number] {
  const high = scale(toNumber(mantissa), exponent)
  if (!Number.isFinite(high)) return [high, 0]
  // Of subnormal results `high` is not just scaled, but rounded.
  return [high, scale(toNumber(mantissa - ofNumber(scale(high, -exponent))), exponent)]
}

const expOf = (x: number): Fixed => known(exp(ofNumber(x)))

/** e^x, which may be far from 1. */
function wideExp(x: number): Wide {
  const exponent = Math.round(x / Math.LN2)
  return { mantissa: known(exp(ofNumber(x) - BigInt(exponent) * LN2)), exponent }
}

/** The logarithm of a number which may be far from 1. */
function logOf(x: number): Fixed {
  const exponent = Math.floor(Math.log2(x))
  return known(log(ofNumber(scale(x, -exponent)))) + BigInt(exponent) * LN2
}

/** Sine and cosine: of the angle without its turns. */
function circular(x: number): readonly [Fixed, Fixed] {
  const turns = quotient(ofNumber(x), 2n * PI) >> BigInt(BITS)
  return known(sinCos(ofNumber(x) - turns * 2n * PI))
}

function softplus(x: number): Wide {
  if (x < -200) return wideExp(x)
  const beyond = known(log(ONE + expOf(-Math.abs(x))))
  return { mantissa: beyond + (x > 0 ? ofNumber(x) : 0n), exponent: 0 }
}

function sigmoid(x: number): Wide {
  if (x < -200) return wideExp(x)
  return { mantissa: quotient(ONE, ONE + expOf(-x)), exponent: 0 }
}

/** e^x and e^-x, of which one has enough digits for sums with the other. */
function pair(x: number): readonly [Fixed, Fixed] {
  const large = expOf(Math.abs(x))
  const small = quotient(ONE, large)
  return x < 0 ? [small, large] : [large, small]
}

function hyperbolic(x: number): { readonly sinh: Wide; readonly cosh: Wide; readonly tanh: Wide } {
  const [up, down] = pair(Math.abs(x) > 700 ? x / 2 : x)
  if (Math.abs(x) > 700) {
    const half = { ...wideExp(Math.abs(x)), exponent: wideExp(Math.abs(x)).exponent - 1 }
    const signed = x < 0 ? { ...half, mantissa: -half.mantissa } : half
    return { sinh: signed, cosh: half, tanh: { mantissa: x < 0 ? -ONE : ONE, exponent: 0 } }
  }
  return {
    sinh: { mantissa: up - down, exponent: -1 },
    cosh: { mantissa: up + down, exponent: -1 },
    tanh: { mantissa: quotient(up - down, up + down), exponent: 0 },
  }
}

/** e^(-x² / divisor). */
function bell(x: number, divisor: bigint): Wide {
  const square = product(ofNumber(x), ofNumber(x)) / divisor
  const exponent = -Math.round(toNumber(square) / Math.LN2)
  return { mantissa: known(exp(-square - BigInt(exponent) * LN2)), exponent }
}

const ROOT_OF_PI = known(exp(known(log(PI)) / 2n))
const ROOT_OF_HALF = known(exp(-LN2 / 2n))

/** x e^(x²) erfc(x) √π for x >= 4 by its continued fraction, whose k-th part is (k/2) / x² (DLMF 7.9.1). */
function scaledTail(x: Fixed): Fixed {
  const inverse = quotient(ONE, 2n * product(x, x))
  let fraction = ONE
  for (let k = 600n; k > 0n; k--) fraction = ONE + quotient(k * inverse, fraction)
  return quotient(ONE, fraction)
}

/** erfc(x) for x >= 4, of which `density` is e^(-x²). */
const farTail = (x: Fixed, { mantissa, exponent }: Wide): Wide => ({
  mantissa: product(mantissa, quotient(scaledTail(x), product(x, ROOT_OF_PI))),
  exponent,
})

function erfcOf(x: number): Wide {
  return x > 6 ? farTail(ofNumber(x), bell(x, 1n)) : { mantissa: ONE - known(erf(ofNumber(x))), exponent: 0 }
}

function normalCdf(x: number): Wide {
  const scaled = product(ofNumber(Math.abs(x)), ROOT_OF_HALF)
  if (x < -6) {
    const { mantissa, exponent } = farTail(scaled, bell(x, 2n))
    return { mantissa, exponent: exponent - 1 }
  }
  const part = known(erf(scaled))
  return { mantissa: x < 0 ? ONE - part : ONE + part, exponent: -1 }
}

const squareOf = (x: number): Fixed => product(ofNumber(x), ofNumber(x))

function arcsine(x: number): Fixed {
  const cosine = known(sqrt(ONE - squareOf(x)))
  if (cosine === 0n) return x < 0 ? -PI / 2n : PI / 2n
  return atan(quotient(ofNumber(x), cosine))
}

const TINY = 1e-80

/** Where `holds`; elsewhere integers of 576 bits have too few digits, or there is no value. */
const where =
  (holds: (x: number) => boolean, of: (x: number) => Wide | Fixed): Exact =>
  (x) => {
    if (!Number.isFinite(x) || !holds(x)) return undefined
    const value = of(x)
    return sumOfTwo(typeof value === 'bigint' ? { mantissa: value, exponent: 0 } : value)
  }

const size =
  (low: number, high: number) =>
  (x: number): boolean =>
    Math.abs(x) >= low && Math.abs(x) <= high
const positive = (x: number): boolean => x > 0

const EXACT: Partial<Record<OperatorName, Exact>> = {
  exp: where(size(0, 790), wideExp),
  expm1: where(
    (x) => size(TINY, 700)(x),
    (x) => expOf(x) - ONE,
  ),
  log: where(positive, logOf),
  log2: where(positive, (x) => quotient(logOf(x), LN2)),
  log10: where(positive, (x) => quotient(logOf(x), LN10)),
  log1p: where(
    (x) => x > -1 && size(TINY, 1e100)(x),
    (x) => known(log(ONE + ofNumber(x))),
  ),
  sigmoid: where(size(0, 790), sigmoid),
  softplus: where(size(0, 790), softplus),
  log_sigmoid: where(size(0, 790), (x) => {
    const { mantissa, exponent } = softplus(-x)
    return { mantissa: -mantissa, exponent }
  }),
  logit: where(
    (x) => x > 0 && x < 1,
    (x) => logOf(x) - known(log(ONE - ofNumber(x))),
  ),
  sinh: where(size(TINY, 790), (x) => hyperbolic(x).sinh),
  cosh: where(size(TINY, 790), (x) => hyperbolic(x).cosh),
  tanh: where(size(TINY, 790), (x) => hyperbolic(x).tanh),
  sin: where(size(TINY, 1e30), (x) => circular(x)[0]),
  cos: where(size(TINY, 1e30), (x) => circular(x)[1]),
  tan: where(size(TINY, 1e30), (x) => {
    const [sin, cos] = circular(x)
    return quotient(sin, cos)
  }),
  atan: where(size(TINY, 1e100), (x) => atan(ofNumber(x))),
  asin: where(size(TINY, 1), (x) => arcsine(x)),
  acos: where(size(0, 1), (x) => PI / 2n - arcsine(x)),
  asinh: where(size(TINY, 1e60), (x) => {
    const value = known(log(ofNumber(Math.abs(x)) + known(sqrt(squareOf(x) + ONE))))
    return x < 0 ? -value : value
  }),
  acosh: where(
    (x) => x >= 1 && x < 1e60,
    (x) => known(log(ofNumber(x) + known(sqrt(squareOf(x) - ONE)))),
  ),
  atanh: where(
    (x) => size(TINY, 1)(x) && Math.abs(x) < 1,
    (x) => known(log(quotient(ONE + ofNumber(x), ONE - ofNumber(x)))) / 2n,
  ),
  cbrt: where(size(1e-60, 1e60), (x) => {
    const value = known(exp(logOf(Math.abs(x)) / 3n))
    return x < 0 ? -value : value
  }),
  log1mexp: where(
    (x) => x < -TINY && x > -200,
    (x) => known(log(ONE - expOf(x))),
  ),
  erf: where(size(TINY, 6), (x) => known(erf(ofNumber(x)))),
  erfc: where((x) => x >= -6 && x < 27.3, erfcOf),
  normal_cdf: where((x) => x > -38.6 && x < 8.4, normalCdf),
  gaussian: where(size(0, 28), (x) => bell(x, 1n)),
  normal_pdf: where(size(0, 39), (x) => {
    const { mantissa, exponent } = bell(x, 2n)
    return { mantissa: product(mantissa, known(exp(-known(log(2n * PI)) / 2n))), exponent }
  }),
}

/** The function, where it is known. */
export const exactly = (name: OperatorName): Exact | undefined => EXACT[name]

/** The angle of the point (x, y), where it is not tiny. */
export function exactAngle(y: number, x: number): readonly [high: number, low: number] {
  const steep = Math.abs(y) > Math.abs(x)
  const [a, b] = [ofNumber(Math.abs(y)), ofNumber(Math.abs(x))]
  const acute = steep ? PI / 2n - atan(quotient(b, a)) : atan(quotient(a, b))
  const upper = x < 0 ? PI - acute : acute
  return sumOfTwo({ mantissa: y < 0 ? -upper : upper, exponent: 0 })
}
