/** The cube root. */
import type { Arithmetic } from '../arithmetic.js'
import type { Code } from '../code.js'
import { halves } from './halves.js'
import { biasOf, nearest, powerOfTwo, splitAny } from './powers-of-two.js'

/** ∛a for a between √½ and √2: minimax (Remez), wrong by 7.3e-5 of it. */
const P = [0.492509471, 0.739718257, -0.290379517, 0.058221036]
/** ∛½ and ∛2. */
const ROOTS = [0.7937005259840998, 1.2599210498948732] as const

/**
 * x = 2^(3 q) y, and ∛y by Halley's rule: in f64 twice, the second time from a root of half the digits, of which the square is exact. At
 * most 1 ulp in f32, 0.7 in f64.
 */
export function cbrt(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const [zero, one] = [m.number(0), m.number(1)]
  const size = m.let(m.abs(x), 'size')
  const { exponent, mantissa } = splitAny(m, size)
  const [k, a] = [m.let(exponent, 'k'), m.let(mantissa, 'a')]
  const { n, bits } = nearest(m, m.mul(k, m.number(1 / 3)), biasOf(m))
  const left = m.let(m.sub(k, m.mul(n, m.number(3))), 'left')
  const [less, more] = [m.let(m.lt(left, zero), 'less'), m.let(m.lt(zero, left), 'more')]
  const choice = (below: number, above: number): Code =>
    m.select(less, m.number(below), m.select(more, m.number(above), one))
  const y = m.let(m.mul(a, choice(0.5, 2)), 'y')
  const first = m.let(m.mul(m.polynomial(a, P), choice(...ROOTS)), 'first')
  const cube = m.let(m.mul(m.mul(first, first), first), 'cube')
  const change = m.div(m.sub(y, cube), m.add(m.add(cube, cube), y))
  const second = m.let(m.add(first, m.mul(first, change)), 'second')
  const root = m.single ? second : third(m, second, y)
  const result = m.mul(root, powerOfTwo(m, bits))
  const regular = m.and(m.lt(zero, size), m.lt(size, m.number(Infinity)))
  return m.select(regular, m.withSign(result, x), x)
}

function third(m: Arithmetic, second: Code, y: Code): Code {
  const [t] = halves(m, second)
  const quotient = m.let(m.div(y, m.mul(t, t)), 'quotient')
  const change = m.div(m.sub(quotient, t), m.add(m.add(t, t), quotient))
  return m.add(t, m.mul(t, change))
}
