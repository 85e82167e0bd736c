/** Sums of products of powers: what expansion, cancellation and collection of common factors work on. */
import type { Add, Expr, Factor } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { ONE, type Rational } from '../ir/rational.js'
import { factorsOf, powersOf } from '../ir/term.js'

/** `coefficient · Π base ^ exponent`, factors in the order of their ids. */
export interface Monomial {
  readonly coefficient: Rational
  readonly factors: readonly Factor[]
}

export const TERM_LIMIT = 64
/** Terms of one product multiplied out: larger ones have never come out cheaper. */
const PRODUCT_LIMIT = 16
/** Coefficients beyond this are rounded decimals, which cancel by chance only, and whose digits would add up. */
const DIGITS_LIMIT = 1n << 32n

/** Equal for equal products, where the factors stand in the same order. */
export const keyOf = (factors: readonly Factor[]): string =>
  factors.map(({ base, exponent }) => `${base.id}^${exponent}`).join('*')

/** The terms of a sum as they stand. */
export function monomialsOf(e: Expr): Monomial[] {
  if (e.kind === 'num') return e.value.isZero ? [] : [{ coefficient: e.value, factors: [] }]
  if (e.kind !== 'add') return [{ coefficient: ONE, factors: factorsOf(e) }]
  const terms = e.terms.map(({ node, coefficient }) => ({ coefficient, factors: factorsOf(node) }))
  return e.constant.isZero ? terms : [...terms, { coefficient: e.constant, factors: [] }]
}

export function monomialToExpr(graph: Graph, { coefficient, factors }: Monomial): Expr {
  return graph.scale(coefficient, graph.mulAll(powersOf(graph, factors)))
}

export interface Expansion {
  readonly expr: Expr
  /** Terms that met a like term on the way. */
  readonly merged: number
}

/** Products of sums, or of some of them, multiplied out, one level deep; undefined if there is nothing to do or too much. */
export function expand(
  graph: Graph,
  e: Expr,
  isOpened: (base: Expr) => boolean = () => true,
): Expansion | undefined {
  const monomials = monomialsOf(e)
  const isSum: IsSum = ({ base, exponent }) =>
    base.kind === 'add' && exponent.isInteger && !exponent.isNegative && isOpened(base)
  if (monomials.length > TERM_LIMIT || !monomials.some(({ factors }) => factors.some(isSum))) return undefined
  const terms: Expr[] = []
  let changed = false
  for (const monomial of monomials) {
    const expanded = expandProduct(graph, monomial, isSum)
    if (!expanded || terms.length + expanded.length > TERM_LIMIT) return undefined
    changed ||= expanded.length > 1
    terms.push(...expanded)
  }
  if (!changed) return undefined
  const expr = graph.addAll(terms)
  return { expr, merged: terms.length - monomialsOf(expr).length }
}

type IsSum = (factor: Factor) => boolean

function expandProduct(graph: Graph, { coefficient, factors }: Monomial, isSum: IsSum): Expr[] | undefined {
  if (!isShortProduct(factors, isSum)) return undefined
  let partial: Expr[] = [graph.num(coefficient)]
  const times = (summands: readonly Expr[]): void => {
    partial = partial.flatMap((term) => summands.map((summand) => graph.mul(term, summand)))
  }
  for (const { base, exponent } of factors) {
    if (!isSum({ base, exponent })) {
      times([graph.power(base, exponent)])
      continue
    }
    const summands = monomialsOf(base).map((monomial) => monomialToExpr(graph, monomial))
    for (let count = exponent.n; count > 0n; count--) times(summands)
  }
  return partial
}

/** Counted before anything is multiplied: most products are too long. */
function isShortProduct(factors: readonly Factor[], isSum: IsSum): boolean {
  let terms = 1
  for (const { base, exponent } of factors) {
    if (base.kind !== 'add' || !isSum({ base, exponent })) continue
    if (exponent.n > 8n || !hasShortCoefficients(base)) return false
    terms *= (base.terms.length + (base.constant.isZero ? 0 : 1)) ** Number(exponent.n)
    if (terms > PRODUCT_LIMIT) return false
  }
  return true
}

