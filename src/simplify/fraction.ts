/** Expressions as quotients of polynomials in what they are made of: in lowest terms, multiplied out or factored. */
import type { AppliedOperator, Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { ONE, Rational } from '../ir/rational.js'
import { domainOfPower } from './domain.js'
import { isZero, Polynomials, termsOf, type Poly } from './multivariate.js'
import { monomialsOf } from './polynomial.js'

/** Larger expressions are left as they are: what is below them has been tried. */
const OPERANDS = 24
const ATOMS = 8
const EXPONENT = 8
const NESTING = 4
const TERMS = 40

interface Quotient {
  readonly above: Poly
  readonly below: Poly
}

export interface Spelling {
  readonly expr: Expr
  /** Where one fails the given expression was undefined. */
  readonly conditions: readonly Expr[]
}

/** Equal expressions: one fraction in lowest terms, numerator and denominator each multiplied out or factored. */
export function fractionsOf(graph: Graph, e: Expr): readonly Spelling[] {
  return new Reader(graph).spellings(e)
}

/** The coefficient of each product of functions of the leaf as one fraction in lowest terms, divided by one factor after the other. */
export function coefficientsReduced(graph: Graph, e: Expr, leaf: Expr): Expr | undefined {
  return new Reader(graph).reduced(e, leaf)
}

class Reader {
  private readonly algebra = new Polynomials()
  private readonly atoms: Expr[] = []
  private readonly numbers = new Map<Expr, number>()
  /** What was divided by. */
  private readonly divisors: Poly[] = []

  constructor(private readonly graph: Graph) {}

  spellings(e: Expr): Spelling[] {
    const { algebra } = this
    const quotient = this.quotient(e, 0)
    if (!quotient || isZero(quotient.below)) return []
    const common = algebra.gcd(quotient.above, quotient.below)
    const above = algebra.divide(quotient.above, common)
    const below = algebra.divide(quotient.below, common)
    if (above === undefined || below === undefined || isZero(below) || algebra.isExhausted) return []
    // Where both grow without bound, ∞ / ∞ is no number although the separate quotients are.
    if (e.kind === 'add' && this.grows(above) && this.grows(below)) return []
    const conditions = this.lost(below)
    const numerators = this.forms(above)
    const denominators = this.forms(below)
    if (algebra.isExhausted) return []
    return numerators.flatMap((numerator) =>
      denominators.map((denominator) => ({ expr: this.graph.div(numerator, denominator), conditions })),
    )
  }

  reduced(e: Expr, leaf: Expr): Expr | undefined {
    const { algebra, graph } = this
    const variable = this.atom(leaf)
    const quotient = this.quotient(e, 0)
    const own = this.numbers.get(leaf) ?? 0
    if (!quotient || variable === undefined || isZero(quotient.below)) return undefined
    if (termsOf(quotient.below).some(({ exponents }) => [...exponents.keys()].some((at) => at !== own)))
      return undefined
    const groups = new Map<string, { readonly others: Expr; above: Poly }>()
    for (const { coefficient, exponents } of termsOf(quotient.above)) {
      const others = [...exponents].filter(([at]) => at !== own)
      const key = others.map(([at, k]) => `${at}^${k}`).join()
      const term = algebra.multiply(coefficient, algebra.power(variable, exponents.get(own) ?? 0))
      const group = groups.get(key)
      if (group) group.above = algebra.add(group.above, term)
      else {
        const powers = others.map(([at, k]) => graph.power(this.atoms[at], Rational.of(k)))
        groups.set(key, { others: graph.mulAll(powers), above: term })
      }
    }
    const left = new Set<Poly>(algebra.factor(quotient.below).factors.map(({ poly }) => poly))
    const terms: Expr[] = []
    for (const { others, above } of groups.values()) {
      const common = algebra.gcd(above, quotient.below)
      const [numerator, denominator] = [algebra.divide(above, common), algebra.divide(quotient.below, common)]
      if (numerator === undefined || denominator === undefined || isZero(denominator)) return undefined
      for (const poly of left) if (algebra.divide(denominator, poly) !== undefined) left.delete(poly)
      const { scale, factors } = algebra.factor(denominator)
      let term = graph.scale(scale.inverse(), graph.mul(this.expanded(numerator), others))
      for (const { poly, multiplicity } of factors)
        term = graph.stop(graph.mul(term, graph.power(this.expanded(poly), Rational.of(-multiplicity))))
      terms.push(term)
    }
    // Where it was undefined it stays so.
    return algebra.isExhausted || left.size > 0 ? undefined : graph.addAll(terms)
  }

  private grows(p: Poly): boolean {
    return termsOf(p).some(({ exponents }) => [...exponents.keys()].some((at) => mayOverflow(this.atoms[at])))
  }

  /** What must not be 0 for the given expression to be defined, although the result is. */
  private lost(below: Poly): Expr[] {
    const { algebra } = this
    const conditions = new Set<Expr>()
    for (const poly of this.divisors) {
      const kept = algebra.gcd(poly, below)
      for (const { poly: factor } of algebra.factor(algebra.divide(poly, kept) ?? poly).factors) {
        if (algebra.divide(below, factor) !== undefined) continue
        const base = this.expanded(factor)
        for (const condition of domainOfPower(this.graph, { base, exponent: Rational.of(-1) }))
          conditions.add(condition)
      }
    }
    return [...conditions]
  }

  private forms(p: Poly): Expr[] {
    const { graph } = this
    const expanded = this.expanded(p)
    const { scale, factors } = this.algebra.factor(p)
    const product = graph.mulAll(
      factors.map(({ poly, multiplicity }) => graph.power(this.expanded(poly), Rational.of(multiplicity))),
    )
    const factored = graph.scale(scale, product)
    return factored === expanded ? [expanded] : [expanded, factored]
  }

  private expanded(p: Poly): Expr {
    const { graph } = this
    return graph.addAll(
      termsOf(p).map(({ coefficient, exponents }) =>
        graph.scale(
          coefficient,
          graph.mulAll([...exponents].map(([at, k]) => graph.power(this.atoms[at], Rational.of(k)))),
        ),
      ),
    )
  }

  private atom(e: Expr): Poly | undefined {
    let number = this.numbers.get(e)
    if (number === undefined) {
      if (this.atoms.length >= ATOMS) return undefined
      number = this.atoms.push(e) - 1
      this.numbers.set(e, number)
    }
    return this.algebra.variable(number)
  }

  private quotient(e: Expr, depth: number): Quotient | undefined {
    const { algebra } = this
    if (e.kind !== 'add' && e.kind !== 'mul') return whole(this.atom(e))
    if (depth > NESTING || e.operands.length > OPERANDS) return whole(this.atom(e))
    const sum: { above: Poly; below: Poly } = { above: Rational.of(0), below: ONE }
    for (const { coefficient, factors } of monomialsOf(e)) {
      // What cancels may have a domain: other rules look after it.
      if (coefficient.isZero) return undefined
      let term: Quotient = { above: coefficient, below: ONE }
      for (const { base, exponent } of factors) {
        const factor = this.power(base, exponent, depth)
        if (!factor) return undefined
        term = {
          above: algebra.multiply(term.above, factor.above),
          below: algebra.multiply(term.below, factor.below),
        }
      }
      const common = algebra.gcd(sum.below, term.below)
      const left = algebra.divide(sum.below, common)
      const right = algebra.divide(term.below, common)
      if (left === undefined || right === undefined) return undefined
      sum.above = algebra.add(algebra.multiply(sum.above, right), algebra.multiply(term.above, left))
      sum.below = algebra.multiply(sum.below, right)
      if (algebra.isExhausted || termsOf(sum.above).length > TERMS) return undefined
    }
    return sum
  }

  private power(base: Expr, exponent: Rational, depth: number): Quotient | undefined {
    const { algebra, graph } = this
    if (!exponent.isInteger) {
      // Roots count as atoms: `x^(-1/2)` stands below.
      const above = this.atom(graph.power(base, exponent.abs()))
      if (above === undefined) return undefined
      return exponent.isNegative ? { above: ONE, below: above } : { above, below: ONE }
    }
    const inner = this.quotient(base, depth + 1)
    const times = Number(exponent.abs().n)
    if (!inner || times > EXPONENT) return undefined
    const above = algebra.power(inner.above, times)
    const below = algebra.power(inner.below, times)
    if (!exponent.isNegative) return { above, below }
    this.divisors.push(inner.above)
    return { above: below, below: above }
  }
}

const whole = (above: Poly | undefined): Quotient | undefined =>
  above === undefined ? undefined : { above, below: ONE }

const GROWING: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>([
  'exp',
  'expm1',
  'sinh',
  'cosh',
  'pow',
  'erfcx',
  'lgamma',
])

function mayOverflow(e: Expr): boolean {
  if (e.kind === 'apply') return GROWING.has(e.operator)
  return e.kind === 'mul' && e.factors.some(({ base }) => mayOverflow(base))
}
