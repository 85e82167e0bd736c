/** Polynomials of sigmoid and tanh by their zeros at the bounds, which the tails approach. */
import type { Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, Rational } from '../../ir/rational.js'
import { powersOf } from '../../ir/term.js'
import { procedure, type RewriteContext } from '../../rewrite/rule.js'
import { withoutFactor } from '../linear-factors.js'
import { expand, keyOf, monomialsOf, monomialToExpr, type Monomial } from '../polynomial.js'

interface Bounded {
  readonly operator: 'sigmoid' | 'tanh'
  /** Its argument. */
  readonly u: Expr
}

function boundedFunction(e: Expr, { view }: RewriteContext): Bounded | undefined {
  const node = e.kind === 'read' ? view(e) : e
  if (node?.kind !== 'apply' || (node.operator !== 'sigmoid' && node.operator !== 'tanh')) return undefined
  return { operator: node.operator, u: node.args[0] }
}

/** Polynomials of higher degree are left alone. */
const DEGREE = 12

/**
 * `s - 3 s² + 2 s³ = s (1 - s) (1 - 2 s)` for `s = σ(u)`, where `1 - s` is `σ(-u)` and `1 - 2 s` is `-tanh(u/2)`, to all
 * digits in both tails; likewise `t - t³ = t (1 - t) (1 + t)` for `t = tanh(u)`.
 */
export const factoredAtBounds = procedure({
  name: 'polynomial of a bounded function',
  sound: 'real',
  root: 'add',
  apply: (e, context) => {
    const { graph } = context
    if (e.kind !== 'add') return undefined
    const plain = monomialsOf(e)
    const found = new Map<Expr, Bounded>()
    for (const { factors } of plain)
      for (const { base } of factors) {
        const bounded = found.has(base) ? undefined : boundedFunction(base, context)
        if (bounded) found.set(base, bounded)
      }
    if (found.size === 0) return undefined
    const factored = factorAny(graph, plain, found)
    if (factored) return factored
    const expanded = multipliedOut(graph, plain, found)
    return expanded && factorAny(graph, expanded, found)
  },
})

function factorAny(
  graph: Graph,
  plain: readonly Monomial[],
  found: ReadonlyMap<Expr, Bounded>,
): Expr | undefined {
  const meeting = thatMayMeet(plain, found)
  if (meeting.size === 0) return undefined
  const monomials = new Monomials(plain.map((monomial) => signed(graph, monomial)))
  for (const [s, bounded] of found) {
    if (!meeting.has(s)) continue
    const factored = factor(graph, monomials, s, bounded)
    if (factored) return factored
  }
  return undefined
}

/** The functions for which two terms, one of them with it, may have the same other factors: seen by those that are no sums. */
function thatMayMeet(plain: readonly Monomial[], found: ReadonlyMap<Expr, Bounded>): ReadonlySet<Expr> {
  const meeting = new Set<Expr>()
  const outline = (factors: readonly Factor[], without?: Expr): string =>
    factors
      .flatMap(({ base, exponent }) =>
        base === without ? [] : [base.kind === 'add' ? `^${exponent}` : `${base.id}^${exponent}`],
      )
      .sort()
      .join()
  const whole = new Set(plain.map(({ factors }) => outline(factors)))
  const seen = new Map<Expr, Set<string>>()
  for (const { factors } of plain)
    for (const { base } of factors) {
      if (!found.has(base) || meeting.has(base)) continue
      const others = outline(factors, base)
      const before = seen.get(base)
      if (whole.has(others) || before?.has(others)) meeting.add(base)
      else if (before) before.add(others)
      else seen.set(base, new Set([others]))
    }
  return meeting
}

/** Sums beside sums are multiplied out so often at most. */
const NESTING = 3