const isShort = ({ n, d }: Rational): boolean => d < DIGITS_LIMIT && n < DIGITS_LIMIT && -n < DIGITS_LIMIT

const hasShortCoefficients = ({ constant, terms }: Add): boolean =>
  isShort(constant) && terms.every(({ coefficient }) => isShort(coefficient))

// ── Division ───────────────────────────────────────────────────────────────────────────────────────────────

/** A polynomial by the keys of its monomials. */
type Polynomial = Map<string, Monomial>

function toPolynomial(graph: Graph, e: Expr): Polynomial | undefined {
  const expanded = expand(graph, e)?.expr ?? e
  const monomials = monomialsOf(expanded)
  if (monomials.length > TERM_LIMIT) return undefined
  const polynomial: Polynomial = new Map()
  for (const { coefficient, factors } of monomials) {
    if (!factors.every(({ exponent }) => exponent.isInteger && !exponent.isNegative)) return undefined
    const sorted = factors.toSorted((x, y) => x.base.id - y.base.id)
    polynomial.set(keyOf(sorted), { coefficient, factors: sorted })
  }
  return polynomial
}

/** Lexicographic order on exponents: a monomial order, so that division ends. */
function compare(x: Monomial, y: Monomial): number {
  for (let at = 0; ; at++) {
    const a = x.factors[at]
    const b = y.factors[at]
    if (!a || !b) return a ? 1 : b ? -1 : 0
    if (a.base !== b.base) return a.base.id < b.base.id ? 1 : -1
    const order = a.exponent.compare(b.exponent)
    if (order !== 0) return order
  }
}

const leading = (p: Polynomial): Monomial => [...p.values()].reduce((x, y) => (compare(x, y) >= 0 ? x : y))

function quotientOf(x: Monomial, y: Monomial): Monomial | undefined {
  const exponents = new Map(x.factors.map(({ base, exponent }) => [base, exponent]))
  for (const { base, exponent } of y.factors) {
    const present = exponents.get(base)
    if (!present || present.compare(exponent) < 0) return undefined
    const left = present.minus(exponent)
    if (left.isZero) exponents.delete(base)
    else exponents.set(base, left)
  }
  const factors = [...exponents].map(([base, exponent]) => ({ base, exponent }))
  return { coefficient: x.coefficient.dividedBy(y.coefficient), factors }
}

function productOf(x: Monomial, y: Monomial): Monomial {
  const exponents = new Map(x.factors.map(({ base, exponent }) => [base, exponent]))
  for (const { base, exponent } of y.factors)
    exponents.set(base, exponents.get(base)?.plus(exponent) ?? exponent)
  const factors = [...exponents]
    .map(([base, exponent]) => ({ base, exponent }))
    .sort((a, b) => a.base.id - b.base.id)
  return { coefficient: x.coefficient.times(y.coefficient), factors }
}

/** `numerator / denominator` if the division leaves no remainder: `(x² - 1) / (x - 1) = x + 1`. */
export function divideExactly(graph: Graph, numerator: Expr, denominator: Expr): Expr | undefined {
  const divisor = toPolynomial(graph, denominator)
  const rest = toPolynomial(graph, numerator)
  if (!divisor || !rest || divisor.size === 0) return undefined
  const lead = leading(divisor)
  const quotient: Expr[] = []
  for (let step = 0; rest.size > 0; step++) {
    const next = step < TERM_LIMIT ? quotientOf(leading(rest), lead) : undefined
    if (!next || !next.coefficient.isSmall) return undefined
    quotient.push(monomialToExpr(graph, next))
    for (const term of divisor.values()) {
      const product = productOf(next, term)
      const key = keyOf(product.factors)
      const coefficient = (rest.get(key)?.coefficient ?? ONE.minus(ONE)).minus(product.coefficient)
      if (coefficient.isZero) rest.delete(key)
      else rest.set(key, { coefficient, factors: product.factors })
    }
  }
  return graph.addAll(quotient)
}
