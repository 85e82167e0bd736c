/** Roots of constants as one root, for people: `2 exp(-x²/2) / (√2 √π)` is `√(2/π) exp(-x²/2)`. */
import type { Expr, Factor } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { HALF, ONE, type Rational, TWO } from '../ir/rational.js'
import { powersOf } from '../ir/term.js'
import { postorder, rewriting } from '../ir/walk.js'
import type { NodeCounts } from './count.js'

/** Numbers under a root that are longer than this are read with more effort than two roots. */
const LARGEST = 100

/** Where that is shorter, the roots of positive constants in a product are one, and may take in the number in front. */
export function underOneRoot(graph: Graph, counts: NodeCounts): (e: Expr) => Expr {
  const shortest = (best: Expr, others: readonly Expr[]): Expr =>
    others.reduce((a, b) => (counts.of(b) < counts.of(a) ? b : a), best)
  return rewriting(graph, (part) => {
    if (part.kind === 'mul') return shortest(part, spellings(graph, part.factors, ONE))
    if (part.kind !== 'add' || !part.terms.some(({ node }) => holdsRoot(node))) return part
    const terms = part.terms.map(({ node, coefficient }) =>
      shortest(
        graph.scale(coefficient, node),
        node.kind === 'mul' ? spellings(graph, node.factors, coefficient) : [],
      ),
    )
    return shortest(part, [graph.addAll([graph.num(part.constant), ...terms])])
  })
}

const holdsRoot = (e: Expr): boolean => e.kind === 'mul' && e.factors.some(isRootOfConstant)

function spellings(graph: Graph, factors: readonly Factor[], coefficient: Rational): Expr[] {
  const roots = factors.filter(isRootOfConstant)
  if (roots.length === 0) return []
  const rest = graph.mulAll(
    powersOf(
      graph,
      factors.filter((factor) => !roots.includes(factor)),
    ),
  )
  const square = graph.mulAll(roots.map(({ base, exponent }) => graph.power(base, exponent.times(TWO))))
  const size = coefficient.abs()
  const sign = coefficient.isNegative ? ONE.negate() : ONE
  return [
    { outside: coefficient, inside: square },
    ...(size.n * size.d <= LARGEST ? [{ outside: sign, inside: graph.scale(size.times(size), square) }] : []),
  ].flatMap(({ outside, inside }) => {
    const inverse = graph.div(graph.one, inside)
    return [
      ...(isFraction(inside) ? [] : [graph.scale(outside, graph.mul(rest, graph.power(inside, HALF)))]),
      ...(isFraction(inverse) ? [] : [graph.scale(outside, graph.div(rest, graph.power(inverse, HALF)))]),
    ]
  })
}

/** `√3/2` is read more easily than `√(3/4)`. */
const isFraction = (e: Expr): boolean => e.kind === 'num' && !e.value.isInteger

const isRootOfConstant = ({ base, exponent }: Factor): boolean =>
  exponent.d === 2n && exponent.abs().equals(HALF) && base.facts.low > 0 && isConstant(base)

/** Numbers and π, and what is made of them. */
const isConstant = (e: Expr): boolean => postorder([e]).every(({ kind }) => kind !== 'read' && kind !== 'index' && kind !== 'size') // prettier-ignore
