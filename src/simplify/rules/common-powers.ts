/** Powers of one base with a symbolic exponent, which the terms of a sum have in common: `n x^(n - 1) - x^n = x^(n - 1) (n - x)`. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { Rational } from '../../ir/rational.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import type { NodeCounts } from '../count.js'
import { monomialsOf, monomialToExpr, type Monomial } from '../polynomial.js'

const WIDEST = 24

/** Where the base is 0 both sides have a value at the same places: the least of the powers decides. */
export function commonPowers(counts: NodeCounts): Procedure {
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
        if (result && counts.of(result) < counts.of(e)) return result
      }
      return undefined
    },
  })
}

/** The terms over `base ^ least`, if all have a power of the base whose exponent differs from the given one by a whole number. */
function takenOut(
  graph: Graph,
  monomials: readonly Monomial[],
  base: Expr,
  exponent: Expr,
): Expr | undefined {
  const found: { readonly more: Rational; readonly rest: Monomial }[] = []
  for (const { coefficient, factors } of monomials) {
    const at = factors.findIndex((factor) => factor.exponent.isOne && factor.base.kind === 'apply' && factor.base.operator === 'pow' && factor.base.args[0] === base) // prettier-ignore
    const power = factors[at]?.base
    const more = power?.kind === 'apply' ? graph.sub(power.args[1], exponent) : undefined
    if (more?.kind !== 'num' || !more.value.isInteger) return undefined
    found.push({ more: more.value, rest: { coefficient, factors: factors.filter((_, own) => own !== at) } })
  }
  const least = found.reduce((least, { more }) => (more.compare(least) < 0 ? more : least), Rational.zero)
  const terms = found.map(({ more, rest }) =>
    graph.mul(graph.power(base, more.minus(least)), monomialToExpr(graph, rest)),
  )
  return graph.mul(graph.pow(base, graph.add(exponent, graph.num(least))), graph.addAll(terms))
}
