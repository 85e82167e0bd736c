/**
 * Numbers in an order in which nothing overflows that the result does not: `x / y²` as `(x / y) / y`, and `log(x y)` and `√(x y)` factor by
 * factor where the product is none. In loops over arrays the plain spellings stay: they are what one would write, and fast.
 */
import type { Expr, Factor, Read } from '../ir/expr.js'
import { isPositive } from '../ir/facts.js'
import type { Graph } from '../ir/graph.js'
import { NodeMap } from '../ir/node-map.js'
import type { Pass } from '../ir/pass.js'
import { mapEntries } from '../ir/program-map.js'
import { ONE, Rational } from '../ir/rational.js'
import { postorder, rewrite } from '../ir/walk.js'
import { redefine } from './inline.js'
import { bodyOfNumber } from './shared-factors.js'

/** Products of so many numbers within these are numbers. */
const MODERATE = 1e20
/** Products within these have all their digits. */
const [SMALL, LARGE] = [1e-290, 1e290]
/** Longer products are left alone. */
const LONGEST = 8

export function balanced(graph: Graph, root: Expr, reads: Reads): Expr {
  return rewrite(graph, root, (_, e) => {
    if (e.integer) return e
    if (e.kind === 'mul') return rootOfProduct(graph, e.factors) ?? quotient(graph, reads, e.factors) ?? e
    if (e.kind === 'apply' && e.operator === 'log') return logOfProduct(graph, e, e.args[0]) ?? e
    return e
  })
}

/** Numbers that are neither large nor small, as far as is known. */
function isModerate({ integer, kind, facts: { low, high, nonzero } }: Expr): boolean {
  if (integer || kind === 'num' || kind === 'constant') return true
  const [least, most] = low > 0 ? [low, high] : high < 0 ? [-high, -low] : [0, Math.max(-low, high)]
  return nonzero && least >= 1 / MODERATE && most <= MODERATE
}

// ── Quotients ────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * `x y / (x + y)²` as `x / (x + y) · y / (x + y)`, and `x / y²` as `x / y / y`: what comes out on the way lies between the operands and the
 * result. Where that is not so, products stay as they are written.
 */
function quotient(graph: Graph, reads: Reads, factors: readonly Factor[]): Expr | undefined {
  const above: Expr[] = []
  const below: Expr[] = []
  const rest: Expr[] = []
  for (const { base, exponent } of factors) {
    const size = exponent.abs()
    if (isModerate(base) || !size.isInteger || size.compare(Rational.of(LONGEST)) > 0) {
      rest.push(graph.power(base, exponent))
      continue
    }
    for (let count = size.n; count > 0n; count--) (exponent.isNegative ? below : above).push(base)
  }
  if (below.length === 0 || above.length === 0 || below.length + above.length < 3) return undefined
  if (!reads.areSeveral([...above, ...below])) return undefined
  const shares: Expr[] = []
  for (const [at, numerator] of above.entries()) {
    const shared = sumOfShares(graph, numerator, below)
    if (!shared) continue
    above[at] = shared
    break
  }
  const divisors: Expr[] = []
  for (const denominator of below) {
    const at = above.findIndex((numerator) => isPartOf(numerator, denominator))
    if (at < 0) divisors.push(denominator)
    else shares.push(graph.stop(graph.div(above.splice(at, 1)[0], denominator)))
  }
  const [divisor, ...more] = divisors
  const isPower =
    above.length + shares.length === 1 && more.length > 0 && more.every((next) => next === divisor)
  if (!isPower && shares.length === 0) return undefined
  // Nothing is differentiated any more: `stop` keeps the quotients as they are.
  if (!isPower) return graph.mulAll([...rest, ...shares, ...above, ...divisors.map((d) => graph.power(d, ONE.negate()))]) // prettier-ignore
  const divided = more.reduce((value, next) => graph.div(graph.stop(value), next), graph.div(shares[0] ?? above[0], divisor)) // prettier-ignore
  return graph.mulAll([...rest, divided])
}

/** `(2x² - y²) / r⁵` as `(2 (x/r)² - (y/r)²) / r³`: takes what it divides by out of `below`. */
function sumOfShares(graph: Graph, e: Expr, below: Expr[]): Expr | undefined {
  const [whole] = below
  if (e.kind !== 'add' || !e.constant.isZero || below.some((next) => next !== whole)) return undefined
  const terms = e.terms.map(({ node, coefficient }) => {
    const parts = (node.kind === 'mul' ? node.factors : [{ base: node, exponent: ONE }]).flatMap(
      ({ base, exponent }) =>
        isPartOf(base, whole) && exponent.isInteger && !exponent.isNegative
          ? Array.from({ length: Number(exponent.n) }, () => base)
          : [],
    )
    return { node, coefficient, parts }
  })
  const count = Math.min(below.length, ...terms.map(({ parts }) => parts.length))
  if (count === 0) return undefined
  below.splice(0, count)
  return graph.addAll(
    terms.map(({ node, coefficient, parts }) => {
      const taken = parts.slice(0, count)
      const rest = without(graph, node, taken)
      const shares = taken.map((part) => graph.stop(graph.div(part, whole)))
      return graph.scale(coefficient, graph.mulAll([rest, ...shares]))
    }),
  )
}

