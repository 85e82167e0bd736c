import type { Expr, Term } from './expr.js'
import { ONE, Rational } from './rational.js'

/** An expression as a number times what stands behind it: `3 x` is a sum of one term. */
export function asTerm(e: Expr): Term {
  return e.kind === 'add' && e.terms.length === 1 && e.constant.isZero
    ? e.terms[0]
    : { node: e, coefficient: ONE }
}

/** `1/2 - x²/2` over the 2 that divides all of it, for people: whole multiples of a fraction of one digit, none of them a quotient. */
export function overOneNumber(
  terms: readonly Term[],
  constant: Rational,
): { readonly divisor: bigint; readonly terms: readonly Term[]; readonly constant: Rational } | undefined {
  const divisor = constant.d
  if (divisor === 1n || divisor > 9n || !terms.every((term) => term.coefficient.d === divisor && !isQuotient(term))) return undefined // prettier-ignore
  if (constant.isNegative && terms.every(({ coefficient }) => coefficient.isNegative)) return undefined
  const times = Rational.of(divisor)
  return {
    divisor,
    terms: terms.map(({ node, coefficient }) => ({ node, coefficient: coefficient.times(times) })),
    constant: constant.times(times),
  }
}

const isQuotient = ({ node }: Term): boolean =>
  node.kind === 'mul' && node.factors.some(({ exponent }) => exponent.isNegative)
