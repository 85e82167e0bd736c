/** Inverse circular functions: of arguments moved towards 0, and a multiple of π/4 in two parts. */
import type { Arithmetic, ByPrecision } from '../arithmetic.js'
import type { Code } from '../code.js'
import { halves } from './halves.js'

/** Multiples of π/4, and what their rounding has lost. */
const QUARTERS: ByPrecision<readonly (readonly [high: number, low: number])[]> = {
  single: [
    [0, 0],
    [0.78539819, -2.1855694e-8],
    [1.5707964, -4.3711388e-8],
    [2.3561945, -5.9624403e-9],
    [3.1415927, -8.7422777e-8],
  ],
  double: [
    [0, 0],
    [0.7853981633974483, 3.061616997868383e-17],
    [1.5707963267948966, 6.123233995736766e-17],
    [2.356194490192345, 9.184850993605148e-17],
    [3.141592653589793, 1.2246467991473532e-16],
  ],
}

/** Of a multiple of π/4 the high part and the low one. */
const quarters = (m: Arithmetic, count: 0 | 1 | 2 | 3 | 4, part: 0 | 1): Code =>
  m.number(m.of(QUARTERS)[count][part])

/** (atan(t) - t) / t³ in t² for |t| <= 1/2: minimax (Remez), wrong by 5.2e-9 and 2e-19 relative to atan(t). */
const ATAN = {
  single: [-0.33333237, 0.19994325, -0.14176184, 0.10165535, -0.05141564],
  double: [-0.33333333333333315, 0.19999999999993445, -0.14285714284977757, 0.11111111069363809, -0.09090907692080015, 0.07692277476798037, -0.06666223706957815, 0.05877809396038727, -0.052300305217459424, 0.045895348117703114, -0.03712133630359563, 0.02365936818251325, -0.008368804006341072],
} // prettier-ignore

/** (asin(t) - t) / t³ in t² for |t| <= 1/2: minimax (Remez), wrong by 5e-9 and 9.8e-19 relative to asin(t). */
const ASIN = {
  single: [0.16666754, 0.074952444, 0.045476834, 0.02414862, 0.042217265],
  double: [0.16666666666666763, 0.07499999999970261, 0.044642857175121176, 0.030381942683605338, 0.022372215660513405, 0.017351600089598417, 0.013980961466390352, 0.011397775919772379, 0.010786529304728938, 0.003683041065776545, 0.0217635019467378, -0.02107729745891357, 0.03267689393489581],
} // prettier-ignore

/** atan(t) - t. */
function beyondAtan(m: Arithmetic, t: Code): Code {
  const square = m.let(m.mul(t, t), 'square')
  return m.mul(m.mul(t, square), m.polynomial(square, m.of(ATAN)))
}

/**
 * Up to 1/2 a polynomial; around 1 as π/4 + atan((x - 1) / (x + 1)), from 2 on as π/2 - atan(1 / x). At most 1.5 ulp in f32, 1.1 in f64.
 */
export function atan(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const one = m.number(1)
  const size = m.let(m.abs(x), 'size')
  const steep = m.let(m.lt(m.number(2), size), 'steep')
  const flat = m.let(m.lt(size, m.number(0.5)), 'flat')
  const turn = (part: 0 | 1): Code =>
    m.select(steep, quarters(m, 2, part), m.except(flat, quarters(m, 1, part)))
  const above = m.select(steep, m.number(-1), m.select(flat, size, m.sub(size, one)))
  const below = m.select(steep, size, m.select(flat, one, m.add(size, one)))
  const t = m.let(m.div(above, below), 't')
  const rest = m.add(beyondAtan(m, t), turn(1))
  return m.withSign(m.add(turn(0), m.add(t, rest)), x)
}

/** A number above 0 that changes none which is not 0. */
const SMALLEST = { single: 2 ** -149, double: 2 ** -1074 }

