/** Polar coordinates, for people: what the sides of a right triangle have in common. */
import type { Expr, Factor } from '../../ir/expr.js'
import { isPositive } from '../../ir/facts.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, type Rational } from '../../ir/rational.js'
import { asTerm, factorsOf, powersOf } from '../../ir/term.js'
import { procedure, rule, type Procedure, type Rewrite } from '../../rewrite/rule.js'
import type { NodeCounts } from '../count.js'
import { commonUnit } from '../generators.js'

const WIDEST = 16

export const polarIdentities = [
  rule({ name: 'hypot of sin and cos', sound: 'real', of: (m, { x }) => [m.hypot(m.sin(x), m.cos(x)), m.number(1)] }), // prettier-ignore
  rule({ name: 'hypot of cos and sin', sound: 'real', of: (m, { x }) => [m.hypot(m.cos(x), m.sin(x)), m.number(1)] }), // prettier-ignore
  rule({
    name: 'abscissa',
    sound: 'real',
    of: (m, { x, y }) => [m.mul(m.hypot(x, y), m.cos(m.atan2(y, x))), x],
  }),
  rule({
    name: 'ordinate',
    sound: 'real',
    of: (m, { x, y }) => [m.mul(m.hypot(x, y), m.sin(m.atan2(y, x))), y],
  }),
]

/** Where `x` is not 0: on the axis rounding makes a number of what is none. */
const slope = procedure({
  name: 'tan of atan2',
  sound: 'real',
  root: 'tan',
  apply: (e, { graph }) => {
    const angle = e.kind === 'apply' ? e.args[0] : e
    if (angle.kind !== 'apply' || angle.operator !== 'atan2' || !angle.args[1].facts.nonzero) return undefined
    return graph.div(angle.args[0], angle.args[1])
  },
})

/** `hypot(3x, -4x)` as `5|x|`, `atan2(2y, 2x)` as `atan2(y, x)`. */
export const polar = (counts: NodeCounts): readonly Rewrite[] => [
  ...polarIdentities,
  slope,
  ofSides('hypot', counts, (graph, { common, unit, rest: [x, y] }) => {
    const [left, right] = [x, y].map((side) => asTerm(side))
    const size = graph.scale(unit, graph.apply('abs', [graph.mulAll(powersOf(graph, common))]))
    if (left.node === right.node) {
      const square = left.coefficient.times(left.coefficient).plus(right.coefficient.times(right.coefficient))
      return graph.mulAll([size, graph.power(graph.num(square), HALF), graph.apply('abs', [left.node])])
    }
    const [a, b] = [left, right].map(({ coefficient, node }) => graph.scale(coefficient.abs(), node))
    return graph.mul(size, graph.apply('hypot', [a, b]))
  }),
  ofSides('atan2', counts, (graph, { common, rest: [y, x] }) => {
    const isKept = ({ base, exponent }: Factor): boolean => !isPositive(graph.power(base, exponent).facts)
    const kept = graph.mulAll(powersOf(graph, common.filter(isKept))) // prettier-ignore
    return graph.apply('atan2', [graph.mul(kept, y), graph.mul(kept, x)])
  }),
]

interface Sides {
  /** The factors of both. */
  readonly common: readonly Factor[]
  /** The positive number that both are whole multiples of. */
  readonly unit: Rational
  readonly rest: readonly Expr[]
}

function ofSides(
  operator: 'hypot' | 'atan2',
  counts: NodeCounts,
  shorter: (graph: Graph, sides: Sides) => Expr,
): Procedure {
  return procedure({
    name: operator === 'hypot' ? 'common factor of two sides' : 'angle without common factors',
    sound: 'real',
    root: operator,
    apply: (e, { graph }) => {
      if (e.kind !== 'apply') return undefined
      const [first, second] = e.args.map((side) => asTerm(side))
      if (first.coefficient.isZero || second.coefficient.isZero) return undefined
      const [factors, others] = [first, second].map(({ node }) => factorsOf(node))
      if (factors.length > WIDEST || others.length > WIDEST) return undefined
      const isShared = (factor: Factor, of: readonly Factor[]): boolean =>
        of.some(({ base, exponent }) => base === factor.base && exponent.equals(factor.exponent))
      const common = factors.filter((factor) => factor.base.facts.finite && isShared(factor, others))
      const unit = commonUnit(first.coefficient.abs(), second.coefficient.abs())
      const rest = [
        { coefficient: first.coefficient, factors },
        { coefficient: second.coefficient, factors: others },
      ].map((side) => {
        const left = side.factors.filter((factor) => !isShared(factor, common))
        return graph.scale(side.coefficient.dividedBy(unit), graph.mulAll(powersOf(graph, left)))
      })
      const result = shorter(graph, { common, unit, rest })
      return counts.of(result) < counts.of(e) ? result : undefined
    },
  })
}
