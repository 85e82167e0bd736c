/**
 * A loop over what is put together of pieces, `if k < 64 then … else …`, as one loop for each piece, without conditions: what derivatives of
 * `concat` and of slices are made of. First and last entries that differ from those between, as where neighbours are read, stand
 * before and after the loop.
 */
import type { Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { isInRange, isNonNegative, linearIn } from '../ir/prove.js'
import { postorder, replaceNodes, substitute } from '../ir/walk.js'

/** With more pieces the code is longer than the conditions are dear. */
const MOST = 6
/** Pieces of fewer steps are not worth a loop; single entries need none. */
const SHORTEST = 4
/** Nodes of what is written again for single entries. */
const LARGEST = 60

/** What is computed in the steps from `from` to `to`, of which there may be none. */
export interface Piece {
  readonly from: Expr
  readonly to: Expr
  /** Over the index; of a single entry, without it. */
  readonly body: Expr
  readonly single: boolean
  /** Under which there is the single entry. */
  readonly conditions: readonly Expr[]
}

/** A condition that holds where `low <= k < high`. */
interface Interval {
  readonly test: Expr
  readonly low?: Expr
  readonly high?: Expr
}

/** Where conditions change: `count` steps from the start, or back from the end. */
interface Border {
  readonly at: Expr
  readonly count: number
  readonly fromEnd: boolean
}

/** The pieces of an expression along an index; `undefined` where it is one. */
export function piecesOf(graph: Graph, e: Expr, index: Index): readonly Piece[] | undefined {
  const nodes = postorder([e])
  const intervals = nodes.flatMap((node) => intervalOf(graph, node, index) ?? [])
  const borders = bordersOf(graph, intervals, index)
  if (borders.length === 0 || borders.length >= MOST) return undefined
  const starts = [{ at: graph.zero, count: 0, fromEnd: false }, ...borders]
  const ends = [...borders, { at: index.extent, count: 0, fromEnd: true }]
  const lengths = starts.map(({ at }, n) => graph.sub(ends[n].at, at))
  const isKnown = lengths.map((length) => length.kind === 'num')
  const isSingle = lengths.map((length) => length === graph.one)
  if (lengths.some((length, n) => isKnown[n] && !isSingle[n] && length.facts.high < SHORTEST))
    return undefined
  if (isSingle.every(Boolean) || (isSingle.some(Boolean) && nodes.length > LARGEST)) return undefined
  if (!nodes.every((node) => isSafeBefore(graph, node, index))) return undefined
  const least = starts.findLast(({ fromEnd }) => !fromEnd)?.at ?? graph.zero
  return starts.map(({ at, fromEnd }, n): Piece => {
    const known = new Map(intervals.flatMap((interval) => truthOf(graph, interval, starts, n)))
    const body = replaceNodes(graph, e, known)
    // Few entries may end before those at the start do.
    const over = graph.sub(at, least)
    const isInOrder = !fromEnd || isNonNegative(graph, over)
    if (isSingle[n])
      return { from: at, to: ends[n].at, body: substitute(graph, body, new Map([[index, at]])), single: true, conditions: isInOrder ? [] : [graph.ge0(over)] } // prettier-ignore
    return { from: isInOrder ? at : graph.apply('max', [least, at]), to: ends[n].at, body, single: false, conditions: [] } // prettier-ignore
  })
}

/** A read that does not change along the loop leaves it, and is made also where the loop has no steps. */
function isSafeBefore(graph: Graph, node: Expr, index: Index): boolean {
  if (node.kind !== 'read' || node.free.includes(index) || index.extent.kind === 'num') return true
  return node.args.every((arg, axis) => isInRange(graph, arg, node.def.idx[axis].extent))
}

function intervalOf(graph: Graph, test: Expr, index: Index): Interval | undefined {
  if (test.kind !== 'test' || !test.free.includes(index)) return undefined
  const linear = linearIn(graph, test.operand, index)
  if (!linear) return undefined
  const { coefficient, rest } = linear
  const rises = coefficient === graph.one
  if (!rises && coefficient !== graph.num(-1)) return undefined
  // k + rest, or rest - k, is 0 here.
  const zero = rises ? graph.neg(rest) : rest
  const next = graph.add(zero, graph.one)
  if (test.test === 'eq0') return { test, low: zero, high: next }
  return rises ? { test, low: zero } : { test, high: next }
}

/** In order, those inside the extent. */
function bordersOf(graph: Graph, intervals: readonly Interval[], { extent }: Index): Border[] {
  const positions = new Set(intervals.flatMap(({ low, high }) => [low ?? [], high ?? []].flat()))
  const borders = [...positions].flatMap((at): Border[] => {
    const back = graph.sub(extent, at)
    const fromEnd = back.kind === 'num' && at.kind !== 'num'
    const [count, rest] = fromEnd ? [back, at] : [at, back]
    if (count.kind !== 'num' || count.facts.low < 1) return []
    if (rest === graph.zero || (!fromEnd && !isNonNegative(graph, rest))) return []
    return [{ at, count: count.value.toNumber(), fromEnd }]
  })
  const [first, last] = [false, true].map((side) => borders.filter(({ fromEnd }) => fromEnd === side))
  return [...first.sort((a, b) => a.count - b.count), ...last.sort((a, b) => b.count - a.count)]
}

/** The condition, and 1 or 0 where it is known in the piece from that start on. */
function truthOf(
  graph: Graph,
  { test, low, high }: Interval,
  starts: readonly Border[],
  piece: number,
): [Expr, Expr][] {
  const isAbove = low ? isReached(low, starts, piece) : true
  const isBelow = high ? negated(isReached(high, starts, piece)) : true
  if (isAbove === false || isBelow === false) return [[test, graph.zero]]
  return isAbove && isBelow ? [[test, graph.one]] : []
}

const negated = (truth: boolean | undefined): boolean | undefined =>
  truth === undefined ? undefined : !truth

/** Whether all steps of a piece lie at or behind a position: no, if all lie before it, and `undefined` if that is not known. */
function isReached(at: Expr, starts: readonly Border[], piece: number): boolean | undefined {
  const place = starts.findIndex((start) => start.at === at)
  if (place < 0) return undefined
  if (place <= piece) return true
  const next = starts[piece + 1]
  return next.fromEnd === starts[place].fromEnd || place === piece + 1 ? false : undefined
}
