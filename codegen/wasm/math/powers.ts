/** Powers and remainders: those of binary32 in binary64, where they may lose digits; those of binary64 in JavaScript. */
import type { Arithmetic } from '../arithmetic.js'
import { type Code, get } from '../code.js'
import { constantOf } from './constants.js'
import { exp } from './exponential.js'
import { log } from './logarithm.js'

/** x ^ y. In f32 with a constant exponent exp(y log |x|) of binary64, with what `Math.pow` has for x < 0: at most 0.51 ulp. */
export function pow(m: Arithmetic, base: Code, exponent: Code): Code {
  const y = constantOf(exponent)
  if (!m.single || y === undefined || !Number.isFinite(y) || y === 0) return m.each('pow', base, exponent)
  const x = m.let(base, 'x')
  const size = m.abs(x)
  const [value] = m.inDouble((d, wide) => ({ value: exp(d, d.mul(log(d, wide), d.number(y))) }), size)
  if (Number.isInteger(y)) return y % 2 === 0 ? value : m.withSign(value, x)
  const imaginary = m.and(m.lt(x, m.number(0)), m.lt(m.number(-Infinity), x))
  return m.select(imaginary, m.number(NaN), value)
}

/** Quotients below have exact products with the divisor. */
const LARGEST_QUOTIENT = 2 ** 24

/** x - y floor(x / y). In f32 of binary64 where that is exact; where some quotient is larger, and in f64, in JavaScript. */
export function mod(m: Arithmetic, dividend: Code, divisor: Code): Code {
  if (!m.single) return m.each('mod', dividend, divisor)
  const [x, y] = [m.let(dividend, 'x'), m.let(divisor, 'y')]
  const [value] = m.inDouble((d, a, b) => ({ value: d.sub(a, d.mul(d.floor(d.div(a, b)), b)) }), x, y)
  const result = m.body.variable(x.type, 'result')
  // -0 becomes 0.
  m.body.set(result, m.add(value, m.number(0)))
  const size = m.let(m.abs(y), 'size')
  const limit = m.atMost(m.mul(size, m.number(LARGEST_QUOTIENT)), m.number(LARGEST_QUOTIENT * 2 ** 100))
  const inside = m.and(m.lt(m.abs(x), limit), m.lt(size, m.number(2 ** 100)))
  const beyond = m.let(m.not(inside), 'beyond')
  m.body.if(m.any(beyond), () => m.body.set(result, m.select(beyond, m.each('mod', x, y), get(result))))
  return get(result)
}
