/** Angles that hold a multiple of a right angle. */
import type { AppliedOperator, Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { ONE, Rational, TWO } from '../../ir/rational.js'
import { factorsOf } from '../../ir/term.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import { sineOf, tangentOf } from './exact-values.js'

/** `sin(x + k π/2)` and `cos(x + k π/2)` without the right angles; `sin(π/6)` and other values that are roots of numbers. */
export const periods: readonly Procedure[] = (['sin', 'cos'] as const).map((operator) =>
  procedure({
    name: `${operator} of right angles`,
    sound: 'real',
    root: operator,
    apply: (e, { graph }) => {
      if (e.kind !== 'apply') return undefined
      const [angle] = e.args
      const turns = multipleOfPi(graph, angle)
      if (!turns) return undefined
      const quarters = turns.times(TWO)
      const shift = operator === 'cos' ? 1 : 0
      if (angle === graph.scale(turns, graph.pi)) return sineOf(graph, turns.plus(Rational.of(shift, 2)))
      const rest = graph.sub(angle, graph.scale(turns, graph.pi))
      return quarters.isInteger ? shifted(graph, Number(quarters.n % 4n) + shift, rest) : undefined
    },
  }),
)

export const tangents = procedure({
  name: 'tan of two right angles',
  sound: 'real',
  root: 'tan',
  apply: (e, { graph }) => {
    if (e.kind !== 'apply') return undefined
    const [angle] = e.args
    const turns = multipleOfPi(graph, angle)
    if (turns && angle === graph.scale(turns, graph.pi)) return tangentOf(graph, turns)
    if (!turns?.isInteger) return undefined
    return graph.apply('tan', [graph.sub(angle, graph.scale(turns, graph.pi))])
  },
})

/** `tan²(x) + 1` as `1 / cos²(x)`: both are undefined at the same places. */
export const squareOfTangent = procedure({
  name: 'square of a tangent and 1',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    if (e.kind !== 'add' || e.terms.length > 1) return undefined
    const [{ node, coefficient }] = e.terms
    const [square, ...more] = factorsOf(node)
    const { base } = square
    if (more.length > 0 || !square.exponent.equals(TWO) || !coefficient.equals(e.constant)) return undefined
    if (base.kind !== 'apply' || base.operator !== 'tan') return undefined
    return graph.scale(coefficient, graph.power(graph.apply('cos', base.args), TWO.negate()))
  },
})

/** The coefficient of π. */
function multipleOfPi(graph: Graph, angle: Expr): Rational | undefined {
  if (angle === graph.pi) return ONE
  if (angle.kind !== 'add') return undefined
  return angle.terms.find(({ node }) => node === graph.pi)?.coefficient
}

/** `sin(rest + quarters · π/2)`. */
function shifted(graph: Graph, quarters: number, rest: Expr): Expr {
  const at = ((quarters % 4) + 4) % 4
  const operator: AppliedOperator = at % 2 === 0 ? 'sin' : 'cos'
  const value = graph.apply(operator, [rest])
  return at < 2 ? value : graph.neg(value)
}
