/** Extremes of whole-numbered expressions over their indices. */
import type { Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { isNonNegative, linearIn } from '../ir/prove.js'
import { readsIn } from '../ir/walk.js'

/** What to do with a factor (a step `D` between positions) whose sign is not known: accept it as >= 0, or give up. */
export type AcceptSign = (coefficient: Expr) => boolean

/**
 * The greatest (least) value over the given indices, each in its extent; undefined where the expression
 * is not linear in one of them.
 */
export function extreme(
  graph: Graph,
  e: Expr,
  direction: 'greatest' | 'least',
  accept: AcceptSign,
  over: (index: Index) => boolean = () => true,
): Expr | undefined {
  let value = e
  // An extent never depends on an index, so each index is settled once, innermost bounds first.
  for (let index = value.free.findLast(over); index; index = value.free.findLast(over)) {
    const split = linearIn(graph, value, index)
    if (!split) return undefined
    const { coefficient, rest } = split
    const last = graph.sub(index.extent, graph.one)
    const rising = isNonNegative(graph, coefficient)
    const falling = !rising && isNonNegative(graph, graph.neg(coefficient))
    if (!rising && !falling && !accept(coefficient)) return undefined
    const atEnd = falling === (direction === 'least')
    value = atEnd ? graph.add(graph.mul(coefficient, last), rest) : rest
  }
  return value
}

/** Whether only sizes, indices and whole-numbered scalar arguments occur: known before anything is computed. */
export function isKnownEarly(e: Expr): boolean {
  return readsIn(e).every(
    ({ def, args }) => (def.kind === 'input' && args.length === 0) || def.kind === 'table',
  )
}
