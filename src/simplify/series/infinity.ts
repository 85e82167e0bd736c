/**
 * Expressions of one leaf that are made of powers far from 0, as quotients of polynomials and roots are: where squares overflow or terms
 * cancel, a few terms of the series in `1/x` stand for them.
 */
import type { AppliedOperator, Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, Rational } from '../../ir/rational.js'
import { powersOf } from '../../ir/term.js'
import { postorder } from '../../ir/walk.js'
import { expand, monomialsOf } from '../polynomial.js'
import { analyticFrom } from './branches.js'
import { isPoor } from './conditioning.js'
import { seriesFrom } from './expand.js'
import { lately } from './series-table.js'
import { holdsLogarithm, logSeriesOf } from './log-series.js'
import { cutTo, number, pieceOf, pieceToExpr, TERMS, type Piece } from './piece.js'
import { add, mul, power, scale, variable, type Series } from './power-series.js'
import { Values } from './values.js'

/** Where it is tried, from far out. */
const PROBES = Array.from({ length: 306 }, (_, k) => 305 - k).flatMap((n) =>
  (n > 6 ? [1] : [7, 5, 4, 3, 2, 1.5, 1.2, 1]).map((digits) => Number(`${digits}e${n}`)),
)
/** Where a polynomial may begin. */
const ENDS = PROBES.filter((x) => x >= 4 && (x <= 1e20 || Math.round(Math.log10(x)) % 10 === 0))
/** Of the shortest polynomials, one from here on. */
const PLAIN = 1e8
/** Squares of these, their fourth powers and so on overflow; the last few show what cancels. */
const LARGE = [2 ** 1000, 2 ** 700, 2 ** 400, 2 ** 200, 2 ** 120]
const CANCELLING = [2 ** 20, 2 ** 10]
/** Logarithms that may tend to 0. */
const SMALL = 2 ** -8
/** Errors in ulp beyond `ALLOWED (1 + condition)` are too much. */
const ALLOWED = 7
/** Errors of special functions differ from point to point, and are smaller at most. */
const ALLOWED_OF_GAMMA = 2
const ALLOWED_OF_LOGARITHMS = 4
const AROUND = [0.9, 0.95, 1, 1.05, 1.1]
/** Smaller values have fewer digits. */
const SMALLEST = 1e-295
/** Terms that show whether there is a series. */
const FIRST_TERMS = 6

/** The leaf as a power of `t > 0`, with a sign. */
interface Scale {
  readonly side: 1 | -1
  readonly isRoot: boolean
}

/** A polynomial, times what has none. */
interface Part {
  readonly rest: Expr
  readonly piece: Piece
}

/** What stands for an expression for `|x|` beyond `end`. */
interface Far extends Scale {
  readonly parts: readonly Part[]
  readonly end: number
}

/** `otherwise` stands for the expression where no polynomial does. */
export function withoutLossFarOut(graph: Graph, e: Expr, leaf: Expr, otherwise = e): Expr | undefined {
  if (!holdsQuotientOrRoot(e) && !(e.kind === 'add' && holdsLogarithm(e))) return undefined
  const { low, high } = leaf.facts
  const isOpen = (side: 1 | -1): boolean => (side > 0 ? high : -low) > LARGE[0] && mayLose(e, leaf, side)
  const above = isOpen(1) ? farOn(graph, e, leaf, 1) : undefined
  const below = isOpen(-1) ? farOn(graph, e, leaf, -1) : undefined
  if (!above && !below) return undefined
  const within = (far: Far, x: Expr): Expr => graph.apply('lt', [x, number(graph, far.end)])
  const size = graph.apply('abs', [leaf])
  if (above && below && above.end === below.end) {
    // Roots are of sizes.
    const both = (above.isRoot || below.isRoot ? [size, size] : [leaf, size]).map((x) =>
      spelled(graph, above, x),
    )
    const also = [leaf, size].map((x, at) =>
      spelled(graph, at === 0 && !below.isRoot ? reflected(below) : below, below.isRoot ? size : x),
    )
    const same = both.findIndex((far, at) => far === also[at])
    if (same >= 0) return graph.select(within(above, size), otherwise, both[same])
  }
  let result = otherwise
  if (above) result = graph.select(within(above, leaf), result, spelled(graph, above, leaf))
  const opposite = graph.neg(leaf)
  if (below) result = graph.select(within(below, opposite), result, spelled(graph, below, opposite))
  return result
}

