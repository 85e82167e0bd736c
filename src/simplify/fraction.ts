/** Expressions as quotients of polynomials in what they are made of: in lowest terms, multiplied out or factored. */
import type { AppliedOperator, Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { ONE, Rational } from '../ir/rational.js'
import { asTerm } from '../ir/term.js'
import { postorder } from '../ir/walk.js'
import { domainOfPower } from './domain.js'
import { commonUnit, generatorsOf, linear, NO_GENERATORS } from './generators.js'
import { isZero, Polynomials, termsOf, type Poly, type PolyFactor } from './multivariate.js'
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

/** Equal expressions: one fraction in lowest terms, numerator and denominator each multiplied out or factored. What `isRead` is not computed. */
export function fractionsOf(graph: Graph, e: Expr, { isRead = false } = {}): readonly Spelling[] {
  return new Reader(graph).spellings(e, isRead)
}

/** A fraction in lowest terms, both sides multiplied out. */
export interface Fraction {
  readonly above: Expr
  readonly below: Expr
  /** Where one fails the given expression was undefined. */
  readonly conditions: readonly Expr[]
}

export function fractionOf(graph: Graph, e: Expr): Fraction | undefined {
  return new Reader(graph).fraction(e)
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

  private generators = NO_GENERATORS
  /** The parts of the given expression. */
  private parts: ReadonlySet<Expr> = new Set()

  constructor(private readonly graph: Graph) {}

  fraction(e: Expr): Fraction | undefined {
    const lowest = this.inLowestTerms(e)
    if (!lowest) return undefined
    const { above, below } = lowest
    return { above: this.expanded(above), below: this.expanded(below), conditions: this.asked() }
  }

  private inLowestTerms(e: Expr): Quotient | undefined {
    const { algebra } = this
    this.generators = generatorsOf(this.graph, e)
    const quotient = this.quotient(e, 0)
    if (!quotient || isZero(quotient.below)) return undefined
    const common = algebra.gcd(quotient.above, quotient.below)
    const above = algebra.divide(quotient.above, common)
    const below = algebra.divide(quotient.below, common)
    if (above === undefined || below === undefined || isZero(below) || algebra.isExhausted) return undefined
    if (isZero(above)) return { above, below }
    // Numbers cancel too: `2 / (2x + 2)`.
    const [first, second] = [contentOf(above), contentOf(below)]
    const { n, d } = first.dividedBy(second)
    return {
      above: algebra.multiply(above, Rational.of(n).dividedBy(first)),
      below: algebra.multiply(below, Rational.of(d).dividedBy(second)),
    }
  }

  spellings(e: Expr, isRead: boolean): Spelling[] {
    const { algebra } = this
    this.parts = new Set(postorder([e]))
    const lowest = this.inLowestTerms(e)
    if (!lowest) return []
    const { above, below } = lowest
    // Where both grow without bound, ∞ / ∞ is no number although the separate quotients are.
    if (!isRead && e.kind === 'add' && this.grows(above) && this.grows(below)) return []
    const conditions = this.asked()
    const numerators = this.forms(above)
    const [multiplied, ...factored] = this.forms(below)
    // Of equally short ones a divisor that 0 makes 0 shows it: `p (1 - p)`, but `x² - 1`.
    const isPlain = factored[0]?.operands.some((operand) => operand.kind !== 'add')
    const denominators = isPlain ? [...factored, multiplied] : [multiplied, ...factored]
    if (algebra.isExhausted) return []
    const fractions = numerators.flatMap((numerator) =>
      denominators.flatMap((denominator) => this.signs(numerator, denominator)),
    )
    return [...fractions, ...this.termwise(above, below)].map((expr) => ({ expr, conditions }))
  }

  /** `(e^x + 1) / e^x` as `1 + e^-x`. */
  private termwise(above: Poly, below: Poly): Expr[] {
    const [{ coefficient: divisor, exponents: divided }, ...more] = termsOf(below)
    if (more.length > 0 || divided.size === 0) return []
    const terms = termsOf(above).map(({ coefficient, exponents }) => {
      const left = new Map(exponents)
      for (const [at, k] of divided) left.set(at, (left.get(at) ?? 0) - k)
      return this.graph.scale(coefficient.dividedBy(divisor), this.monomial(left))
    })
    return [this.graph.addAll(terms)]
  }

  /** `-1/(x - 1)` and `1/(1 - x)`. */
  private signs(numerator: Expr, denominator: Expr): Expr[] {
    const { graph } = this
    const plain = graph.div(numerator, denominator)
    const opposite = graph.div(graph.neg(numerator), graph.neg(denominator))
    if (asTerm(denominator).coefficient.isNegative) return [opposite, plain]
    return denominator.kind === 'add' ? [plain, opposite] : [plain]
  }

  reduced(e: Expr, leaf: Expr): Expr | undefined {
    const { algebra, graph } = this
    const variable = this.atom(leaf)
    const quotient = this.quotient(e, 0)
    const own = this.numbers.get(leaf) ?? 0
    if (!quotient || variable === undefined || isZero(quotient.below)) return undefined
    const isOther = (at: number): boolean => at !== own && this.atoms[at].kind !== 'constant'
    if (termsOf(quotient.below).some(({ exponents }) => [...exponents.keys()].some(isOther))) return undefined
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

  /** What must not be 0 for the given expression to be defined, whether the result is or not: it may stand in what has a value of it all the same. */
  private asked(): Expr[] {
    const { algebra } = this
    const conditions = new Set<Expr>()
    for (const poly of this.divisors) {
      for (const { poly: factor } of algebra.factor(poly).factors) {
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
    const product = (of: readonly PolyFactor[]): Expr => {
      let sign = scale
      const powers = of.map(({ poly, multiplicity }) => {
        const base = this.expanded(poly)
        const flips = this.isWrittenOtherwise(base)
        if (flips && multiplicity % 2 !== 0) sign = sign.negate()
        return graph.power(flips ? graph.neg(base) : base, Rational.of(multiplicity))
      })
      return graph.scale(sign, graph.mulAll(powers))
    }
    return [...new Set([expanded, product(factors), product(this.joined(factors))])]
  }

  /** Of `p - 1`, where `1 - p` is a part of what was given. */
  private isWrittenOtherwise(e: Expr): boolean {
    return e.kind === 'add' && this.parts.has(this.graph.neg(e)) && !this.parts.has(e)
  }

  /** Factors of one multiplicity multiplied out: `(x - 1)² (x + 1)²` as `(x² - 1)²`. */
  private joined(factors: readonly PolyFactor[]): PolyFactor[] {
    const byMultiplicity = new Map<number, Poly>()
    for (const { poly, multiplicity } of factors) {
      const known = byMultiplicity.get(multiplicity)
      byMultiplicity.set(multiplicity, known === undefined ? poly : this.algebra.multiply(known, poly))
    }
    return [...byMultiplicity].map(([multiplicity, poly]) => ({ poly, multiplicity }))
  }

  private expanded(p: Poly): Expr {
    const { graph } = this
    return graph.addAll(
      termsOf(p).map(({ coefficient, exponents }) => graph.scale(coefficient, this.monomial(exponents))),
    )
  }

  /** Exponentials as one, and powers of a root as powers of what stands under it. */
  private monomial(exponents: ReadonlyMap<number, number>): Expr {
    const { graph } = this
    const factors: Expr[] = []
    const inExp: Expr[] = []
    for (const [at, k] of exponents) {
      const atom = this.atoms[at]
      const under = this.generators.unders.get(atom)
      if (under) factors.push(graph.power(under, Rational.of(k, 2)))
      else if (atom.kind === 'apply' && atom.operator === 'exp')
        inExp.push(graph.scale(Rational.of(k), atom.args[0])) // prettier-ignore
      else factors.push(graph.power(atom, Rational.of(k)))
    }
    if (inExp.length > 0) factors.push(graph.apply('exp', [graph.addAll(inExp)]))
    return graph.mulAll(factors)
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

  /** `e^(2u + v)` as `(e^u)² e^v`. */
  private exponential(argument: Expr): Quotient | undefined {
    const { algebra, graph } = this
    let [above, below]: [Poly, Poly] = [ONE, ONE]
    for (const { node, coefficient } of linear(graph, argument)) {
      if (coefficient.isZero) return undefined
      const unit = this.generators.units.get(node) ?? coefficient
      const times = Number(coefficient.dividedBy(unit).n)
      const atom = this.atom(graph.apply('exp', [graph.scale(unit, node)]))
      if (atom === undefined || Math.abs(times) > EXPONENT) return undefined
      if (times > 0) above = algebra.multiply(above, algebra.power(atom, times))
      else below = algebra.multiply(below, algebra.power(atom, -times))
    }
    return { above, below }
  }

  private quotient(e: Expr, depth: number): Quotient | undefined {
    const { algebra } = this
    const root = this.generators.roots.get(e)
    if (root) {
      const atom = this.atom(root)
      return whole(atom && algebra.power(atom, 2))
    }
    if (e.kind === 'apply' && e.operator === 'exp') return this.exponential(e.args[0]) ?? whole(this.atom(e))
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
      // What is divided by 0 cancels with nothing.
      if (base.kind === 'num' && base.value.isZero) return undefined
      // Roots count as atoms: `x^(-1/2)` stands below.
      const root =
        exponent.d === 2n && exponent.abs().n <= BigInt(EXPONENT)
          ? this.generators.roots.get(base)
          : undefined
      const atom = this.atom(root ?? graph.power(base, exponent.abs()))
      if (atom === undefined) return undefined
      const above = root ? algebra.power(atom, Number(exponent.abs().n)) : atom
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

/** The number after division by which the coefficients are whole and have no common factor. */
const contentOf = (p: Poly): Rational =>
  termsOf(p).reduce((common, { coefficient }) => commonUnit(common, coefficient.abs()), Rational.of(0))

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
