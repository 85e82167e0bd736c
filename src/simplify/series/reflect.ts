/**
 * Bounded functions of one leaf where they saturate: `1 - σ(-u)` for `σ(u)`, and so on. What is left of a difference of theirs is then written in the
 * exponentially small part, after the rest has cancelled: the derivative of `log(1 + e^x) / x` for `x > 4` is `-(x σ(-x) + softplus(-x)) / x²`.
 */
import type { Apply, Expr, Mul } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { ONE, Rational } from '../../ir/rational.js'
import { postorder, replaceNodes } from '../../ir/walk.js'
import { coefficientsReduced } from '../fraction.js'
import { expand } from '../polynomial.js'
import { cancels } from './cancellation.js'
import { isPoor } from './conditioning.js'
import { isSlopeOfTanh } from './expand.js'
import { valuesAt } from './values.js'

/** Where it is tried, and may begin. */
const PROBES = [1.5, 2, 3, 4, 6, 9, 14, 20, 30, 45, 70]
/** Products of sums of sums are multiplied out so deep. */
const NESTING = 4

/** What stands for an expression of one leaf on one side, for sizes of the leaf from `from` on. */
export interface Reflected {
  readonly expr: Expr
  readonly from: number
}

export function reflectedOn(graph: Graph, e: Expr, leaf: Expr, side: 1 | -1): Reflected | undefined {
  if ((side > 0 ? leaf.facts.high : -leaf.facts.low) < PROBES[PROBES.length - 1]) return undefined
  const saturated = saturatedFunctions(graph, e, leaf, side * PROBES[1])
  if (saturated.size === 0 || !PROBES.some((x) => cancels(e, leaf, side * x))) return undefined
  const poor = PROBES.filter((x) => isPoor(e, leaf, side * x))
  if (poor.length === 0) return undefined
  const whole = replaceNodes(graph, e, saturated)
  const expr = coefficientsReduced(graph, whole, leaf) ?? multipliedOut(graph, whole)
  const last = PROBES.findLastIndex((x) => isPoor(expr, leaf, side * x))
  const from = PROBES[last + 1]
  return from !== undefined && from <= poor[poor.length - 1] ? { expr, from } : undefined
}

export function withReflected(
  graph: Graph,
  leaf: Expr,
  below: Reflected | undefined,
  above: Reflected | undefined,
  otherwise: Expr,
): Expr {
  const select = (of: Reflected | undefined, size: Expr, rest: Expr): Expr =>
    of
      ? graph.select(graph.apply('lt', [graph.num(Rational.fromNumber(of.from)), size]), of.expr, rest)
      : rest
  return select(above, leaf, select(below, graph.neg(leaf), otherwise))
}

function multipliedOut(graph: Graph, e: Expr): Expr {
  let sum = e
  for (let level = 0; level < NESTING; level++) {
    const next = expand(graph, sum)?.expr
    if (!next) break
    sum = next
  }
  return sum
}

/** The functions that tend to what they are at infinity for large arguments, by what they lack of it. */
function saturatedFunctions(graph: Graph, e: Expr, leaf: Expr, x: number): ReadonlyMap<Expr, Expr> {
  const found = new Map<Expr, Expr>()
  const values = valuesAt(e, leaf, x)
  for (const node of postorder(
    [e],
    (part) => part !== leaf && !(part.kind === 'apply' && isSlopeOfTanh(part)),
  )) {
    const argument = (part: Apply): number => values.get(part.args[0]) ?? 0
    const other =
      node.kind === 'apply'
        ? complement(graph, node, argument(node))
        : node.kind === 'mul'
          ? withReciprocals(graph, node, argument)
          : undefined
    if (other) found.set(node, other)
  }
  return found
}

/** Quotients by what saturates: `1 / (e^(-x) - 1)` is `-1 - 1 / (e^x - 1)`. */
function withReciprocals(graph: Graph, node: Mul, argument: (part: Apply) => number): Expr | undefined {
  let found = false
  const factors = node.factors.map(({ base, exponent }) => {
    const isBelow = exponent.isInteger && exponent.isNegative
    const inverse = isBelow && base.kind === 'apply' ? reciprocal(graph, base, argument(base)) : undefined
    found ||= inverse !== undefined
    return inverse ? graph.power(inverse, exponent.negate()) : graph.power(base, exponent)
  })
  return found ? graph.mulAll(factors) : undefined
}

function reciprocal(graph: Graph, { operator, args: [u] }: Apply, argument: number): Expr | undefined {
  const rest = (v: Expr): Expr => graph.power(graph.apply('expm1', [v]), ONE.negate())
  if (operator === 'expm1')
    return argument < 0 ? graph.neg(graph.add(graph.one, rest(graph.neg(u)))) : undefined
  if (operator !== 'tanh' || argument === 0) return undefined
  const double = graph.scale(Rational.of(argument > 0 ? 2 : -2), u)
  return graph.scale(
    Rational.of(argument > 0 ? 1 : -1),
    graph.add(graph.one, graph.scale(Rational.of(2), rest(double))),
  )
}

function complement(graph: Graph, { operator, args: [u] }: Apply, argument: number): Expr | undefined {
  const opposite = graph.neg(u)
  switch (operator) {
    case 'sigmoid':
      return argument > 0 ? graph.sub(graph.one, graph.apply('sigmoid', [opposite])) : undefined
    case 'softplus':
      return argument > 0 ? graph.add(u, graph.apply('softplus', [opposite])) : undefined
    case 'log_sigmoid':
      return argument < 0 ? graph.sub(u, graph.apply('softplus', [u])) : undefined
    case 'tanh': {
      const rest = graph.apply('sigmoid', [graph.scale(Rational.of(2), argument > 0 ? opposite : u)])
      return argument > 0
        ? graph.sub(graph.one, graph.add(rest, rest))
        : graph.sub(graph.add(rest, rest), graph.one)
    }
    default:
      return undefined
  }
}