/** `log(1 + x²) = 2 log |x|` where the square overflows. */
export function logFarOut(graph: Graph, e: Expr, leaf: Expr): Expr | undefined {
  if (e.kind !== 'apply' || (e.operator !== 'log' && e.operator !== 'log1p')) return undefined
  const [argument] = e.args
  const { low, high } = leaf.facts
  const far = ([1, -1] as const).flatMap((side) => {
    if ((side > 0 ? high : -low) <= LARGE[0] || Number.isFinite(Values.of(e, leaf).at(side * LARGE[0])))
      return []
    const [part, ...more] = partsOf(graph, argument, leaf, { side, isRoot: false }, TERMS) ?? []
    const piece = part?.rest === graph.one && more.length === 0 ? pieceOf(part.series, 0) : undefined
    if (!piece || piece.lead >= 0 || piece.coefficients[0] <= 0) return []
    const least = Math.max(PLAIN, analyticFrom(e, leaf, side))
    const ends = ENDS.filter((end) => end >= least && cutTo(piece, 0, 1 / end)?.coefficients.length === 1)
    return ends.length > 0 ? [{ side, end: ends[ends.length - 1], piece }] : []
  })
  let result: Expr = e
  const isEven = far.length === 2 && far[0].end === far[1].end && far[0].piece.lead === far[1].piece.lead && far[0].piece.coefficients[0] === far[1].piece.coefficients[0] // prettier-ignore
  for (const { side, end, piece } of isEven ? far.slice(0, 1) : far) {
    const x = isEven ? graph.apply('abs', [leaf]) : graph.scale(Rational.of(side), leaf)
    const value = graph.add(
      graph.scale(Rational.of(-piece.lead), graph.apply('log', [x])),
      graph.apply('log', [number(graph, piece.coefficients[0])]),
    )
    result = graph.select(graph.apply('lt', [x, number(graph, end)]), result, value)
  }
  return result === e ? undefined : result
}

/** `log((1 + √(1 + x²)) / x) = 1/x - …`, whose argument is next to 1. */
export function smallLogFarOut(graph: Graph, e: Expr, leaf: Expr): Expr | undefined {
  const values = Values.of(e, leaf)
  const isSmall = [1, -1].some((side) => Math.abs(values.at(side * CANCELLING[0])) < SMALL)
  return isSmall ? withoutLossFarOut(graph, e, leaf) : undefined
}

function spelled(graph: Graph, { parts, isRoot }: Far, x: Expr): Expr {
  const inverted = graph.power(x, ONE.negate())
  const [t, square] = isRoot ? [graph.power(x, HALF.negate()), inverted] : [inverted, undefined]
  return graph.addAll(parts.map(({ rest, piece }) => graph.mul(rest, pieceToExpr(graph, piece, t, square))))
}

/** In `-t`. */
const reflected = (far: Far): Far => ({
  ...far,
  parts: far.parts.map(({ rest, piece: { centre, lead, coefficients } }) => ({
    rest,
    piece: { centre, lead, coefficients: coefficients.map((c, k) => ((lead + k) % 2 === 0 ? c : -c)) },
  })),
})

const holdsQuotientOrRoot = (e: Expr): boolean =>
  postorder([e]).some(
    (node) =>
      (node.kind === 'apply' && node.operator === 'hypot') ||
      (node.kind === 'mul' &&
        node.factors.some(({ exponent }) => exponent.isNegative || !exponent.isInteger)),
  )

/** Of these, few digits are known from their series elsewhere. */
const holdsGamma = (e: Expr): boolean =>
  postorder([e]).some((node) => node.kind === 'apply' && GAMMA.has(node.operator))

const GAMMA: ReadonlySet<string> = new Set(['lgamma', 'digamma', 'polygamma'])

/** A first look, in numbers. */
function mayLose(e: Expr, leaf: Expr, side: number): boolean {
  const values = Values.of(e, leaf)
  const isLost = (x: number): boolean =>
    values.allAt(side * x).some((value) => !Number.isFinite(value) || value === 0)
  return LARGE.some(isLost) || holdsGamma(e) || CANCELLING.some((x) => isPoor(e, leaf, side * x))
}

/** The series in `t = 1/|x|`, or in its root, where it keeps what the expression loses. */
function farOn(graph: Graph, e: Expr, leaf: Expr, side: 1 | -1): Far | undefined {
  const scales = [false, true].map((isRoot) => ({ side, isRoot }))
  // One polynomial if there is one.
  for (const own of [...scales, ...scales.map((plain) => ({ ...plain, hasRest: true }))]) {
    const first = partsOf(graph, e, leaf, own, FIRST_TERMS)
    if (!first || (first[0].rest !== graph.one && !('hasRest' in own))) continue
    const all = partsOf(graph, e, leaf, own, TERMS) ?? []
    const parts = all.flatMap(({ rest, series }) => {
      const piece = pieceOf(series, 0)
      return piece ? [{ rest, piece }] : []
    })
    if (parts.length === 0 || parts.length < all.length) return undefined
    return beyondLoss({ ...own, parts, end: Infinity }, e, leaf)
  }
  return undefined
}

