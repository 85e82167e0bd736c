/** Where exponentials overflow, or all that is left of a difference is one: what its leading term is stands for an expression of one leaf. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, Rational } from '../../ir/rational.js'
import { postorder, replaceNodes, rewrite } from '../../ir/walk.js'
import { monomialsOf } from '../polynomial.js'
import { sameFarOut } from './branches.js'
import { cancels } from './cancellation.js'
import { isPoor } from './conditioning.js'
import { Growths } from './growth.js'
import { number } from './piece.js'
import { Values } from './values.js'

/** Sizes of exponents at which it is tried. */
const PROBES = [
  1e5, 1500, 1450, 1400, 1300, 1200, 1000, 900, 800, 760, 740, 700, 600, 500, 400, 380, 365, 350, 300, 250, 235, 220,
  200, 180, 170, 150, 120, 100, 80, 70, 60, 50, 45, 40, 38,
] // prettier-ignore
const NEAREST = Math.min(...PROBES)
/** Exponentials of these are just too large: a quotient of one may be a number. */
const ENDS = [725, 722, 719, 716, 714, 712, 711]
/** Squares of exponentials of these overflow, they do, their roots do. */
const LARGE = [1500, 745, 380]
const CANCELLING = 100
/** Errors in ulp beyond `ALLOWED (1 + condition)` are too much. */
const ALLOWED = 6
/** Smaller values have fewer digits. */
const SMALLEST = 1e-290
/** What is so much smaller is nothing. */
const NOTHING = 2 ** -57
/** Exponentials of halves of it are far from the ends. */
const HALVED = 700

/** What stands for an expression where the size of the leaf is beyond `end`. */
interface Leading {
  readonly value: Expr
  readonly end: number
}

/** A positive number of any size; it stands for that of the leaf while a leading term is looked for. */
export const sizeOfLeaf = (graph: Graph): Expr => graph.read(graph.input({ name: 'size', shape: [], facts: { low: 0, high: Infinity, nonzero: true, finite: true } }), []) // prettier-ignore

/** A number that stands for a product, or a logarithm, while what cancels is looked for. */
export const anyNumber = (graph: Graph, name: string): Expr => graph.read(graph.input({ name, shape: [], facts: { low: -Infinity, high: Infinity, nonzero: false, finite: true } }), []) // prettier-ignore

/** `otherwise` stands for the expression where its leading term does not. */
export function withoutOverflow(
  graph: Graph,
  sizeOf: () => Expr,
  e: Expr,
  leaf: Expr,
  otherwise = e,
): Expr | undefined {
  const multiples = multiplesOf(e, leaf)
  if (multiples.length === 0) return undefined
  const rate = multiples.reduce((a, b) => (a.compare(b) <= 0 ? a : b))
  const on = (side: 1 | -1): Leading | undefined => {
    const bound = side > 0 ? leaf.facts.high : -leaf.facts.low
    const unit = rate.toNumber()
    return bound * unit > LARGE[1] && mayLose(e, leaf, side / unit)
      ? leadingOn(graph, sizeOf(), e, otherwise, leaf, side, rate)
      : undefined
  }
  const [above, below] = [on(1), on(-1)]
  if (!above && !below) return undefined
  const size = sizeOf()
  const select = ({ end, value }: Leading, x: Expr, rest: Expr): Expr =>
    graph.select(graph.apply('lt', [number(graph, end), x]), inLeaf(graph, value, size, x), rest)
  const modulus = graph.apply('abs', [leaf])
  if (above && below && above.end === below.end) {
    if (above.value === below.value) return select(above, modulus, otherwise)
    const odd = graph.mul(graph.apply('sign', [leaf]), above.value)
    if (above.value === graph.neg(below.value)) return select({ ...above, value: odd }, modulus, otherwise)
  }
  const right = above ? select(above, leaf, otherwise) : otherwise
  return below ? select(below, graph.neg(leaf), right) : right
}

/** `|x|²` is `x²`. */
function inLeaf(graph: Graph, value: Expr, size: Expr, x: Expr): Expr {
  const written = replaceNodes(graph, value, new Map([[size, x]]))
  if (x.kind !== 'apply' || x.operator !== 'abs') return written
  return rewrite(graph, written, (_, node) =>
    node.kind === 'mul'
      ? graph.mulAll(
          node.factors.map(({ base, exponent }) =>
            graph.power(
              base === x && exponent.isInteger && exponent.n % 2n === 0n ? x.args[0] : base,
              exponent,
            ),
          ),
        )
      : node,
  )
}

