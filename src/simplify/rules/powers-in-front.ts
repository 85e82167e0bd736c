/** Powers of one base with a symbolic exponent, which the terms of a sum have in common: `n x^(n - 1) - x^n = x^(n - 1) (n - x)`. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import type { Rational } from '../../ir/rational.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import type { NodeCounts } from '../count.js'
import { type Monomial, monomialsOf, monomialToExpr } from '../polynomial.js'
import type { Report } from './widen.js'

const WIDEST = 24

/** Where the base is 0 both sides have a value at the same places, for the least of the powers decides, unless one was divided by it. */
export function powersInFront(report: Report, counts: NodeCounts): Procedure {
  return procedure({
    name: 'common power',
    sound: 'real',
    root: 'add',
    apply: (e, { graph }) => {
      if (e.kind !== 'add' || e.terms.length > WIDEST) return undefined
      const monomials = monomialsOf(e)
      for (const { base } of monomials[0].factors) {
        if (base.kind !== 'apply' || base.operator !== 'pow') continue
        const common = commonPower(graph, monomials, base.args[0], base.args[1])
        if (!common) continue
        const result = shortestOf(common.exprs, counts)
        if (counts.of(result) >= counts.of(e)) continue
        if (common.divides && !base.args[0].facts.nonzero)
          report(graph.apply('ne', [base.args[0], graph.zero]))
        return result
      }
      return undefined
    },
  })
}

const shortestOf = (exprs: readonly Expr[], counts: NodeCounts): Expr =>
  exprs.reduce((best, e) => (counts.of(e) < counts.of(best) ? e : best))

interface CommonPower {
  /** The terms over a power: the least of those that they have, or one of these. */
  readonly exprs: readonly Expr[]
  /** Whether a term was divided by the base. */
  readonly divides: boolean
}

/** If all terms have a power of the base whose exponent differs from the given one by a whole number. */
function commonPower(
  graph: Graph,
  monomials: readonly Monomial[],
  base: Expr,
  exponent: Expr,
): CommonPower | undefined {
  const found: { readonly more: Rational; readonly rest: Monomial }[] = []
  let divides = false
  for (const { coefficient, factors } of monomials) {
    const power = factors.find((factor) => factor.exponent.isOne && factor.base.kind === 'apply' && factor.base.operator === 'pow' && factor.base.args[0] === base)?.base // prettier-ignore
    const difference = power?.kind === 'apply' ? differenceOf(graph, power.args[1], exponent) : undefined
    if (!difference?.isInteger) return undefined
    const plain = factors.filter((factor) => factor.base === base)
    if (plain.some((factor) => !factor.exponent.isInteger)) return undefined
    divides ||= plain.some((factor) => factor.exponent.isNegative)
    const more = plain.reduce((sum, factor) => sum.plus(factor.exponent), difference)
    const rest = factors.filter((factor) => factor.base !== power && factor.base !== base)
    found.push({ more, rest: { coefficient, factors: rest } })
  }
  const over = (taken: Rational): Expr => {
    const terms = found.map(({ more, rest }) =>
      graph.mul(graph.power(base, more.minus(taken)), monomialToExpr(graph, rest)),
    )
    return graph.mul(graph.pow(base, graph.add(exponent, graph.num(taken))), graph.addAll(terms))
  }
  const powers = found.map(({ more }) => more)
  const least = powers.reduce((least, more) => (more.compare(least) < 0 ? more : least))
  // Next to its logarithm the base is not 0: `sin(x)^x (log(sin(x)) + x cos(x) / sin(x))`.
  const logarithm = graph.apply('log', [base])
  const isNonzero = found.some(({ rest }) => rest.factors.some((factor) => factor.base === logarithm))
  return { exprs: (isNonzero ? [least, ...powers] : [least]).map(over), divides }
}

/** A number; what cancels may be `1/x`, for where an exponent has no value neither has the power. */
function differenceOf(graph: Graph, a: Expr, b: Expr): Rational | undefined {
  const difference = graph.sub(a, b)
  if (difference.kind === 'num') return difference.value
  const cancels = difference.kind === 'add' && difference.terms.every(({ coefficient }) => coefficient.isZero)
  return cancels ? difference.constant : undefined
}
