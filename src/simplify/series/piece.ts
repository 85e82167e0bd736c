/** Polynomials that stand for an expression near a point. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { Rational } from '../../ir/rational.js'
import { hasNoSeries, seriesOf } from './expand.js'
import * as fixed from './fixed.js'
import { isNothing, type Series } from './power-series.js'

/** `(x - centre)^lead · Σ coefficients[k] (x - centre)^k`. */
export interface Piece {
  readonly centre: number
  readonly lead: number
  readonly coefficients: readonly number[]
}

/** Coefficients that are computed; a piece has at most `LONGEST` that are not 0. */
export const TERMS = 60
/** Those that show whether there is a series at all: a square of these costs a fiftieth. */
const FIRST_TERMS = 8
const LONGEST = 24
/** Further between them coefficients are not looked for in longer series. */
const WIDEST = 12
/** Those that show how far a piece reaches: most are tried farther out than any reaches. */
const SOME_TERMS = 28
/** Terms that matter, whatever the others add to the sum of so few. */
const SURELY = 2 ** -50
/** How much larger than the sum the terms may be: what rounding of the terms costs. */
const AMPLIFIED = 6

export function pieceAt(e: Expr, leaf: Expr, centre: Rational): Piece | undefined {
  const at = fixed.ofRatio(centre.n, centre.d)
  if (hasNoSeries(e, leaf, at, FIRST_TERMS)) return undefined
  const series = seriesOf(e, leaf, at, TERMS)?.get(e)
  const piece = series && pieceOf(series, centre.toNumber())
  const gap = piece ? widestGap(piece.coefficients) : 0
  if (gap <= 2 || gap > WIDEST) return piece
  // Of powers of a power as many are wanted as of others.
  const longer = seriesOf(e, leaf, at, (TERMS / 2) * gap)?.get(e)
  return longer && pieceOf(longer, centre.toNumber())
}

/** Whether a few terms show that no piece reaches from `low` to `high`: the cost of a series grows with the square of its length. */
export function reachesNot(e: Expr, leaf: Expr, centre: Rational, low: number, high: number): boolean {
  const series = seriesOf(e, leaf, fixed.ofRatio(centre.n, centre.d), SOME_TERMS)?.get(e)
  // Where terms cancelled, fewer are left than those of a piece.
  if (!series || series.coefficients.length <= LONGEST) return false
  const coefficients = series.coefficients.map((c) => (isNothing(c) ? 0 : fixed.toNumber(c)))
  const x = centre.toNumber()
  return [low - x, high - x].some((end) => {
    const terms = coefficients.map((c, k) => c * end ** k)
    const sum = terms.reduce((total, term) => total + term, 0)
    const enough = terms.findLastIndex((term) => Math.abs(term) > SURELY * Math.abs(sum))
    return terms.slice(0, enough + 1).filter((term) => term !== 0).length > LONGEST
  })
}

export function pieceOf(series: Series, centre: number): Piece | undefined {
  if (series.coefficients.length < TERMS / 2) return undefined
  return {
    centre,
    lead: series.lead,
    coefficients: series.coefficients.map((c) => (isNothing(c) ? 0 : fixed.toNumber(c))),
  }
}

/** The piece as long as it must be between `low` and `high`, around its centre; absent where it does not reach so far. */
export function cutTo({ centre, lead, coefficients }: Piece, low: number, high: number): Piece | undefined {
  const gap = widestGap(coefficients)
  let length = 0
  for (const end of [low - centre, high - centre]) {
    if (end === 0) continue
    const terms = coefficients.map((c, k) => c * end ** k)
    const sum = terms.reduce((total, term) => total + term, 0)
    const size = terms.reduce((total, term) => total + Math.abs(term), 0)
    const slope = terms.reduce((total, term, k) => total + (k + lead) * term, 0)
    const condition = Math.abs((slope * (end + centre)) / (sum * end))
    if (!(size <= AMPLIFIED * (1 + condition) * Math.abs(sum))) return undefined
    const enough = terms.findLastIndex((term) => Math.abs(term) > 2 ** -57 * Math.abs(sum))
    // Those that were not computed follow from those that were: the next one that is not 0 must be among them.
    if (enough + Math.max(2, gap) >= terms.length && !(Math.abs(end) ** terms.length < 2 ** -57))
      return undefined
    length = Math.max(length, enough + 1)
  }
  const cut = coefficients.slice(0, length)
  return cut.filter((c) => c !== 0).length <= LONGEST ? { centre, lead, coefficients: cut } : undefined
}

/** Of `x⁴ - atan(x⁴)` each eighth coefficient alone is not 0; of a single one nothing is known. */
function widestGap(coefficients: readonly number[]): number {
  const places = coefficients.flatMap((c, k) => (c === 0 ? [] : [k]))
  return places.length < 2 ? Infinity : Math.max(...places.slice(1).map((k, at) => k - places[at]))
}

/** By Horner's rule, in the square (of a root: what it is taken of) where only even powers occur. */
export function pieceToExpr(
  graph: Graph,
  { centre, lead, coefficients }: Piece,
  leaf: Expr,
  square?: Expr,
): Expr {
  const t = graph.sub(leaf, number(graph, centre))
  const even = coefficients.every((c, k) => k % 2 === 0 || c === 0)
  const [step, unit] = even ? [2, square ?? graph.mul(t, t)] : [1, t]
  let sum: Expr | undefined
  for (let k = coefficients.length - 1 - ((coefficients.length - 1) % step); k >= 0; k -= step)
    sum = sum
      ? graph.add(number(graph, coefficients[k]), graph.mul(unit, sum))
      : number(graph, coefficients[k])
  return graph.mul(graph.power(t, Rational.of(lead)), sum ?? graph.zero)
}

export const number = (graph: Graph, x: number): Expr => graph.num(Rational.fromNumber(x))
