/** Hyperbolic functions that grow. */
import type { Arithmetic } from '../arithmetic.js'
import type { Code } from '../code.js'
import { halfExp } from './exponential.js'

/** (sinh(x) - x) / x³ in x² for |x| <= 1: minimax (Remez), wrong by 2.4e-8 and 8.7e-20 relative to sinh(x). */
const S = {
  single: [0.16666716, 0.008330284, 0.00020372211],
  double: [
    0.16666666666666669, 0.008333333333333148, 0.00019841269841431862, 2.7557319157074525e-6, 2.5052123136354984e-8,
    1.605725979381534e-10, 7.758748134107013e-13,
  ],
} // prettier-ignore

/** A polynomial up to 1, then h - 1 / (4 h) with h = exp(|x|) / 2. At most 1.7 ulp (near 1.4). */
export function sinh(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const size = m.let(m.abs(x), 'size')
  const square = m.let(m.mul(x, x), 'square')
  const near = m.add(x, m.mul(m.mul(x, square), m.polynomial(square, m.of(S))))
  const h = m.let(halfExp(m, size), 'h')
  const far = m.sub(h, m.div(m.number(0.25), h))
  return m.select(m.lt(size, m.number(1)), near, m.withSign(far, x))
}

/** cosh(x) = h + 1 / (4 h) with h = exp(|x|) / 2. At most 1.6 ulp in f32, 1.4 in f64. */
export function cosh(m: Arithmetic, x: Code): Code {
  const h = m.let(halfExp(m, m.abs(x)), 'h')
  return m.add(h, m.div(m.number(0.25), h))
}
