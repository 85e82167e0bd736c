/**
 * Numbers in an order in which nothing overflows that the result does not: `x / y²` as `(x / y) / y`, and `log(x y)` and `√(x y)` factor by
 * factor where the product is none. In loops over arrays the plain spellings stay: they are what one would write, and fast.
 */
import type { Expr, Factor } from '../ir/expr.js'
import { isPositive } from '../ir/facts.js'
import type { Graph } from '../ir/graph.js'
import { NodeMap } from '../ir/node-map.js'
import type { Pass } from '../ir/pass.js'
import { mapEntries } from '../ir/program-map.js'
import { HALF, ONE, Rational, ZERO } from '../ir/rational.js'
import { powersOf, withFactors } from '../ir/term.js'
import { everything, rewrite } from '../ir/walk.js'
import { redefine } from './inline.js'
import { besideLargeRoot, logOfLargeSquare } from './large-squares.js'
import { byLargeSum } from './large-sums.js'
import { isModerate, LONGEST, quotient, Reads } from './quotient.js'
import { bodyOfNumber } from './shared-factors.js'
import { mayDecay, whereNotVanishing } from './underflow.js'

/** Products within these have all their digits. */
const [SMALL, LARGE] = [1e-290, 1e290]

/** Expressions that share parts share the work. */
export class Balance {
  private readonly memo = new NodeMap<Expr>()
  private readonly reads = new Reads()

  constructor(private readonly graph: Graph) {}

  of(root: Expr): Expr {
    const { graph, memo } = this
    return rewrite(graph, root, (_, e) => (isConcerned(e) ? this.ofNode(e) : e), everything, memo)
  }

  private ofNode(e: Expr): Expr {
    const { graph, reads } = this
    if (e.integer) return e
    if (e.kind === 'mul') {
      const product = withFactors(graph, e, (factor) => nearConstant(graph, factor)) ?? e
      if (product.kind !== 'mul') return product
      const plain =
        rootOfProduct(graph, product.factors) ?? quotient(graph, reads, product.factors) ?? product
      const whole =
        byLargeSum(graph, reads, product.factors, plain) ??
        besideLargeRoot(graph, reads, product.factors, plain) ??
        plain
      return whereNotVanishing(graph, product, whole) ?? whole
    }
    if (e.kind === 'apply' && e.operator === 'log')
      return logOfProduct(graph, e.args[0]) ?? logOfLargeSquare(graph, reads, e) ?? e
    return logOfLargeSquare(graph, reads, e) ?? e
  }
}

/** Quotients, roots, high powers and logarithms. */
function isConcerned(e: Expr): boolean {
  if (e.kind === 'mul')
    return (
      e.factors.some(({ exponent }) => exponent.isNegative || !exponent.isInteger || isHigh(exponent)) ||
      mayDecay(e)
    )
  return e.kind === 'apply' && (e.operator === 'log' || e.operator === 'log1p')
}

/** Lower powers make less of the rounding of a sum than is allowed. */
const isHigh = (exponent: Rational): boolean => Math.abs(exponent.toNumber()) > 12

/** `(c + x)^100` as `c^100 (1 + x/c)^100` by the logarithm, for an `x` of which the sum would round much. */
function nearConstant(graph: Graph, { base, exponent }: Factor): Expr | undefined {
  if (!isHigh(exponent) || base.kind !== 'add' || base.integer) return undefined
  const { constant: c } = base
  const size = Math.abs(exponent.toNumber() * Math.log10(c.abs().toNumber()))
  if (!(size < MOST_DIGITS) || (c.isNegative && !exponent.isInteger)) return undefined
  const x = graph.scale(c.inverse(), graph.sub(base, graph.num(c)))
  const near = graph.apply('exp', [graph.scale(exponent, graph.apply('log1p', [x]))])
  const isNear = graph.apply('lt', [graph.apply('abs', [x]), graph.num(HALF)])
  return graph.select(isNear, graph.mul(graph.power(graph.num(c), exponent), near), graph.power(base, exponent)) // prettier-ignore
}

/** Larger powers of numbers are not written out. */
const MOST_DIGITS = 250

