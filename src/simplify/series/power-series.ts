/** Truncated Laurent series in one variable, with coefficients of many digits. */
import * as fixed from './fixed.js'
import { BITS, ONE, product, quotient, SHIFT, type Fixed } from './fixed.js'

/** `Σ coefficients[k] t^(lead + k)`, as far as it is known; the first coefficient is not 0. */
export interface Series {
  readonly lead: number
  readonly coefficients: readonly Fixed[]
}

/** What is smaller has cancelled: the rounding of the coefficients is all that is left. */
const NOTHING = 1n << BigInt(BITS / 3)

export const isNothing = (c: Fixed): boolean => c <= NOTHING && c >= -NOTHING

/** Without coefficients that are nothing in front. */
export function made(lead: number, coefficients: readonly Fixed[]): Series {
  const { length } = coefficients
  let first = 0
  while (first < length && isNothing(coefficients[first])) first++
  if (first === length) return { lead: lead + length, coefficients: [] }
  return { lead: lead + first, coefficients: first === 0 ? coefficients : coefficients.slice(first) }
}

function zeros(length: number): Fixed[] {
  const all: Fixed[] = []
  for (let k = 0; k < length; k++) all.push(0n)
  return all
}

export function constant(c: Fixed, terms: number): Series {
  const all = zeros(terms)
  all[0] = c
  return made(0, all)
}

/** `centre + t`. */
export function variable(centre: Fixed, terms: number): Series {
  const all = zeros(terms)
  all[0] = centre
  if (terms > 1) all[1] = ONE
  return made(0, all)
}

export const coefficientAt = ({ lead, coefficients }: Series, k: number): Fixed =>
  coefficients[k - lead] ?? 0n

const endOf = ({ lead, coefficients }: Series): number => lead + coefficients.length

export function add(a: Series, b: Series): Series {
  const lead = Math.min(a.lead, b.lead)
  const length = Math.max(0, Math.min(endOf(a), endOf(b)) - lead)
  const sums: Fixed[] = []
  for (let k = lead; k < lead + length; k++) sums.push(coefficientAt(a, k) + coefficientAt(b, k))
  return made(lead, sums)
}

export function scale(n: bigint, d: bigint, series: Series): Series {
  if (n === 1n && d === 1n) return series
  return made(
    series.lead,
    series.coefficients.map((c) => (c === 0n ? c : (c * n) / d)),
  )
}

export const scaleFixed = (factor: Fixed, { lead, coefficients }: Series): Series => made(lead, coefficients.map((c) => product(factor, c))) // prettier-ignore

export function mul(a: Series, b: Series): Series {
  const length = Math.min(a.coefficients.length, b.coefficients.length)
  const products: Fixed[] = []
  // The longer convolutions leave out what is 0 in the first.
  const [sparse, other] = zerosIn(a) >= zerosIn(b) ? [a, b] : [b, a]
  for (let n = 0; n < length; n++)
    products.push(convolved(sparse.coefficients, other.coefficients, 0, n, n) >> SHIFT)
  return made(a.lead + b.lead, products)
}

function zerosIn({ coefficients }: Series): number {
  let count = 0
  for (const c of coefficients) if (c === 0n) count++
  return count
}

/** `Σ a[k] b[n - k]` for `k` from `from` to `to`, times 2^BITS. Most series that occur have few coefficients that are not 0. */
function convolved(a: readonly Fixed[], b: readonly Fixed[], from: number, to: number, n: number): bigint {
  let sum = 0n
  for (let k = from; k <= to; k++) if (a[k] !== 0n) sum += a[k] * b[n - k]
  return sum
}

/** The coefficients of `t a'`. */
const slopesOf = (a: readonly Fixed[]): Fixed[] => a.map((c, k) => (c === 0n ? c : BigInt(k) * c))

/** `a^(n/d)`; absent where that is no series in whole powers, or not real, or another one for negative `t`: `√(t²)`. */
export function power(a: Series, n: bigint, d: bigint, isPositive = false): Series | undefined {
  const [first] = a.coefficients
  if (first === undefined || n > LARGEST || n < -LARGEST || d > LARGEST) return undefined
  const lead = (BigInt(a.lead) * n) / d
  if (lead * d !== BigInt(a.lead) * n) return undefined
  if (d % 2n === 0n && lead % 2n !== 0n && !isPositive) return undefined
  if (d === 1n && n > 0n && n <= WHOLE) return repeated(a, n)
  if (d === 1n && n < -1n && n >= -WHOLE) {
    const inverse = power(a, -1n, 1n)
    return inverse && repeated(inverse, -n)
  }
  const start = powerOfNumber(first, n, d)
  if (start === undefined) return undefined
  const y: Fixed[] = [start]
  const { coefficients } = a
  const [over, under] = [Number(n), Number(d)]
  for (let m = 1; m < coefficients.length; m++) {
    // Most are reciprocals: `Σ a[k] y[m - k]` is 0.
    if (over === -1 && under === 1) {
      y.push(-convolved(coefficients, y, 1, m, m) / first)
      continue
    }
    let sum = 0n
    for (let k = 1; k <= m; k++)
      if (coefficients[k] !== 0n) sum += BigInt(over * k - under * (m - k)) * (coefficients[k] * y[m - k])
    y.push(sum / first / BigInt(under * m))
  }
  return made(Number(lead), y)
}

