/**
 * Sine, cosine and tangent: x = n π/2 + r with |r| <= π/4, π/2 in parts of which n multiples are exact (Cody and Waite; the parts are
 * those of FDLIBM, e_rem_pio2.c, Sun Microsystems 1993). Beyond the bound each number is handed to JavaScript.
 */
import type { OperatorName } from '../../../src/ops/signatures.js'
import type { Arithmetic } from '../arithmetic.js'
import { type Code, get } from '../code.js'
import { nearest } from './powers-of-two.js'

/** Up to here n is short enough. */
const BOUND = { single: 2 ** 28, double: 1.6e6 }

/** (sin(r) - r) / r³ in r² for |r| <= π/4: minimax (Remez) of error 3.8e-9; FDLIBM, k_sin.c. */
const SIN = {
  single: [-0.16666655, 0.008332156, -0.00019514633],
  double: [
    -0.16666666666666632, 0.00833333333332249, -0.0001984126982985795, 2.7557313707070068e-6, -2.5050760253406863e-8,
    1.58969099521155e-10,
  ],
} // prettier-ignore

/** (cos(r) - 1 + r²/2) / r⁴ in r²: minimax (Remez) of error 1.2e-10; FDLIBM, k_cos.c. */
const COS = {
  single: [0.041666646, -0.001388731, 2.4432426e-5],
  double: [
    0.0416666666666666, -0.001388888888887411, 2.480158728947673e-5, -2.7557314351390663e-7, 2.087572321298175e-9,
    -1.1359647557788195e-11,
  ],
} // prettier-ignore

/** π/2: 25 bits and the rest, for numbers of binary32 in binary64. */
const QUARTER = [1.5707963109016418, 1.5893254773528196e-8] as const
/** Three times 33 bits, and the rest. */
const QUARTERS = [
  1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32,
] as const

interface Angle {
  readonly r: Code
  /** What r has lost by rounding, in f64. */
  readonly low: Code
  /** n, in the lowest bits. */
  readonly bits: Code
}

/** a - b, and what rounding has lost (Knuth). */
function difference(m: Arithmetic, a: Code, b: Code): readonly [Code, Code] {
  const value = m.let(m.sub(a, b), 'difference')
  const back = m.let(m.sub(value, a), 'back')
  return [value, m.sub(m.sub(a, m.sub(value, back)), m.add(b, back))]
}

function reduce(m: Arithmetic, x: Code): Angle {
  if (m.single) {
    const [r, bits] = m.inDouble((d, wide) => {
      const whole = nearest(d, d.mul(wide, d.number(2 / Math.PI)), 0)
      const [high, low] = QUARTER
      const near = d.sub(wide, d.mul(whole.n, d.number(high)))
      return { value: d.sub(near, d.mul(whole.n, d.number(low))), bits: whole.bits }
    }, x)
    return { r: m.let(r, 'r'), low: m.number(0), bits: m.let(bits, 'n') }
  }
  const { n, bits } = nearest(m, m.mul(x, m.number(2 / Math.PI)), 0)
  const part = (at: 0 | 1 | 2 | 3): Code => m.let(m.mul(n, m.number(QUARTERS[at])), 'part')
  const first = m.let(m.sub(x, part(0)), 'first')
  const [second, lost] = difference(m, first, part(1))
  const [third, more] = difference(m, second, part(2))
  const rest = m.let(m.sub(m.add(lost, more), part(3)), 'rest')
  const r = m.let(m.withSign(m.add(third, rest), third), 'r')
  return { r, low: m.let(m.sub(rest, m.sub(r, third)), 'low'), bits }
}

/** A value, and what its last rounding has lost, in f64. */
interface Rounded {
  readonly value: Code
  readonly lost: () => Code
}

function rounded(m: Arithmetic, main: Code, rest: Code): Rounded {
  const [first, second] = [m.let(main, 'main'), m.let(rest, 'rest')]
  const value = m.let(m.add(first, second), 'value')
  return { value, lost: () => m.sub(second, m.sub(value, first)) }
}

