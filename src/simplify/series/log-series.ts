/**
 * Expressions of one leaf far from 0 in powers of `t = 1/x` and of `log x`: logarithms, and lgamma and its derivatives by Stirling's series, so
 * that `lgamma(x + 1) - lgamma(x)` is `log x`.
 */
import type { Expr } from '../../ir/expr.js'
import { ONE as UNIT, Rational, ZERO } from '../../ir/rational.js'
import { postorder } from '../../ir/walk.js'
import { seriesFrom } from './expand.js'
import * as fixed from './fixed.js'
import { add, constant, exp, log, mul, power, scale, type Series } from './power-series.js'

/** `Σ parts[k] (log x)^k`. */
export type LogSeries = readonly Series[]

/** Higher powers of the logarithm are left alone. */
const HIGHEST = 3

/** Whether there is anything here that powers alone do not have. */
export const holdsLogarithm = (e: Expr): boolean =>
  postorder([e]).some((node) => node.kind === 'apply' && LOGARITHMIC.has(node.operator))

const LOGARITHMIC: ReadonlySet<string> = new Set(['log', 'log1p', 'xlogy', 'lgamma', 'digamma', 'polygamma'])

/** Of `e` for large `x`, given the series of the leaf in `t`. */
export function logSeriesOf(e: Expr, leaf: Expr, ofLeaf: Series, terms: number): LogSeries | undefined {
  const known = new Map([[leaf, ofLeaf]])
  const found = new Map<Expr, LogSeries>()
  for (const [node, series] of seriesFrom(e, known, terms)) found.set(node, [series])
  for (const node of postorder([e], (part) => !found.has(part))) {
    const parts = node.operands.map((operand) => found.get(operand))
    const own = parts.every((part) => part !== undefined) ? ofNode(node, parts, terms) : undefined
    if (!own) continue
    found.set(node, own)
  }
  return found.get(e)
}

function ofNode(e: Expr, parts: readonly LogSeries[], terms: number): LogSeries | undefined {
  switch (e.kind) {
    case 'add': {
      const start: LogSeries = [constant(fixed.ofRatio(e.constant.n, e.constant.d), terms)]
      return e.terms.reduce((total, { coefficient }, at) => sum(total, scaled(coefficient, parts[at])), start)
    }
    case 'mul': {
      let result: LogSeries | undefined = [constant(fixed.ONE, terms)]
      for (const [at, { exponent }] of e.factors.entries()) {
        const factor = powerOf(parts[at], exponent)
        result = result && factor && product(result, factor)
      }
      return result
    }
    case 'stop':
      return parts[0]
    case 'apply': {
      const [first, second] = parts
      const one: LogSeries = [constant(fixed.ONE, terms)]
      switch (e.operator) {
        case 'log':
          return logarithm(first)
        case 'log1p':
          return logarithm(sum(one, first))
        case 'xlogy': {
          const own = logarithm(second)
          return own && product(first, own)
        }
        case 'pow': {
          const own = logarithm(first)
          return own && exponential(product(second, own))
        }
        case 'exp':
          return exponential(first)
        case 'lgamma':
          return stirling(first, 0, terms)
        case 'digamma':
          return stirling(first, 1, terms)
        case 'polygamma': {
          const order = e.args[0].kind === 'num' ? e.args[0].value.toNumber() : NaN
          return Number.isInteger(order) && order > 0 && order <= LARGEST_ORDER ? stirling(second, order + 1, terms) : undefined // prettier-ignore
        }
        default:
          return undefined
      }
    }
    default:
      return undefined
  }
}

const LARGEST_ORDER = 8

const sum = (a: LogSeries, b: LogSeries): LogSeries =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, k) =>
    a[k] && b[k] ? add(a[k], b[k]) : (a[k] ?? b[k]),
  )

const scaled = ({ n, d }: Rational, a: LogSeries): LogSeries => a.map((part) => scale(n, d, part))

function product(a: LogSeries, b: LogSeries): LogSeries | undefined {
  if (a.length + b.length - 2 > HIGHEST) return undefined
  let total: LogSeries = []
  for (const [k, left] of a.entries())
    for (const [n, right] of b.entries()) {
      const shifted: Series[] = []
      shifted[k + n] = mul(left, right)
      total = sum(total, shifted)
    }
  return total
}

