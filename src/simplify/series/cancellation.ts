/**
 * Where an expression of one leaf cancels near 0, as `(e^x - 1 - x) / x²` and every derivative of `sin(x) / x` do, polynomials stand
 * for it: they are found from its series by what it loses there.
 */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { Rational, ZERO } from '../../ir/rational.js'
import { postorder } from '../../ir/walk.js'
import { isDivided } from '../../ir/term.js'
import { analyticTo } from './branches.js'
import { isPoor } from './conditioning.js'
import { cutTo, number, pieceAt, pieceToExpr, reachesNot, type Piece } from './piece.js'
import { Values } from './values.js'

/** Where it is tried first. */
const NEAR = 2 ** -14
/** Where squares underflow, fourth powers, and what is next to the smallest numbers. */
const TINY = [1e-200, 1e-140, 1e-90, 1e-290]
/** Whole powers of less are as small as anything beside 1. */
const UNDERFLOW = 1e-18
const SMALLEST = 1e-295
/** Cancellation farther out is no matter of a point. */
export const FAR = 32
const STEP = Math.SQRT2
/** Next to longer pieces exponentials are no polynomials of a bearable length. */
const LONGEST = 8
/** Pieces on each side besides that around 0. */
const PIECES = 4

/** A polynomial, for arguments from the end of the piece before it to `end`. */
export interface Placed {
  readonly piece: Piece
  readonly end: number
}

/** `farther` stands for the expression where no polynomial does, and beyond `limits` in any case. */
export function withoutCancellation(
  graph: Graph,
  e: Expr,
  leaf: Expr,
  farther = e,
  limits: readonly [number, number] = [FAR, FAR],
): Expr | undefined {
  // What a logarithm is taken of is near 1 without being a sum.
  const isPoorNear = [NEAR, -NEAR].some(
    (x) => (e.kind === 'apply' || cancels(e, leaf, x)) && isPoor(e, leaf, x),
  )
  // Squares of what is next to 0 are 0.
  const values = holdsQuotient(e) ? Values.of(e, leaf) : undefined
  const tiny = values ? TINY.filter((x) => isNothing(values.at(x))) : []
  if (!isPoorNear && tiny.length === 0) return undefined
  const whole = pieceAt(e, leaf, ZERO)
  const isLost = whole !== undefined && tiny.some((x) => isNumber(whole.coefficients[0] * x ** whole.lead))
  if (!whole || (!isPoorNear && !isLost)) return undefined
  const ends = isPoorNear
    ? [-reach(e, leaf, 0, -NEAR, limits[0]), reach(e, leaf, 0, NEAR, limits[1])]
    : [0, 0]
  return around(graph, e, farther, leaf, whole, ends, isPoorNear ? NEAR : UNDERFLOW)
}

/** The same next to another point, as `(x - 1) / log(x)` has one. */
export function withoutCancellationAt(
  graph: Graph,
  e: Expr,
  leaf: Expr,
  centre: Rational,
  farther: Expr,
): Expr | undefined {
  const c = centre.toNumber()
  const near = NEAR * Math.abs(c)
  if (![c + near, c - near].some((x) => cancels(e, leaf, x) && isPoor(e, leaf, x))) return undefined
  const whole = pieceAt(e, leaf, centre)
  if (!whole) return undefined
  const [inwards, outwards] = [0.9, 8].map((factor) => factor * Math.abs(c))
  const ends =
    c > 0
      ? [c - reach(e, leaf, c, -near, inwards), c + reach(e, leaf, c, near, outwards)]
      : [c - reach(e, leaf, c, -near, outwards), c + reach(e, leaf, c, near, inwards)]
  return around(graph, e, farther, leaf, whole, ends, near)
}

