/**
 * Quotients by sums of products, which are too large or too small where the quotient is not: `x² / (y + x²)` is `1 / (1 + y / x / x)`
 * there. Every part of the sum above it that is taken out is a share of it, and depends on quotients of its terms alone.
 */
import type { Add, Apply, Expr, Factor } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { ONE, Rational, ZERO } from '../ir/rational.js'
import { asTerm, powersOf } from '../ir/term.js'
import { monomialsOf, type Monomial } from './polynomial.js'
import { isModerate, type Reads } from './quotient.js'
import { normOfSquares } from './rules/root.js'

/** Products within these have all their digits. */
const DIGITS = 290
/** Longer sums and higher powers of them are left alone. */
const [MOST_TERMS, MOST] = [4, 4]
/** More divisions are not written out: each of the summands above, with the other factors, is divided by each of the terms below. */
const LONGEST = 48

/** `otherwise` is the quotient as it is computed where the sum is neither large nor small. */
export function byLargeSum(
  graph: Graph,
  reads: Reads,
  factors: readonly Factor[],
  otherwise: Expr,
): Expr | undefined {
  const divisor = factors.find((factor) => isLargeSum(graph, factor) && reads.areSeveral([factor.base]))
  if (divisor?.base.kind !== 'add') return undefined
  const count = Number(divisor.exponent.abs().n)
  const others = factors.filter((factor) => factor !== divisor)
  const shares = inShares(graph, divisor.base, count, others)
  if (!shares) return undefined
  const bound = Rational.of(10n ** BigInt(Math.floor(DIGITS / count)))
  const lt = (a: Expr, b: Expr): Expr => graph.apply('lt', [a, b])
  const size = graph.apply('abs', [divisor.base])
  const isLarge = lt(graph.num(bound.inverse()), size)
  // Terms of both signs may be 0 together, where the quotient has no other value.
  const isNotSmall = divisor.base.facts.low >= 0 ? isLarge : graph.apply('or', [isLarge, graph.apply('eq', [divisor.base, graph.zero])]) // prettier-ignore
  const isWithin = graph.apply('and', [isNotSmall, lt(size, graph.num(bound))])
  return graph.select(isWithin, otherwise, shares)
}

/** A sum in which a product, or a power, or a reciprocal of numbers of any size stands. */
function isLargeSum(graph: Graph, { base, exponent }: Factor): boolean {
  if (base.kind !== 'add' || !exponent.isInteger || !exponent.isNegative) return false
  if (exponent.abs().compare(Rational.of(MOST)) > 0) return false
  const terms = monomialsOf(base)
  if (terms.length < 2 || terms.length > MOST_TERMS || !terms.every(isOfWholePowers)) return false
  // Of two squares the hypotenuse is divided by.
  if (normOfSquares(graph, base) && terms.every(({ factors }) => degreeOf(factors) <= 2)) return false
  return terms.some(
    ({ factors }) =>
      degreeOf(factors) > 1 || factors.some((factor) => isReciprocal(factor) || isPower(factor.base)),
  )
}

const isReciprocal = ({ base, exponent }: Factor): boolean => exponent.isNegative && !isModerate(base)

/** A short sum is as good as a number: `(y - 1) e^(-x)`. */
const isOfWholePowers = ({ factors }: Monomial): boolean =>
  factors.every(
    ({ base, exponent }) =>
      exponent.isInteger && (base.kind !== 'add' || base.terms.every(({ node }) => node.kind === 'read')),
  )

