/**
 * Expressions of one leaf that are others on the two sides of a point, or live on one side alone: next to it they are series in the distance
 * from it, or in its root. Where terms cancel there, as in `|x| - log(1 + |x|)` and in the derivatives of `acos(x) / √(1 - x²)`, polynomials
 * in that stand for them.
 */
import type { Apply, Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, type Rational, ZERO } from '../../ir/rational.js'
import { postorder } from '../../ir/walk.js'
import { analyticTo } from './branches.js'
import { cancels, furtherPieces, type Placed } from './cancellation.js'
import { solved } from './centres.js'
import { isPoor } from './conditioning.js'
import { hasNoSeries, seriesFrom } from './expand.js'
import { lately } from './series-table.js'
import * as fixed from './fixed.js'
import { cutTo, number, pieceOf, pieceToExpr, TERMS, type Piece } from './piece.js'
import { add, constant, type Series } from './power-series.js'
import { Values } from './values.js'

/** Where it is tried first, and how far out at most. */
const NEAR = 2 ** -14
const FAR = 8
const STEP = Math.SQRT2
/** Terms that show whether there is a series. */
const FIRST_TERMS = 8

interface Side {
  readonly centre: Rational
  readonly sign: 1 | -1
  /** In the root of the distance. */
  readonly isRoot: boolean
}

interface Beside extends Side {
  readonly piece: Piece
  readonly end: number
  /** Around points farther out. */
  readonly further: readonly Placed[]
}

/** `otherwise` stands for the expression where no polynomial does. */
export function withoutCancellationBeside(
  graph: Graph,
  e: Expr,
  leaf: Expr,
  otherwise: Expr,
): Expr | undefined {
  let result = otherwise
  for (const centre of pointsOf(e, leaf)) {
    const sides = ([1, -1] as const).flatMap((sign) => besideOn(e, leaf, centre, sign) ?? [])
    if (sides.length > 0) result = composed(graph, e, leaf, sides, result)
  }
  return result === otherwise ? undefined : result
}

/** 0, where something is of a modulus or root, and the ends of the domains of inverse functions. */
function pointsOf(e: Expr, leaf: Expr): readonly Rational[] {
  const found = new Map<string, Rational>()
  for (const node of postorder([e], (part) => part !== leaf)) {
    const roots = node.kind === 'mul' ? node.factors.filter(({ exponent }) => !exponent.isInteger) : []
    if (roots.length > 0 || (node.kind === 'apply' && isOfModulus(node))) found.set('0', ZERO)
    for (const { base } of roots) {
      const zero = solved(base, leaf, ZERO)
      if (zero) found.set(String(zero), zero)
    }
    if (node.kind !== 'apply' || !INVERSE.has(node.operator)) continue
    for (const end of [ONE, ONE.negate()]) {
      const point = solved(node.args[0], leaf, end)
      if (point) found.set(String(point), point)
    }
  }
  return [...found.values()]
}

const isOfModulus = ({ operator }: Apply): boolean =>
  operator === 'abs' || operator === 'sign' || operator === 'hypot'

const INVERSE: ReadonlySet<string> = new Set(['asin', 'acos', 'acosh'])

function besideOn(e: Expr, leaf: Expr, centre: Rational, sign: 1 | -1): Beside | undefined {
  const c = centre.toNumber()
  const { low, high } = leaf.facts
  if (sign > 0 ? high <= c : low >= c) return undefined
  const near = sign * NEAR
  if (!cancels(e, leaf, c + near) || !isPoor(e, leaf, c + near)) return undefined
  // What is a series on both sides is found as one.
  if (!hasNoSeries(e, leaf, fixed.ofRatio(centre.n, centre.d), FIRST_TERMS)) return undefined
  const side = [false, true]
    .map((isRoot) => ({ centre, sign, isRoot }))
    .find((each) => seriesBeside(e, leaf, each, FIRST_TERMS))
  const series = side && seriesBeside(e, leaf, side, TERMS)
  const whole = series && pieceOf(series, 0)
  if (!whole) return undefined
  const farthest = Math.min(FAR, sign > 0 ? high - c : c - low)
  const limit = Math.abs(analyticTo(e, leaf, c, c + sign * farthest) - c)
  const wanted = reach(e, leaf, c, sign, limit)
  for (let end = wanted; end >= NEAR; end = Number((0.85 * end).toPrecision(2))) {
    const piece = cutTo(whole, 0, side.isRoot ? Math.sqrt(end) : end)
    if (!piece) continue
    const further = end < wanted ? furtherPieces(e, leaf, c + sign * end, c + sign * wanted) : []
    return { ...side, piece, end, further }
  }
  return undefined
}

