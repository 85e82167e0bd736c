/** Products without rounding. */
import type { Arithmetic } from '../arithmetic.js'
import type { Code } from '../code.js'

/** All bits but the lower half of a mantissa: the square of what they leave is exact. */
const UPPER = { single: -(2 ** 12), double: -(2 ** 27) }

/** The leading half of a number, and the rest: products of both are exact. */
export function halves(m: Arithmetic, x: Code): readonly [upper: Code, lower: Code] {
  const upper = m.let(m.ofBits(m.andBits(m.bitsOf(x), m.bits(UPPER))), 'upper')
  return [upper, m.let(m.sub(x, upper), 'lower')]
}

/** a - b c without the rounding of the product, where `a` is near it; all given by name. */
export function remainder(m: Arithmetic, a: Code, b: Code, c: Code): Code {
  const [b1, b2] = halves(m, b)
  const [c1, c2] = halves(m, c)
  const middle = m.sub(m.sub(m.sub(a, m.mul(b1, c1)), m.mul(b1, c2)), m.mul(b2, c1))
  return m.sub(middle, m.mul(b2, c2))
}