/** Of how many numbers of any size it is the product. */
function degreeOf(factors: readonly Factor[]): number {
  const sizes = factors.map(({ base, exponent }) => (isModerate(base) ? 0 : Math.abs(exponent.toNumber())))
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** `Π others / sum^count` by shares of the sum: term by term where a sum is divided. */
function inShares(graph: Graph, sum: Add, count: number, others: readonly Factor[]): Expr | undefined {
  const terms = monomialsOf(sum)
  const isOfTerm = (e: Expr): boolean => terms.some(({ factors }) => factors.some(({ base }) => base === e))
  const above = others.find(({ base, exponent }) => base.kind === 'add' && exponent.isOne && !isOfTerm(base))
  const rest = others.filter((factor) => factor !== above)
  const summands = above ? monomialsOf(above.base) : [{ coefficient: ONE, factors: [] }]
  if (summands.length * terms.length * (rest.length + 1) > LONGEST) return undefined
  const parts = summands.map(({ coefficient, factors }) => {
    const shares = productOfShares(graph, sum, terms, count, multiplied([...factors, ...rest]))
    return shares && graph.scale(coefficient, shares)
  })
  const found = parts.flatMap((part) => part ?? [])
  return found.length === parts.length ? graph.addAll(found) : undefined
}

function productOfShares(
  graph: Graph,
  sum: Add,
  terms: readonly Monomial[],
  count: number,
  factors: readonly Factor[],
): Expr | undefined {
  const shares: Expr[] = []
  let rest = withPowersOf(graph, terms, withExponentialsOf(terms, factors))
  // Longer products first: what is left of the factors is divided by the sum as it is.
  const products = terms.filter((term) => term.factors.length > 0).toSorted((a, b) => degreeOf(b.factors) - degreeOf(a.factors)) // prettier-ignore
  for (const term of products)
    for (
      let next = without(rest, term.factors);
      next && shares.length < count;
      next = without(rest, term.factors)
    ) {
      shares.push(shareOf(graph, term.factors, terms))
      rest = next
    }
  const own = rest.filter(({ base, exponent }) => base.kind !== 'add' && exponent.isInteger && !isModerate(base)) // prettier-ignore
  if (shares.length < count && own.length > 0) {
    shares.push(shareOf(graph, own, terms))
    rest = rest.filter((factor) => !own.includes(factor))
  }
  let result = graph.mulAll([...powersOf(graph, rest), ...shares])
  // One after the other: powers of the sum are no numbers first.
  for (let left = count - shares.length; left > 0; left--) result = graph.stop(graph.div(result, sum))
  return result
}

/** `e^(2x)` as the square of the `e^x` of a term. */
function withExponentialsOf(terms: readonly Monomial[], factors: readonly Factor[]): readonly Factor[] {
  const bases = terms.flatMap((term) =>
    term.factors.flatMap(({ base }) => (isExponential(base) ? [base] : [])),
  )
  return multiplied(
    factors.map((factor) => {
      if (!isExponential(factor.base)) return factor
      const own = asTerm(factor.base.args[0])
      for (const base of bases) {
        const { node, coefficient } = asTerm(base.args[0])
        const times = own.coefficient.dividedBy(coefficient)
        if (node === own.node && times.isInteger) return { base, exponent: factor.exponent.times(times) }
      }
      return factor
    }),
  )
}

/** `x^(y - 1)` as `x^y / x` beside the `x^y` of a term. */
function withPowersOf(
  graph: Graph,
  terms: readonly Monomial[],
  factors: readonly Factor[],
): readonly Factor[] {
  const open = terms.flatMap((term) => term.factors.flatMap(({ base }) => (isPower(base) ? [base] : [])))
  if (open.length === 0) return factors
  return multiplied(
    factors.flatMap((factor): readonly Factor[] => {
      if (!isPower(factor.base)) return [factor]
      const [x, y] = factor.base.args
      for (const power of open) {
        const more = power.args[0] === x ? graph.sub(y, power.args[1]) : undefined
        if (more?.kind !== 'num' || more.value.isZero) continue
        return [{ base: power, exponent: factor.exponent }, { base: x, exponent: factor.exponent.times(more.value) }] // prettier-ignore
      }
      return [factor]
    }),
  )
}

const isPower = (e: Expr): e is Apply => e.kind === 'apply' && e.operator === 'pow'

const isExponential = (e: Expr): e is Apply => e.kind === 'apply' && e.operator === 'exp'

/** Each base once. */
function multiplied(factors: readonly Factor[]): readonly Factor[] {
  const exponents = new Map<Expr, Rational>()
  for (const { base, exponent } of factors) exponents.set(base, (exponents.get(base) ?? ZERO).plus(exponent))
  return [...exponents].flatMap(([base, exponent]) => (exponent.isZero ? [] : [{ base, exponent }]))
}

/** What is left of factors without those of a part; absent where it is no part of them. */
function without(factors: readonly Factor[], part: readonly Factor[]): readonly Factor[] | undefined {
  const left = factors.map(({ base, exponent }) => ({
    base,
    exponent: exponent.minus(part.find((own) => own.base === base)?.exponent ?? ZERO),
  }))
  const isPart = part.every(({ base, exponent }) => {
    const own = factors.find((factor) => factor.base === base)?.exponent
    return (
      own !== undefined && own.isNegative === exponent.isNegative && own.abs().compare(exponent.abs()) >= 0
    )
  })
  return isPart ? left.filter(({ exponent }) => !exponent.isZero) : undefined
}

/** `product / Σ terms` as `1 / Σ (term / product)`: nothing overflows that the share does not. */
function shareOf(graph: Graph, product: readonly Factor[], terms: readonly Monomial[]): Expr {
  const quotients = terms.map(({ coefficient, factors }) => graph.scale(coefficient, inTurn(graph, [...factors, ...inverse(product)]))) // prettier-ignore
  const share = graph.power(graph.addAll(quotients), ONE.negate())
  // Of two terms none stands against another where the product is 0.
  if (terms.length < 3 || product.length === 0) return graph.stop(share)
  const isNothing = product.map(({ base }) => graph.apply('eq', [base, graph.zero])).reduce((a, b) => graph.apply('or', [a, b])) // prettier-ignore
  const sum = graph.addAll(terms.map(({ coefficient, factors }) => graph.scale(coefficient, graph.mulAll(powersOf(graph, factors))))) // prettier-ignore
  return graph.select(isNothing, graph.div(graph.mulAll(powersOf(graph, product)), sum), graph.stop(share))
}

const inverse = (factors: readonly Factor[]): readonly Factor[] =>
  factors.map(({ base, exponent }) => ({ base, exponent: exponent.negate() }))

/** A product of powers, multiplied and divided in turn. */
export function inTurn(graph: Graph, factors: readonly Factor[]): Expr {
  const above: Expr[] = []
  const below: Expr[] = []
  for (const { base, exponent } of multiplied(factors))
    for (let count = exponent.abs().n; count > 0n; count--) (exponent.isNegative ? below : above).push(base)
  let result: Expr = graph.one
  for (let at = 0; at < Math.max(above.length, below.length); at++) {
    const next = graph.mul(result, above[at] ?? graph.one)
    result = below[at] ? graph.stop(graph.div(next, below[at])) : next
  }
  return result
}
