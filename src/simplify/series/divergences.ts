/**
 * Divergences: `x log(x / y) + (1 - x) log((1 - x) / (1 - y))` is of the second order in `x - y`, its terms are of the first. With
 * `u log(u / v) = v h((u - v) / v) + u - v` for `h(t) = (1 + t) log(1 + t) - t` what they cancel in is taken out.
 */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import type { Rational } from '../../ir/rational.js'
import { asTerm, factorsOf, productWithout } from '../../ir/term.js'
import { readsIn, replaceNodes } from '../../ir/walk.js'
import { expand } from '../polynomial.js'
import { withoutCancellation } from './cancellation.js'

/** `coefficient · u log(u / v)`. */
interface Divergence {
  readonly node: Expr
  readonly coefficient: Rational
  readonly u: Expr
  readonly v: Expr
}

/** Sums of more are left alone. */
const MOST = 4

/** Of numbers, where their differences sum up to nothing, or to what stands beside them. */
export function withDivergences(graph: Graph, e: Expr, argument: () => Expr): Expr | undefined {
  if (e.kind !== 'add') return undefined
  const found = e.terms.flatMap(({ node, coefficient }) => divergenceOf(graph, node, coefficient) ?? [])
  if (found.length < 2 || found.length > MOST || readsIn(e).some(({ args }) => args.length > 0)) return undefined // prettier-ignore
  const others = e.terms.filter(({ node }) => !found.some((part) => part.node === node))
  const differences = found.map(({ coefficient, u, v }) => graph.scale(coefficient, difference(graph, u, v)))
  const sum = graph.add(graph.addTerms(e.constant, others), ...differences)
  const rest = expand(graph, sum)?.expr ?? sum
  if (rest.kind !== 'num' || !rest.value.isZero) return undefined
  const leaf = argument()
  const h = excessOf(graph, leaf)
  const near = withoutCancellation(graph, h, leaf)
  if (near?.kind !== 'apply' || near.operator !== 'select') return undefined
  const [isNear, series] = near.args
  return graph.addAll(
    found.map(({ node, coefficient, u, v }) => {
      const apart = difference(graph, u, v)
      const at = new Map([[leaf, graph.stop(graph.div(apart, v))]])
      const [condition, value] = [isNear, series].map((part) => replaceNodes(graph, part, at))
      return graph.scale(coefficient, graph.select(condition, graph.mul(v, value), graph.sub(node, apart)))
    }),
  )
}

/** `x - (x + y) / 2` is `(x - y) / 2`: their sum is rounded, and of what is nearly equal little else is left. */
function difference(graph: Graph, u: Expr, v: Expr): Expr {
  const plain = graph.sub(u, v)
  return expand(graph, plain)?.expr ?? plain
}

/** `(1 + t) log(1 + t) - t`. */
function excessOf(graph: Graph, t: Expr): Expr {
  return graph.sub(graph.mul(graph.add(graph.one, t), graph.apply('log1p', [t])), t)
}

function divergenceOf(graph: Graph, node: Expr, coefficient: Rational): Divergence | undefined {
  const factors = factorsOf(node)
  const logarithm = factors.find(({ base, exponent }) => exponent.isOne && base.kind === 'apply' && base.operator === 'log') // prettier-ignore
  if (logarithm?.base.kind !== 'apply') return undefined
  const u = productWithout(graph, factors, logarithm)
  const quotient = asTerm(logarithm.base.args[0])
  const parts = factorsOf(quotient.node)
  const above = parts.find(({ base, exponent }) => base === u && exponent.isOne)
  if (!above) return undefined
  const below = parts.filter((part) => part !== above)
  const v = graph.scale(
    quotient.coefficient.inverse(),
    graph.mulAll(below.map(({ base, exponent }) => graph.power(base, exponent.negate()))),
  )
  return { node, coefficient, u, v }
}
