/**
 * Where an expression of one leaf cancels near 0, as `(e^x - 1 - x) / x²` and every derivative of `sin(x) / x` do, polynomials stand
 * for it: they are found from its series by what it loses there.
 */
import type { Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { postorder } from '../../ir/walk.js'
import { evaluate } from '../../ops/apply.js'
import { isPoor } from './conditioning.js'
import { cutTo, number, pieceAt, pieceToExpr, type Piece } from './piece.js'

/** Where it is tried first. */
const NEAR = 2 ** -14
/** Where squares underflow, fourth powers, and what is next to the smallest numbers. */
const TINY = [1e-200, 1e-140, 1e-90, 1e-290]
/** Whole powers of less are as small as anything beside 1. */
const UNDERFLOW = 1e-18
const SMALLEST = 1e-295
/** Cancellation farther out is no matter of a point. */
const FAR = 32
const STEP = Math.SQRT2
/** Pieces on each side besides that around 0. */
const PIECES = 4

/** A polynomial, for arguments from the end of the piece before it to `end`. */
interface Placed {
  readonly piece: Piece
  readonly end: number
}

/** `farther` stands for the expression where no polynomial does. */
export function withoutCancellation(graph: Graph, e: Expr, leaf: Expr, farther = e): Expr | undefined {
  const isPoorNear = [NEAR, -NEAR].some((x) => cancels(e, leaf, x) && isPoor(e, leaf, x))
  // Squares of what is next to 0 are 0.
  const tiny = holdsQuotient(e) ? TINY.filter((x) => isNothing(valuesAt(e, leaf, x).get(e) ?? 1)) : []
  if (!isPoorNear && tiny.length === 0) return undefined
  const whole = pieceAt(e, leaf, 0)
  const isLost = whole !== undefined && tiny.some((x) => isNumber(whole.coefficients[0] * x ** whole.lead))
  if (!whole || (!isPoorNear && !isLost)) return undefined
  const [below, above] = isPoorNear ? [-reach(e, leaf, -1), reach(e, leaf, 1)] : [0, 0]
  const least = isPoorNear ? NEAR : UNDERFLOW
  let [low, high] = [Math.min(below, -least), Math.max(above, least)]
  let around = cutTo(whole, low, high)
  while (!around && Math.max(-low, high) > NEAR) {
    const size = Number((0.85 * Math.max(-low, high)).toPrecision(2))
    ;[low, high] = [Math.max(low, -size), Math.min(high, size)]
    around = cutTo(whole, low, high)
  }
  if (!around) return undefined
  const right = furtherPieces(e, leaf, high, above)
  const left = furtherPieces(e, leaf, low, below)
  return composed(graph, e, farther, leaf, around, [low, high], left, right)
}

const isNothing = (value: number): boolean => value === 0 || !Number.isFinite(value)

const isNumber = (value: number): boolean => Number.isFinite(value) && Math.abs(value) > SMALLEST

const holdsQuotient = (e: Expr): boolean =>
  postorder([e]).some(
    (node) => node.kind === 'mul' && node.factors.some(({ exponent }) => exponent.isNegative),
  )

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
  for (const { piece, end } of left.toReversed())
    result = choose([lt(leaf, graph.zero), lt(number(graph, end), leaf)], piece, result)
  for (const { piece, end } of right.toReversed())
    result = choose([lt(graph.zero, leaf), lt(leaf, number(graph, end))], piece, result)
  const inside =
    low === -high
      ? [lt(graph.apply('abs', [leaf]), number(graph, high))]
      : [lt(number(graph, low), leaf), lt(leaf, number(graph, high))]
  // Where it is undefined it stays so.
  const undefinedAt0 = !Number.isFinite(valuesAt(e, leaf, 0).get(e) ?? NaN)
  return choose(undefinedAt0 ? [graph.apply('ne', [leaf, graph.zero]), ...inside] : inside, around, result)
}

/** How far from 0 the expression is poor on one side: a number with few digits. */
function reach(e: Expr, leaf: Expr, side: 1 | -1): number {
  let last = 0
  const bound = side > 0 ? leaf.facts.high : -leaf.facts.low
  for (let x = NEAR; x <= Math.min(FAR, bound); x *= STEP) if (isPoor(e, leaf, side * x)) last = x * STEP
  return Number(last.toPrecision(2))
}

/** Pieces from `from` outwards to `to`, as far as they get. */
function furtherPieces(e: Expr, leaf: Expr, from: number, to: number): readonly Placed[] {
  const found: Placed[] = []
  let start = from
  while (Math.abs(start) < Math.abs(to) && found.length < PIECES) {
    let end = to
    let next: Placed | undefined
    for (let attempt = 0; attempt < 12 && !next; attempt++) {
      const centre = Number(((start + end) / 2).toPrecision(2))
      const whole = pieceAt(e, leaf, centre)
      const piece = whole && cutTo(whole, Math.min(start, end), Math.max(start, end))
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
export function cancels(e: Expr, leaf: Expr, x: number): boolean {
  const values = valuesAt(e, leaf, x)
  return [...values].some(([node, value]) => {
    if (node.kind !== 'add') return false
    const largest = node.terms.reduce(
      (size, { node: term, coefficient }) =>
        Math.max(size, Math.abs(coefficient.toNumber() * (values.get(term) ?? 0))),
      Math.abs(node.constant.toNumber()),
    )
    return Math.abs(value) < largest / 64
  })
}

export function valuesAt(e: Expr, leaf: Expr, x: number): ReadonlyMap<Expr, number> {
  const values = new Map<Expr, number>([[leaf, x]])
  const at = (node: Expr): number => values.get(node) ?? NaN
  for (const node of postorder([e], (part) => part !== leaf)) {
    switch (node.kind) {
      case 'num':
        values.set(node, node.value.toNumber())
        break
      case 'add':
        values.set(node, node.terms.reduce((sum, term) => sum + term.coefficient.toNumber() * at(term.node), node.constant.toNumber())) // prettier-ignore
        break
      case 'mul':
        values.set(node, quotient(node.factors, at))
        break
      case 'apply':
        values.set(node, evaluate(node.operator, node.args.map(at)))
        break
      case 'stop':
        values.set(node, at(node.operand))
        break
      default:
        values.set(node, node.kind === 'constant' && node.name === 'pi' ? Math.PI : NaN)
    }
  }
  return values
}

/** As code has it: one product over another. */
function quotient(factors: readonly Factor[], at: (base: Expr) => number): number {
  let [above, below] = [1, 1]
  for (const { base, exponent } of factors) {
    if (exponent.isNegative) below *= at(base) ** -exponent.toNumber()
    else above *= at(base) ** exponent.toNumber()
  }
  return below === 1 ? above : above / below
}
