/**
 * Quotients of several numbers in an order in which nothing overflows that the result does not: `x / y²` as `(x / y) / y`, and
 * `x / (x² + y²)` as `(x / r) / r` for `r = hypot(x, y)`.
 */
import type { Expr, Factor, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { NodeMap } from '../ir/node-map.js'
import { ONE, Rational, TWO } from '../ir/rational.js'
import { factorsOf } from '../ir/term.js'
import { postorder } from '../ir/walk.js'
import { normOfSquares } from './rules/root.js'

/** Products of so many numbers within these are numbers. */
const MODERATE = 1e20
/** Longer products are left alone. */
export const LONGEST = 8

/** Numbers that are neither large nor small, as far as is known. */
export function isModerate({ integer, kind, facts: { low, high, nonzero } }: Expr): boolean {
  if (integer || kind === 'num' || kind === 'constant') return true
  const [least, most] = low > 0 ? [low, high] : high < 0 ? [-high, -low] : [0, Math.max(-low, high)]
  return nonzero && least >= 1 / MODERATE && most <= MODERATE
}

/**
 * What comes out on the way lies between the operands and the result: `x y / (x + y)²` is `x / (x + y) · y / (x + y)`, and
 * `y³ / x²` is `(y / x)² y`. Where that is not so, products stay as they are written.
 */
export function quotient(graph: Graph, reads: Reads, factors: readonly Factor[]): Expr | undefined {
  const above: Expr[] = []
  const below: Expr[] = []
  const rest: Expr[] = []
  for (const { base, exponent } of byNorms(graph, factors)) {
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
  const sums = above.map((numerator) => ({ numerator, shared: sumOfShares(graph, numerator, below) }))
  above.splice(0, above.length, ...sums.map(({ numerator, shared }) => shared ?? numerator))
  const isShared = sums.some(({ shared }) => shared !== undefined)
  const divisors: Expr[] = []
  // Nothing is differentiated any more: `stop` keeps quotients as they are.
  const share = (numerator: Expr, denominator: Expr): void => {
    above.splice(above.indexOf(numerator), 1)
    shares.push(graph.stop(graph.div(numerator, denominator)))
  }
  for (const denominator of below) {
    const part = above.find((numerator) => isPartOf(numerator, denominator))
    if (part) share(part, denominator)
    else divisors.push(denominator)
  }
  const [y, x] = [onlyRead(above), onlyRead(divisors)]
  const isRatio = y !== undefined && x !== undefined
  while (isRatio && above.includes(y) && divisors.includes(x)) {
    share(y, x)
    divisors.splice(divisors.indexOf(x), 1)
  }
  if (isRatio) shareNorms(graph, shares, divisors)
  const [divisor, ...more] = divisors
  // Sums of shares are no numbers that a power of what they are shares of takes anything from.
  const isPower = !isShared && (isRatio || above.length + shares.length === 1) && divisor !== undefined && more.every((next) => next === divisor) // prettier-ignore
  if (shares.length === 0 && !isShared && !(isPower && more.length > 0)) return undefined
  if (!isPower) return graph.mulAll([...rest, ...shares, ...above, ...divisors.map((d) => graph.power(d, ONE.negate()))]) // prettier-ignore
  const first = shares.length > 0 ? graph.mulAll(shares) : above.splice(0, 1)[0]
  const divided = more.reduce((value, next) => graph.div(graph.stop(value), next), graph.div(first, divisor))
  return graph.mulAll([...rest, ...above, divided])
}

/** By `hypot(y/x, 1)`, which `y/x` is a share of; and by `x hypot(y/x, 1)`, which is as large as the larger of both: each of its factors may overflow. */
function shareNorms(graph: Graph, shares: Expr[], divisors: Expr[]): void {
  const norm = divisors.find(isHypot)
  if (!norm) return
  const take = (divisor: Expr): void => void divisors.splice(divisors.indexOf(divisor), 1)
  for (const [at, part] of shares.entries())
    if (divisors.includes(norm) && isPartOf(part, norm)) {
      shares[at] = graph.stop(graph.div(part, norm))
      take(norm)
    }
  const other = divisors.find((divisor) => sidesOf(norm).some((side) => isQuotientBy(side, divisor)))
  while (other && divisors.includes(other) && divisors.includes(norm)) {
    take(other)
    take(norm)
    divisors.push(graph.stop(graph.mul(other, norm)))
  }
}

/** `y / x` by `x`. */
const isQuotientBy = (e: Expr, divisor: Expr): boolean =>
  e.kind === 'stop' &&
  e.operand.kind === 'mul' &&
  e.operand.factors.some(({ base, exponent }) => base === divisor && exponent.isNegative)

/** The one number that is read among them. */
function onlyRead(parts: readonly Expr[]): Expr | undefined {
  const [only, ...more] = new Set(parts.filter(({ kind }) => kind === 'read'))
  return more.length === 0 ? only : undefined
}

// ── Sums of squares ──────────────────────────────────────────────────────────────────────────────────────────

/** By `hypot(x, y)²` for the `x² + y²` that is divided by, and for a part of it above. */
function byNorms(graph: Graph, factors: readonly Factor[]): readonly Factor[] {
  const isDivisor = ({ exponent }: Factor): boolean => exponent.isNegative && exponent.isInteger
  // Where nothing stands above, a quotient that overflows is one that is too large.
  if (!factors.some(({ base, exponent }) => !exponent.isNegative && !isModerate(base))) return factors
  const known = factors.map((factor) => (isDivisor(factor) ? normOfSquares(graph, factor.base) : undefined))
  const norms = factors.flatMap((factor, at) => known[at] ?? (isDivisor(factor) && isHypot(factor.base) ? factor.base : [])) // prettier-ignore
  if (norms.length === 0) return factors
  return factors.map((factor, at) => {
    const isAbove = factor.exponent.isInteger && !factor.exponent.isNegative
    const part = isAbove ? normOfSquares(graph, factor.base) : undefined
    const norm = known[at] ?? (part && norms.some((whole) => isPartOf(part, whole)) ? part : undefined)
    return norm ? { base: norm, exponent: factor.exponent.times(TWO) } : factor
  })
}

const isPower = (e: Expr): boolean => e.kind === 'apply' && e.operator === 'pow'
const isHypot = (e: Expr): boolean => e.kind === 'apply' && e.operator === 'hypot'

/** Of a hypotenuse, also of one of a hypotenuse. */
function sidesOf(e: Expr): readonly Expr[] {
  return e.kind === 'apply' && e.operator === 'hypot' ? e.args.flatMap(sidesOf) : [e]
}

/** Whether it is a term of the sum, or a power of what a power in it is of, or some of the sides of the hypotenuse, or a sum of these. */
function isPartOf(e: Expr, whole: Expr): boolean {
  if (whole.kind === 'add') return whole.terms.some(({ node }) => node === e || (isPower(e) && isPower(node) && e.operands[0] === node.operands[0])) // prettier-ignore
  if (!isHypot(whole) || e === whole) return false
  const sides = sidesOf(whole)
  const parts = e.kind === 'add' && e.constant.isZero ? e.operands : sidesOf(e)
  return parts.every((part) => sides.includes(part))
}

/** `(2x² - y²) / r⁵` as `(2 (x/r)² - (y/r)²) / r³`: takes what it divides by out of `below`. */
function sumOfShares(graph: Graph, e: Expr, below: Expr[]): Expr | undefined {
  // Beside other numbers only by a norm.
  const whole = below.find(
    (next, at) => isHypot(next) || (at === 0 && below.every((other) => other === next)),
  )
  if (!whole || e.kind !== 'add') return undefined
  const hasUnit = isPartOf(graph.one, whole)
  if (!hasUnit && !e.constant.isZero) return undefined
  const summands = e.constant.isZero ? e.terms : [...e.terms, { node: graph.one, coefficient: e.constant }]
  const terms = summands.map(({ node, coefficient }) => {
    const factors = factorsOf(node)
    const parts = factors.flatMap(({ base, exponent }) =>
      base !== graph.one && isPartOf(base, whole) && exponent.isInteger && !exponent.isNegative
        ? Array.from({ length: Number(exponent.n) }, () => base)
        : [],
    )
    return { node, coefficient, parts }
  })
  const lengths = terms.map(({ parts }) => parts.length)
  const available = below.filter((next) => next === whole).length
  const count = Math.min(available, hasUnit ? Math.max(...lengths) : Math.min(...lengths))
  if (count === 0) return undefined
  for (let k = 0; k < count; k++) below.splice(below.indexOf(whole), 1)
  return graph.addAll(
    terms.map(({ node, coefficient, parts }) => {
      const taken = parts.slice(0, count)
      const units = Array.from({ length: count - taken.length }, () => graph.one)
      const shares = [...taken, ...units].map((part) => graph.stop(graph.div(part, whole)))
      return graph.scale(coefficient, graph.mulAll([without(graph, node, taken), ...shares]))
    }),
  )
}

/** A product without some of its factors. */
function without(graph: Graph, product: Expr, taken: readonly Expr[]): Expr {
  const factors = factorsOf(product)
  return graph.mulAll(
    factors.map(({ base, exponent }) => {
      const count = taken.filter((part) => part === base).length
      return graph.power(base, exponent.minus(Rational.of(count)))
    }),
  )
}

// ── What is read ─────────────────────────────────────────────────────────────────────────────────────────────

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
