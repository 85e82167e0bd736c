/** Ranges of sums and products of what depends on each other, where the ranges of their parts say too little. */
import type { Interval } from '../ops/operator.js'
import type { Add, AppliedOperator, Expr, Facts, Factor, Term } from './expr.js'
import { ONE, type Rational, TWO, ZERO } from './rational.js'

/** `c0 + c1 x + c2 x²` over an interval: at its ends and at the vertex. */
function quadratic(c0: number, c1: number, c2: number, { low, high }: Interval): Interval {
  const at = (x: number): number => c0 + x * (c1 + x * c2)
  // The terms may cancel: what they were rounded by does not. Small whole numbers are not rounded.
  const size = Math.max(Math.abs(low), Math.abs(high))
  const total = Math.abs(c0) + size * (Math.abs(c1) + size * Math.abs(c2))
  const isExact = [c0, c1, c2, low, high].every(Number.isInteger) && total < 2 ** 50
  const slack = total * 2 ** -50
  const around = (value: number, error: number): readonly number[] => [value - error, value + error]
  const values = [at(low), at(high)].flatMap((value) => around(value, isExact ? 0 : slack))
  const vertex = -c1 / (2 * c2)
  if (vertex > low && vertex < high) values.push(...around(at(vertex), slack))
  return { low: Math.min(...values), high: Math.max(...values) }
}

const EVERYTHING: Interval = { low: -Infinity, high: Infinity }
const QUARTER: Interval = { low: 0, high: 0.25 }

const isBounded = ({ low, high }: Facts): boolean => Number.isFinite(low) && Number.isFinite(high)

/** Of two factors. */
export function rangeOfProduct(factors: readonly Factor[]): Interval {
  if (factors.length !== 2) return EVERYTHING
  const [first, second] = factors
  if (first.exponent.isOne && second.exponent.isOne)
    return areComplements(first.base, second.base) ? QUARTER : rangeOfParabola(factors)
  return first.exponent.isNegative ? rangeOfShare(second, first) : rangeOfShare(first, second)
}

/** `x (c0 + c1 x)` for a bounded `x`: 1/4 is the most of `σ (1 - σ)`, where the product of the ranges says 1. */
function rangeOfParabola(factors: readonly Factor[]): Interval {
  for (const [at, { base: x }] of factors.entries()) {
    const other = factors[1 - at]
    if (other.base.kind !== 'add' || !isBounded(x.facts)) continue
    const [{ node, coefficient }, ...more] = other.base.terms
    if (node === x && more.length === 0)
      return quadratic(0, other.base.constant.toNumber(), coefficient.toNumber(), x.facts)
  }
  return EVERYTHING
}

/** Whether they are `f(u)` and `f(-u)` of a function whose values at both make 1. */
function areComplements(a: Expr, b: Expr): boolean {
  if (a.kind !== 'apply' || b.kind !== 'apply' || a.operator !== b.operator) return false
  return (a.operator === 'sigmoid' || a.operator === 'normal_cdf') && areOpposite(a.args[0], b.args[0])
}

function areOpposite(a: Expr, b: Expr): boolean {
  const [x, y] = [a, b].map((e) => (e.kind === 'add' ? e : undefined))
  if (!x || !y) return isNegated(x, b) || isNegated(y, a)
  return (
    x.constant.equals(y.constant.negate()) &&
    x.terms.length === y.terms.length &&
    x.terms.every((term, at) => isNegatedTerm(term, y.terms[at]))
  )
}

const isNegatedTerm = (a: Term, b: Term): boolean =>
  a.node === b.node && a.coefficient.equals(b.coefficient.negate())

const isNegated = (sum: Add | undefined, e: Expr): boolean =>
  sum !== undefined &&
  sum.constant.isZero &&
  sum.terms.length === 1 &&
  sum.terms[0].node === e &&
  sum.terms[0].coefficient.isMinusOne

/** `x^p / s^q` where `x^(p/q)` is a part of the sum `s` of what is not negative: `x² / (x² + y²)` is at most 1. */
function rangeOfShare({ base, exponent: p }: Factor, { base: s, exponent }: Factor): Interval {
  if (s.kind !== 'add' || p.isNegative || !exponent.isNegative || s.constant.isNegative) return EVERYTHING
  if (!s.terms.every(({ node, coefficient }) => !coefficient.isNegative && node.facts.low >= 0))
    return EVERYTHING
  const q = exponent.negate()
  const part = (power: Rational): Rational | undefined =>
    s.terms.find(({ node }) => isPower(node, base, power))?.coefficient
  const whole = part(p.dividedBy(q))
  if (whole) return upTo(whole.toNumber() ** -q.toNumber(), base.facts)
  // Half of what the mean of two numbers has: 2 √c √k |x| <= c + k x².
  const square = q.isOne && p.isOne && s.constant.toNumber() > 0 ? part(TWO) : undefined
  return square ? upTo(0.5 / Math.sqrt(s.constant.toNumber() * square.toNumber()), base.facts) : EVERYTHING
}

const upTo = (most: number, { low }: Facts): Interval => ({ low: low >= 0 ? 0 : -most, high: most })

const isPower = (e: Expr, base: Expr, exponent: Rational): boolean =>
  exponent.isOne
    ? e === base
    : e.kind === 'mul' &&
      e.factors.length === 1 &&
      e.factors[0].base === base &&
      e.factors[0].exponent.equals(exponent)

/** By how much numbers may be above what they are rounded to. */
const ABOVE: Partial<Record<AppliedOperator, readonly [least: number, most: number]>> = {
  floor: [0, 1],
  ceil: [-1, 0],
  round: [-0.5, 0.5],
  trunc: [-1, 1],
}

/** `c (u - floor(u)) + d`. */
function rangeOfFraction(constant: Rational, terms: readonly Term[]): Interval | undefined {
  for (const { node, coefficient } of terms) {
    const bounds = node.kind === 'apply' && coefficient.isNegative ? ABOVE[node.operator] : undefined
    if (!bounds || node.kind !== 'apply') continue
    const [u] = node.args
    const own = u.kind === 'add' ? u : { terms: [{ node: u, coefficient: ONE }], constant: ZERO }
    const scale = coefficient.negate()
    const isRest =
      terms.length === own.terms.length + 1 &&
      own.terms.every((term) =>
        terms.some(
          (other) => other.node === term.node && other.coefficient.equals(term.coefficient.times(scale)),
        ),
      )
    if (!isRest) continue
    const [c, d] = [scale.toNumber(), constant.minus(own.constant.times(scale)).toNumber()]
    return { low: d + c * bounds[0], high: d + c * bounds[1] }
  }
  return undefined
}

/** `c0 + c1 x + c2 x²` for a bounded `x`. */
export function rangeOfSum(constant: Rational, terms: readonly Term[]): Interval {
  const rest = rangeOfFraction(constant, terms)
  if (rest || terms.length !== 2) return rest ?? EVERYTHING
  for (const [at, { node: x, coefficient }] of terms.entries()) {
    const other = terms[1 - at]
    if (other.node.kind !== 'mul' || other.node.factors.length !== 1 || !isBounded(x.facts)) continue
    const [{ base, exponent }] = other.node.factors
    if (base === x && exponent.isInteger && exponent.n === 2n)
      return quadratic(constant.toNumber(), coefficient.toNumber(), other.coefficient.toNumber(), x.facts)
  }
  return EVERYTHING
}
