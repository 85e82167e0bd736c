import type { Builder } from './builder.js'
import type { Add, Expr, Factor, Mul, Term } from './expr.js'
import { ONE, Rational } from './rational.js'

/** An expression as a number times what stands behind it: `3 x` is a sum of one term. */
export function asTerm(e: Expr): Term {
  return e.kind === 'add' && e.terms.length === 1 && e.constant.isZero
    ? e.terms[0]
    : { node: e, coefficient: ONE }
}

/** `1/2 - x²/2` over the 2 that divides all of it, for people: whole multiples of a fraction of one digit, none of them a quotient. */
export function overOneNumber(
  terms: readonly Term[],
  constant: Rational,
): { readonly divisor: bigint; readonly terms: readonly Term[]; readonly constant: Rational } | undefined {
  const divisor = constant.d
  if (divisor === 1n || divisor > 9n || !terms.every((term) => term.coefficient.d === divisor && !isDivided(term.node))) return undefined // prettier-ignore
  if (constant.isNegative && terms.every(({ coefficient }) => coefficient.isNegative)) return undefined
  const times = Rational.of(divisor)
  return {
    divisor,
    terms: terms.map(({ node, coefficient }) => ({ node, coefficient: coefficient.times(times) })),
    constant: constant.times(times),
  }
}

/** Whether it is a product in which something stands below. */
export const isDivided = (e: Expr): boolean =>
  e.kind === 'mul' && e.factors.some(({ exponent }) => exponent.isNegative)

/** The terms of a sum as expressions, its number last; what is no sum is one term. */
export function summandsOf(b: Builder, e: Expr): Expr[] {
  if (e.kind !== 'add') return [e]
  const terms = e.terms.map(({ node, coefficient }) => b.scale(coefficient, node))
  return e.constant.isZero ? terms : [...terms, b.num(e.constant)]
}

/** An expression as a product: of itself alone, if it is none. */
export const factorsOf = (e: Expr): readonly Factor[] =>
  e.kind === 'mul' ? e.factors : [{ base: e, exponent: ONE }]

/** Whether a base stands in it more than once: `√x √x` is no power of `x`, for that has another domain. */
export const isRepeated = (base: Expr, factors: readonly Factor[]): boolean =>
  factors.findIndex((factor) => factor.base === base) !==
  factors.findLastIndex((factor) => factor.base === base)

/** The factors of a product as expressions. */
export const powersOf = (b: Builder, factors: readonly Factor[]): Expr[] =>
  factors.map(({ base, exponent }) => b.power(base, exponent))

/** The product of the factors but some. */
export const productWithout = (b: Builder, factors: readonly Factor[], ...gone: readonly Factor[]): Expr =>
  b.mulAll(
    powersOf(
      b,
      factors.filter((factor) => !gone.includes(factor)),
    ),
  )

/** A product with other expressions for some of its factors; undefined if there are none. */
export function withFactors(
  b: Builder,
  { factors }: Mul,
  replacement: (factor: Factor) => Expr | undefined,
): Expr | undefined {
  const replaced = factors.map(replacement)
  if (replaced.every((each) => each === undefined)) return undefined
  return b.mulAll(factors.map(({ base, exponent }, at) => replaced[at] ?? b.power(base, exponent)))
}

/** The sum of the terms but some. */
export const withoutTerms = (b: Builder, { terms, constant }: Add, gone: readonly Term[]): Expr =>
  b.addTerms(
    constant,
    terms.filter((term) => !gone.includes(term)),
  )
