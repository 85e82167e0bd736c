/** lgamma and its derivatives in powers of the distance from a point: what `lgamma(1 + x) / x` and its derivatives cancel in next to 0. */
import * as fixed from './fixed.js'
import { ONE, product, quotient, type Fixed } from './fixed.js'
import { coefficientAt, made, type Series } from './power-series.js'

/** From there on Stirling's series and that of Euler and Maclaurin have enough digits with so many terms: for polynomials, and for a first look. */
const [FAR, NEARER] = [160n, 20n]
const CORRECTIONS = 60
const FEW_TERMS = 2

/** The derivative of that order of lgamma of `u`, which is `c + d t` with a positive `c`. */
export function ofGamma(order: number, u: Series, terms: number): Series | undefined {
  const [start, slope] = [0, 1].map((k) => coefficientAt(u, k))
  if (start <= 0n || start > ONE * FAR || u.lead !== 0 || u.coefficients.slice(2).some((c) => c !== 0n)) return undefined // prettier-ignore
  // Next to whole numbers, where expressions have poles; elsewhere a look at digits is all that pays.
  if (terms > FEW_TERMS && start % ONE !== 0n) return undefined
  const known = taylor(start, order + terms, ONE * (terms > FEW_TERMS ? FAR : NEARER))
  let [falling, power] = [factorialsTo(order)[order], ONE]
  const coefficients: Fixed[] = []
  for (let k = 0; k < Math.min(terms, u.coefficients.length); k++) {
    coefficients.push(product(known[order + k] * falling, power))
    // (order + k)! / k!.
    falling = (falling * BigInt(order + k + 1)) / BigInt(k + 1)
    power = product(power, slope)
  }
  return made(0, coefficients)
}

/** The derivatives of lgamma at `a` over the factorials of their orders: `lgamma(a)`, `ψ(a)`, then `(-1)^m ζ(m, a) / m`. */
function taylor(a: Fixed, count: number, far: Fixed): readonly Fixed[] {
  const sums = Array.from({ length: count }, () => 0n)
  let [z, all] = [a, ONE]
  for (; z < far; z += ONE) {
    all = product(all, z)
    const inverse = quotient(ONE, z)
    let power = ONE
    for (let m = 1; m < count; m++) sums[m] += power = product(power, inverse)
  }
  const inverse = quotient(ONE, z)
  const [log, logOfAll, logOfCircle] = [z, all, 2n * fixed.PI].map((x) => fixed.log(x) ?? 0n)
  const square = product(inverse, inverse)
  const factorials = factorialsTo(count + 2 * CORRECTIONS)
  const bernoulli = bernoulliOverFactorials(factorials)
  let power = ONE
  return sums.map((sum, m) => {
    // z^(1 - m), but for lgamma itself.
    if (m > 1) power = product(power, inverse)
    let corrections = 0n
    let rest = m === 0 ? inverse : product(power, square)
    for (let k = 1; k <= CORRECTIONS; k++) {
      // B_2k / (2k)! · (m + 2k - 2)! / z^(m + 2k - 1).
      corrections += product(bernoulli[k - 1] * factorials[m + 2 * k - 2], rest)
      rest = product(rest, square)
    }
    if (m === 0) return product(z - ONE / 2n, log) - z + logOfCircle / 2n + corrections - logOfAll
    if (m === 1) return log - inverse / 2n - corrections - sum
    const zeta = sum + power / BigInt(m - 1) + product(power, inverse) / 2n + corrections / factorials[m - 1]
    return (m % 2 === 0 ? zeta : -zeta) / BigInt(m)
  })
}

/** `B_2 / 2!, B_4 / 4!, …` by the coefficients of the tangent. */
function bernoulliOverFactorials(factorials: readonly bigint[]): readonly Fixed[] {
  const tangents: bigint[] = [1n]
  for (let k = 1; k < CORRECTIONS; k++) tangents.push(BigInt(k) * tangents[k - 1])
  for (let k = 1; k < CORRECTIONS; k++)
    for (let j = k; j < CORRECTIONS; j++)
      tangents[j] = BigInt(j - k) * tangents[j - 1] + BigInt(j - k + 2) * tangents[j]
  return tangents.map((tangent, at) => {
    const n = 2 * (at + 1)
    const denominator = 2n ** BigInt(n) * (2n ** BigInt(n) - 1n) * factorials[n]
    return fixed.ofRatio((at % 2 === 0 ? 1n : -1n) * BigInt(n) * tangent, denominator)
  })
}

function factorialsTo(last: number): readonly bigint[] {
  const all = [1n]
  for (let k = 1; k <= last; k++) all.push(BigInt(k) * all[k - 1])
  return all
}
