/** The angle between a side and the hypotenuse by both sides: `acos(y / √(x² + y²))` loses the digits of a small angle, `atan2(|x|, y)` has them all. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE } from '../../ir/rational.js'
import { asTerm } from '../../ir/term.js'
import { procedure, type Rewrite } from '../../rewrite/rule.js'
import { normOfSquares } from './root.js'

export const anglesOfSides: readonly Rewrite[] = (['acos', 'asin'] as const).map((operator) =>
  procedure({
    name: `${operator} of a side over the hypotenuse`,
    sound: 'real',
    root: operator,
    apply: (e, { graph }) => {
      const found = e.kind === 'apply' ? sidesOf(graph, e.args[0]) : undefined
      if (!found) return undefined
      const { own, other, norm } = found
      const size = graph.apply('abs', [other])
      const angle = graph.apply('atan2', operator === 'acos' ? [size, own] : [own, size])
      // Where both sides are 0 there is no angle.
      return graph.select(graph.apply('ne', [norm, graph.zero]), angle, graph.nan)
    },
  }),
)

interface Sides {
  readonly own: Expr
  readonly other: Expr
  readonly norm: Expr
}

/** Of `y / √(x² + y²)`, with either sign. */
function sidesOf(graph: Graph, e: Expr): Sides | undefined {
  const { node, coefficient } = asTerm(e)
  if (node.kind !== 'mul' || node.factors.length !== 2) return undefined
  for (const { base, exponent } of node.factors) {
    const norm = exponent.equals(ONE.negate()) ? base : exponent.equals(HALF.negate()) ? normOfSquares(graph, base) : undefined // prettier-ignore
    if (norm?.kind !== 'apply' || norm.operator !== 'hypot') continue
    const side = node.factors.find((factor) => factor.base !== base)
    if (!side) continue
    const own = graph.scale(coefficient, graph.power(side.base, side.exponent))
    const at = norm.args.findIndex((arg) => arg === own || arg === graph.neg(own))
    if (at >= 0) return { own, other: norm.args[1 - at], norm }
  }
  return undefined
}
