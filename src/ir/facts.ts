/** Facts of composed values from the facts of their parts. */
import { OPERATORS } from '../ops/table.js'
import type { Domain, Interval } from '../ops/operator.js'
import { SIGNATURES, type OperatorName, type Tuple } from '../ops/signatures.js'
import type { Expr, Factor, Facts, ReductionKind, Term } from './expr.js'
import type { Rational } from './rational.js'
import { rangeOfProduct, rangeOfSum } from './ranges.js'
import { isLogOfShare } from './shares.js'

export const UNKNOWN: Facts = { low: -Infinity, high: Infinity, nonzero: false, finite: false }
/** Data and parameters: any finite real number. */
export const REAL: Facts = { ...UNKNOWN, finite: true }
export const SIZE: Facts = { low: 1, high: Infinity, nonzero: true, finite: true }
export const CONDITION: Facts = { low: 0, high: 1, nonzero: false, finite: true }

export const isNonNegativeValue = (facts: Facts): boolean => facts.low >= 0
export const isPositive = (facts: Facts): boolean => facts.low > 0 || (facts.low >= 0 && facts.nonzero)
export const isNegative = (facts: Facts): boolean => facts.high < 0 || (facts.high <= 0 && facts.nonzero)

export function exactly(value: number): Facts {
  if (Number.isNaN(value)) return UNKNOWN
  return { low: value, high: value, nonzero: value !== 0, finite: Number.isFinite(value) }
}

function facts(low: number, high: number, nonzero: boolean, finite: boolean): Facts {
  const from = Number.isNaN(low) ? -Infinity : low
  const to = Number.isNaN(high) ? Infinity : high
  const apart = nonzero || from > 0 || to < 0
  // Of most nodes no more is known: they share what is.
  if (from === -Infinity && to === Infinity && !apart) return finite ? REAL : UNKNOWN
  return { low: from, high: to, nonzero: apart, finite }
}

/** One rounding of an endpoint must not exclude the exact value; halves and quarters are not rounded. */
const roundDown = (value: number): number =>
  Number.isInteger(4 * value) ? value : value - Math.abs(value) * 2 ** -50
const roundUp = (value: number): number =>
  Number.isInteger(4 * value) ? value : value + Math.abs(value) * 2 ** -50

export function factsOfAdd(constant: Rational, terms: readonly Term[]): Facts {
  let low = constant.toNumber()
  let high = low
  let finite = true
  let allPositive = low >= 0
  let allNegative = low <= 0
  let strict = low !== 0
  for (const { node, coefficient } of terms) {
    const c = coefficient.toNumber()
    const f = node.facts
    finite &&= f.finite
    if (c === 0) {
      if (!f.finite) return UNKNOWN
      continue
    }
    low += c > 0 ? c * f.low : c * f.high
    high += c > 0 ? c * f.high : c * f.low
    const positive = c > 0 ? f.low >= 0 : f.high <= 0
    const negative = c > 0 ? f.high <= 0 : f.low >= 0
    allPositive &&= positive
    allNegative &&= negative
    strict ||= f.nonzero && (positive || negative)
  }
  const range = rangeOfSum(constant, terms)
  low = Math.max(low, range.low)
  high = Math.min(high, range.high, isLogOfShare(terms) ? constant.toNumber() : Infinity)
  const isMultiple = terms.length === 1 && constant.isZero && !terms[0].coefficient.isZero
  const nonzero = isMultiple ? terms[0].node.facts.nonzero : strict && (allPositive || allNegative)
  return facts(roundDown(low), roundUp(high), nonzero, finite)
}

/** `0 · ∞` at an endpoint is the limit 0 of a product of finite values. */
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b)

function power(base: Facts, exponent: Rational): Facts {
  const q = exponent.toNumber()
  const even = exponent.isInteger && exponent.n % 2n === 0n
  const defined = base.finite && (exponent.isInteger || base.low >= 0) && (q >= 0 || base.nonzero)
  if (even) {
    const nearest = base.low > 0 ? base.low : base.high < 0 ? -base.high : 0
    const farthest = Math.max(Math.abs(base.low), Math.abs(base.high))
    return q > 0
      ? facts(nearest ** q, farthest ** q, base.nonzero, defined)
      : facts(farthest ** q, nearest ** q, base.finite, defined)
  }
  if (exponent.isInteger && base.low < 0) {
    if (q > 0) return facts(base.low ** q, base.high ** q, base.nonzero, defined)
    if (base.high <= 0)
      return facts(base.high === 0 ? -Infinity : base.high ** q, base.low ** q, base.finite, defined)
    return facts(-Infinity, Infinity, base.finite, defined)
  }
  // Fractional exponents are undefined below 0: what is defined lies above.
  const low = Math.max(0, base.low)
  const high = Math.max(0, base.high)
  return q > 0
    ? facts(low ** q, high ** q, base.nonzero, defined)
    : facts(high ** q, low ** q, base.finite, defined)
}

