/**
 * The error function and the normal distribution. The tail is exp(-a²) erfcx(a), and erfcx(a) a polynomial over a sum.
 * Squares are exact sums of two numbers, so that exp(-x²) keeps its digits.
 */
import type { OperatorName } from '../../../src/ops/signatures.js'
import type { Arithmetic } from '../arithmetic.js'
import type { Code } from '../code.js'
import { expOfSum } from './exponential.js'

/** erf(x) / x - 1 in x² for |x| <= 1: minimax (Remez), wrong by 1.2e-9 and 7.3e-18. */
const NEAR = {
  single: [0.12837917, -0.37612626, 0.112835854, -0.026853813, 0.005188328, -0.00080101955, 7.853864e-5],
  double: [
    0.12837916709551256, -0.3761263890318352, 0.11283791670944185, -0.026866170643111524, 0.005223977606118983,
    -0.0008548325929340143, 0.00012055293577694861, -1.4924712317566381e-5, 1.6447131764414999e-6,
    -1.6206315230784378e-7, 1.3710986682961716e-8, -7.779479990493908e-10,
  ],
} // prettier-ignore

const CENTER = { single: 1.5, double: 3 }
/**
 * (a + center) erfcx(a): minimax (Remez). In f32 for 0 <= a <= 10.2 in a / (a + center), wrong by 1.4e-8; in f64 for 0.9 <= a <= 6 in
 * (a - center) / (a + center), wrong by 3e-19 of erf(a).
 */
const SCALED = {
  single: [
    1.5, -1.0388479, -0.20292868, 0.20384999, 0.12699647, 0.18418798, -0.5041105, 0.83682054, -1.0263685, 0.62774646, -0.1431425,
  ],
  double: [
    1.074006907088334, -0.8833944531700061, 0.5902283571053918, -0.31046726184855744, 0.11952776177665603,
    -0.026827233074011577, -0.0012124206362332463, 0.003034017241469678, -0.0005484206284747762, -0.0002767115992775934,
    0.000108470478562977, 3.22367931602202e-5, -1.6513341165004544e-5, -6.469587179739992e-6,
  ],
} // prettier-ignore

/** All bits but the lower half of a mantissa: the square of what they leave is exact. */
const UPPER = { single: -(2 ** 12), double: -(2 ** 27) }
/** Beyond, exp(-x²) and exp(-x²/2) are 0 to all digits. */
const BEYOND = { full: { single: 12, double: 30 }, half: { single: 15, double: 40 } }

/** factor · exp(-x²), or factor · exp(-x²/2) if `half`, for x >= 0. */
function bell(m: Arithmetic, argument: Code, half: boolean, factor?: Code): Code {
  const x = m.let(m.atMost(argument, m.constant(half ? BEYOND.half : BEYOND.full)), 'x')
  const upper = m.let(m.ofBits(m.andBits(m.bitsOf(x), m.bits(UPPER))), 'upper')
  const scale = m.number(half ? -0.5 : -1)
  const square = m.let(m.mul(m.mul(scale, upper), upper), 'square')
  const low = m.let(m.mul(m.mul(scale, m.sub(x, upper)), m.add(x, upper)), 'low')
  return expOfSum(m, square, low, factor)
}

/** erfcx(a) for a >= 0. */
function scaledTail(m: Arithmetic, a: Code): Code {
  const center = m.constant(CENTER)
  const inverse = m.let(m.div(m.number(1), m.add(a, center)), 'inverse')
  const t = m.let(m.mul(m.single ? a : m.sub(a, center), inverse), 't')
  return m.mul(inverse, m.polynomial(t, m.of(SCALED)))
}

/** erfc(a) for a >= 0; in f64 to as many digits as erf(a) needs. */
const tail = (m: Arithmetic, a: Code): Code => bell(m, a, false, m.let(scaledTail(m, a), 'scaled'))

/** A polynomial up to 1, then 1 - erfc(|x|). At most 1.3 ulp in f32, 1.6 in f64 (both near 1). */
export function erf(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const size = m.let(m.abs(x), 'size')
  const square = m.mul(x, x)
  const near = m.add(x, m.mul(x, m.polynomial(m.let(square, 'square'), m.of(NEAR))))
  const far = m.sub(m.number(1), tail(m, m.let(m.atMost(size, m.number(6)), 'a')))
  return m.select(m.lt(size, m.number(1)), near, m.withSign(far, x))
}

/** In f64 one number after the other in JavaScript, for here more than 2 ulp would be lost. */
const inSingle =
  (operator: OperatorName, expand: (m: Arithmetic, x: Code) => Code) =>
  (m: Arithmetic, x: Code): Code =>
    m.single ? expand(m, x) : m.each(operator, x)

/** erfc(|x|), or 2 - erfc(|x|) for x < 0. At most 4 ulp in f32 (3.74 seen); in f64 called. */
export const erfc = inSingle('erfc', (m, argument) => {
  const x = m.let(argument, 'x')
  const right = m.let(tail(m, m.let(m.atMost(m.abs(x), m.constant(BEYOND.full)), 'a')), 'right')
  return m.select(m.lt(x, m.number(0)), m.sub(m.number(2), right), right)
})

/** The lower tail exp(-x²/2) erfcx(|x|/√2) / 2, or 1 minus it. At most 4 ulp in f32 (3.71 seen, in the tail); in f64 called. */
export const normal_cdf = inSingle('normal_cdf', (m, argument) => {
  const x = m.let(argument, 'x')
  const size = m.let(m.atMost(m.abs(x), m.constant(BEYOND.half)), 'size')
  const scaled = m.mul(m.number(0.5), scaledTail(m, m.let(m.mul(size, m.number(Math.SQRT1_2)), 'a')))
  const lower = m.let(bell(m, size, true, m.let(scaled, 'scaled')), 'lower')
  return m.select(m.lt(x, m.number(0)), lower, m.sub(m.number(1), lower))
})

/** exp(-x²). At most 1.8 ulp in f32, 1.2 in f64. */
export const gaussian = (m: Arithmetic, x: Code): Code => bell(m, m.abs(x), false)

/** exp(-x²/2) / √(2π). At most 1.8 ulp in f32, 1.6 in f64. */
export const normal_pdf = (m: Arithmetic, x: Code): Code =>
  bell(m, m.abs(x), true, m.number(0.3989422804014327))