function powerOf(a: LogSeries, { n, d }: Rational): LogSeries | undefined {
  const [first] = a
  const whole = d === 1n && n > 0n && n <= BigInt(HIGHEST)
  if (a.length === 1 && first) {
    const result = power(first, n, d, true)
    return result && [result]
  }
  let result: LogSeries | undefined = whole ? a : undefined
  for (let k = 1n; k < n && result; k++) result = product(result, a)
  return result
}

/** `log(c t^k (1 + …)) = log(c (1 + …)) - k log x`. */
function logarithm(a: LogSeries | undefined): LogSeries | undefined {
  const [u, ...more] = a ?? []
  if (!u || more.length > 0 || u.coefficients.length === 0) return undefined
  const rest = log({ lead: 0, coefficients: u.coefficients })
  const unit = constant(fixed.ONE, u.coefficients.length)
  return rest && (u.lead === 0 ? [rest] : [rest, scale(BigInt(-u.lead), 1n, unit)])
}

/** Of what tends to a number. */
function exponential(a: LogSeries | undefined): LogSeries | undefined {
  const [u, ...more] = a ?? []
  const isPlain = more.every(({ coefficients }) => coefficients.length === 0)
  const result = u && isPlain ? exp(u) : undefined
  return result && [result]
}

/**
 * The derivative of that order of `(u - 1/2) log u - u + log(2π)/2 + Σ B_2k / (2k (2k - 1) u^(2k - 1))`, for a `u` that grows without bound: Stirling's
 * series, which does not converge, but whose terms are small enough before they grow.
 */
function stirling(a: LogSeries, order: number, terms: number): LogSeries | undefined {
  const [u, ...more] = a
  if (!u || more.length > 0 || u.lead >= 0 || u.coefficients[0] <= 0n) return undefined
  const inverse = power(u, -1n, 1n)
  const own = logarithm([u])
  if (!inverse || !own) return undefined
  const one = constant(fixed.ONE, terms)
  let total: LogSeries
  if (order === 0) {
    const half = scale(1n, 2n, one)
    const main = product([add(u, scale(-1n, 1n, half))], own)
    const start = constant(fixed.log(2n * fixed.PI) ?? 0n, terms)
    if (!main) return undefined
    total = sum(main, [add(scale(1n, 2n, start), scale(-1n, 1n, u))])
  } else if (order === 1) total = sum(own, [scale(-1n, 2n, inverse)])
  else {
    // (-1)^n ((n - 2)! / u^(n - 1) + (n - 1)! / (2 u^n)).
    const sign = order % 2 === 0 ? 1n : -1n
    const [p, q] = [power(inverse, BigInt(order - 1), 1n), power(inverse, BigInt(order), 1n)]
    if (!p || !q) return undefined
    total = [add(scale(sign * factorial(order - 2), 1n, p), scale(sign * factorial(order - 1), 2n, q))]
  }
  for (const [at, bernoulli] of bernoulliNumbers(Math.floor(terms / 2)).entries()) {
    const k = 2 * (at + 1)
    // The derivative of that order of B_k / (k (k - 1) u^(k - 1)).
    const sign = order % 2 === 0 ? 1n : -1n
    const factor = bernoulli.times(Rational.of(sign * factorial(k + order - 2), factorial(k)))
    const term = power(inverse, BigInt(k - 1 + order), 1n)
    if (term) total = sum(total, [scale(factor.n, factor.d, term)])
  }
  return total
}

function factorial(n: number): bigint {
  let product = 1n
  for (let k = 2n; k <= BigInt(n); k++) product *= k
  return product
}

/** `B_2, B_4, …`. */
function bernoulliNumbers(count: number): readonly Rational[] {
  const all: Rational[] = [UNIT]
  for (let n = 1; n <= 2 * count; n++) {
    // Σ C(n + 1, k) B_k = 0.
    let [total, binomial] = [ZERO, 1n]
    for (let k = 0; k < n; k++) {
      total = total.plus(all[k].times(Rational.of(binomial)))
      binomial = (binomial * BigInt(n + 1 - k)) / BigInt(k + 1)
    }
    all.push(total.dividedBy(Rational.of(-(n + 1))))
  }
  return Array.from({ length: count }, (_, k) => all[2 * k + 2])
}
