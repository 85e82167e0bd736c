import type { Expr, Factor } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { ONE, type Rational } from '../ir/rational.js'
import { isRepeated, powersOf } from '../ir/term.js'
import { collect } from './collect.js'
import { besidePoles } from './rules/poles.js'
import { expand, monomialsOf, monomialToExpr, TERM_LIMIT, type Monomial } from './polynomial.js'

const ZERO = ONE.minus(ONE)

export interface DenominatorOptions {
  /** Also where the quotients have no denominator in common: `1/(x + 1)² - 1/x²`. */
  readonly distinct?: boolean
}

/**
 * Quotients over powers of the same sums as one quotient, where terms of its numerator meet:
 * `1 / (x + 1) - x / (x + 1)² = 1 / (x + 1)²`, which the quotient rule spells as a difference that cancels.
 */
export function overCommonDenominator(
  graph: Graph,
  e: Expr,
  { distinct = false }: DenominatorOptions = {},
): Expr | undefined {
  if (e.kind !== 'add') return undefined
  const monomials = monomialsOf(e)
  if (monomials.length > TERM_LIMIT) return undefined
  const divisors = distinct ? allDenominators(monomials) : sharedDenominators(monomials)
  const bases = divisors.filter((base) => !monomials.some(({ factors }) => isRepeated(base, factors)))
  if (bases.length === 0) return undefined
  const isDivided = (monomial: Monomial): boolean =>
    bases.some((base) => exponentOf(monomial, base).isNegative)
  const inUnits = monomials.map((monomial) => ofUnits(graph, monomial))
  const group = inUnits.filter(isDivided)
  const others = inUnits.filter((monomial) => !isDivided(monomial))
  const ofGroup = combined(graph, bases, group, others, distinct)
  return ofGroup ?? (others.length === 0 ? undefined : combined(graph, bases, inUnits, [], distinct))
}

/** `(2x - 4)²` as `4 (x - 2)²`: powers of what differs by a number only are of one base. */
function ofUnits(graph: Graph, monomial: Monomial): Monomial {
  let { coefficient } = monomial
  let changed = false
  const factors = monomial.factors.map((factor): Factor => {
    const { base, exponent } = factor
    if (base.kind !== 'add' || !exponent.isInteger || exponent.isNegative) return factor
    const [{ coefficient: first }] = base.terms
    const isMultiple =
      !first.isOne && !first.isZero && base.terms.every((term) => term.coefficient.abs().equals(first.abs()))
    if (!isMultiple) return factor
    const unit = graph.scale(first.inverse(), base)
    // As roots and whole powers, bases that are repeated stay apart.
    if (monomial.factors.some((other) => other.base === unit)) return factor
    changed = true
    for (let k = exponent.n; k > 0n; k--) coefficient = coefficient.times(first)
    return { base: unit, exponent }
  })
  return changed ? { coefficient, factors } : monomial
}

/** `(Σ group · D) / D + Σ others` for the lowest common denominator `D`, if terms meet in the sum: the `leading` ones, if asked for. */
function combined(
  graph: Graph,
  bases: readonly Expr[],
  group: readonly Monomial[],
  others: readonly Monomial[],
  leading: boolean,
): Expr | undefined {
  const denominator: Factor[] = []
  for (const base of bases) {
    const exponents = group.map((monomial) => exponentOf(monomial, base))
    const lowest = exponents.reduce((least, exponent) => (exponent.compare(least) < 0 ? exponent : least))
    if (!exponents.every((exponent) => exponent.minus(lowest).isInteger)) return undefined
    if (lowest.n < -16n) return undefined
    denominator.push({ base, exponent: lowest })
  }
  const whole = [...denominator, ...sharedFactors(group, bases)]
  const parts = group.map((monomial) => monomialToExpr(graph, over(monomial, whole)))
  // Sums that are no denominators are parts of these, as they stand, or meet with others only when they are multiplied out.
  const numerator =
    numeratorOf(graph, parts, denominator, leading, (base) => bases.includes(base)) ??
    numeratorOf(graph, parts, denominator, leading)
  if (!numerator) return undefined
  return graph.addAll([
    graph.mulAll([...divisorsInFront(graph, numerator), ...powersOf(graph, whole)]),
    ...others.map((monomial) => monomialToExpr(graph, monomial)),
  ])
}

/** `2 y³ / x⁶ - 6 y / x⁴` as `y / x⁴` times `2 y² / x² - 6`, and any other with its common factors in front. */
function divisorsInFront(graph: Graph, numerator: Expr): readonly Expr[] {
  const monomials = monomialsOf(numerator)
  const [first, ...others] = monomials
  if (others.length === 0) return [numerator]
  const common = first.factors.flatMap(({ base, exponent }) => {
    if (monomials.some(({ factors }) => isRepeated(base, factors))) return []
    const exponents = [exponent, ...others.map((other) => exponentOf(other, base))]
    if (exponents.some((own) => own.isZero || !own.isInteger || own.isNegative !== exponent.isNegative)) return [] // prettier-ignore
    const least = exponents.reduce((least, own) => (own.abs().compare(least.abs()) < 0 ? own : least))
    return [{ base, exponent: least }]
  })
  const isDivided = common.some(({ exponent }) => exponent.isNegative)
  if (!isDivided) return [collect(graph, numerator)]
  const left = monomials.map((monomial) => monomialToExpr(graph, over(monomial, common)))
  return [...powersOf(graph, common), collect(graph, graph.addAll(left))]
}