/** By what the leaf is multiplied in exponentials, without signs. */
function multiplesOf(e: Expr, leaf: Expr): readonly Rational[] {
  const found: Rational[] = []
  for (const node of postorder([e], (part) => part !== leaf)) {
    if (node.kind !== 'apply' || !EXPONENTIAL.has(node.operator)) continue
    for (const { coefficient, factors } of monomialsOf(node.args[0]))
      if (factors.length === 1 && factors[0].base === leaf && factors[0].exponent.isOne)
        found.push(coefficient.abs())
  }
  return found
}

const EXPONENTIAL: ReadonlySet<string> = new Set([
  'exp',
  'expm1',
  'sinh',
  'cosh',
  'tanh',
  'sigmoid',
  'softplus',
  'log_sigmoid',
  'log1mexp',
])

/** A first look, in numbers. */
function mayLose(e: Expr, leaf: Expr, unit: number): boolean {
  const values = Values.of(e, leaf)
  const isLost = (y: number): boolean => values.allAt(unit * y).some((value) => !Number.isFinite(value))
  return LARGE.some(isLost) || cancels(e, leaf, unit * CANCELLING)
}

function leadingOn(
  graph: Graph,
  size: Expr,
  e: Expr,
  computed: Expr,
  leaf: Expr,
  side: 1 | -1,
  rate: Rational,
): Leading | undefined {
  const unit = 1 / rate.toNumber()
  const holds = (condition: Expr): boolean | undefined => sameFarOut(condition, size, NEAREST * unit)
  const hasRoots = postorder([e]).some(
    (node) => node.kind === 'mul' && node.factors.some(({ exponent }) => exponent.d === 2n),
  )
  const own = hasRoots ? rate.times(HALF) : rate
  const growth = new Growths(graph, size, own, holds).of(
    replaceNodes(graph, e, new Map([[leaf, graph.scale(Rational.of(side), size)]])),
  )
  const coefficient = growth?.terms[0]
  if (!growth || !coefficient) return undefined
  const exponent = own.times(Rational.of(-growth.lead))
  const [step, total] = [own, exponent].map((r) => r.toNumber() / rate.toNumber())
  const ends = total === 0 ? [] : ENDS.map((end) => end / Math.abs(total))
  const terms = growth.terms.map((term) => Values.of(term, size))
  const probes = [...PROBES, ...ends]
    .toSorted((a, b) => b - a)
    .map((y) => ({ y, ...probe(terms, unit * y, total * y, Math.exp(-step * y)) }))
    .filter(({ isKnown }) => isKnown)
  const values = Values.of(computed, leaf)
  const poor = probes.filter(({ y, exact, condition }) => {
    if (!Number.isFinite(exact) || Math.abs(exact) < SMALLEST) return false
    const found = values.at(side * unit * y)
    return !(Math.abs(found - exact) <= ALLOWED * (1 + condition) * 2 ** -52 * Math.abs(exact))
  })
  if (poor.length === 0) return undefined
  const nearest = poor[poor.length - 1].y
  // Between the two it begins.
  const { y } = probes.find((next) => next.y < nearest) ?? poor[poor.length - 1]
  if ([2, 20].some((factor) => isPoor(coefficient, size, unit * y * factor))) return undefined
  const end = y / rate.toNumber()
  return { value: spelled(graph, coefficient, graph.scale(exponent, size), size, unit), end } // prettier-ignore
}

interface Probe {
  /** Whether all but the leading term is nothing. */
  readonly isKnown: boolean
  readonly exact: number
  readonly condition: number
}

function probe(terms: readonly Values[], x: number, exponent: number, t: number): Probe {
  const [first, ...others] = terms.map((term) => term.at(x))
  const rest = others.reduce((sum, value, k) => sum + Math.abs(value) * t ** (k + 1), 0)
  const half = Math.exp(exponent / 2)
  const step = 2 ** -20
  return {
    isKnown: rest <= NOTHING * Math.abs(first) && t ** terms.length <= NOTHING,
    exact: half * (half * first),
    condition: Math.abs(exponent) + Math.abs((terms[0].at(x * (1 + step)) / first - 1) / step),
  }
}

/** `c e^u`: where that is smaller than the exponential, half of it is multiplied before `c` and half after it. */
function spelled(graph: Graph, c: Expr, exponent: Expr, leaf: Expr, unit: number): Expr {
  const isGrowing = Values.of(exponent, leaf).at(unit) > 0
  const isSmall = !(Math.abs(Values.of(c, leaf).at(unit * HALVED)) >= 1)
  if (!isGrowing || !isSmall) return graph.mul(c, graph.apply('exp', [exponent]))
  const half = graph.apply('exp', [graph.scale(HALF, exponent)])
  return graph.mul(half, graph.stop(graph.mul(half, c)))
}