/** The sum of products: what each has of powers together, by what it has besides. */
function partsOf(
  graph: Graph,
  e: Expr,
  leaf: Expr,
  { side, isRoot }: Scale,
  terms: number,
): readonly { readonly rest: Expr; readonly series: Series }[] | undefined {
  const x = power(variable(0n, terms), isRoot ? -2n : -1n, 1n)
  if (!x) return undefined
  const table = lately.of(leaf, `far ${side * (isRoot ? 2 : 1)}:${terms}`)
  const found = seriesFrom(e, new Map([[leaf, scale(BigInt(side), 1n, x)]]), terms, table)
  const whole = found.get(e)
  if (whole) return [{ rest: graph.one, series: whole }]
  const logSeries =
    isRoot || !holdsLogarithm(e) ? undefined : logSeriesOf(e, leaf, scale(BigInt(side), 1n, x), terms)
  const logarithm = graph.apply('log', [graph.scale(Rational.of(side), leaf)])
  const powers = (logSeries ?? []).flatMap((series, k) =>
    series.coefficients.length > 0 ? [{ rest: graph.power(logarithm, Rational.of(k)), series }] : [],
  )
  if (powers.length > 0) return powers
  const groups = new Map<Expr, Series>()
  const one = power(x, 0n, 1n)
  for (const { coefficient, factors } of monomialsOf(expand(graph, e)?.expr ?? e)) {
    const rest: Factor[] = []
    let series = one && scale(coefficient.n, coefficient.d, one)
    for (const factor of factors) {
      const own = found.get(factor.base)
      const { n, d } = factor.exponent
      const powered = own && power(own, n, d, true)
      if (own && !powered) return undefined
      if (powered) series = series && mul(series, powered)
      else if (postorder([factor.base]).some(isOtherFunction)) return undefined
      else rest.push(factor)
    }
    if (!series) return undefined
    const key = graph.mulAll(powersOf(graph, rest))
    const sum = groups.get(key)
    groups.set(key, sum ? add(sum, series) : series)
  }
  return [...groups].map(([rest, series]) => ({ rest, series }))
}

/** What may be as large as an exponential, or as small. */
const isOtherFunction = (e: Expr): boolean => e.kind === 'apply' && !SLOW.has(e.operator)

const SLOW: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>(['sin', 'cos', 'atan', 'log', 'log1p', 'abs', 'sign']) // prettier-ignore

function beyondLoss(far: Far, e: Expr, leaf: Expr): Far | undefined {
  const values = Values.of(e, leaf)
  const rests = far.parts.map(({ rest }) => Values.of(rest, leaf))
  const near = holdsLogarithm(e) ? AROUND : [1]
  const allowed = holdsGamma(e) ? ALLOWED_OF_GAMMA : holdsLogarithm(e) ? ALLOWED_OF_LOGARITHMS : ALLOWED
  // Nearer it may be another function.
  const least = analyticFrom(e, leaf, far.side)
  const poor = PROBES.filter(
    (x) => x >= least && near.some((factor) => isPoorAt(far, values, rests, factor * x, allowed)),
  )
  if (poor.length === 0) return undefined
  const pieces = ENDS.filter((end) => end >= least && end <= poor[0]).flatMap((end) => cutAt(far, end) ?? [])
  // As many of the losses as polynomials reach.
  const nearest = poor.findLast((x) => pieces.some(({ end }) => end <= x))
  if (nearest === undefined) return undefined
  return pieces
    .filter(({ end }) => end <= nearest)
    .reduce((best, next) => {
      const difference = lengthOf(next.parts) - lengthOf(best.parts)
      return difference < 0 || (difference === 0 && next.end >= PLAIN) ? next : best
    })
}

function cutAt(far: Far, end: number): Far | undefined {
  const parts: Part[] = []
  for (const { rest, piece } of far.parts) {
    const cut = cutTo(piece, 0, inverse(far, end))
    if (!cut) return undefined
    parts.push({ rest, piece: cut })
  }
  return { ...far, parts, end }
}

const lengthOf = (parts: readonly Part[]): number =>
  parts.reduce((sum, { piece }) => sum + piece.coefficients.filter((c) => c !== 0).length, 0)

const inverse = ({ isRoot }: Scale, x: number): number => (isRoot ? Math.sqrt(1 / x) : 1 / x)

/** Whether what is computed is off by more than moves of the leaf explain. */
function isPoorAt(
  far: Far,
  values: Values,
  rests: readonly Values[],
  size: number,
  allowed: number,
): boolean {
  const x = far.side * size
  const t = inverse(far, size)
  let exact = 0
  let moved = 0
  for (const [part, { piece }] of far.parts.entries()) {
    const { lead, coefficients } = piece
    let [sum, slope] = [0, 0]
    for (let k = coefficients.length - 1; k >= 0; k--) {
      sum = sum * t + coefficients[k]
      slope = slope * t + (lead + k) * coefficients[k]
    }
    // Nearer the series says nothing.
    const last = coefficients.length - 1
    if (Math.abs(coefficients[last] * t ** last) > 2 ** -60 * Math.abs(sum)) return false
    const factor = t ** lead * rests[part].at(x)
    exact += factor * sum
    moved += Math.abs(factor) * Math.abs(slope)
  }
  if (!Number.isFinite(exact)) return false
  const found = values.at(x)
  if (Math.abs(exact) < SMALLEST) return !(Math.abs(found) < 2 * SMALLEST)
  return !(Math.abs(found - exact) <= allowed * (Math.abs(exact) + moved) * 2 ** -52)
}
