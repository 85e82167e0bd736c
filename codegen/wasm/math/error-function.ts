/**
 * The error function and the normal distribution. The tail is exp(-a²) erfcx(a), and erfcx(a) a polynomial over a sum.
 * Squares are exact sums of two numbers, so that exp(-x²) keeps its digits.
 */
import type { Arithmetic } from '../arithmetic.js'
import type { Code } from '../code.js'
import { expOfSum } from './exponential.js'
import { halves, remainder } from './halves.js'

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

/** Beyond, exp(-x²) and exp(-x²/2) are 0 to all digits. */
const BEYOND = { full: { single: 12, double: 30 }, half: { single: 15, double: 40 } }

/** factor · exp(-x²), or factor · exp(-x²/2) if `half`, for x >= 0; `more` is a small number that is added to the exponent. */
function bell(m: Arithmetic, argument: Code, half: boolean, factor?: Code, more?: Code): Code {
  const x = m.let(m.atMost(argument, m.constant(half ? BEYOND.half : BEYOND.full)), 'x')
  const [upper, rest] = halves(m, x)
  const scale = m.number(half ? -0.5 : -1)
  const square = m.let(m.mul(m.mul(scale, upper), upper), 'square')
  const lower = m.mul(m.mul(scale, rest), m.add(x, upper))
  const low = m.let(more ? m.add(lower, more) : lower, 'low')
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

/** erf(x) for |x| <= 1. */
const erfOfSmall = (m: Arithmetic, x: Code): Code =>
  m.add(x, m.mul(x, m.polynomial(m.let(m.mul(x, x), 'square'), m.of(NEAR))))

/** A polynomial up to 1, then 1 - erfc(|x|). At most 1.3 ulp in f32, 1.6 in f64 (both near 1). */
export function erf(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const size = m.let(m.abs(x), 'size')
  const near = erfOfSmall(m, x)
  const far = m.sub(m.number(1), tail(m, m.let(m.atMost(size, m.number(6)), 'a')))
  return m.select(m.lt(size, m.number(1)), near, m.withSign(far, x))
}

/** A tail of the normal distribution in f64: exp(-x²), or of its square root, times P(q) / (1 + slope x) with q = (x - center) / (x + center). */
interface Tail {
  readonly half: boolean
  readonly slope: number
  readonly center: number
  /** P: minimax (Remez), wrong by at most 1.8e-18. */
  readonly coefficients: readonly number[]
  /** About 1 / P. */
  readonly inverse: number
}

/** (1 + 2 x) erfcx(x) for 0.45 <= x <= 27.5. */
const ERFC: Tail = {
  half: false,
  slope: 2,
  center: 3.5,
  coefficients: [
  1.2423492448711544, -0.14000918013761943, -0.01055559633221839, 0.09751909515326032, -0.11508959816018549, 0.08798315382479702, -0.04882332582805533, 0.019099330943681804, -0.004215019906038917, -0.00030226789077846043, 0.0005643844069943186, -0.00012151233676851444, -4.278219436788432e-5, 2.4260599928849696e-5, 2.328235986874662e-6, -3.8135757289417027e-6, -4.41541291645185e-8, 5.98973118849142e-7, -7.982410563202677e-9, -9.206448714596837e-8, 5.872021341891424e-10, 1.0072338419816926e-8,
],
  inverse: 0.83,
} // prettier-ignore

/** (1 + x) erfcx(x/√2) / 2 for 0.6 <= x <= 39. */
const LOWER: Tail = {
  half: true,
  slope: 1,
  center: 5,
  coefficients: [
  0.46151582985003775, -0.09155228183400894, 0.03103036842596306, 0.010002352385220716, -0.026401042966281752, 0.024536963243921194, -0.015170415402895312, 0.0065220006647919325, -0.0016760723424207875, 7.79161628814414e-6, 0.00018233414478339112, -5.360764168501996e-5, -9.89615237270872e-6, 9.059885200766583e-6, -7.005104814595463e-8, -1.3072210038323986e-6, 1.271068882660234e-7, 1.9534179582791118e-7, -2.516575620742917e-8, -2.944677520794848e-8, 2.757664352978555e-9, 3.2112339576118706e-9,
],
  inverse: 2.2,
} // prettier-ignore

/** The tail for x >= 0, with what the fraction, and the sums above and below, have lost. */
function exactTail(
  m: Arithmetic,
  argument: Code,
  { half, slope, center, coefficients, inverse }: Tail,
): Code {
  const x = m.let(m.atMost(argument, m.constant(half ? BEYOND.half : BEYOND.full)), 'x')
  const q = m.let(m.div(m.sub(x, m.number(center)), m.add(x, m.number(center))), 'q')
  const [first, ...others] = coefficients
  const rest = m.let(m.mul(q, m.polynomial(q, others)), 'rest')
  const above = m.let(m.add(m.number(first), rest), 'above')
  const lostAbove = m.sub(rest, m.sub(above, m.number(first)))
  const multiple = slope === 1 ? x : m.let(m.mul(x, m.number(slope)))
  const below = m.let(m.add(multiple, m.number(1)), 'below')
  const lostBelow = m.sub(multiple, m.sub(below, m.number(1)))
  const factor = m.let(m.div(above, below), 'factor')
  const more = m.add(lostAbove, remainder(m, above, factor, below))
  const lost = m.mul(m.sub(more, m.mul(factor, lostBelow)), m.number(inverse))
  return bell(m, x, half, factor, lost)
}

/** erfc(|x|), or 2 - erfc(|x|) for x < 0; in f64 1 - erf(x) for |x| < 0.47. At most 4 ulp in f32 (3.74 seen), 2 in f64. */
export function erfc(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const size = m.let(m.abs(x), 'size')
  const one = m.single
    ? tail(m, m.let(m.atMost(size, m.constant(BEYOND.full)), 'a'))
    : exactTail(m, size, ERFC)
  const right = m.let(one, 'right')
  const far = m.select(m.lt(x, m.number(0)), m.sub(m.number(2), right), right)
  return m.single ? far : m.select(m.lt(size, m.number(0.47)), m.sub(m.number(1), erfOfSmall(m, x)), far)
}

/** (Φ(x) - 1/2) / x in x² for |x| <= 0.7: minimax (Remez), wrong by 1.4e-18 of Φ(x). */
const MIDDLE = [
  0.39894228040143265, -0.06649038006690355, 0.009973557009971877, -0.0011873282144809253, 0.00011543467906871236, -9.44461299400074e-6, 6.65836073782853e-7, -4.098075888399903e-8, 2.0220630449238607e-9,
] // prettier-ignore

/**
 * The lower tail exp(-x²/2) erfcx(|x|/√2) / 2, or 1 minus it; in f64 a polynomial for |x| < 0.66. At most 4 ulp in f32 (3.71 seen, in the
 * tail), 2 in f64.
 */
export function normal_cdf(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const size = m.let(m.abs(x), 'size')
  const lower = m.let(m.single ? lowerTail(m, size) : exactTail(m, size, LOWER), 'lower')
  const far = m.select(m.lt(x, m.number(0)), lower, m.sub(m.number(1), lower))
  if (m.single) return far
  const square = m.let(m.mul(x, x), 'square')
  const near = m.add(m.number(0.5), m.mul(x, m.polynomial(square, MIDDLE)))
  return m.select(m.lt(size, m.number(0.66)), near, far)
}

function lowerTail(m: Arithmetic, argument: Code): Code {
  const size = m.let(m.atMost(argument, m.constant(BEYOND.half)), 'size')
  const scaled = m.mul(m.number(0.5), scaledTail(m, m.let(m.mul(size, m.number(Math.SQRT1_2)), 'a')))
  return bell(m, size, true, m.let(scaled, 'scaled'))
}

/** exp(-x²). At most 1.8 ulp in f32, 1.2 in f64. */
export const gaussian = (m: Arithmetic, x: Code): Code => bell(m, m.abs(x), false)

/** exp(-x²/2) / √(2π). At most 1.8 ulp in f32, 1.6 in f64. */
export const normal_pdf = (m: Arithmetic, x: Code): Code =>
  bell(m, m.abs(x), true, m.number(0.3989422804014327))
