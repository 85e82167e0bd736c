/**
 * Enclosures of operators over boxes, for the numbers in the domain: an argument box that lies wholly outside
 * it gives `EVERYTHING`. Endpoints are computed in binary64 without outward rounding and are never NaN.
 */
import type { Interval } from './operator.js'

export const EVERYTHING: Interval = { low: -Infinity, high: Infinity }
export const TRUTH: Interval = { low: 0, high: 1 }

type Monotone = (x: number) => number
type Image = (x: Interval) => Interval

/** The interval from `low` to `high`; an end that is NaN says nothing. */
export function between(low: number, high: number): Interval {
  return { low: Number.isNaN(low) ? -Infinity : low, high: Number.isNaN(high) ? Infinity : high }
}

export function contains(x: Interval, value: number): boolean {
  return x.low <= value && value <= x.high
}

export function hull(values: readonly number[]): Interval {
  return values.some(Number.isNaN) ? EVERYTHING : { low: Math.min(...values), high: Math.max(...values) }
}

/** The part of `x` in the domain, or undefined where there is none. */
export function inside(x: Interval, domain: Interval): Interval | undefined {
  const low = Math.max(x.low, domain.low)
  const high = Math.min(x.high, domain.high)
  return low <= high ? { low, high } : undefined
}

/** The images of a function that increases on its domain and takes its limits at the ends. */
export function increasing(f: Monotone, domain = EVERYTHING): Image {
  return (x) => {
    const part = inside(x, domain)
    return part ? between(f(part.low), f(part.high)) : EVERYTHING
  }
}

export function decreasing(f: Monotone, domain = EVERYTHING): Image {
  return (x) => {
    const part = inside(x, domain)
    return part ? between(f(part.high), f(part.low)) : EVERYTHING
  }
}

/** The images of a function that decreases up to `bottom` and increases from there. */
export function valley(f: Monotone, bottom: number): Image {
  return (x) => {
    if (x.low >= bottom) return between(f(x.low), f(x.high))
    if (x.high <= bottom) return between(f(x.high), f(x.low))
    return between(f(bottom), Math.max(f(x.low), f(x.high)))
  }
}

/** The images of a function that increases up to `top` and decreases from there. */
export function hill(f: Monotone, top: number): Image {
  const mirrored = valley((x) => -f(x), top)
  return (x) => negated(mirrored(x))
}

export function negated(x: Interval): Interval {
  return { low: -x.high, high: -x.low }
}

export function sum(x: Interval, y: Interval): Interval {
  return between(x.low + y.low, x.high + y.high)
}

/** An infinite end is a bound that is not reached, so zero times it is zero. */
export function product(x: Interval, y: Interval): Interval {
  const times = (a: number, b: number) => (a === 0 || b === 0 ? 0 : a * b)
  return hull([times(x.low, y.low), times(x.low, y.high), times(x.high, y.low), times(x.high, y.high)])
}

/** Over the numbers `x` other than zero. */
export function reciprocal(x: Interval): Interval {
  if (x.low >= 0) return { low: 1 / x.high, high: x.low === 0 ? Infinity : 1 / x.low }
  if (x.high <= 0) return negated(reciprocal(negated(x)))
  return EVERYTHING
}

/** `numerator / denominator` over the denominators other than zero. */
export function quotient(x: Interval, y: Interval): Interval {
  if (contains(y, 0)) return product(x, reciprocal(y))
  const over = (a: number, b: number) => (Math.abs(a) === Infinity && Math.abs(b) === Infinity ? 0 : a / b)
  const corners = hull([over(x.low, y.low), over(x.low, y.high), over(x.high, y.low), over(x.high, y.high)])
  return corners
}

const magnitude = valley(Math.abs, 0)

/** `base ^ exponent` over the pairs where it is a real number. */
export function power(base: Interval, exponent: Interval): Interval {
  if (base.low >= 0) return positivePower(base, exponent)
  const n = exponent.low
  if (n !== exponent.high) return EVERYTHING
  if (!Number.isInteger(n))
    return base.high < 0 ? EVERYTHING : positivePower({ low: 0, high: base.high }, exponent)
  if (n % 2 === 0) return positivePower(magnitude(base), exponent)
  if (base.high <= 0) return negated(positivePower(negated(base), exponent))
  return n > 0 ? between(base.low ** n, base.high ** n) : EVERYTHING
}

/** Monotone in each argument, so the extremes are at corners; `1 ^ Infinity` is NaN in JavaScript. */
function positivePower(base: Interval, exponent: Interval): Interval {
  const at = (x: number, y: number) => (x === 1 ? 1 : x ** y)
  return hull([
    at(base.low, exponent.low),
    at(base.low, exponent.high),
    at(base.high, exponent.low),
    at(base.high, exponent.high),
  ])
}

/** `x - y floor(x / y)`. */
export function remainder(x: Interval, y: Interval): Interval {
  if (x.low >= 0 && x.high < y.low) return x
  if (x.high <= 0 && x.low > y.high) return x
  const steps = increasing(Math.floor)(quotient(x, y))
  // Where the ends are whole numbers no rounding of the quotient crosses one.
  if (steps.low === steps.high && [x.low, x.high, y.low, y.high].every(Number.isSafeInteger))
    return sum(x, negated(product(steps, y)))
  return { low: Math.min(y.low, 0), high: Math.max(y.high, 0) }
}

/** The images of sin (`phase` 1/4) or cos (`phase` 0), which peak at `2π (k + phase)`. */
export function wave(f: Monotone, phase: number): Image {
  return (x) => {
    const turns = { low: x.low / (2 * Math.PI) - phase, high: x.high / (2 * Math.PI) - phase }
    // Beyond a million turns the number of the turn is not certain.
    if (!(turns.high - turns.low < 1 && Math.abs(turns.low) < 1e6)) return { low: -1, high: 1 }
    const ends = hull([f(x.low), f(x.high)])
    return {
      low: crosses(turns, 0.5) ? -1 : ends.low,
      high: crosses(turns, 0) ? 1 : ends.high,
    }
  }
}

/** The images of tan, which has its poles at `π (k + 1/2)`. */
export function tangent(x: Interval): Interval {
  const turns = { low: x.low / Math.PI, high: x.high / Math.PI }
  const unsure = !(turns.high - turns.low < 1 && Math.abs(turns.low) < 1e6)
  return unsure || crosses(turns, 0.5) ? EVERYTHING : between(Math.tan(x.low), Math.tan(x.high))
}

/** Whether a whole number plus `offset` lies in `x`, with room for the rounding of its ends. */
function crosses(x: Interval, offset: number): boolean {
  const slack = 1e-9
  return Math.floor(x.high - offset + slack) >= Math.ceil(x.low - offset - slack)
}

/** The angle of `(x, y)`: extreme at corners unless the box meets the cut, where it jumps. */
export function angle(y: Interval, x: Interval): Interval {
  if (!(x.low > 0 || y.low > 0 || y.high < 0)) return { low: -Math.PI, high: Math.PI }
  return hull([
    Math.atan2(y.low, x.low),
    Math.atan2(y.low, x.high),
    Math.atan2(y.high, x.low),
    Math.atan2(y.high, x.high),
  ])
}

/** A condition that is certain, impossible or open. */
export function truth(certain: boolean, impossible: boolean): Interval {
  if (certain) return { low: 1, high: 1 }
  return impossible ? { low: 0, high: 0 } : TRUTH
}

export const isTrue = (x: Interval): boolean => x.low > 0 || x.high < 0
export const isFalse = (x: Interval): boolean => x.low === 0 && x.high === 0
