/** What is exact, or rounded once: signs, whole numbers, bounds, roots of sums of squares. */
import type { Arithmetic } from '../arithmetic.js'
import type { Code } from '../code.js'
import { constantOf } from './constants.js'

/** Whether comparing with it decides all: no zero, whose sign would count, and no NaN. */
const decides = (code: Code): boolean => Math.abs(constantOf(code) ?? 0) > 0

/** The larger; NaN if either is, and 0 beside -0. Beside a constant in one instruction or two. */
export function max(m: Arithmetic, a: Code, b: Code): Code {
  if (decides(b)) return m.atLeast(m.let(a), b)
  if (decides(a)) return m.atLeast(m.let(b), a)
  // What is left of -0 beside 0 becomes 0 by the sum.
  if (Object.is(constantOf(b), 0)) return m.add(m.atLeast(m.let(a), b), b)
  if (Object.is(constantOf(a), 0)) return m.add(m.atLeast(m.let(b), a), a)
  return m.max(a, b)
}

/** The smaller; NaN if either is, and -0 beside 0. */
export function min(m: Arithmetic, a: Code, b: Code): Code {
  if (decides(b) || Object.is(constantOf(b), 0)) return m.atMost(m.let(a), b)
  if (decides(a) || Object.is(constantOf(a), 0)) return m.atMost(m.let(b), a)
  return m.min(a, b)
}

/** min(max(x, low), high). */
export const clamp = (m: Arithmetic, x: Code, low: Code, high: Code): Code => min(m, max(m, x, low), high)

/** max(x, 0), where -0 gives 0. */
export function relu(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  return m.except(m.le(x, m.number(0)), x)
}

/** 1, x itself where it is 0 or NaN, -1. */
export function sign(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  return m.select(m.lt(m.number(0), m.abs(x)), m.withSign(m.number(1), x), x)
}

/** The nearest whole number; of halves, of which every other has been rounded down, the one above. */
export function round(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const n = m.let(m.nearest(x), 'n')
  return m.select(m.eq(m.sub(x, n), m.number(0.5)), m.add(n, m.number(1)), n)
}

/** floor(x / y) of the quotient in binary64, as the operator says: rounded to binary32 it might reach the next whole number. */
export function idiv(m: Arithmetic, x: Code, y: Code): Code {
  if (!m.single) return m.floor(m.div(x, y))
  return m.inDouble((d, a, b) => ({ value: d.floor(d.div(a, b)) }), x, y)[0]
}

/** √(x² + y²): of binary32 in binary64; there squares that would overflow or underflow are scaled. At most 0.51 ulp in f32, 1.3 in f64. */
export function hypot(m: Arithmetic, first: Code, second: Code): Code {
  if (m.single) {
    return m.inDouble((d, a, b) => ({ value: d.sqrt(d.add(d.mul(a, a), d.mul(b, b))) }), first, second)[0]
  }
  const [x, y] = [m.let(m.abs(first), 'x'), m.let(m.abs(second), 'y')]
  const largest = m.let(m.atLeast(x, y), 'largest')
  const large = m.let(m.lt(m.number(2 ** 500), largest), 'large')
  const small = m.let(m.lt(largest, m.number(2 ** -450)), 'small')
  const power = (exponent: number): Code => {
    const otherwise = m.select(small, m.number(2 ** -exponent), m.number(1))
    return m.select(large, m.number(2 ** exponent), otherwise)
  }
  const scale = m.let(power(-600), 'scale')
  const [a, b] = [m.let(m.mul(x, scale), 'a'), m.let(m.mul(y, scale), 'b')]
  return m.mul(m.sqrt(m.add(m.mul(a, a), m.mul(b, b))), power(600))
}