/** The angle of the point (x, y): atan(|y| / |x|) as above, or π minus it. At most 2 ulp in f32, 1.5 in f64. */
export function atan2(m: Arithmetic, first: Code, second: Code): Code {
  const [y, x] = [m.let(first, 'y'), m.let(second, 'x')]
  const [zero, one, infinity] = [m.number(0), m.number(1), m.number(Infinity)]
  const [height, width] = [m.let(m.abs(y), 'height'), m.let(m.abs(x), 'width')]
  // Both infinite count as equal.
  const endless = m.let(m.and(m.eq(height, infinity), m.eq(width, infinity)), 'endless')
  const a = m.let(m.select(endless, one, height), 'a')
  const b = m.let(m.select(endless, one, width), 'b')
  const steep = m.let(m.lt(b, m.mul(a, m.number(0.5))), 'steep')
  const flat = m.let(m.le(m.add(a, a), b), 'flat')
  const back = m.let(m.lt(m.withSign(one, x), zero), 'back')
  const turn = (part: 0 | 1): Code => {
    const flatTurn = m.where(back, quarters(m, 4, part))
    const turned = m.select(back, quarters(m, 3, part), quarters(m, 1, part))
    return m.select(steep, quarters(m, 2, part), m.select(flat, flatTurn, turned))
  }
  // Halves of large numbers: their sum must not overflow.
  const scale = m.let(m.select(m.lt(one, a), m.number(0.5), one), 'scale')
  const [p, q] = [m.let(m.mul(a, scale), 'p'), m.let(m.mul(b, scale), 'q')]
  const above = m.select(steep, m.neg(b), m.select(flat, a, m.sub(p, q)))
  const below = m.select(steep, a, m.select(flat, m.atLeast(b, m.constant(SMALLEST)), m.add(p, q)))
  const t = m.let(m.div(above, below), 't')
  const u = m.let(m.select(back, m.neg(t), t), 'u')
  const rest = m.add(beyondAtan(m, u), turn(1))
  return m.withSign(m.add(turn(0), m.add(u, rest)), y)
}

/** asin of a number, of |x| or √((1 - |x|) / 2) the one below 1/2, as a sum. */
interface Root {
  /** |x| > 1/2. */
  readonly large: Code
  /** The number, or of a root its leading half. */
  readonly t: Code
  readonly rest: Code
}

function rootOf(m: Arithmetic, x: Code): Root {
  const size = m.let(m.abs(x), 'size')
  const large = m.let(m.lt(m.number(0.5), size), 'large')
  const outside = m.mul(m.sub(m.number(1), size), m.number(0.5))
  const square = m.let(m.select(large, outside, m.mul(size, size)), 'square')
  const root = m.let(m.sqrt(square), 'root')
  const base = m.let(m.select(large, root, size), 'base')
  const beyond = m.let(m.mul(m.mul(base, square), m.polynomial(square, m.of(ASIN))), 'beyond')
  const [upper] = halves(m, root)
  const lost = m.div(m.sub(square, m.mul(upper, upper)), m.atLeast(m.add(root, upper), m.constant(SMALLEST)))
  const t = m.let(m.select(large, upper, base), 't')
  return { large, t, rest: m.let(m.add(beyond, m.where(large, lost)), 'rest') }
}

/** π/2 - 2 asin(√((1 - |x|) / 2)) for |x| > 1/2. At most 0.8 ulp in f32, 0.7 in f64. */
export function asin(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const { large, t, rest } = rootOf(m, x)
  const main = m.sub(quarters(m, 2, 0), m.add(t, t))
  const far = m.sub(main, m.sub(m.add(rest, rest), quarters(m, 2, 1)))
  return m.withSign(m.select(large, far, m.add(t, rest)), x)
}

/** π/2 - asin(x), or twice asin(√((1 - |x|) / 2)), or π minus that. At most 1.2 ulp in f32, 1.1 in f64. */
export function acos(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const { large, t, rest } = rootOf(m, x)
  const back = m.let(m.lt(x, m.number(0)), 'back')
  const signed = (a: Code): Code => m.select(back, m.neg(a), a)
  const main = m.select(large, m.add(t, t), signed(t))
  const small = m.select(large, m.add(rest, rest), signed(rest))
  const turn = (part: 0 | 1): Code =>
    m.select(large, m.where(back, quarters(m, 4, part)), quarters(m, 2, part))
  const difference = m.sub(m.sub(turn(0), main), m.sub(small, turn(1)))
  return m.abs(difference)
}
