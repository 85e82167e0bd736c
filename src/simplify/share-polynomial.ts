/**
 * Polynomials in pairs of opposite shares, `p = σ(u)` and `q = σ(-u)`. As `p + q = 1` the same polynomial has many spellings; with all its
 * terms of one degree in each pair it has one, and what cancels in the tails has done so in whole numbers: `p - p² = p (p + q) - p² = p q`.
 */
import type { Expr, Factor } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { HALF, ONE, Rational } from '../ir/rational.js'
import { powersOf } from '../ir/term.js'
import { withoutFactor } from './linear-factors.js'
import { keyOf } from './polynomial.js'

const QUARTER = Rational.of(1, 4)

/** How often `p` and `q` of each pair are factors: `[p0, q0, p1, q1, …]`. */
type Degrees = readonly number[]

export interface ShareTerm {
  readonly coefficient: Rational
  readonly degrees: Degrees
  /** What is no share. */
  readonly others: readonly Factor[]
}

/** Beyond this a polynomial is left alone. */
const MOST_TERMS = 64
const HIGHEST = 10

const keyOfTerm = ({ degrees, others }: ShareTerm): string => `${degrees.join()}|${keyOf(others)}`

export function merged(terms: readonly ShareTerm[]): readonly ShareTerm[] {
  const found = new Map<string, ShareTerm>()
  for (const term of terms) {
    const key = keyOfTerm(term)
    const before = found.get(key)
    found.set(key, before ? { ...before, coefficient: before.coefficient.plus(term.coefficient) } : term)
  }
  return [...found.values()].filter(({ coefficient }) => !coefficient.isZero)
}

const degreeOf = ({ degrees }: ShareTerm, pair: number): number => degrees[2 * pair] + degrees[2 * pair + 1]

/** Times `(p + q)^times`, or `(p - q)^times`. */
export function timesPower(term: ShareTerm, pair: number, times: number, sign: 1 | -1): readonly ShareTerm[] {
  const terms: ShareTerm[] = []
  let binomial = 1
  for (let k = 0; k <= times; k++) {
    const degrees = term.degrees.with(2 * pair, term.degrees[2 * pair] + times - k)
    const coefficient = term.coefficient.times(Rational.of(sign === -1 && k % 2 === 1 ? -binomial : binomial))
    terms.push({ ...term, coefficient, degrees: degrees.with(2 * pair + 1, degrees[2 * pair + 1] + k) })
    binomial = (binomial * (times - k)) / (k + 1)
  }
  return terms
}

/** All terms of one degree in each pair, those of the same other factors among each other; undefined where that is too much. */
export function homogeneous(terms: readonly ShareTerm[], pairs: number): readonly ShareTerm[] | undefined {
  let all = terms
  for (let pair = 0; pair < pairs; pair++) {
    const most = Math.max(...all.map((term) => degreeOf(term, pair)))
    if (most > HIGHEST) return undefined
    all = merged(all.flatMap((term) => timesPower(term, pair, most - degreeOf(term, pair), 1)))
    if (all.length > MOST_TERMS) return undefined
  }
  return all
}

/** The powers that all terms have in common. */
export function contentOf(terms: readonly ShareTerm[]): Degrees {
  const [first, ...more] = terms
  return more.reduce<Degrees>(
    (least, { degrees }) => least.map((degree, at) => Math.min(degree, degrees[at])),
    first.degrees,
  )
}

export const over = (terms: readonly ShareTerm[], content: Degrees): readonly ShareTerm[] =>
  terms.map((term) => ({ ...term, degrees: term.degrees.map((degree, at) => degree - content[at]) }))

/**
 * Whether terms with the same other factors may cancel: they have different signs, or do so where each share is 0, 1/2 or 1. The zero of a
 * straight line elsewhere is a matter of its coefficients.
 */
export function mayCancel(terms: readonly ShareTerm[], pairs: number): boolean {
  for (const group of groupsBy(terms, ({ others }) => keyOf(others)).values()) {
    if (group.length < 2) continue
    const own = over(group, contentOf(group))
    const isCurved = own.some(({ degrees }) => degrees.reduce((sum, degree) => sum + degree, 0) > 1)
    if (isCurved && new Set(own.map(({ coefficient }) => coefficient.isNegative)).size > 1) return true
    for (let place = 0; place < 3 ** pairs; place++)
      if (own.reduce((sum, term) => sum.plus(valueAt(term, place)), Rational.zero).isZero) return true
  }
  return false
}

/** The value of a term at one of the places: by its digits to the base of 3 a pair is 1 and 0, 0 and 1, or 1/2 and 1/2. */
function valueAt({ coefficient, degrees }: ShareTerm, place: number): Rational {
  let value = coefficient
  for (const [at, degree] of degrees.entries()) {
    const state = Math.floor(place / 3 ** (at >> 1)) % 3
    if (degree > 0 && state === 1 - (at % 2)) return Rational.zero
    if (state === 2) value = value.dividedBy(Rational.of(2 ** degree))
  }
  return value
}

/** A polynomial of one degree in `p` and `q`, by its factors: `p^a q^b (p - q)^c (p + q)^d` times the rest, coefficients from `p^n` to `q^n`. */
interface Factored {
  readonly p: number
  readonly q: number
  readonly differences: number
  readonly rest: readonly Rational[]
}