export function factsOfMul(factors: readonly Factor[]): Facts {
  let low = 1
  let high = 1
  let nonzero = true
  let finite = true
  for (const { base, exponent } of factors) {
    const f = power(base.facts, exponent)
    const corners = [times(low, f.low), times(low, f.high), times(high, f.low), times(high, f.high)]
    low = Math.min(...corners)
    high = Math.max(...corners)
    nonzero &&= f.nonzero
    finite &&= f.finite
  }
  const range = rangeOfProduct(factors)
  low = Math.max(low, range.low)
  high = Math.min(high, range.high)
  return facts(roundDown(low), roundUp(high), nonzero, finite)
}

function toTuple<N extends number>(values: readonly Interval[], length: N): Tuple<Interval, N>
function toTuple(values: readonly Interval[], length: number): readonly Interval[] {
  if (values.length !== length) throw new Error(`expected ${length} arguments, got ${values.length}`)
  return values
}

function intervalOf<K extends OperatorName>(operator: K, args: readonly Interval[]): Interval {
  return OPERATORS[operator].interval(...toTuple(args, SIGNATURES[operator]))
}

export function factsOfApply(operator: OperatorName, args: readonly Expr[]): Facts {
  const record = OPERATORS[operator]
  const argumentFacts = args.map((arg) => arg.facts)
  if (operator === 'select') return join(argumentFacts[1], argumentFacts[2])
  const { low, high } = intervalOf(operator, argumentFacts)
  const real = argumentFacts.every((f) => f.finite)
  const { facts: known } = record
  const inside =
    known.total === true || isInsideDomain(known.domain, argumentFacts) || isWholePower(operator, args)
  // A strictly growing odd function is 0 at 0 alone; a rounding is 0 around it.
  const odd = known.parity === 'odd' && known.monotone !== undefined && known.integer === undefined
  const nonzero = (known.nonzero === true && real) || (odd && argumentFacts[0].nonzero)
  return facts(low, high, nonzero, real && inside)
}

/** A product of so many factors, of any sign. */
const isWholePower = (operator: OperatorName, [base, exponent]: readonly Expr[]): boolean =>
  operator === 'pow' && exponent.integer && (exponent.facts.low >= 0 || base.facts.nonzero)

/** Arguments proven to lie inside the domain of an operator that is not total. */
function isInsideDomain(domain: readonly Domain[] | undefined, args: readonly Facts[]): boolean {
  return domain?.every((bounds, at) => isWithin(args[at], bounds)) ?? false
}

function isWithin(value: Facts, { above, from, below, to, nonzero }: Domain): boolean {
  if (above !== undefined && !(value.low > above || (above === 0 && isPositive(value)))) return false
  if (below !== undefined && !(value.high < below || (below === 0 && isNegative(value)))) return false
  if (from !== undefined && !(value.low >= from)) return false
  if (to !== undefined && !(value.high <= to)) return false
  return !nonzero || value.nonzero
}

export const join = (a: Facts, b: Facts): Facts => ({
  low: Math.min(a.low, b.low),
  high: Math.max(a.high, b.high),
  nonzero: a.nonzero && b.nonzero,
  finite: a.finite && b.finite,
})

export const factsOfGuard = (body: Facts): Facts => join(body, exactly(0))

/** The facts of any entry of a table. */
export function factsOfValues(values: readonly number[]): Facts {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return { low, high, nonzero: values.every((value) => value !== 0), finite: values.every(Number.isFinite) }
}

/** `nonempty`: every range of the reduction is proven to hold an entry, and no filter may drop it. */
export function factsOfReduction(kind: ReductionKind, body: Facts, nonempty: boolean): Facts {
  switch (kind) {
    case 'sum':
      return {
        low: body.low >= 0 ? 0 : -Infinity,
        high: body.high <= 0 ? 0 : Infinity,
        nonzero: nonempty && body.nonzero && (body.low >= 0 || body.high <= 0),
        finite: body.finite,
      }
    case 'prod':
      return {
        low: body.low >= 0 ? 0 : -Infinity,
        high: Infinity,
        nonzero: body.nonzero,
        finite: body.finite,
      }
    case 'max':
    case 'min':
      return nonempty ? body : UNKNOWN
    case 'argmax':
    case 'argmin':
      return { low: 0, high: Infinity, nonzero: false, finite: true }
    case 'logsumexp':
      return { ...UNKNOWN, low: nonempty ? body.low : -Infinity, finite: nonempty && body.finite }
  }
}