/** `s (a + 1) - s² a` is a polynomial of `s` for each term of its factors; absent where no factor beside one is a sum. */
function multipliedOut(
  graph: Graph,
  plain: readonly Monomial[],
  found: ReadonlyMap<Expr, Bounded>,
): readonly Monomial[] | undefined {
  const isConcerned = ({ factors }: Monomial): boolean => factors.some(({ base }) => found.has(base))
  const concerned = plain.filter(isConcerned)
  if (
    concerned.length < 2 ||
    !concerned.some(({ factors }) => factors.some(({ base }) => base.kind === 'add'))
  )
    return undefined
  let sum = graph.addAll(concerned.map((monomial) => monomialToExpr(graph, monomial)))
  const given = sum
  for (let level = 0; level < NESTING; level++) {
    const next = expand(graph, sum)?.expr
    if (!next) break
    sum = next
  }
  return sum === given ? undefined : [...monomialsOf(sum), ...plain.filter((each) => !isConcerned(each))]
}

/** With one of `a - b` and `b - a` for both, so that terms with either are seen to have the same other factors. */
function signed(graph: Graph, { coefficient, factors }: Monomial): Monomial {
  let negated = false
  const same = factors.map((factor) => {
    const { base, exponent } = factor
    if (base.kind !== 'add' || !exponent.isInteger || exponent.n % 2n === 0n) return factor
    const opposite = graph.addAll([
      graph.num(base.constant.negate()),
      ...base.terms.map(({ node, coefficient: own }) => graph.scale(own.negate(), node)),
    ])
    if (opposite.id > base.id) return factor
    negated = !negated
    return { base: opposite, exponent }
  })
  return {
    coefficient: negated ? coefficient.negate() : coefficient,
    factors: same.toSorted((a, b) => a.base.id - b.base.id),
  }
}

function file<K>(into: Map<K, Monomial[]>, key: K, monomial: Monomial): void {
  const filed = into.get(key)
  if (filed) filed.push(monomial)
  else into.set(key, [monomial])
}

/** The terms of a sum by what they consist of: long sums hold many bounded functions. */
class Monomials {
  private readonly byFactor = new Map<Expr, Monomial[]>()
  private readonly byKey = new Map<string, Monomial[]>()

  constructor(readonly all: readonly Monomial[]) {
    for (const monomial of all) {
      file(this.byKey, keyOf(monomial.factors), monomial)
      for (const { base } of monomial.factors) file(this.byFactor, base, monomial)
    }
  }

  holding(base: Expr): readonly Monomial[] {
    return this.byFactor.get(base) ?? []
  }

  /** Those that are nothing but these factors: with both signs of a difference there may be two. */
  plain(key: string): readonly Monomial[] {
    return this.byKey.get(key) ?? []
  }
}

/** The terms that are polynomials of `s` times the same other factors, the first such group that has a zero at a bound. */
function factor(graph: Graph, monomials: Monomials, s: Expr, bounded: Bounded): Expr | undefined {
  const groups = new Map<string, { readonly cofactor: readonly Factor[]; readonly terms: Monomial[] }>()
  for (const monomial of monomials.holding(s)) {
    const own = monomial.factors.find(({ base }) => base === s)
    if (!own?.exponent.isInteger || own.exponent.abs().n > BigInt(DEGREE)) continue
    const cofactor = monomial.factors.filter((each) => each !== own)
    const key = keyOf(cofactor)
    const group = groups.get(key)
    if (group) group.terms.push(monomial)
    else groups.set(key, { cofactor, terms: [...monomials.plain(key), monomial] })
  }
  for (const { cofactor, terms } of groups.values()) {
    if (terms.length < 2) continue
    const lowest = Math.min(0, ...terms.map(({ factors }) => degreeOf(factors, s)))
    const zeros = withoutZeros(coefficientsOf(terms, s, lowest), bounded.operator)
    if (!zeros) continue
    const others = monomials.all.filter((monomial) => !terms.includes(monomial))
    return graph.addAll([
      graph.mulAll([
        ...powersOf(graph, cofactor),
        graph.power(s, Rational.of(lowest)),
        ...zeros.counts.map((count, at) => power(graph, atZero(graph, bounded, at), count)),
        remaining(graph, zeros.rest, s, bounded),
      ]),
      ...others.map((monomial) => monomialToExpr(graph, monomial)),
    ])
  }
  return undefined
}

