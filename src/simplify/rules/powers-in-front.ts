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
        const result = takenOut(graph, monomials, base.args[0], base.args[1])
        if (!result || counts.of(result.expr) >= counts.of(e)) continue
        if (result.divides && !base.args[0].facts.nonzero)
          report(graph.apply('ne', [base.args[0], graph.zero]))
        return result.expr
      }
      return undefined
    },
  })
}

interface TakenOut {
  readonly expr: Expr
  /** Whether a term was divided by the base. */
  readonly divides: boolean
}

/** The terms over `base ^ least`, if all have a power of the base whose exponent differs from the given one by a whole number. */
function takenOut(
  graph: Graph,
  monomials: readonly Monomial[],
  base: Expr,
  exponent: Expr,
): TakenOut | undefined {
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
  const least = found.reduce((least, { more }) => (more.compare(least) < 0 ? more : least), found[0].more)
  const terms = found.map(({ more, rest }) =>
    graph.mul(graph.power(base, more.minus(least)), monomialToExpr(graph, rest)),
  )
  const expr = graph.mul(graph.pow(base, graph.add(exponent, graph.num(least))), graph.addAll(terms))
  return { expr, divides }
}

/** A number; what cancels may be `1/x`, for where an exponent has no value neither has the power. */
function differenceOf(graph: Graph, a: Expr, b: Expr): Rational | undefined {
  const difference = graph.sub(a, b)
  if (difference.kind === 'num') return difference.value
  const cancels = difference.kind === 'add' && difference.terms.every(({ coefficient }) => coefficient.isZero)
  return cancels ? difference.constant : undefined
}
