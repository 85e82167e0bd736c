/** The loops over the indices of a reduction: conditions become bounds of loops where they are linear, else branches. */
import type { Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { isNonNegative, linearIn } from '../ir/prove.js'
import { Rational } from '../ir/rational.js'

export interface RangedIndex {
  readonly index: Index
  readonly from: Expr
  readonly to: Expr
  /** Conditions tested in each step. */
  readonly conditions: readonly Expr[]
}

/** An index that runs through a part of its range. */
export interface Part {
  readonly index: Index
  readonly from: Expr
  readonly to: Expr
  /** More rows than the largest block has: another one follows. */
  readonly several: Expr
}

export interface Ranges {
  /** Conditions tested once, around all loops. */
  readonly outside: readonly Expr[]
  readonly loops: readonly RangedIndex[]
}

/** `indices` outermost first, over loop indices like the conditions; one of them may run through a part of its range. */
export function rangesOf(
  graph: Graph,
  indices: readonly Index[],
  conditions: readonly Expr[],
  part?: Part,
): Ranges {
  const outside: Expr[] = []
  const lows = new Map<Index, Expr[]>()
  const highs = new Map<Index, Expr[]>()
  const tests = new Map<Index, Expr[]>()
  const note = (map: Map<Index, Expr[]>, index: Index, e: Expr): void => {
    const list = map.get(index)
    if (list) list.push(e)
    else map.set(index, [e])
  }
  for (const condition of conditions) {
    const index = indices.findLast((candidate) => condition.free.includes(candidate))
    if (!index) {
      if (!(condition.kind === 'test' && condition.test === 'ge0' && isNonNegative(graph, condition.operand)))
        outside.push(condition)
      continue
    }
    const bound = boundOf(graph, condition, index)
    if (!bound) note(tests, index, condition)
    else note(bound.side === 'low' ? lows : highs, index, bound.value)
  }
  const loops = indices.map((index) => ({
    index,
    from: tightest(graph, 'max', part?.index === index ? part.from : graph.zero, lows.get(index) ?? []),
    to: tightest(graph, 'min', part?.index === index ? part.to : index.extent, highs.get(index) ?? []),
    conditions: tests.get(index) ?? [],
  }))
  return { outside, loops }
}

function boundOf(
  graph: Graph,
  condition: Expr,
  index: Index,
): { side: 'low' | 'high'; value: Expr } | undefined {
  if (condition.kind !== 'test' || condition.test !== 'ge0') return undefined
  const linear = linearIn(graph, condition.operand, index)
  if (!linear || linear.coefficient.kind !== 'num' || !linear.rest.integer) return undefined
  const { value } = linear.coefficient
  const divisor = graph.num(value.abs())
  if (!value.isNegative) {
    // c k + rest >= 0: k >= ceil(-rest / c)
    const least = graph.neg(linear.rest)
    const rounded = graph.add(least, graph.num(value.minus(Rational.of(1))))
    return { side: 'low', value: value.isOne ? least : graph.apply('idiv', [rounded, divisor]) }
  }
  const most = value.isMinusOne ? linear.rest : graph.apply('idiv', [linear.rest, divisor])
  return { side: 'high', value: graph.add(most, graph.one) }
}

function tightest(graph: Graph, which: 'max' | 'min', start: Expr, bounds: readonly Expr[]): Expr {
  return bounds.reduce((best, bound) => {
    const [low, high] = which === 'max' ? [best, bound] : [bound, best]
    if (isNonNegative(graph, graph.sub(high, low))) return bound
    if (isNonNegative(graph, graph.sub(low, high))) return best
    return graph.apply(which, [best, bound])
  }, start)
}