const power = (graph: Graph, base: Expr, exponent: number): Expr =>
  graph.mulAll(Array.from({ length: exponent }, () => base))

const degreeOf = (factors: readonly Factor[], s: Expr): number =>
  Number(factors.find(({ base }) => base === s)?.exponent.n ?? 0n)

/** Times the power of `s` that makes the lowest of them the first. */
function coefficientsOf(terms: readonly Monomial[], s: Expr, lowest: number): readonly Rational[] {
  const coefficients: Rational[] = []
  for (const { coefficient, factors } of terms) {
    const degree = degreeOf(factors, s) - lowest
    while (coefficients.length <= degree) coefficients.push(ONE.minus(ONE))
    coefficients[degree] = coefficients[degree].plus(coefficient)
  }
  return coefficients
}

/** The zeros that are looked for: the bounds, and the middle of sigmoid. */
const ZEROS = { sigmoid: [ONE, HALF], tanh: [ONE, ONE.negate()] } as const

/** `1 - s`, `1 - 2 s`; `1 - t`, `1 + t`: linear factors of value 1 at 0, by the functions that have all digits of them. */
function atZero(graph: Graph, { operator, u }: Bounded, at: number): Expr {
  if (operator === 'sigmoid')
    return at === 0
      ? graph.apply('sigmoid', [graph.neg(u)])
      : graph.neg(graph.apply('tanh', [graph.scale(HALF, u)]))
  const twice = graph.add(u, u)
  const opposite = graph.apply('sigmoid', [at === 0 ? graph.neg(twice) : twice])
  return graph.add(opposite, opposite)
}

/** How often each zero divides the polynomial, and the quotient; undefined where no bound is a zero. */
function withoutZeros(
  coefficients: readonly Rational[],
  operator: 'sigmoid' | 'tanh',
): { readonly counts: readonly number[]; readonly rest: readonly Rational[] } | undefined {
  let rest = coefficients
  const counts = ZEROS[operator].map((zero) => {
    const without = withoutFactor(rest, zero.inverse())
    rest = without.rest
    return without.count
  })
  // `s - 2 s²`, beside a factor `1 - s`, has the zero in the middle alone.
  const bounds = operator === 'sigmoid' && !coefficients[0].isZero ? counts[0] : counts[0] + counts[1]
  return bounds === 0 && !(operator === 'sigmoid' && symmetric(rest)) ? undefined : { counts, rest }
}

/** The power of `s` in front of `a - b s + b s²`, which is the same for `1 - s`, if that is what the polynomial is. */
function symmetric(coefficients: readonly Rational[]): { readonly from: number } | undefined {
  const from = coefficients.findIndex((c) => !c.isZero)
  const isQuadratic = from >= 0 && coefficients.length === from + 3
  return isQuadratic && coefficients[from + 1].plus(coefficients[from + 2]).isZero ? { from } : undefined
}

/** What zeros leave: `a - b s + b s²` as `a - b/4 + b/4 tanh(u/2)²`, by which it keeps its digits next to zeros of its own. */
function remaining(graph: Graph, coefficients: readonly Rational[], s: Expr, { operator, u }: Bounded): Expr {
  const quadratic = operator === 'sigmoid' ? symmetric(coefficients) : undefined
  if (!quadratic) return graph.addAll(coefficients.map((c, k) => graph.scale(c, power(graph, s, k))))
  const { from } = quadratic
  const quarter = coefficients[from + 2].times(HALF).times(HALF)
  const half = graph.apply('tanh', [graph.scale(HALF, u)])
  const sum = graph.add(
    graph.num(coefficients[from].minus(quarter)),
    graph.scale(quarter, graph.mul(half, half)),
  )
  return graph.mul(power(graph, s, from), sum)
}
