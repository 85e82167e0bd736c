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
  const group = monomials.filter(isDivided)
  const others = monomials.filter((monomial) => !isDivided(monomial))
  const ofGroup = combined(graph, bases, group, others, distinct)
  return ofGroup ?? (others.length === 0 ? undefined : combined(graph, bases, monomials, [], distinct))
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
  const apart = group.map((monomial) => termsOf(graph, monomialToExpr(graph, over(monomial, denominator))))
  const sum = graph.addAll(apart.flat())
  const numerator = besidePoles(graph, sum) ?? sum
  const terms = apart.reduce((count, summands) => count + summands.length, 0)
  const left = monomialsOf(numerator)
  // `0 · e` stays where `e` may be infinite: nothing has cancelled then.
  if (left.length >= terms || left.some(({ coefficient }) => coefficient.isZero)) return undefined
  // Where the leading terms stay, nothing is lost far out but what overflows in numerator and denominator.
  if (leading && degreeOf(left) >= degreeOf(apart.flat().flatMap(monomialsOf))) return undefined
  return graph.addAll([
    graph.mulAll([collect(graph, numerator), ...powersOf(graph, denominator)]),
    ...others.map((monomial) => monomialToExpr(graph, monomial)),
  ])
}

const degreeOf = (monomials: readonly Monomial[]): number =>
  Math.max(
    0,
    ...monomials.map(({ factors }) => factors.reduce((sum, { exponent }) => sum + exponent.toNumber(), 0)),
  )

/** The summands of a product of sums. */
function termsOf(graph: Graph, e: Expr): readonly Expr[] {
  const monomials = monomialsOf(expand(graph, e)?.expr ?? e)
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