/** `coefficients[k]` stands before `p^(n - k) q^k`. */
function factored(coefficients: readonly Rational[]): Factored {
  const q = coefficients.findIndex((c) => !c.isZero)
  const last = coefficients.findLastIndex((c) => !c.isZero)
  // `p + q` is 1.
  const { rest: shorter } = withoutFactor(coefficients.slice(q, last + 1), ONE.negate())
  const { count, rest } = withoutFactor(shorter, ONE)
  return { p: coefficients.length - 1 - last, q, differences: count, rest }
}

/** The functions of an argument: `σ(u)`, `σ(-u)` and `σ(u) - σ(-u)`. */
export class Pair {
  readonly p: Expr
  readonly q: Expr
  readonly difference: Expr

  constructor(
    private readonly graph: Graph,
    readonly u: Expr,
  ) {
    this.p = graph.apply('sigmoid', [u])
    this.q = graph.apply('sigmoid', [graph.neg(u)])
    this.difference = graph.apply('tanh', [graph.scale(HALF, u)])
  }

  power(p: number, q: number): Expr {
    const { graph } = this
    return graph.mul(graph.power(this.p, Rational.of(p)), graph.power(this.q, Rational.of(q)))
  }

  of({ p, q, differences, rest }: Factored): Expr {
    const { graph } = this
    return graph.mul(
      this.power(p, q),
      graph.power(this.difference, Rational.of(differences)),
      this.remaining(rest),
    )
  }

  /** One that is the same from both ends is `a + b p q + …`, here by even powers of `p - q`: so it keeps its digits next to zeros of its own. */
  private remaining(rest: readonly Rational[]): Expr {
    const { graph } = this
    if (rest.length === 1) return graph.num(rest[0])
    const degree = rest.length - 1
    const isSymmetric = degree % 2 === 0 && rest.every((c, at) => c.equals(rest[degree - at]))
    if (!isSymmetric) return graph.addAll(rest.map((c, at) => graph.scale(c, this.power(degree - at, at))))
    const levels: Rational[] = []
    for (let inner = rest; inner.length > 0; inner = withoutEnds(inner)) levels.push(inner[0])
    const inSquares = levels.reduceRight<readonly Rational[]>(
      (sum, level) => plus(timesProduct(sum), level),
      [],
    )
    return graph.addAll(inSquares.map((c, at) => graph.scale(c, graph.power(this.difference, Rational.of(2 * at))))) // prettier-ignore
  }
}

/** A polynomial of the square of the difference times `p q = (1 - (p - q)²) / 4`. */
const timesProduct = (sum: readonly Rational[]): readonly Rational[] =>
  sum.length === 0
    ? sum
    : [...sum, Rational.zero].map((c, at) => c.minus(sum[at - 1] ?? Rational.zero).times(QUARTER))

const plus = (
  [first = Rational.zero, ...more]: readonly Rational[],
  level: Rational,
): readonly Rational[] => [first.plus(level), ...more]

/** `(F - F(1, 0) (p + q)^n) / (p q)`. */
function withoutEnds(coefficients: readonly Rational[]): readonly Rational[] {
  const n = coefficients.length - 1
  let binomial = 1
  const less = coefficients.map((c, k) => {
    const left = c.minus(coefficients[0].times(Rational.of(binomial)))
    binomial = (binomial * (n - k)) / (k + 1)
    return left
  })
  return less.slice(1, -1)
}

/**
 * The sum by powers of the pairs, one within the other; those of the last pair are written by their factors. Where a power of `p + q` divides,
 * fewer are left: `p s + p r + q s` of two pairs is `p + q s`.
 */
export function nested(graph: Graph, pairs: readonly IndexedPair[], terms: readonly ShareTerm[]): Expr {
  const [{ pair, at }, ...inner] = pairs
  if (inner.length === 0) {
    const sums = [...groupsBy(terms, ({ others }) => keyOf(others)).values()].map((group) => {
      const coefficients = vector(group, at, ([term]) => term?.coefficient ?? Rational.zero)
      return graph.mulAll([pair.of(factored(coefficients)), ...powersOf(graph, group[0].others)])
    })
    return graph.addAll(sums)
  }
  const coefficients = vector(terms, at, (group) => group.length === 0 ? graph.zero : nested(graph, inner, group)) // prettier-ignore
  const rest = withoutWholes(graph, coefficients)
  const degree = rest.length - 1
  return graph.addAll(rest.map((c, k) => graph.mul(c, pair.power(degree - k, k))))
}

/** A pair, and where its degrees stand. */
export interface IndexedPair {
  readonly pair: Pair
  readonly at: number
}

/** What stands before `p^(n - k) q^k`. */
function vector<T>(
  terms: readonly ShareTerm[],
  at: number,
  of: (terms: readonly ShareTerm[]) => T,
): readonly T[] {
  const degree = degreeOf(terms[0], at)
  const groups = groupsBy(terms, ({ degrees }) => degrees[2 * at + 1])
  return Array.from({ length: degree + 1 }, (_, k) => of(groups.get(k) ?? []))
}

/** Over `p + q` as often as that leaves nothing. */
function withoutWholes(graph: Graph, coefficients: readonly Expr[]): readonly Expr[] {
  let rest = coefficients
  while (rest.length > 1) {
    const quotient: Expr[] = []
    for (const [k, c] of rest.entries()) quotient.push(k === 0 ? c : graph.sub(c, quotient[k - 1]))
    if (quotient.pop() !== graph.zero) return rest
    rest = quotient
  }
  return rest
}

export function groupsBy<T, K>(all: readonly T[], keyOf: (each: T) => K): ReadonlyMap<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const each of all) {
    const group = groups.get(keyOf(each))
    if (group) group.push(each)
    else groups.set(keyOf(each), [each])
  }
  return groups
}
