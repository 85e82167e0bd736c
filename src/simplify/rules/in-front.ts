/** What the terms of a derivative have in common, as people write it: `e^x (sin(x) + cos(x))`, `x^x (log(x) + 1)`. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { ZERO } from '../../ir/rational.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import type { NodeCounts } from '../count.js'
import { expand, monomialsOf, monomialToExpr } from '../polynomial.js'

const WIDEST = 24

export function inFront(counts: NodeCounts): readonly Procedure[] {
  return [
    procedure({
      name: 'common factor',
      sound: 'real',
      root: 'add',
      apply: (e, { graph }) => {
        const result = e.kind === 'add' && e.terms.length <= WIDEST ? factored(graph, e) : undefined
        return result && counts.of(result) < counts.of(e) ? result : undefined
      },
    }),
    procedure({
      name: 'sums below, multiplied out',
      sound: 'real',
      root: 'mul',
      apply: (e, { graph }) => {
        if (e.kind !== 'mul' || e.factors.length > WIDEST) return undefined
        const sums = e.factors.filter(({ base, exponent }) => base.kind === 'add' && exponent.isMinusOne)
        if (sums.length < 2) return undefined
        const product = expand(graph, graph.mulAll(sums.map(({ base }) => base)))?.expr
        if (!product) return undefined
        const rest = e.factors.filter((factor) => !sums.includes(factor))
        const result = graph.div(graph.mulAll(rest.map(({ base, exponent }) => graph.power(base, exponent))), product) // prettier-ignore
        return counts.of(result) < counts.of(e) ? result : undefined
      },
    }),
  ]
}

/** Powers of sums, exponentials and powers that all terms are divisible by, and what all are divided by. */
function factored(graph: Graph, e: Expr): Expr | undefined {
  const monomials = monomialsOf(e)
  if (monomials.length < 2) return undefined
  const isTaken = (base: Expr): boolean => base.kind === 'add' || (base.kind === 'apply' && (base.operator === 'exp' || base.operator === 'pow')) // prettier-ignore
  const common = monomials[0].factors.flatMap(({ base }) => {
    const exponents = monomials.map(({ factors }) => factors.find((factor) => factor.base === base)?.exponent ?? ZERO) // prettier-ignore
    const least = exponents.reduce((a, b) => (a.compare(b) <= 0 ? a : b))
    // One divisor of all terms: `(1 - log(x)) / x²`.
    if (least.isNegative)
      return exponents.every((each) => each.equals(least)) ? [{ base, exponent: least }] : []
    return isTaken(base) && !least.isZero ? [{ base, exponent: least }] : []
  })
  if (common.length === 0) return undefined
  const inner = graph.addAll(
    monomials.map(({ coefficient, factors }) => {
      const left = factors.map(({ base, exponent }) => ({
        base,
        exponent: exponent.minus(common.find((factor) => factor.base === base)?.exponent ?? ZERO),
      }))
      return monomialToExpr(graph, { coefficient, factors: left })
    }),
  )
  const sum = expand(graph, inner)?.expr ?? inner
  const product = graph.mulAll(common.map(({ base, exponent }) => graph.power(base, exponent)))
  return graph.mul(product, sum)
}
