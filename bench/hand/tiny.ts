/** A network 2-16-16-1 with tanh and mean squared error: in loops with arrays, and row by row with columns in locals. */
import { tanh } from './math.js'

export interface Tiny {
  readonly W1: Float32Array
  readonly b1: Float32Array
  readonly W2: Float32Array
  readonly b2: Float32Array
  readonly W3: Float32Array
  readonly b3: Float32Array
}

export const zeros = (): Tiny => ({
  W1: new Float32Array(32),
  b1: new Float32Array(16),
  W2: new Float32Array(256),
  b2: new Float32Array(16),
  W3: new Float32Array(16),
  b3: new Float32Array(1),
})

export function naive(p: Tiny, x: Float32Array, y: Float32Array, n: number, g: Tiny): number {
  const h1 = new Float64Array(n * 16)
  const h2 = new Float64Array(n * 16)
  const d3 = new Float64Array(n)
  const d2 = new Float64Array(n * 16)
  const d1 = new Float64Array(n * 16)
  for (const array of [g.W1, g.b1, g.W2, g.b2, g.W3, g.b3]) array.fill(0)
  let loss = 0
  for (let s = 0; s < n; s++) {
    for (let j = 0; j < 16; j++) {
      let z = p.b1[j]
      for (let i = 0; i < 2; i++) z += x[s * 2 + i] * p.W1[i * 16 + j]
      h1[s * 16 + j] = Math.tanh(z)
    }
    for (let j = 0; j < 16; j++) {
      let z = p.b2[j]
      for (let i = 0; i < 16; i++) z += h1[s * 16 + i] * p.W2[i * 16 + j]
      h2[s * 16 + j] = Math.tanh(z)
    }
    let out = p.b3[0]
    for (let i = 0; i < 16; i++) out += h2[s * 16 + i] * p.W3[i]
    loss += (out - y[s]) ** 2
    d3[s] = (2 * (out - y[s])) / n
  }
  for (let s = 0; s < n; s++)
    for (let i = 0; i < 16; i++) {
      g.W3[i] += h2[s * 16 + i] * d3[s]
      d2[s * 16 + i] = d3[s] * p.W3[i] * (1 - h2[s * 16 + i] ** 2)
    }
  for (let s = 0; s < n; s++) g.b3[0] += d3[s]
  for (let s = 0; s < n; s++)
    for (let i = 0; i < 16; i++) {
      let sum = 0
      for (let j = 0; j < 16; j++) {
        g.W2[i * 16 + j] += h1[s * 16 + i] * d2[s * 16 + j]
        sum += d2[s * 16 + j] * p.W2[i * 16 + j]
      }
      d1[s * 16 + i] = sum * (1 - h1[s * 16 + i] ** 2)
    }
  for (let s = 0; s < n; s++)
    for (let j = 0; j < 16; j++) {
      g.b2[j] += d2[s * 16 + j]
      g.b1[j] += d1[s * 16 + j]
      for (let i = 0; i < 2; i++) g.W1[i * 16 + j] += x[s * 2 + i] * d1[s * 16 + j]
    }
  return loss / n
}

const h1 = new Float64Array(16)
const h2 = new Float64Array(16)
const d2 = new Float64Array(16)
const sum2 = new Float64Array(16)
/** Gradients in 64 bits: W1, b1, W2, b2, W3, b3. */
const sums = new Float64Array(32 + 16 + 256 + 16 + 16 + 1)

