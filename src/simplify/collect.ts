import type { Expr, Factor } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { isNumber } from '../ir/overflow.js'
import { findUnsafeRead } from '../ir/prove.js'
import type { Rational } from '../ir/rational.js'
import { monomialsOf, monomialToExpr, TERM_LIMIT, type Monomial } from './polynomial.js'

/**
 * Common factors taken out of a sum, the most frequent first: `x s - x y + z = x (s - y) + z`. The numbers that all
 * terms share come out too: `2 (a - b)`.
 */
export function collect(graph: Graph, e: Expr): Expr {
  const monomials = monomialsOf(e).map((monomial) => openGuard(graph, monomial))
  if (monomials.length < 2 || monomials.length > TERM_LIMIT) return e
  return collectMonomials(graph, monomials)
}

/**
 * `[c] k x` as `k x [c]`, so that factors may leave: `p / n - [c] / n = (p - [c]) / n`. What may be no number, or reads out of
 * range where the condition fails, stays behind it.
 */
function openGuard(graph: Graph, monomial: Monomial): Monomial {
  const [first] = monomial.factors
  if (monomial.factors.length !== 1 || first.base.kind !== 'guard' || !first.exponent.isOne) return monomial
  const { conditions, body } = first.base
  const [inner, ...others] = monomialsOf(body)
  if (!inner || others.length > 0) return monomial
  const leaves = (factor: Expr): boolean => isNumber(factor) && !findUnsafeRead(graph, factor)
  const outside = inner.factors.filter(({ base, exponent }) => leaves(graph.power(base, exponent)))
  const inside = inner.factors.filter((factor) => !outside.includes(factor))
  const guard = graph.guard(
    conditions,
    monomialToExpr(graph, { coefficient: graph.one.value, factors: inside }),
  )
  return {
    coefficient: monomial.coefficient.times(inner.coefficient),
    factors: [...outside, { base: guard, exponent: first.exponent }],
  }
}

function collectMonomials(graph: Graph, monomials: readonly Monomial[]): Expr {
  const best = mostFrequent(monomials)
  if (!best) return withContent(graph, monomials)
  const holding: Monomial[] = []
  const others: Monomial[] = []
  for (const monomial of monomials) {
    const rest = without(monomial, best)
    if (rest) holding.push(rest)
    else others.push(monomial)
  }
  const product = graph.mul(graph.power(best.base, best.exponent), collectMonomials(graph, holding))
  return others.length === 0 ? product : graph.add(product, collectMonomials(graph, others))
}

/** The factor that stands in most terms, in at least two. */
function mostFrequent(monomials: readonly Monomial[]): Factor | undefined {
  const counts = new Map<string, { readonly factor: Factor; count: number }>()
  for (const { factors } of monomials)
    for (const factor of factors) {
      const key = `${factor.base.id}^${factor.exponent}`
      const entry = counts.get(key)
      if (entry) entry.count++
      else counts.set(key, { factor, count: 1 })
    }
  let best: { readonly factor: Factor; count: number } | undefined
  for (const entry of counts.values()) if (entry.count > (best?.count ?? 1)) best = entry
  return best?.factor
}

function without({ coefficient, factors }: Monomial, wanted: Factor): Monomial | undefined {
  const at = factors.findIndex(
    ({ base, exponent }) => base === wanted.base && exponent.equals(wanted.exponent),
  )
  return at < 0 ? undefined : { coefficient, factors: factors.filter((_, other) => other !== at) }
}

/** The coefficient that all terms share up to sign stands in front. */
function withContent(graph: Graph, monomials: readonly Monomial[]): Expr {
  const terms = (scale: Rational): Expr[] =>
    monomials.map(({ coefficient, factors }) =>
      monomialToExpr(graph, { coefficient: coefficient.dividedBy(scale), factors }),
    )
  const [{ coefficient }] = monomials
  const content = coefficient.abs()
  const isShared = monomials.length > 1 && monomials.every((other) => other.coefficient.abs().equals(content))
  // Terms `0 · x` are there where `x` may be infinite.
  return isShared && !content.isOne && !content.isZero
    ? graph.scale(content, graph.addAll(terms(content)))
    : graph.addAll(terms(graph.one.value))
}