/** `c Π base^exponent`, if there are several numbers that may be large or small. */
function productOf(graph: Graph, e: Expr): readonly Factor[] | undefined {
  const single = e.kind === 'add' && e.terms.length === 1 && e.constant.isZero ? e.terms[0] : undefined
  const node = single ? single.node : e
  if (node.kind !== 'mul' || node.factors.length > LONGEST) return undefined
  if (node.factors.filter(({ base }) => !isModerate(base)).length < 2) return undefined
  const scale = single ? [{ base: graph.num(single.coefficient), exponent: ONE }] : []
  return [...scale, ...node.factors]
}

/** `log(x y)` by its factors where the product is no number, or has lost digits. */
function logOfProduct(graph: Graph, product: Expr): Expr | undefined {
  const factors = productOf(graph, product)
  if (!factors) return undefined
  const apart = graph.addAll(
    factors.map((factor) => graph.scale(factor.exponent, graph.apply('log', [sizeOf(graph, factor)]))),
  )
  return whereLost(graph, (x) => graph.apply('log', [x]), product, factors, apart)
}

/** `√(x y)` likewise, and other fractional powers. */
function rootOfProduct(graph: Graph, factors: readonly Factor[]): Expr | undefined {
  const at = factors.findIndex(({ base, exponent }) => !exponent.isInteger && productOf(graph, base))
  const { base, exponent } = factors[at] ?? { base: graph.one, exponent: ONE }
  const own = productOf(graph, base)
  if (!own) return undefined
  const apart = graph.mulAll(
    own.map((factor) => graph.power(graph.power(sizeOf(graph, factor), factor.exponent), exponent)),
  )
  const root = whereLost(graph, (x) => graph.power(x, exponent), base, own, apart)
  const others = factors.filter((_, position) => position !== at)
  return graph.mulAll([...powersOf(graph, others), root])
}

/** What its power is made of without its sign; roots of negative numbers stay what they are. */
function sizeOf(graph: Graph, { base, exponent }: Factor): Expr {
  if (isPositive(base.facts) || !exponent.isInteger) return base
  return base.kind === 'num' ? graph.num(base.value.abs()) : graph.apply('abs', [base])
}

/** `apart` where the product of positive numbers is too large or too small, or two are negative; where one is, its sign decides, which a product of 0 has lost. */
function whereLost(
  graph: Graph,
  of: (x: Expr) => Expr,
  product: Expr,
  factors: readonly Factor[],
  apart: Expr,
): Expr {
  const lt = (a: Expr, b: Expr): Expr => graph.apply('lt', [a, b])
  const number = (x: number): Expr => graph.num(Rational.fromNumber(x))
  const isWithin = graph.apply('and', [lt(number(SMALL), product), lt(product, number(LARGE))])
  const signs = factors.flatMap(({ base, exponent }) => {
    if (isPositive(base.facts)) return []
    // Of an even power whether it is 0 or infinite, of a root also whether it is a number.
    const size = exponent.isInteger ? Rational.of(exponent.n % 2n === 0n ? 2 : 1) : HALF
    return [graph.power(graph.apply('sign', [base]), exponent.isNegative ? size.negate() : size)]
  })
  const sign = graph.mulAll(signs)
  // Of a factor that is no number, or infinite, the product with 0 is none.
  const undefinedOnes = factors.filter(({ base }) => !base.facts.finite)
  const rest = undefinedOnes.map(({ base }) => graph.scale(ZERO, base))
  const lost = graph.select(lt(graph.zero, sign), apart, of(graph.addAll([sign, ...rest])))
  return graph.select(isWithin, of(product), lost)
}

/** The same in the definitions of numbers. */
export function balanceNumbers(): Pass {
  return {
    name: 'balance',
    doc: 'Numbers are multiplied and divided in an order in which nothing overflows that the result does not',
    run: (program) => {
      const balance = new Balance(program.graph)
      return mapEntries(program, {
        replace: (def, rebuilt) => {
          const body = bodyOfNumber(def)
          if (!body || def.kind !== 'computed') return undefined
          const result = balance.of(rebuilt.expr(body))
          return result === body ? def : redefine(program.graph, def, result, [])
        },
      })
    },
  }
}
