/**
 * Exponentials. Throughout x = n log 2 + r with |r| <= log(2) / 2, log 2 in two parts of which the first has zeros at its end (Cody and
 * Waite), and e^r = 1 + r + r² q(r) with a polynomial q whose largest error relative to e^r - 1 is least (Remez).
 */
import type { Arithmetic } from '../arithmetic.js'
import type { Code } from '../code.js'
import { type Nearest, biasOf, nearest, powerOfTwo, scaled, twiceBias } from './powers-of-two.js'

/** log 2: of the first part n multiples are exact. */
export const LN2_HIGH = { single: 0.693359375, double: 0.6931471803691238 }
export const LN2_LOW = { single: -2.1219444e-4, double: 1.9082149292705877e-10 }

/** q; relative to e^r - 1 wrong by 1.3e-8 and 2.6e-19. */
const Q = {
  single: [0.49999997, 0.16666543, 0.0416672, 0.008366548, 0.0013882566],
  double: [
    0.5, 0.16666666666666677, 0.041666666666666505, 0.008333333333321653, 0.001388888888896266,
    0.00019841269886073995, 2.4801587172133623e-5, 2.7557244253566654e-6, 2.7557402847982317e-7,
    2.5109024698392655e-8, 2.0875309110445648e-9,
  ],
} // prettier-ignore

/** Beyond these nothing changes: Infinity and 0. */
const HIGHEST = { single: 89, double: 710 }
const LOWEST = { single: -104, double: -746 }

interface Reduced extends Nearest {
  readonly r: Code
  /** r² q(r), and what r has lost by rounding. */
  readonly rest: Code
}

/** Of `x + low`, where `low` is small beside log 2, and must be given by name. */
function reduce(m: Arithmetic, x: Code, offset: number, low?: Code): Reduced {
  const whole = nearest(m, m.mul(x, m.number(Math.LOG2E)), offset)
  const high = m.let(m.sub(x, m.mul(whole.n, m.constant(LN2_HIGH))), 'high')
  const part = m.mul(whole.n, m.constant(LN2_LOW))
  const below = m.let(low ? m.sub(part, low) : part, 'below')
  const r = m.let(m.sub(high, below), 'r')
  const rest = m.mul(m.mul(r, r), m.polynomial(r, m.of(Q)))
  if (m.single) return { ...whole, r, rest }
  return { ...whole, r, rest: m.add(rest, m.sub(m.sub(high, r), below)) }
}

/**
 * exp(x) = 2^n e^r. 2^n is applied in two steps, so that results below the normal numbers are rounded once.
 * At most 1.01 ulp in both precisions.
 */
export function exp(m: Arithmetic, x: Code): Code {
  const inside = m.let(m.atLeast(m.atMost(x, m.constant(HIGHEST)), m.constant(LOWEST)), 'x')
  return expOfSum(m, inside)
}

/** factor · exp(x + low) for |x| at most some thousand in f64, 150 in f32, and `low` small beside it; all given by name. */
export function expOfSum(m: Arithmetic, x: Code, low?: Code, factor?: Code): Code {
  const { r, rest, bits } = reduce(m, x, twiceBias(m), low)
  const beyond = m.add(r, rest)
  const e = factor ? m.add(factor, m.mul(factor, beyond)) : m.add(m.number(1), beyond)
  return scaled(m, m.let(e, 'e'), bits)
}

/** Where exp(x) / 2 has overflowed. */
const HIGHEST_HALF = { single: 89.5, double: 710.6 }

/** exp(x) / 2 for x >= 0. */
export function halfExp(m: Arithmetic, x: Code): Code {
  const { r, rest, bits } = reduce(m, m.let(m.atMost(x, m.constant(HIGHEST_HALF))), twiceBias(m) - 1)
  return scaled(m, m.let(m.add(m.number(1), m.add(r, rest)), 'e'), bits)
}

/** (e^x - 1) for x <= 0 is -1 to all digits below these. */
const LOWEST_BELOW_ONE = { single: -18, double: -38 }
/** Below, expm1(x) = x. */
const TINY = { single: 2 ** -25, double: 2 ** -54 }

/**
 * expm1(x) = 2 ((h r + (h - 1/2)) + h (e^r - 1 - r)) with h = 2^(n - 1), which does not overflow before the result does.
 * At most 1.4 ulp in both precisions.
 */
