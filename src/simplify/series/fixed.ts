/** Real numbers of many digits, as whole multiples of 2^-BITS: what constants of generated code are rounded from. */

export const BITS = 576
export const SHIFT = BigInt(BITS)
export const ONE = 1n << SHIFT
const HALF = ONE >> 1n

/** Arguments beyond this are left alone: their exponentials have more digits than anybody needs. */
const LARGEST = ONE * 800n

export type Fixed = bigint

export const product = (a: Fixed, b: Fixed): Fixed => (a * b) >> SHIFT
export const quotient = (a: Fixed, b: Fixed): Fixed => (a << SHIFT) / b
export const ofRatio = (n: bigint, d: bigint): Fixed => (n << SHIFT) / d
const magnitude = (a: Fixed): Fixed => (a < 0n ? -a : a)

export function ofNumber(x: number): Fixed {
  // 2^1074 makes every number whole.
  let [whole, scale] = [x, 0]
  while (!Number.isInteger(whole)) [whole, scale] = [whole * 2, scale + 1]
  return (BigInt(whole) << SHIFT) >> BigInt(scale)
}

export function toNumber(a: Fixed): number {
  const size = magnitude(a)
  const drop = size.toString(16).length * 4 - 64
  if (drop <= 0) return Number(a) * 2 ** -BITS
  // The last bit kept stands for all that is dropped, so that rounding happens once.
  const kept = ((size >> BigInt(drop)) | 1n) * (a < 0n ? -1n : 1n)
  return Number(kept) * 2 ** (drop - BITS)
}

function bitLength(a: Fixed): number {
  const text = a.toString(16)
  return text.length * 4 - Math.clz32(Number.parseInt(text[0], 16)) + 28
}

function taylorExp(x: Fixed): Fixed {
  let [sum, term] = [ONE, ONE]
  for (let n = 1n; term !== 0n && n < 400n; n++) {
    term = product(term, x) / n
    sum += term
  }
  return sum
}

/** Absent for arguments of hundreds. */
export function exp(x: Fixed): Fixed | undefined {
  if (magnitude(x) > LARGEST) return undefined
  const halvings = Math.max(0, bitLength(magnitude(x)) - BITS + 12)
  let y = taylorExp(x >> BigInt(halvings))
  for (let k = 0; k < halvings; k++) y = product(y, y)
  return y
}

/** `atanh u`, or with `alternating` signs `atan u`, of what is small. */
function inverseTangent(u: Fixed, alternating: boolean): Fixed {
  const square = alternating ? -product(u, u) : product(u, u)
  let [sum, power] = [u, u]
  for (let n = 3n; power !== 0n && n < 400n; n += 2n) {
    power = product(power, square)
    sum += power / n
  }
  return sum
}

/** Of a number in [1, 2): what binary64 says, and a series for the rest. */
function logOfMantissa(m: Fixed): Fixed {
  const y = ofNumber(Math.log(toNumber(m)))
  const e = exp(y) ?? ONE
  return y + 2n * inverseTangent(quotient(m - e, m + e), false)
}

const LN2 = logOfMantissa(ONE + HALF) * 2n - logOfMantissa(ONE + (ONE >> 3n))

export function log(x: Fixed): Fixed | undefined {
  if (x <= 0n) return undefined
  const exponent = bitLength(x) - BITS - 1
  const m = exponent >= 0 ? x >> BigInt(exponent) : x << BigInt(-exponent)
  return logOfMantissa(m) + BigInt(exponent) * LN2
}

export function sqrt(x: Fixed): Fixed | undefined {
  if (x < 0n) return undefined
  if (x === 0n) return 0n
  const square = x << SHIFT
  // From above, where Newton's rule falls until it is there.
  const drop = Math.max(0, bitLength(square) - 80)
  const even = drop + (drop % 2)
  const start = BigInt(Math.ceil(Math.sqrt(Number(square >> BigInt(even))) * (1 + 2 ** -50)) + 1)
  let root = start << BigInt(even / 2)
  for (;;) {
    const next = (root + square / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

export function sinCos(x: Fixed): readonly [Fixed, Fixed] | undefined {
  if (magnitude(x) > LARGEST) return undefined
  const halvings = Math.max(0, bitLength(magnitude(x)) - BITS + 8)
  const small = x >> BigInt(halvings)
  const square = product(small, small)
  let [sin, cos] = [small, ONE]
  let [odd, even] = [small, ONE]
  for (let n = 1n; (odd !== 0n || even !== 0n) && n < 200n; n++) {
    even = -product(even, square) / ((2n * n - 1n) * (2n * n))
    odd = -product(odd, square) / (2n * n * (2n * n + 1n))
    cos += even
    sin += odd
  }
  for (let k = 0; k < halvings; k++)
    [sin, cos] = [2n * product(sin, cos), product(cos, cos) - product(sin, sin)]
  return [sin, cos]
}

/** What binary64 says, and a series for the rest. */
export function atan(x: Fixed): Fixed {
  const y = ofNumber(Math.atan(toNumber(x)))
  const [sin, cos] = sinCos(y) ?? [0n, ONE]
  return y + inverseTangent(quotient(product(x, cos) - sin, cos + product(x, sin)), true)
}

export const PI = atan(ONE) * 4n
export const ROOT_OF_2 = sqrt(2n * ONE) ?? 0n
const ROOT_OF_PI = sqrt(PI) ?? 0n
/** 2 / √π. */
export const BELL = quotient(2n * ONE, ROOT_OF_PI)

/** Absent beyond 6, where the complement has too few digits. */
export function erf(x: Fixed): Fixed | undefined {
  if (magnitude(x) > 6n * ONE) return undefined
  const square = product(x, x)
  let [sum, term] = [x, x]
  for (let n = 1n; term !== 0n && n < 800n; n++) {
    term = -product(term, square) / n
    sum += term / (2n * n + 1n)
  }
  return product(BELL, sum)
}
