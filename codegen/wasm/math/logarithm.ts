/** Logarithms: x = 2^k (1 + f) with 1 + f between √½ and √2. */
import type { Arithmetic } from '../arithmetic.js'
import type { Code } from '../code.js'
import { LN2_HIGH, LN2_LOW } from './exponential.js'
import { splitAny } from './powers-of-two.js'

/** (log(1 + f) - f + f²/2) / f³: minimax (Remez), wrong by 3.1e-8 relative to log(1 + f). */
const P = [0.3333391, -0.25001338, 0.19963065, -0.16577585, 0.14914766, -0.14267492, 0.087004505]

/** With s = f / (2 + f), (log(1 + f) - 2 s) / s in s² without its constant term, which is 0 (FDLIBM, e_log.c, Sun Microsystems 1993). */
const R = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
  0.15313837699209373, 0.14798198605116586,
] // prettier-ignore

/** log(1 + f) - f; `part` is added where little is lost. */
function beyondFirst(m: Arithmetic, f: Code, part?: Code): Code {
  const also = (a: Code): Code => (part ? m.add(a, part) : a)
  const square = m.mul(f, f)
  if (m.single) return also(m.mul(square, m.sub(m.mul(f, m.polynomial(f, P)), m.number(0.5))))
  const half = m.let(m.mul(m.number(0.5), square), 'half')
  const s = m.let(m.div(f, m.add(f, m.number(2))), 's')
  const z = m.let(m.mul(s, s), 'z')
  return m.sub(also(m.mul(s, m.add(half, m.mul(z, m.polynomial(z, R))))), half)
}

/** `y` for positive numbers, and what logarithms are elsewhere: -Infinity at 0, NaN below, Infinity. */
function withEnds(m: Arithmetic, x: Code, y: Code): Code {
  const zero = m.number(0)
  const beyond = m.select(m.eq(x, zero), m.number(-Infinity), m.number(NaN))
  return m.select(m.lt(zero, x), m.select(m.lt(x, m.number(Infinity)), y, x), beyond)
}

/** log(x) = (k log 2 + f) + (log(1 + f) - f), log 2 in two parts. At most 1.2 ulp in f32, 0.9 in f64. */
export function log(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const { exponent, mantissa } = splitAny(m, x)
  const k = m.let(exponent, 'k')
  const f = m.let(m.sub(mantissa, m.number(1)), 'f')
  const rest = beyondFirst(m, f, m.mul(k, m.constant(LN2_LOW)))
  return withEnds(m, x, m.add(m.mul(k, m.constant(LN2_HIGH)), m.add(f, rest)))
}
