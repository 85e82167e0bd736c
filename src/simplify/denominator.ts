import type { Expr, Factor } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import type { Rational } from '../ir/rational.js'
import { collect } from './collect.js'
import { expand, monomialsOf, monomialToExpr, TERM_LIMIT, type Monomial } from './polynomial.js'

/**
 * Quotients over powers of one sum as one quotient, where terms of its numerator meet:
 * `1 / (x + 1) - x / (x + 1)² = 1 / (x + 1)²`, which the quotient rule spells as a difference that cancels.
 */
export function overCommonDenominator(graph: Graph, e: Expr): Expr | undefined {
  if (e.kind !== 'add') return undefined
  const monomials = monomialsOf(e)
  if (monomials.length > TERM_LIMIT) return undefined
  const base = sharedDenominator(monomials)
  if (!base) return undefined
  const group = monomials.filter((monomial) => exponentOf(monomial, base)?.isNegative)
  const others = monomials.filter((monomial) => !group.includes(monomial))
  return combined(graph, base, group, others) ?? combined(graph, base, monomials, [])
}

/** `(Σ group · base^-k) · base^k + Σ others`, if terms meet in the sum and it is short. */
function combined(
  graph: Graph,
  base: Expr,
  group: readonly Monomial[],
  others: readonly Monomial[],
): Expr | undefined {
  const exponents = group.flatMap((monomial) => exponentOf(monomial, base) ?? [])
  const lowest = exponents.reduce((least, exponent) => (exponent.compare(least) < 0 ? exponent : least))
  const numerators = group.map((monomial) => times(monomial, base, lowest.negate()))
  if (!numerators.every((monomial) => exponentOf(monomial, base)?.isInteger ?? true)) return undefined
  const apart = numerators.map((monomial) => termsOf(graph, monomialToExpr(graph, monomial)))
  const numerator = graph.addAll(apart.flat())
  const terms = apart.reduce((count, summands) => count + summands.length, 0)
  if (monomialsOf(numerator).length >= terms) return undefined
  return graph.addAll([
    graph.mul(collect(graph, numerator), graph.power(base, lowest)),
    ...others.map((monomial) => monomialToExpr(graph, monomial)),
  ])
}

/** The summands of a product of sums. */
function termsOf(graph: Graph, e: Expr): readonly Expr[] {
  const monomials = monomialsOf(expand(graph, e)?.expr ?? e)
  return monomials.map((monomial) => monomialToExpr(graph, monomial))
}

/** The sum that at least two terms are divided by. */
function sharedDenominator(monomials: readonly Monomial[]): Expr | undefined {
  const seen = new Set<Expr>()
  for (const { factors } of monomials)
    for (const { base, exponent } of factors) {
      if (base.kind !== 'add' || !exponent.isNegative) continue
      if (seen.has(base)) return base
      seen.add(base)
    }
  return undefined
}

const exponentOf = ({ factors }: Monomial, base: Expr): Rational | undefined =>
  factors.find((factor) => factor.base === base)?.exponent

function times({ coefficient, factors }: Monomial, base: Expr, exponent: Rational): Monomial {
  const others = factors.filter((factor) => factor.base !== base)
  const present = factors.find((factor) => factor.base === base)
  const sum = present ? present.exponent.plus(exponent) : exponent
  const own: readonly Factor[] = sum.isZero ? [] : [{ base, exponent: sum }]
  return { coefficient, factors: [...others, ...own] }
}