/** Exponents of more digits, as those of roots of roots of roots, are left alone. */
const LARGEST = 1n << 32n

/** Powers up to it are products. */
const WHOLE = 4n

function repeated(a: Series, n: bigint): Series {
  let result = a
  for (let count = n; count > 1n; count--) result = mul(result, a)
  return result
}

function powerOfNumber(base: Fixed, n: bigint, d: bigint): Fixed | undefined {
  if (d > 2n || n > PRODUCTS || n < -PRODUCTS) return byLogarithm(base, n, d)
  const root = d === 1n ? base : fixed.sqrt(base)
  if (root === undefined || root === 0n) return undefined
  let result = ONE
  for (let count = n < 0n ? -n : n; count > 0n; count--) result = product(result, root)
  return n < 0n ? (result === 0n ? undefined : quotient(ONE, result)) : result
}

/** Of higher powers the logarithm is taken. */
const PRODUCTS = 64n

function byLogarithm(base: Fixed, n: bigint, d: bigint): Fixed | undefined {
  const log = fixed.log(base < 0n && d === 1n ? -base : base)
  const size = log === undefined ? undefined : fixed.exp((log * n) / d)
  return size !== undefined && base < 0n && n % 2n !== 0n ? -size : size
}

/** Functions apply to series without poles of which a term is known. */
function regular(a: Series): readonly Fixed[] | undefined {
  if (a.lead < 0 || a.lead + a.coefficients.length === 0) return undefined
  return [...Array.from({ length: a.lead }, () => 0n), ...a.coefficients]
}

export function exp(a: Series): Series | undefined {
  const u = regular(a)
  const start = u && fixed.exp(u[0])
  if (!u || start === undefined) return undefined
  const y: Fixed[] = [start]
  const slopes = slopesOf(u)
  for (let n = 1; n < u.length; n++) y.push((convolved(slopes, y, 1, n, n) >> SHIFT) / BigInt(n))
  return made(0, y)
}

export function log(a: Series): Series | undefined {
  const u = regular(a)
  const start = u && fixed.log(u[0])
  if (!u || start === undefined || a.lead !== 0) return undefined
  const y: Fixed[] = [start]
  // n y[n] u[0] = n u[n] - Σ k y[k] u[n - k].
  const slopes: Fixed[] = [0n]
  for (let n = 1; n < u.length; n++) {
    const sum = ((BigInt(n) * u[n]) << SHIFT) - convolved(slopes, u, 1, n - 1, n)
    y.push(sum / u[0] / BigInt(n))
    slopes.push(BigInt(n) * y[n])
  }
  return made(0, y)
}

export function sinCos(a: Series): readonly [Series, Series] | undefined {
  const u = regular(a)
  const start = u && fixed.sinCos(u[0])
  if (!u || !start) return undefined
  const s: Fixed[] = [start[0]]
  const c: Fixed[] = [start[1]]
  const slopes = slopesOf(u)
  for (let n = 1; n < u.length; n++) {
    const [sin, cos] = [convolved(slopes, c, 1, n, n), -convolved(slopes, s, 1, n, n)]
    s.push((sin >> SHIFT) / BigInt(n))
    c.push((cos >> SHIFT) / BigInt(n))
  }
  return [made(0, s), made(0, c)]
}

/** The function of `a` with the derivative `slope`, itself applied to `a`, and the value `start`. */
export function integral(a: Series, slope: Series | undefined, start: Fixed | undefined): Series | undefined {
  const u = regular(a)
  if (!u || !slope || start === undefined) return undefined
  const y: Fixed[] = [start]
  const slopes = slopesOf(u)
  const f = regular(slope)
  if (f) {
    for (let n = 1; n < Math.min(u.length, f.length + 1); n++)
      y.push((convolved(slopes, f, 1, n, n) >> SHIFT) / BigInt(n))
    return made(0, y)
  }
  // The pole is that of a root, which the derivative of `a` takes away.
  const product = mul(made(0, slopes), slope)
  if (product.lead <= 0) return undefined
  for (let n = 1; n < endOf(product); n++) y.push(coefficientAt(product, n) / BigInt(n))
  return made(0, y)
}
