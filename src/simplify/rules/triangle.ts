/** The law of cosines: `u² + v² - 2 u v cos(t)` cancels where both sides are nearly the same and the angle is small, `(u - v)² + 4 u v sin²(t/2)` does not. */
import type { Expr, Term } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, type Rational, TWO } from '../../ir/rational.js'
import { factorsOf } from '../../ir/term.js'
import { procedure } from '../../rewrite/rule.js'
import { areSeveralNumbers } from './step.js'

export const lawOfCosines = procedure({
  name: 'law of cosines',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    if (e.kind !== 'add' || e.integer || e.terms.length > 3) return undefined
    for (const term of e.terms) {
      const angle = angleOf(term.node)
      if (!angle) continue
      const squares = e.terms.filter((other) => other !== term)
      // Twice the product of the sides, with its sign.
      const product = graph.scale(term.coefficient, graph.mulAll(withoutCosine(graph, term)))
      const sides = sidesOf(graph, e.constant, squares)
      if (!sides || !isSame(graph, product, sides) || !areSeveralNumbers([e])) continue
      const [a, b] = sides.map((side) => graph.apply('abs', [side]))
      const part = (operator: 'sin' | 'cos'): Expr => graph.power(graph.apply(operator, [graph.scale(HALF, angle)]), TWO) // prettier-ignore
      // All that is added is positive: `1 - cos(t)` is twice the square of a sine, `1 + cos(t)` that of a cosine.
      return graph.add(
        graph.power(graph.sub(a, b), TWO),
        graph.mul(
          graph.apply('abs', [graph.scale(TWO, product)]),
          graph.select(graph.apply('lt', [product, graph.zero]), part('sin'), part('cos')),
        ),
      )
    }
    return undefined
  },
})

function angleOf(e: Expr): Expr | undefined {
  const cosine = factorsOf(e).find(({ base, exponent }) => base.kind === 'apply' && base.operator === 'cos' && exponent.isOne) // prettier-ignore
  return cosine?.base.kind === 'apply' ? cosine.base.args[0] : undefined
}

const withoutCosine = (graph: Graph, { node }: Term): readonly Expr[] => {
  const factors = factorsOf(node)
  const at = factors.findIndex(({ base }) => base.kind === 'apply' && base.operator === 'cos')
  return factors.flatMap(({ base, exponent }, k) => (k === at ? [] : [graph.power(base, exponent)]))
}

/** What the two squares are of: of one term and a constant, or of two terms. */
function sidesOf(
  graph: Graph,
  constant: Rational,
  squares: readonly Term[],
): readonly [Expr, Expr] | undefined {
  const roots = squares.map(({ node, coefficient }) => rootOf(graph, node, coefficient))
  if (!constant.isZero) roots.push(constant.isOne ? graph.one : undefined)
  const [u, v, ...more] = roots
  return u && v && more.length === 0 ? [u, v] : undefined
}

function rootOf(graph: Graph, node: Expr, coefficient: Rational): Expr | undefined {
  const factors = factorsOf(node)
  if (!coefficient.isOne || !factors.every(({ exponent }) => exponent.isInteger && exponent.n % 2n === 0n))
    return undefined
  return graph.mulAll(factors.map(({ base, exponent }) => graph.power(base, exponent.times(HALF))))
}

/** Whether the product is that of the sides, twice, with either sign. */
const isSame = (graph: Graph, product: Expr, [u, v]: readonly [Expr, Expr]): boolean =>
  [ONE, ONE.negate()].some((sign) => product === graph.scale(sign.times(TWO), graph.mul(u, v)))