export function expm1(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const inside = m.let(m.atLeast(m.atMost(x, m.constant(HIGHEST)), m.constant(LOWEST_BELOW_ONE)), 'inside')
  const { r, rest, bits } = reduce(m, inside, biasOf(m, -1))
  const h = m.let(powerOfTwo(m, bits), 'h')
  const main = m.add(m.mul(h, r), m.sub(h, m.number(0.5)))
  const y = m.let(m.add(main, m.mul(h, rest)))
  return m.select(m.lt(m.abs(x), m.constant(TINY)), x, m.add(y, y))
}

/** exp(x) - 1 for x <= 0, where exp(x) is a normal number, and what its roundings have lost. */
export function expm1OfNegative(m: Arithmetic, x: Code): readonly [value: Code, lost: Code] {
  const one = m.number(1)
  const { r, rest, bits } = reduce(m, x, biasOf(m))
  const power = m.let(powerOfTwo(m, bits), 'power')
  const first = m.let(m.mul(power, r), 'first')
  const second = m.let(m.sub(power, one), 'second')
  const third = m.let(m.mul(power, rest), 'third')
  const main = m.let(m.add(first, second), 'main')
  const value = m.let(m.add(main, third), 'value')
  const lostAbove = m.add(m.sub(third, m.sub(value, main)), m.sub(first, m.sub(main, second)))
  return [value, m.add(lostAbove, m.sub(power, m.add(second, one)))]
}

/**
 * sigmoid(x) = e / (1 + e) with e = exp(-|x|), or 1 / (1 + e) for x >= 0. In f64 what the roundings of e and 1 + e have lost
 * is added. At most 2.3 ulp in f32, 1.4 in f64.
 */
export function sigmoid(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const one = m.number(1)
  const size = m.let(m.atLeast(m.negAbs(x), m.constant(LOWEST)), 'size')
  const { r, rest, bits } = reduce(m, size, twiceBias(m))
  const t = m.let(m.add(r, rest))
  const p = m.let(m.add(one, t), 'p')
  const e = m.let(scaled(m, p, bits), 'e')
  const negative = m.let(m.lt(x, m.number(0)), 'negative')
  const d = m.let(m.add(one, e), 'd')
  const y = m.div(m.select(negative, e, one), d)
  if (m.single) return y
  const q = m.let(y, 'q')
  const lost = m.let(m.mul(e, m.mul(m.sub(t, m.sub(p, one)), m.sub(m.number(2), p))), 'lost')
  const lostBelow = m.add(m.sub(e, m.sub(d, one)), lost)
  const change = m.sub(m.where(negative, lost), m.mul(q, lostBelow))
  return m.add(q, m.mul(change, m.select(negative, m.sub(one, q), q)))
}

/** Beyond, tanh is 1. */
const SATURATED = { single: 10, double: 20 }

/**
 * tanh(|x|) = E / (E + 2) with E = expm1(2|x|). In f64 what the roundings of E and E + 2 have lost is added. At most 2.6 ulp in f32
 * (near 0.06), 1.3 in f64.
 */
export function tanh(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const [one, two] = [m.number(1), m.number(2)]
  const size = m.atMost(m.abs(x), m.constant(SATURATED))
  const { r, rest, bits } = reduce(m, m.let(m.mul(two, size), 'twice'), biasOf(m))
  const power = m.let(powerOfTwo(m, bits), 'power')
  const first = m.let(m.mul(power, r), 'first')
  const second = m.let(m.sub(power, one), 'second')
  const third = m.let(m.mul(power, rest), 'third')
  const main = m.let(m.add(first, second), 'main')
  const e = m.let(m.add(main, third), 'e')
  const d = m.let(m.add(e, two), 'd')
  if (m.single) return m.withSign(m.div(e, d), x)
  const q = m.let(m.div(e, d), 'q')
  const lost = m.add(m.sub(third, m.sub(e, main)), m.sub(first, m.sub(main, second)))
  const back = m.let(m.sub(d, e), 'back')
  const lostBelow = m.add(m.sub(e, m.sub(d, back)), m.sub(two, back))
  const left = m.let(m.sub(one, q), 'left')
  const change = m.mul(m.sub(m.mul(lost, left), m.mul(q, lostBelow)), m.mul(left, m.number(0.5)))
  return m.withSign(m.add(q, change), x)
}
