/** Roots and logarithms of sums in which one square overflows: `√(x² + 4y)` is `|x| √(1 + 4y / x / x)` for a large `x`. */
import type { Add, Expr, Factor } from '../ir/expr.js'
import { isPositive } from '../ir/facts.js'
import type { Graph } from '../ir/graph.js'
import { HALF, ONE, Rational, TWO } from '../ir/rational.js'
import { powersOf } from '../ir/term.js'
import { inTurn } from './large-sums.js'
import { monomialsOf } from './polynomial.js'
import { isModerate, type Reads } from './quotient.js'

/** Products within these have all their digits. */
const DIGITS = 290
/** Longer sums are left alone. */
const MOST = 4

/** `size² · rest`, where the size is large. */
interface Squared {
  readonly size: Expr
  readonly rest: Expr
}

/** `otherwise` is the product as it is computed where the square is no larger. */
export function besideLargeRoot(
  graph: Graph,
  reads: Reads,
  factors: readonly Factor[],
  otherwise: Expr,
): Expr | undefined {
  const root = factors.find(({ base, exponent }) => base.kind === 'add' && exponent.d === 2n)
  if (root?.base.kind !== 'add' || !reads.areSeveral([root.base])) return undefined
  const squared = squaredIn(graph, root.base)
  if (!squared) return undefined
  const { size, rest } = squared
  const others = factors.filter((factor) => factor !== root)
  const whole = others.filter(({ exponent }) => exponent.isInteger).flatMap((factor) => inSize(factor, size))
  const far = inTurn(graph, [...whole, { base: size, exponent: root.exponent.times(TWO) }])
  const broken = powersOf(graph, others.filter(({ exponent }) => !exponent.isInteger)) // prettier-ignore
  return where(
    graph,
    size,
    root.exponent.times(TWO),
    graph.mulAll([...broken, graph.power(rest, root.exponent), far]),
    otherwise,
  )
}

export function logOfLargeSquare(graph: Graph, reads: Reads, e: Expr): Expr | undefined {
  if (e.kind !== 'apply' || (e.operator !== 'log' && e.operator !== 'log1p')) return undefined
  const sum = e.operator === 'log' ? e.args[0] : graph.add(graph.one, e.args[0])
  if (sum.kind !== 'add' || !reads.areSeveral([sum])) return undefined
  const squared = squaredIn(graph, sum)
  if (!squared) return undefined
  const log = (x: Expr): Expr => graph.apply('log', [x])
  return where(graph, squared.size, TWO, graph.add(graph.scale(TWO, log(squared.size)), log(squared.rest)), e)
}

/** `far` where a power of the size, or its square, may be too large. */
function where(graph: Graph, size: Expr, power: Rational, far: Expr, near: Expr): Expr {
  const digits = Math.floor(DIGITS / Math.max(2, Math.abs(power.toNumber())))
  return graph.select(graph.apply('lt', [size, graph.num(Rational.fromNumber(10 ** digits))]), near, far)
}

/** The only square, of one number or of a product; two of numbers are those of a hypotenuse. */
function squaredIn(graph: Graph, sum: Add): Squared | undefined {
  const terms = monomialsOf(sum)
  if (terms.length < 2 || terms.length > MOST) return undefined
  const squares = terms.filter(({ factors }) => factors.length > 0 && factors.every(isEven))
  const [square] = squares
  if (
    squares.length !== 1 ||
    square.coefficient.isNegative ||
    square.factors.every(({ base }) => isModerate(base))
  )
    return undefined
  const root = graph.mulAll(
    square.factors.map(({ base, exponent }) => graph.power(base, exponent.times(HALF))),
  )
  const size = isPositive(root.facts) ? root : graph.apply('abs', [root])
  const shares = terms
    .filter((term) => term !== square)
    .map(({ coefficient, factors }) => {
      const part = graph.scale(coefficient, graph.mulAll(powersOf(graph, factors)))
      return graph.stop(graph.div(graph.stop(graph.div(part, size)), size))
    })
  return { size, rest: graph.addAll([graph.num(square.coefficient), ...shares]) }
}

const isEven = ({ exponent }: Factor): boolean => exponent.isInteger && exponent.n % 2n === 0n

/** `x³` as `x |x|²`, which is divided by powers of the size. */
function inSize(factor: Factor, size: Expr): readonly Factor[] {
  const { base, exponent } = factor
  if (size.kind !== 'apply' || size.args[0] !== base) return [factor]
  if (isEven(factor)) return [{ base: size, exponent }]
  return [
    { base, exponent: ONE },
    { base: size, exponent: exponent.minus(ONE) },
  ]
}
