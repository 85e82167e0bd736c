/** Deterministic points, finite differences and ulps for the tests of the operator table. */

export type Random = () => number

/** Uniform numbers in [0, 1) from a seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A number of the range with 20 bits after the point, so that steps of powers of two from it are exact. */
export function draw(random: Random, [low, high]: readonly [number, number]): number {
  return low === high ? low : Math.ceil((low + (high - low) * random()) * 2 ** 20) / 2 ** 20
}

/** The distance of binary64 numbers around `x`. */
export function ulp(x: number): number {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, Math.abs(x))
  const exponent = bits.getUint32(0) >>> 20
  return 2 ** (Math.max(exponent, 1) - 1075)
}

export interface Estimate {
  readonly value: number
  /** A bound of the error of `value`. */
  readonly error: number
}

const STEP = 2 ** -6
const LEVELS = 4

/**
 * f'(0) by central differences at halved steps, extrapolated to step 0. The error is what the last level of
 * extrapolation changed, which is more than is left, and the rounding of `f`, bounded by `ulps` ulp of its
 * largest value or of `scale` if that is more, over the smallest step; the weights of the levels sum to less
 * than 2 in magnitude.
 */
export function slopeAtZero(f: (t: number) => number, ulps: number, scale = 0): Estimate {
  const rows: number[][] = []
  let largest = scale
  for (let level = 0; level < LEVELS; level++) {
    const h = STEP / 2 ** level
    const [above, below] = [f(h), f(-h)]
    largest = Math.max(largest, Math.abs(above), Math.abs(below))
    const row = [(above - below) / (2 * h)]
    for (let k = 1; k <= level; k++)
      row.push(row[k - 1] + (row[k - 1] - rows[level - 1][k - 1]) / (4 ** k - 1))
    rows.push(row)
  }
  const [before, value] = rows[LEVELS - 1].slice(-2)
  const smallest = STEP / 2 ** (LEVELS - 1)
  return { value, error: Math.abs(value - before) + (2 * ulps * ulp(largest)) / smallest }
}
