/**
 * Functions of `e^x` whose terms cancel where it is nothing, as the derivatives of `log(softplus(x))` do on the left: a polynomial of the
 * exponential stands for them there.
 */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import type { Rational } from '../../ir/rational.js'
import { postorder, replaceNodes } from '../../ir/walk.js'
import { monomialsOf } from '../polynomial.js'
import { analyticFrom } from './branches.js'
import { seriesFrom } from './expand.js'
import { cutTo, number, pieceOf, pieceToExpr, TERMS, type Piece } from './piece.js'
import { lately } from './series-table.js'
import { add, constant, log, mul, power, scale, variable, type Series } from './power-series.js'
import { ONE } from './fixed.js'
import { Values } from './values.js'

/** Errors in ulp beyond `ALLOWED (1 + condition)` at some point are too much: at others they are a few times as large. */
const ALLOWED = 2
/** Where it is tried, from far out: exponents with the other sign. */
const PROBES = [1000, 700, 300, 100, 60, 37, 25, 16, 12, 10, 8, 7, 6, 5, 4, 3.5, 3, 2.6, 2.2, 1.9, 1.6]
/** Errors differ from point to point. */
const AROUND = [0.97, 1, 1.03]
/** Farther out exponentials are 0. */
const LAST = 700
/** Smaller values have fewer digits. */
const SMALLEST = 1e-290

/** `otherwise` stands for the expression where no polynomial does. */
export function withoutTailCancellation(
  graph: Graph,
  whole: Expr,
  leaf: Expr,
  otherwise = whole,
): Expr | undefined {
  const e = withExponentialsApart(graph, whole, leaf)
  const exponents = exponentsOf(e, leaf)
  if (exponents.size === 0) return undefined
  const unit = [...exponents.values()].map((c) => c.abs()).reduce((a, b) => (a.compare(b) <= 0 ? a : b))
  for (const side of [unit, unit.negate()]) {
    const piece = inExponential(e, leaf, exponents, side)
    if (!piece) continue
    const values = Values.of(otherwise, leaf)
    const rate = side.toNumber()
    const least = analyticFrom(e, leaf, rate > 0 ? -1 : 1) * Math.abs(rate)
    const probes = PROBES.filter((y) => y >= least)
    const poor = probes.filter((y) => AROUND.some((factor) => isPoor(piece, values, rate, factor * y)))
    if (poor.length === 0) continue
    const nearest = Math.min(poor[poor.length - 1], LAST)
    for (const end of probes.filter((y) => y <= LAST && y >= 0.65 * nearest).toReversed()) {
      const cut = cutTo(piece, 0, Math.exp(-end))
      if (!cut) continue
      const argument = graph.scale(side, leaf)
      const polynomial = pieceToExpr(graph, cut, graph.apply('exp', [argument]))
      return graph.select(graph.apply('lt', [argument, number(graph, -end)]), polynomial, otherwise)
    }
  }
  return undefined
}

/** `e^(x - e^x)` as `e^x e^(-e^x)`. */
function withExponentialsApart(graph: Graph, e: Expr, leaf: Expr): Expr {
  const split = new Map<Expr, Expr>()
  for (const node of postorder([e], (part) => part !== leaf)) {
    if (node.kind !== 'apply' || node.operator !== 'exp' || node.args[0].kind !== 'add') continue
    const { terms, constant } = node.args[0]
    const own = terms.find((term) => term.node === leaf)
    if (!own || (terms.length === 1 && constant.isZero)) continue
    const rest = graph.sub(node.args[0], graph.scale(own.coefficient, leaf))
    const [plain, other] = [graph.scale(own.coefficient, leaf), rest].map((u) => graph.apply('exp', [u]))
    split.set(node, graph.mul(plain, other))
  }
  return split.size === 0 ? e : replaceNodes(graph, e, split)
}

