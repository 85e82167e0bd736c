/** Logarithms of what exponentials make: softplus and its kin. */
import type { Arithmetic } from '../arithmetic.js'
import type { Code } from '../code.js'
import { exp, expm1OfNegative } from './exponential.js'
import { log, logOfSum } from './logarithm.js'

/** (log(1 + e) - e) / e² for 0 <= e <= 1: minimax (Remez), wrong by 3.3e-8 relative to log(1 + e). */
const P = [
  -0.49999648, 0.33321324, -0.24857163, 0.19153659, -0.13753814, 0.07920466, -0.030065862, 0.0053648385,
] // prettier-ignore

/** (2 artanh(s) - 2 s) / s³ in s² for |s| <= 1/3: minimax (Remez), wrong by 4.5e-9 and 3.6e-20 relative to 2 artanh(s). */
const ARTANH = {
  single: [0.6666641, 0.400217, 0.27999148, 0.28024438],
  double: [
    0.6666666666666667, 0.3999999999999398, 0.2857142857250987, 0.2222222212548223, 0.18181823202416772,
    0.15384451945610564, 0.13336805590697565, 0.11715953137519054, 0.10972550316056161, 0.06994309113065143,
    0.16467534003109363,
  ],
} // prettier-ignore

/** log(1 + e) for 0 <= e <= 1. */
function log1pOfUnit(m: Arithmetic, e: Code): Code {
  if (m.single) return m.add(e, m.mul(m.mul(e, e), m.polynomial(e, P)))
  // With s = e / (2 + e), log(1 + e) = 2 artanh(s) and e - s e = 2 s.
  const s = m.let(m.div(e, m.add(m.number(2), e)), 's')
  const z = m.let(m.mul(s, s), 'z')
  return m.sub(e, m.mul(s, m.sub(e, m.mul(z, m.polynomial(z, m.of(ARTANH))))))
}

/** softplus(x) = max(x, 0) + log(1 + exp(-|x|)). At most 3 ulp in f32 (near 0), 2 in f64. */
export function softplus(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const e = m.let(exp(m, m.negAbs(x)), 'e')
  return m.add(m.atLeast(x, m.number(0)), log1pOfUnit(m, e))
}

/** -softplus(-x), with the same error. */
export const log_sigmoid = (m: Arithmetic, x: Code): Code => m.neg(softplus(m, m.neg(x)))

/**
 * 2 artanh(2 p - 1) for p between 1/3 and 2/3, where 2 p - 1 is exact, and log(p / (1 - p)) elsewhere; in f64 with what the rounding
 * of 1 - p has lost. At most 2.2 ulp in f32, 1.8 in f64, both near 0.27.
 */
export function logit(m: Arithmetic, argument: Code): Code {
  const p = m.let(argument, 'p')
  const one = m.number(1)
  const s = m.let(m.sub(m.add(p, p), one), 's')
  const z = m.let(m.mul(s, s), 'z')
  const middle = m.add(m.add(s, s), m.mul(m.mul(s, z), m.polynomial(z, m.of(ARTANH))))
  const q = m.let(m.sub(one, p), 'q')
  const far = log(m, m.div(p, q))
  const lost = m.mul(m.sub(m.sub(one, q), p), m.add(one, m.mul(p, m.add(one, p))))
  const outer = m.single ? far : m.sub(far, m.where(m.lt(p, m.number(0.5)), lost))
  return m.select(m.lt(z, m.number(1 / 9)), middle, outer)
}

/** Below, log(1 - e) = -e for e = exp(x). */
const FAR = { single: -18, double: -40 }

/** log(1 - exp(x)) for x <= 0. At most 1.5 ulp in f32, 1.1 in f64. */
export function log1mexp(m: Arithmetic, argument: Code): Code {
  const x = m.let(argument, 'x')
  const [value, lost] = expm1OfNegative(
    m,
    m.let(m.atLeast(m.atMost(x, m.number(1)), m.constant(FAR)), 'inside'),
  )
  const near = logOfSum(m, m.let(m.neg(value), 'value'), m.let(m.neg(lost), 'lost'))
  return m.select(m.lt(x, m.constant(FAR)), m.neg(exp(m, x)), near)
}