// prettier-ignore
export function best(p: Tiny, x: Float32Array, y: Float32Array, n: number, g: Tiny): number {
  const { W1, b1, W2, b2, W3, b3 } = p
  sums.fill(0)
  let loss = 0
  for (let s = 0; s < n; s++) {
    const x0 = x[2 * s], x1 = x[2 * s + 1]
    for (let j = 0; j < 16; j++) h1[j] = tanh(b1[j] + x0 * W1[j] + x1 * W1[16 + j])
    let z0 = b2[0], z1 = b2[1], z2 = b2[2], z3 = b2[3], z4 = b2[4], z5 = b2[5], z6 = b2[6], z7 = b2[7], z8 = b2[8], z9 = b2[9], z10 = b2[10], z11 = b2[11], z12 = b2[12], z13 = b2[13], z14 = b2[14], z15 = b2[15]
    for (let i = 0; i < 16; i++) {
      const h = h1[i], q = i * 16
      z0 += h * W2[q + 0]; z1 += h * W2[q + 1]; z2 += h * W2[q + 2]; z3 += h * W2[q + 3]
      z4 += h * W2[q + 4]; z5 += h * W2[q + 5]; z6 += h * W2[q + 6]; z7 += h * W2[q + 7]
      z8 += h * W2[q + 8]; z9 += h * W2[q + 9]; z10 += h * W2[q + 10]; z11 += h * W2[q + 11]
      z12 += h * W2[q + 12]; z13 += h * W2[q + 13]; z14 += h * W2[q + 14]; z15 += h * W2[q + 15]
    }
    sum2[0] = z0; sum2[1] = z1; sum2[2] = z2; sum2[3] = z3
    sum2[4] = z4; sum2[5] = z5; sum2[6] = z6; sum2[7] = z7
    sum2[8] = z8; sum2[9] = z9; sum2[10] = z10; sum2[11] = z11
    sum2[12] = z12; sum2[13] = z13; sum2[14] = z14; sum2[15] = z15
    let out = b3[0]
    for (let j = 0; j < 16; j++) {
      const h = tanh(sum2[j])
      h2[j] = h
      out += h * W3[j]
    }
    const e = out - y[s]
    loss += e * e
    const d = 2 * e / n
    sums[336] += d
    for (let j = 0; j < 16; j++) {
      const h = h2[j]
      sums[320 + j] += d * h
      d2[j] = d * W3[j] * (1 - h * h)
    }
    const e0 = d2[0], e1 = d2[1], e2 = d2[2], e3 = d2[3], e4 = d2[4], e5 = d2[5], e6 = d2[6], e7 = d2[7], e8 = d2[8], e9 = d2[9], e10 = d2[10], e11 = d2[11], e12 = d2[12], e13 = d2[13], e14 = d2[14], e15 = d2[15]
    sums[304] += e0; sums[305] += e1; sums[306] += e2; sums[307] += e3
    sums[308] += e4; sums[309] += e5; sums[310] += e6; sums[311] += e7
    sums[312] += e8; sums[313] += e9; sums[314] += e10; sums[315] += e11
    sums[316] += e12; sums[317] += e13; sums[318] += e14; sums[319] += e15
    for (let i = 0; i < 16; i++) {
      const h = h1[i], q = i * 16, w = 48 + q
      sums[w + 0] += h * e0; sums[w + 1] += h * e1; sums[w + 2] += h * e2; sums[w + 3] += h * e3
      sums[w + 4] += h * e4; sums[w + 5] += h * e5; sums[w + 6] += h * e6; sums[w + 7] += h * e7
      sums[w + 8] += h * e8; sums[w + 9] += h * e9; sums[w + 10] += h * e10; sums[w + 11] += h * e11
      sums[w + 12] += h * e12; sums[w + 13] += h * e13; sums[w + 14] += h * e14; sums[w + 15] += h * e15
      const v = (e0 * W2[q + 0] + e1 * W2[q + 1] + e2 * W2[q + 2] + e3 * W2[q + 3] + e4 * W2[q + 4] + e5 * W2[q + 5] + e6 * W2[q + 6] + e7 * W2[q + 7] + e8 * W2[q + 8] + e9 * W2[q + 9] + e10 * W2[q + 10] + e11 * W2[q + 11] + e12 * W2[q + 12] + e13 * W2[q + 13] + e14 * W2[q + 14] + e15 * W2[q + 15]) * (1 - h * h)
      sums[32 + i] += v; sums[i] += x0 * v; sums[16 + i] += x1 * v
    }
  }
  g.W1.set(sums.subarray(0, 32)); g.b1.set(sums.subarray(32, 48)); g.W2.set(sums.subarray(48, 304))
  g.b2.set(sums.subarray(304, 320)); g.W3.set(sums.subarray(320, 336)); g.b3.set(sums.subarray(336, 337))
  return loss / n
}
