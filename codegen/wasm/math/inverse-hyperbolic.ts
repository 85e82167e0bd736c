/** Inverse hyperbolic functions: logarithms of sums and quotients, with what these have lost by rounding. */
import type { Arithmetic } from '../arithmetic.js'
import type { Code } from '../code.js'
import { halves, remainder } from './halves.js'
import { logOfSum } from './logarithm.js'

/** Above, √(x² ± 1) is x. */
const LARGE = { single: 2 ** 13, double: 2 ** 28 }

/** log(a + √(a² + shift)) for a >= 0; a itself, twice, where it is large. */
function logWithRoot(m: Arithmetic, a: Code, shift: 1 | -1): Code {
  const large = m.let(m.lt(m.constant(LARGE), a), 'large')
  const x = m.let(m.select(large, m.number(1), a), 'x')
  const square = m.let(m.mul(x, x), 'square')
  const [upper, lower] = halves(m, x)
  const cross = m.mul(m.mul(m.number(2), upper), lower)
  const lostSquare = m.add(m.add(m.sub(m.mul(upper, upper), square), cross), m.mul(lower, lower))
  const moved = m.let(m.add(square, m.number(shift)), 'moved')
  const lostMoved = m.let(m.add(m.sub(square, m.sub(moved, m.number(shift))), lostSquare), 'lostMoved')
  const under = m.let(m.add(moved, lostMoved), 'under')
  const lostUnder = m.add(m.sub(moved, under), lostMoved)
  const root = m.let(m.sqrt(under), 'root')
  const missing = m.let(m.add(remainder(m, under, root, root), lostUnder), 'missing')
  const twice = m.add(root, root)
  const lostRoot = m.except(m.eq(root, m.number(0)), m.div(missing, twice))
  const both = m.let(m.add(x, root), 'both')
  const larger = shift === 1 ? root : x
  const smaller = shift === 1 ? x : root
  const lost = m.add(m.sub(smaller, m.sub(both, larger)), lostRoot)
  const u = m.let(m.select(large, a, both), 'u')
  const y = logOfSum(m, u, m.let(m.except(large, lost), 'lost'))
  return m.add(y, m.where(large, m.number(Math.LN2)))
}

/** log(|x| + √(x² + 1)). At most 1.3 ulp in f32, 1.1 in f64. */
export function asinh(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  return m.withSign(logWithRoot(m, m.let(m.abs(x), 'size'), 1), x)
}

/** log(x + √(x² - 1)). At most 1.2 ulp in f32, 1.1 in f64. */
export function acosh(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  return m.select(m.le(m.number(1), x), logWithRoot(m, x, -1), m.number(NaN))
}

/** log((1 + |x|) / (1 - |x|)) / 2. At most 1.3 ulp in f32, 0.9 in f64. */
export function atanh(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const one = m.number(1)
  const size = m.let(m.abs(x), 'size')
  const [above, below] = [m.let(m.add(one, size), 'above'), m.let(m.sub(one, size), 'below')]
  const lostAbove = m.sub(size, m.sub(above, one))
  const lostBelow = m.sub(m.sub(one, below), size)
  const quotient = m.let(m.div(above, below), 'quotient')
  const missing = m.sub(m.add(remainder(m, above, quotient, below), lostAbove), m.mul(quotient, lostBelow))
  const y = logOfSum(m, quotient, m.let(m.div(missing, below), 'lost'))
  return m.withSign(m.mul(m.number(0.5), y), x)
}