/** By polynomials from `ends[0]` to `ends[1]`, as far as they get, the first of them at least `least` to both sides. */
function around(
  graph: Graph,
  e: Expr,
  farther: Expr,
  leaf: Expr,
  whole: Piece,
  [below, above]: readonly number[],
  least: number,
): Expr | undefined {
  const { centre } = whole
  const ends = [Math.min(below, centre - least), Math.max(above, centre + least)]
  let [low, high] = ends.map((end) => analyticTo(e, leaf, centre, end))
  if (low === high) return undefined
  let piece = cutTo(whole, low, high)
  while (!piece && Math.max(centre - low, high - centre) > least) {
    const size = Number((0.85 * Math.max(centre - low, high - centre)).toPrecision(2))
    ;[low, high] = [Math.max(low, centre - size), Math.min(high, centre + size)]
    piece = cutTo(whole, low, high)
  }
  if (!piece) return undefined
  const right = above > high ? furtherPieces(e, leaf, high, above) : []
  const left = below < low ? furtherPieces(e, leaf, low, below) : []
  return composed(graph, e, farther, leaf, piece, [low, high], left, right)
}

const isNothing = (value: number): boolean => value === 0 || !Number.isFinite(value)

const isNumber = (value: number): boolean => Number.isFinite(value) && Math.abs(value) > SMALLEST

export const holdsQuotient = (e: Expr): boolean => postorder([e]).some(isDivided)

function composed(
  graph: Graph,
  e: Expr,
  farther: Expr,
  leaf: Expr,
  around: Piece,
  [low, high]: readonly [number, number],
  left: readonly Placed[],
  right: readonly Placed[],
): Expr {
  const lt = (a: Expr, b: Expr): Expr => graph.apply('lt', [a, b])
  const choose = (conditions: readonly Expr[], piece: Piece, otherwise: Expr): Expr =>
    graph.select(conditions.reduce((a, b) => graph.apply('and', [a, b])), pieceToExpr(graph, piece, leaf), otherwise) // prettier-ignore
  let result = farther
  const centre = number(graph, around.centre)
  for (const { piece, end } of left.toReversed())
    result = choose([lt(leaf, centre), lt(number(graph, end), leaf)], piece, result)
  for (const { piece, end } of right.toReversed())
    result = choose([lt(centre, leaf), lt(leaf, number(graph, end))], piece, result)
  const inside =
    low === -high
      ? [lt(graph.apply('abs', [leaf]), number(graph, high))]
      : [lt(number(graph, low), leaf), lt(leaf, number(graph, high))]
  // Where it is undefined it stays so.
  const isUndefined = !Number.isFinite(Values.of(e, leaf).at(around.centre))
  return choose(isUndefined ? [graph.apply('ne', [leaf, centre]), ...inside] : inside, around, result)
}

/** How far from the centre the expression is poor on the side of `near`: a number with few digits. */
function reach(e: Expr, leaf: Expr, centre: number, near: number, limit: number): number {
  const side = Math.sign(near)
  let last = 0
  const bound = side > 0 ? leaf.facts.high - centre : centre - leaf.facts.low
  for (let x = Math.abs(near); x <= Math.min(limit, bound); x *= STEP)
    if (isPoor(e, leaf, centre + side * x)) last = x * STEP
  return Number(Math.min(last, limit).toPrecision(2))
}

/** Pieces from `from` outwards to `to`, as far as they get. */
export function furtherPieces(e: Expr, leaf: Expr, from: number, to: number): readonly Placed[] {
  const found: Placed[] = []
  let start = from
  const isAbove = to > from
  const last = analyticTo(e, leaf, from, to)
  while (start !== last && found.length < PIECES) {
    let end = Math.abs(last - start) > LONGEST ? start + (isAbove ? LONGEST : -LONGEST) : last
    let next: Placed | undefined
    for (let attempt = 0; attempt < 12 && !next; attempt++) {
      const centre = Rational.fromNumber(Number(((start + end) / 2).toPrecision(2)))
      const [low, high] = [Math.min(start, end), Math.max(start, end)]
      const whole = reachesNot(e, leaf, centre, low, high) ? undefined : pieceAt(e, leaf, centre)
      const piece = whole && cutTo(whole, low, high)
      if (piece) next = { piece, end }
      else end = Number((start + (end - start) * 0.7).toPrecision(3))
    }
    if (!next) break
    found.push(next)
    start = next.end
  }
  return found
}

// ── A first look, in numbers ─────────────────────────────────────────────────────────────────────────────────

/** Whether a sum in it is much smaller than its terms. */
export const cancels = (e: Expr, leaf: Expr, x: number): boolean => Values.of(e, leaf).cancelAt(x)