/** A product without some of its factors. */
function without(graph: Graph, product: Expr, taken: readonly Expr[]): Expr {
  if (product.kind !== 'mul') return graph.one
  return graph.mulAll(
    product.factors.map(({ base, exponent }) => {
      const count = taken.filter((part) => part === base).length
      return graph.power(base, exponent.minus(Rational.of(count)))
    }),
  )
}

/** Memoised: what expressions read, as far as one is told from several. */
export class Reads {
  private readonly known = new NodeMap<Read | 'none' | 'several'>()

  areSeveral(parts: readonly Expr[]): boolean {
    for (const e of postorder(parts, (part) => !this.known.has(part))) {
      const below = this.joint(e.operands)
      this.known.set(e, e.kind === 'read' ? (below === 'none' ? e : 'several') : below)
    }
    return this.joint(parts) === 'several'
  }

  private joint(parts: readonly Expr[]): Read | 'none' | 'several' {
    let joint: Read | 'none' | 'several' = 'none'
    for (const part of parts) {
      const own = this.known.get(part) ?? 'none'
      if (joint === 'none') joint = own
      else if (own !== 'none' && own !== joint) return 'several'
    }
    return joint
  }
}

/** Whether it is a term of the sum, or a side of the hypotenuse. */
function isPartOf(e: Expr, whole: Expr): boolean {
  if (whole.kind === 'add') return whole.terms.some(({ node }) => node === e)
  return whole.kind === 'apply' && whole.operator === 'hypot' && whole.args.includes(e)
}

// ── Logarithms and roots ─────────────────────────────────────────────────────────────────────────────────────

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
function logOfProduct(graph: Graph, e: Expr, product: Expr): Expr | undefined {
  const factors = productOf(graph, product)
  if (!factors) return undefined
  const apart = graph.addAll(
    factors.map(({ base, exponent }) => graph.scale(exponent, graph.apply('log', [sizeOf(graph, base)]))),
  )
  return whereLost(graph, e, product, factors, apart)
}

/** `√(x y)` likewise, and other fractional powers. */
function rootOfProduct(graph: Graph, factors: readonly Factor[]): Expr | undefined {
  const at = factors.findIndex(({ base, exponent }) => !exponent.isInteger && productOf(graph, base))
  const { base, exponent } = factors[at] ?? { base: graph.one, exponent: ONE }
  const own = productOf(graph, base)
  if (!own) return undefined
  const apart = graph.mulAll(
    own.map((factor) => graph.power(graph.power(sizeOf(graph, factor.base), factor.exponent), exponent)),
  )
  const root = whereLost(graph, graph.power(base, exponent), base, own, apart)
  const others = factors.filter((_, position) => position !== at)
  return graph.mulAll([...others.map((factor) => graph.power(factor.base, factor.exponent)), root])
}

const sizeOf = (graph: Graph, base: Expr): Expr =>
  base.kind === 'num'
    ? graph.num(base.value.abs())
    : isPositive(base.facts)
      ? base
      : graph.apply('abs', [base])

/** `apart` where the product of positive numbers is too large or too small, or two are negative. */
function whereLost(graph: Graph, e: Expr, product: Expr, factors: readonly Factor[], apart: Expr): Expr {
  const lt = (a: Expr, b: Expr): Expr => graph.apply('lt', [a, b])
  const number = (x: number): Expr => graph.num(Rational.fromNumber(x))
  const isWithin = graph.apply('and', [lt(number(SMALL), product), lt(product, number(LARGE))])
  const signs = factors.flatMap(({ base, exponent }) =>
    isPositive(base.facts) || !exponent.isInteger || exponent.n % 2n === 0n
      ? []
      : [graph.apply('sign', [base])],
  )
  const lost = graph.select(lt(graph.zero, graph.mulAll(signs)), apart, e)
  return graph.select(isWithin, e, lost)
}

/** The same in the definitions of numbers. */
export function balanceNumbers(): Pass {
  return {
    name: 'balance',
    doc: 'Numbers are multiplied and divided in an order in which nothing overflows that the result does not',
    run: (program) => {
      const reads = new Reads()
      return mapEntries(program, {
        replace: (def, rebuilt) => {
          const body = bodyOfNumber(def)
          if (!body || def.kind !== 'computed') return undefined
          const result = balanced(program.graph, rebuilt.expr(body), reads)
          return result === body ? def : redefine(program.graph, def, result, [])
        },
      })
    },
  }
}