/** What functions of exponentials are applied to, as multiples of the leaf; nothing where one is not. */
function exponentsOf(e: Expr, leaf: Expr): ReadonlyMap<Expr, Rational> {
  const found = new Map<Expr, Rational>()
  for (const node of postorder([e], (part) => part !== leaf)) {
    if (node.kind !== 'apply' || !FUNCTIONS.has(node.operator)) continue
    const monomials = monomialsOf(node.args[0])
    if (monomials.length !== 1) continue
    const [{ coefficient, factors }] = monomials
    if (factors.length !== 1 || factors[0].base !== leaf || !factors[0].exponent.isOne) continue
    found.set(node, coefficient)
  }
  return found
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  'exp',
  'expm1',
  'sigmoid',
  'softplus',
  'log_sigmoid',
  'tanh',
  'sinh',
  'cosh',
])

/** The expression as a series of `t = e^(side · leaf)`, if that is what it is. */
function inExponential(
  e: Expr,
  leaf: Expr,
  exponents: ReadonlyMap<Expr, Rational>,
  side: Rational,
): Piece | undefined {
  const table = lately.of(leaf, `exp ${side.n}/${side.d}`)
  const known = new Map<Expr, Series>()
  for (const [node, coefficient] of exponents) {
    if (table.isKnown(node)) continue
    const n = coefficient.dividedBy(side)
    const series =
      node.kind === 'apply' && n.isInteger && Math.abs(Number(n.n)) <= 4
        ? ofFunction(node.operator, n.n)
        : undefined
    if (!series) return undefined
    known.set(node, series)
  }
  const series = seriesFrom(e, known, TERMS, table).get(e)
  return series && pieceOf(series, 0)
}

function ofFunction(operator: string, n: bigint): Series | undefined {
  const one = constant(ONE, TERMS)
  const t = (k: bigint): Series | undefined => (k === 0n ? one : power(variable(0n, TERMS), k, 1n))
  const size = n < 0n ? -n : n
  const plain = t(n)
  const small = t(size)
  const square = t(2n * size)
  const inverse = t(-n)
  if (!plain || !small || !square || !inverse) return undefined
  const negated = (a: Series): Series => scale(-1n, 1n, a)
  const over = (a: Series, b: Series): Series | undefined => {
    const reciprocal = power(b, -1n, 1n)
    return reciprocal && mul(a, reciprocal)
  }
  switch (operator) {
    case 'exp':
      return plain
    case 'expm1':
      return add(plain, negated(one))
    case 'sigmoid':
      return over(n > 0n ? small : one, add(one, small))
    case 'softplus':
      return n > 0n ? log(add(one, small)) : undefined
    case 'log_sigmoid': {
      const size = n < 0n ? log(add(one, small)) : undefined
      return size && negated(size)
    }
    case 'tanh': {
      const value = over(add(one, negated(square)), add(one, square))
      return value && (n > 0n ? negated(value) : value)
    }
    case 'sinh':
      return scale(1n, 2n, add(plain, negated(inverse)))
    case 'cosh':
      return scale(1n, 2n, add(plain, inverse))
    default:
      return undefined
  }
}

/** Whether what is computed is off by more than moves of the leaf explain. */
function isPoor({ lead, coefficients }: Piece, values: Values, side: number, y: number): boolean {
  const x = -y / side
  const t = Math.exp(-y)
  const terms = coefficients.map((c, k) => c * t ** (lead + k))
  const exact = terms.reduce((sum, term) => sum + term, 0)
  const slope = terms.reduce((sum, term, k) => sum + (lead + k) * term, 0)
  if (!Number.isFinite(exact) || Math.abs(exact) < SMALLEST) return false
  // Nearer the series says nothing.
  if (Math.abs(terms[terms.length - 1]) > 2 ** -60 * Math.abs(exact)) return false
  const condition = Math.abs((y * slope) / exact)
  const found = values.at(x)
  return !(Math.abs(found - exact) <= ALLOWED * (2 + condition) * 2 ** -52 * Math.abs(exact))
}
