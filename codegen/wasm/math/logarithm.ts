/** Logarithms: x = 2^k (1 + f) with 1 + f between √½ and √2. */
import type { Arithmetic } from '../arithmetic.js'
import type { Code } from '../code.js'
import { LN2_HIGH, LN2_LOW } from './exponential.js'
import { type Split, split, splitAny } from './powers-of-two.js'

/** (log(1 + f) - f + f²/2) / f³: minimax (Remez), wrong by 3.1e-8 relative to log(1 + f). */
const P = [0.3333391, -0.25001338, 0.19963065, -0.16577585, 0.14914766, -0.14267492, 0.087004505]

/** With s = f / (2 + f), (log(1 + f) - 2 s) / s in s² without its constant term, which is 0 (FDLIBM, e_log.c, Sun Microsystems 1993). */
const R = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
  0.15313837699209373, 0.14798198605116586,
] // prettier-ignore

/** 1 + f, and the parts of its logarithm f - half + product, of which the last is the smallest. */
interface Mantissa {
  readonly k: Code
  readonly f: Code
  readonly half: Code
  readonly product: Code
  /** 1 / (1 + f), roughly. */
  readonly slope: () => Code
}

function mantissaOf(m: Arithmetic, { exponent, mantissa }: Split): Mantissa {
  const one = m.number(1)
  const k = m.let(exponent, 'k')
  const f = m.let(m.sub(mantissa, one), 'f')
  const square = m.let(m.mul(f, f), 'square')
  const half = m.let(m.mul(m.number(0.5), square), 'half')
  if (m.single) {
    const product = m.mul(m.mul(square, f), m.polynomial(f, P))
    return { k, f, half, product, slope: () => m.sub(one, m.mul(f, m.sub(one, f))) }
  }
  const s = m.let(m.div(f, m.add(f, m.number(2))), 's')
  const z = m.let(m.mul(s, s), 'z')
  const product = m.mul(s, m.add(half, m.mul(z, m.polynomial(z, R))))
  // (1 - s) / (1 + s) is 1 / (1 + f).
  const slope = (): Code => m.sub(one, m.mul(m.add(s, s), m.sub(one, s)))
  return { k, f, half, product, slope }
}

/** (k log 2 + f) - half + product, with `part` added to the smallest. */
function sum(m: Arithmetic, { k, f, half, product }: Mantissa, part?: Code): Code {
  const low = m.mul(k, m.constant(LN2_LOW))
  const small = m.add(product, part ? m.add(low, part) : low)
  return m.sub(m.mul(k, m.constant(LN2_HIGH)), m.sub(m.sub(half, small), f))
}

/** `y` for positive numbers, and what logarithms are elsewhere: -Infinity at 0, NaN below, Infinity. */
function withEnds(m: Arithmetic, x: Code, y: Code): Code {
  const zero = m.number(0)
  const beyond = m.select(m.eq(x, zero), m.number(-Infinity), m.number(NaN))
  return m.select(m.lt(zero, x), m.select(m.lt(x, m.number(Infinity)), y, x), beyond)
}

/** log(x). At most 1.2 ulp in f32, 0.9 in f64. */
export function log(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  return withEnds(m, x, sum(m, mantissaOf(m, splitAny(m, x))))
}

/** log(x + lost), where `lost` is small beside x or beside x - 1; both given by name. */
export function logOfSum(m: Arithmetic, x: Code, lost: Code): Code {
  const parts = splitAny(m, x)
  const mantissa = mantissaOf(m, parts)
  const part = m.mul(m.mul(lost, parts.inverse()), m.mul(m.number(0.5), mantissa.slope()))
  return withEnds(m, x, sum(m, mantissa, part))
}

/** log(1 + f) + k log 2 for 1 + x rounded, and what that has lost as a first-order term. At most 1.3 ulp in f32, 1 in f64. */
export function log1p(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const one = m.number(1)
  const u = m.let(m.add(one, x), 'u')
  const back = m.let(m.sub(u, x), 'back')
  const lost = m.add(m.sub(x, m.sub(u, back)), m.sub(one, back))
  const parts = split(m, u)
  const mantissa = mantissaOf(m, parts)
  const part = m.mul(m.mul(lost, parts.inverse()), m.mul(m.number(0.5), mantissa.slope()))
  // Of -0 the sign would be lost; others have that of x anyway.
  return m.withSign(withEnds(m, u, sum(m, mantissa, part)), x)
}

/** The leading half of a mantissa, as bits. */
const LEADING = { single: -(2 ** 12), double: -(2 ** 32) }

/** What logarithms of another base are made of: 1 / log(base) and log 2 / log(base), each in two parts, the first short. */
interface Base {
  readonly whole: number
  readonly high: number
  readonly low: number
  readonly two: readonly [high: number, low: number]
}

const BASES: Readonly<Record<2 | 10, Base>> = {
  2: { whole: Math.LOG2E, high: 1.4426950407214463, low: 1.6751713164886512e-10, two: [1, 0] },
  10: {
    whole: Math.LOG10E,
    high: 0.4342944818781689,
    low: 2.5082946711645275e-11,
    two: [0.30102999566361177, 3.694239077158931e-13],
  },
}
const LOG10_2 = [0.3010292053222656, 7.903417155702138e-7] as const

/** In f64 with log(1 + f) in two parts (FreeBSD msun, e_log2.c and e_log10.c). */
function logOfBase(m: Arithmetic, argument: Code, base: 2 | 10): Code {
  const { whole, high, low, two } = BASES[base]
  const x = m.let(argument, 'x')
  const { k, f, half, product } = mantissaOf(m, splitAny(m, x))
  if (m.single) {
    const rest = m.mul(m.add(f, m.sub(product, half)), m.number(whole))
    if (base === 2) return withEnds(m, x, m.add(k, rest))
    const [first, second] = LOG10_2
    const small = m.add(m.mul(k, m.number(second)), rest)
    return withEnds(m, x, m.add(m.mul(k, m.number(first)), small))
  }
  const bits = m.andBits(m.bitsOf(m.sub(f, half)), m.bits(LEADING))
  const first = m.let(m.ofBits(bits), 'first')
  const second = m.let(m.add(m.sub(m.sub(f, first), half), product), 'second')
  const main = m.let(m.mul(first, m.number(high)), 'main')
  const exponent = m.let(m.mul(k, m.number(two[0])), 'exponent')
  const y = m.let(m.add(exponent, main), 'y')
  const small = m.add(m.mul(m.add(second, first), m.number(low)), m.mul(second, m.number(high)))
  const rest = m.add(small, m.add(m.mul(k, m.number(two[1])), m.add(m.sub(exponent, y), main)))
  return withEnds(m, x, m.add(y, rest))
}

/** The logarithm to base 2. At most 2.1 ulp in f32 (near √2), 0.8 in f64. */
export const log2 = (m: Arithmetic, x: Code): Code => logOfBase(m, x, 2)

/** The logarithm to base 10. At most 2.5 ulp in f32 (near 1.3), 0.8 in f64. */
export const log10 = (m: Arithmetic, x: Code): Code => logOfBase(m, x, 10)

/** x log(y), and 0 at x = 0 for every number y. At most 1.9 ulp. */
export function xlogy(m: Arithmetic, factor: Code, argument: Code): Code {
  const x = m.let(factor, 'x')
  const y = m.let(argument, 'y')
  const zero = m.number(0)
  const nothing = m.and(m.eq(x, zero), m.eq(y, y))
  return m.except(m.let(nothing, 'nothing'), m.mul(x, log(m, y)))
}