function sinOf(m: Arithmetic, { r, low }: Angle, square: Code): Rounded {
  const rest = m.mul(m.mul(square, r), m.polynomial(square, m.of(SIN)))
  const less = (): Code => m.mul(low, m.sub(m.number(1), m.mul(m.number(0.5), square)))
  const { value, lost } = rounded(m, r, m.single ? rest : m.add(rest, less()))
  // Of -0 the sign would be lost; others have that of r anyway.
  return { value: m.withSign(value, r), lost }
}

function cosOf(m: Arithmetic, { r, low }: Angle, square: Code): Rounded {
  const one = m.number(1)
  const half = m.let(m.mul(m.number(0.5), square), 'half')
  const rest = m.mul(m.mul(square, square), m.polynomial(square, m.of(COS)))
  const main = m.let(m.sub(one, half), 'main')
  return rounded(m, main, m.single ? rest : m.add(m.sub(m.sub(one, main), half), m.sub(rest, m.mul(r, low))))
}

/** `near` within the bound; where some number is beyond it, that of JavaScript. */
function bounded(m: Arithmetic, operator: OperatorName, argument: Code, near: (x: Code) => Code): Code {
  const x = m.let(argument, 'x')
  const result = m.body.variable(x.type, 'result')
  m.body.set(result, near(x))
  const beyond = m.let(m.not(m.le(m.abs(x), m.constant(BOUND))), 'beyond')
  m.body.if(m.any(beyond), () => m.body.set(result, m.select(beyond, m.each(operator, x), get(result))))
  return get(result)
}

/** The sine, or the cosine as the sine a quarter further. */
function wave(m: Arithmetic, x: Code, quarter: 0 | 1): Code {
  const angle = reduce(m, x)
  const one = m.bits({ single: 1, double: 1 })
  const turn = quarter === 0 ? angle.bits : m.let(m.addBits(angle.bits, one), 'turn')
  const square = m.let(m.mul(angle.r, angle.r), 'square')
  const value = m.select(m.odd(turn), cosOf(m, angle, square).value, sinOf(m, angle, square).value)
  return m.turned(value, m.right(turn, 1))
}

/** At most 1.6 ulp in f32, 0.9 in f64. */
export const sin = (m: Arithmetic, x: Code): Code => bounded(m, 'sin', x, (within) => wave(m, within, 0))

/** At most 1.6 ulp in f32, 0.9 in f64. */
export const cos = (m: Arithmetic, x: Code): Code => bounded(m, 'cos', x, (within) => wave(m, within, 1))

/** sin(r) / cos(r), or -cos(r) / sin(r), in f64 with what both have lost. At most 3.8 ulp in f32, 1.5 in f64. */
export const tan = (m: Arithmetic, argument: Code): Code =>
  bounded(m, 'tan', argument, (x) => {
    const angle = reduce(m, x)
    const square = m.let(m.mul(angle.r, angle.r), 'square')
    const [sine, cosine] = [sinOf(m, angle, square), cosOf(m, angle, square)]
    const swapped = m.let(m.odd(angle.bits), 'swapped')
    const either = (a: Code, b: Code): readonly [Code, Code] => {
      const [first, second] = [m.let(a), m.let(b)]
      return [m.select(swapped, second, first), m.select(swapped, first, second)]
    }
    const [above, below] = either(sine.value, cosine.value)
    if (m.single) return m.turned(m.div(above, below), angle.bits)
    const divisor = m.let(below, 'below')
    const quotient = m.let(m.div(above, divisor), 'quotient')
    const [lostAbove, lostBelow] = either(sine.lost(), cosine.lost())
    const change = m.div(m.sub(lostAbove, m.mul(quotient, lostBelow)), divisor)
    return m.turned(m.withSign(m.add(quotient, change), quotient), angle.bits)
  })