/** The sum of what is multiplied out, if terms meet in it. */
function numeratorOf(
  graph: Graph,
  parts: readonly Expr[],
  denominator: readonly Factor[],
  leading: boolean,
  isOpened?: (base: Expr) => boolean,
): Expr | undefined {
  const apart = parts.flatMap((part) => termsOf(graph, part, isOpened))
  const sum = withoutDivided(graph, graph.addAll(apart), denominator)
  const numerator = besidePoles(graph, sum) ?? sum
  const left = monomialsOf(numerator)
  // `0 · e` stays where `e` may be infinite: nothing has cancelled then.
  if (left.length >= apart.length || left.some(({ coefficient }) => coefficient.isZero)) return undefined
  // Where the leading terms stay, nothing is lost far out but what overflows in numerator and denominator.
  // In a single product, nothing at all: `1 - ((x - y) / (x + y))²` is `4 x y / (x + y)²`.
  if (leading && left.length > 1 && degreeOf(left) >= degreeOf(apart.flatMap(monomialsOf))) return undefined
  return numerator
}

/** Sums that all of the quotients are multiplied by stay whole in front: `2 u / D - u² / D²` is `u (2 D - u) / D²`, also where `u` is `x - y`. */
function sharedFactors(group: readonly Monomial[], bases: readonly Expr[]): readonly Factor[] {
  const [first, ...others] = group
  return first.factors.flatMap(({ base, exponent }) => {
    if (base.kind !== 'add' || !exponent.isInteger || exponent.isNegative || bases.includes(base)) return []
    const least = others.reduce((lowest, monomial) => {
      const own = exponentOf(monomial, base)
      return own.compare(lowest) < 0 ? own : lowest
    }, exponent)
    const isShared = !least.isZero && !least.isNegative && group.every(({ factors }) => !isRepeated(base, factors)) // prettier-ignore
    return isShared ? [{ base, exponent: least }] : []
  })
}

/** The sum without what has cancelled, where the whole is divided by it and something else: `0 · x^y` over `2^y + x^y`, which is 0 wherever `x^y` is infinite. */
function withoutDivided(graph: Graph, e: Expr, denominator: readonly Factor[]): Expr {
  if (e.kind !== 'add' || !e.terms.some(({ coefficient }) => coefficient.isZero)) return e
  const parts = new Set(denominator.flatMap(({ base, exponent }) => (exponent.isNegative && base.kind === 'add' ? base.terms.map(({ node }) => node) : []))) // prettier-ignore
  const left = e.terms.filter(({ node, coefficient }) => !coefficient.isZero || !parts.has(node))
  return left.length === e.terms.length ? e : graph.addTerms(e.constant, left)
}

const degreeOf = (monomials: readonly Monomial[]): number =>
  Math.max(
    0,
    ...monomials.map(({ factors }) => factors.reduce((sum, { exponent }) => sum + exponent.toNumber(), 0)),
  )

/** The summands of a product of sums. */
function termsOf(graph: Graph, e: Expr, isOpened?: (base: Expr) => boolean): readonly Expr[] {
  const monomials = monomialsOf(expand(graph, e, isOpened)?.expr ?? e)
  return monomials.map((monomial) => monomialToExpr(graph, monomial))
}

/** The sums that at least two terms are divided by. */
function sharedDenominators(monomials: readonly Monomial[]): readonly Expr[] {
  const seen = new Set<Expr>()
  const shared = new Set<Expr>()
  for (const { factors } of monomials)
    for (const { base, exponent } of factors) {
      if (base.kind !== 'add' || !exponent.isNegative) continue
      if (seen.has(base)) shared.add(base)
      else seen.add(base)
    }
  return [...shared]
}

/** All that terms are divided by, if sums are among it and terms of both signs. */
function allDenominators(monomials: readonly Monomial[]): readonly Expr[] {
  const divisors = new Set<Expr>()
  for (const { factors } of monomials)
    for (const { base, exponent } of factors) if (exponent.isNegative) divisors.add(base)
  const signs = new Set(monomials.map(({ coefficient }) => coefficient.isNegative))
  return signs.size === 2 && divisors.size < 4 && [...divisors].some(({ kind }) => kind === 'add')
    ? [...divisors]
    : []
}

const exponentOf = ({ factors }: Monomial, base: Expr): Rational =>
  factors.find((factor) => factor.base === base)?.exponent ?? ZERO

function over({ coefficient, factors }: Monomial, denominator: readonly Factor[]): Monomial {
  const others = factors.filter(({ base }) => !denominator.some((factor) => factor.base === base))
  const own = denominator.map(({ base, exponent }) => ({
    base,
    exponent: exponentOf({ coefficient, factors }, base).minus(exponent),
  }))
  return { coefficient, factors: [...others, ...own.filter(({ exponent }) => !exponent.isZero)] }
}
