/**
 * Products of a factor that is 0 far out, as `e^(-x²)` is, and others that overflow there: 0, not `0 · ∞`. Powers are multiplied to the small
 * factor one by one, `e^(-x²) x x`; beside a sum, as `x⁴ - x²`, bounds of the sizes say where the product vanishes.
 */
import type { Expr, Factor, Mul } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { ONE, Rational } from '../ir/rational.js'
import { bodyOfRead, Sizes } from './sizes.js'

/** What is smaller is 0: with something to spare for the rounding of its logarithm, which is that of large numbers far out. */
const NOTHING = -760
const CERTAIN = Rational.fromNumber(1 - 2 ** -30)
/** Factors beyond these may make it vanish. */
const [SMALL, LARGE] = [1e-100, 1e100]
/** Longer products are left alone, and higher powers not written out. */
const LONGEST = 8

/** `otherwise` is the product as it is computed. */
export function whereNotVanishing(graph: Graph, product: Mul, otherwise: Expr): Expr | undefined {
  const { factors } = product
  if (factors.length > LONGEST) return undefined
  const decaying = factors.filter((factor) => isDecaying(factor))
  if (decaying.length === 0) return undefined
  // Where `p` is 0, `p (84 - 112 p²)` has no other factor that is large.
  const mayMeet = factors.some((factor) =>
    decaying.some((other) => other !== factor && overflows(factor, other)),
  )
  if (mayMeet) return guarded(graph, factors, decaying, otherwise)
  const others = factors.filter((factor) => !decaying.includes(factor))
  return otherwise === product ? oneByOne(graph, decaying, others) : undefined
}

function guarded(
  graph: Graph,
  factors: readonly Factor[],
  decaying: readonly Factor[],
  otherwise: Expr,
): Expr | undefined {
  const sizes = new Sizes(graph)
  const lt = (a: Expr, b: Expr): Expr => graph.apply('lt', [a, b])
  const number = (x: number): Expr => graph.num(Rational.fromNumber(x))
  const isSmall = decaying
    .map(({ base, exponent }) =>
      exponent.isNegative ? lt(number(LARGE), graph.apply('abs', [base])) : lt(base, number(SMALL)),
    )
    .reduce((a, b) => graph.apply('or', [a, b]))
  const size = graph.addAll(
    factors.map((factor) => {
      const { base, exponent } = factor
      const isFalling = decaying.includes(factor) && !grows(base)
      const bound = exponent.isNegative ? sizes.below(base) : sizes.above(base)
      return graph.scale(isFalling ? exponent.times(CERTAIN) : exponent, bound)
    }),
  )
  if (sizes.areMany) return undefined
  // Bounds are computed where one is small alone, which is hardly ever so; the product is written once.
  return graph.select(lt(graph.select(isSmall, size, graph.zero), number(NOTHING)), graph.zero, otherwise)
}

/** The small factors first; absent where nothing can overflow. */
function oneByOne(graph: Graph, decaying: readonly Factor[], others: readonly Factor[]): Expr | undefined {
  const isWhole = others.every(
    ({ exponent }) => exponent.isInteger && exponent.abs().compare(Rational.of(LONGEST)) < 0,
  )
  const steps = isWhole ? others.flatMap(({ base, exponent }) => Array.from({ length: Number(exponent.abs().n) }, () => graph.power(base, exponent.isNegative ? ONE.negate() : ONE))) : [] // prettier-ignore
  if (steps.filter(isUnbounded).length < 2) return undefined
  const small = graph.mulAll(decaying.map(({ base, exponent }) => graph.power(base, exponent)))
  // Nothing is differentiated any more: `stop` keeps the order.
  return steps.reduce((value, step) => graph.mul(graph.stop(value), step), small)
}

const DECAYING: ReadonlySet<string> = new Set(['exp', 'sigmoid', 'gaussian', 'normal_pdf', 'normal_cdf', 'erfc', 'softplus']) // prettier-ignore
const GROWING: ReadonlySet<string> = new Set(['exp', 'expm1', 'cosh', 'sinh'])
/** What is so far below, or in so long a sum, is not looked at. */
const DEEPEST = 8

export const mayDecay = (e: Expr, depth = 0): boolean =>
  e.kind === 'mul' && e.factors.length <= LONGEST && e.factors.some((factor) => isDecaying(factor, depth))

/** What may be 0 without a zero there. */
function isDecaying({ base, exponent }: Factor, depth = 0): boolean {
  return exponent.isNegative ? isExponential(base, depth) : vanishes(base, depth)
}

function vanishes(e: Expr, depth: number): boolean {
  if (depth > DEEPEST || e.facts.low > SMALL) return false
  const arms = partsOf(e) ?? (e.kind === 'apply' && e.operator === 'select' ? e.args.slice(1) : undefined)
  if (arms) return arms.some((arm) => vanishes(arm, depth + 1) || mayDecay(arm, depth + 1))
  return e.kind === 'apply' && DECAYING.has(e.operator)
}

/** Of a value that stands for another one. */
function partsOf(e: Expr): readonly Expr[] | undefined {
  const body = bodyOfRead(e)
  if (body) return [body]
  return e.kind === 'stop' ? [e.operand] : e.kind === 'guard' ? [e.body] : undefined
}

function isExponential(e: Expr, depth: number): boolean {
  if (depth > DEEPEST || !isUnbounded(e)) return false
  const parts = partsOf(e) ?? (e.kind === 'add' && e.terms.length <= LONGEST ? e.operands : [])
  if (e.kind === 'mul' && e.factors.length <= LONGEST)
    return e.factors.some(({ base, exponent }) => !exponent.isNegative && isExponential(base, depth + 1))
  return parts.some((part) => isExponential(part, depth + 1)) || (e.kind === 'apply' && GROWING.has(e.operator)) // prettier-ignore
}

/** Powers and sums of them, where the other factor is 0: what is no larger than the data is a number where these are. */
function overflows({ base, exponent }: Factor, other: Factor): boolean {
  if (exponent.isNegative) return base.kind !== 'read' && !isExponential(base, 0)
  return grows(base, other.exponent.isNegative ? undefined : other.base)
}

/** `small` is next to 0. */
function grows(e: Expr, small?: Expr, depth = 0): boolean {
  if (depth > DEEPEST || e === small) return false
  const [part] = partsOf(e) ?? []
  if (part) return grows(part, small, depth + 1)
  switch (e.kind) {
    case 'add':
      return e.terms.length <= LONGEST && e.terms.some(({ node }) => grows(node, small, depth + 1))
    case 'mul': {
      if (e.factors.length > LONGEST) return false
      // `a u + b v` with weights and data is a number: only what is multiplied by itself overflows among these.
      return e.factors.some(
        ({ base, exponent }) =>
          isUnbounded(base) &&
          !(base === small && !exponent.isNegative) &&
          (!exponent.isOne || grows(base, small, depth + 1)),
      )
    }
    case 'apply':
      if (e.operator === 'select') return e.args.slice(1).some((arm) => grows(arm, small, depth + 1))
      return isUnbounded(e)
    default:
      return false
  }
}

const isUnbounded = ({ facts: { low, high } }: Expr): boolean => low < -LARGE || high > LARGE