function seriesBeside(
  e: Expr,
  leaf: Expr,
  { centre, sign, isRoot }: Side,
  terms: number,
): Series | undefined {
  const coefficients = Array.from({ length: terms }, (_, k) => (k === 0 ? BigInt(sign) * fixed.ONE : 0n))
  const distance: Series = { lead: isRoot ? 2 : 1, coefficients }
  const start = constant(fixed.ofRatio(centre.n, centre.d), terms)
  const table = lately.of(leaf, `${centre.n}/${centre.d} ${sign * (isRoot ? 2 : 1)}:${terms}`)
  return seriesFrom(e, new Map([[leaf, add(start, distance)]]), terms, table).get(e)
}

/** How far from the centre the expression is poor: a number with few digits. */
function reach(e: Expr, leaf: Expr, centre: number, sign: 1 | -1, limit: number): number {
  let last = 0
  for (let x = NEAR; x <= limit; x *= STEP) if (isPoor(e, leaf, centre + sign * x)) last = x * STEP
  return Number(Math.min(last, limit).toPrecision(2))
}

function composed(graph: Graph, e: Expr, leaf: Expr, sides: readonly Beside[], otherwise: Expr): Expr {
  const lt = (a: Expr, b: Expr): Expr => graph.apply('lt', [a, b])
  const [{ centre }] = sides
  const from = graph.num(centre)
  const spelled = ({ piece, isRoot }: Beside, distance: Expr): Expr =>
    isRoot
      ? // Nothing is differentiated any more: `stop` makes the root a value of its own.
        pieceToExpr(graph, piece, graph.stop(graph.power(distance, HALF)), distance)
      : pieceToExpr(graph, piece, distance)
  const both = centre.isZero ? onBoth(graph, leaf, sides, spelled) : undefined
  if (both) {
    const { end } = sides[0]
    const inside = lt(graph.apply('abs', [leaf]), number(graph, end))
    // At the point itself it stays what it is, unless the polynomial has the same value there.
    const isSame = Values.of(both, leaf).at(0) === Values.of(e, leaf).at(0)
    const condition = isSame ? inside : graph.apply('and', [graph.apply('ne', [leaf, graph.zero]), inside])
    return graph.select(condition, both, otherwise)
  }
  return sides.reduce((rest, side) => {
    const distance = side.sign > 0 ? graph.sub(leaf, from) : graph.sub(from, leaf)
    const within = (end: number, value: Expr, farther: Expr): Expr => {
      const inside = graph.apply('and', [lt(graph.zero, distance), lt(distance, number(graph, end))])
      return graph.select(inside, value, farther)
    }
    const farther = side.further.reduceRight(
      (next, { piece, end }) =>
        within(Math.abs(end - centre.toNumber()), pieceToExpr(graph, piece, leaf), next),
      rest,
    )
    return within(side.end, spelled(side, distance), farther)
  }, otherwise)
}

/** One polynomial for both sides of 0, in the modulus: the same on both, or with the other sign. */
function onBoth(
  graph: Graph,
  leaf: Expr,
  sides: readonly Beside[],
  spelled: (side: Beside, distance: Expr) => Expr,
): Expr | undefined {
  const [a, b] = sides
  if (!b || a.end !== b.end || a.isRoot !== b.isRoot || a.piece.lead !== b.piece.lead) return undefined
  if (a.further.length + b.further.length > 0) return undefined
  const other = b.piece.coefficients
  const isOf = (sign: number): boolean =>
    a.piece.coefficients.length === other.length &&
    a.piece.coefficients.every((c, k) => c === sign * other[k])
  const value = spelled(a, graph.apply('abs', [leaf]))
  if (isOf(1)) return value
  return isOf(-1) ? graph.mul(graph.apply('sign', [leaf]), value) : undefined
}
