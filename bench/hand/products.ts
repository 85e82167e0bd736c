/**
 * Products of matrices in plain loops, and as fast as JavaScript was found to do them: sixteen rows of the result at a time, four
 * values of the summed index held in locals, the rows side by side in an array of 64-bit numbers that stays in the cache.
 */
export type Vector = Float32Array | Float64Array

/** All matrices are row-major; `out` is [m, n], the summed index has k values. */
export interface Products {
  /** out = a b, of a: [m, k] and b: [k, n] */
  times(a: Vector, b: Vector, out: Vector, m: number, k: number, n: number): void
  /** out = a bᵀ, of a: [m, k] and b: [n, k] */
  timesTransposed(a: Vector, b: Vector, out: Vector, m: number, k: number, n: number): void
  /** out = aᵀ b, of a: [k, m] and b: [k, n] */
  transposedTimes(a: Vector, b: Vector, out: Vector, m: number, k: number, n: number): void
}

export const naive: Products = {
  times(a, b, out, m, k, n) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) out[i * n + j] = 0
      for (let l = 0; l < k; l++) for (let j = 0; j < n; j++) out[i * n + j] += a[i * k + l] * b[l * n + j]
    }
  },
  timesTransposed(a, b, out, m, k, n) {
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0
        for (let l = 0; l < k; l++) sum += a[i * k + l] * b[j * k + l]
        out[i * n + j] = sum
      }
  },
  transposedTimes(a, b, out, m, k, n) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) out[i * n + j] = 0
      for (let l = 0; l < k; l++) for (let j = 0; j < n; j++) out[i * n + j] += a[l * m + i] * b[l * n + j]
    }
  },
}

const ROWS = 16
let panel = new Float64Array(0)
let copy = new Float64Array(0)

export const best: Products = {
  times(a, b, out, m, k, n) {
    blocked(a, k, 1, b, out, m, k, n)
  },
  timesTransposed(a, b, out, m, k, n) {
    if (copy.length < k * n) copy = new Float64Array(k * n)
    for (let j = 0; j < n; j++) for (let l = 0; l < k; l++) copy[l * n + j] = b[j * k + l]
    blocked(a, k, 1, copy, out, m, k, n)
  },
  transposedTimes(a, b, out, m, k, n) {
    blocked(a, 1, m, b, out, m, k, n)
  },
}

/** `a[i, l]` stands at `i * row + l * step`. */
function blocked(
  a: Vector,
  row: number,
  step: number,
  b: Vector,
  out: Vector,
  m: number,
  k: number,
  n: number,
): void {
  if (panel.length < ROWS * n) panel = new Float64Array(ROWS * n)
  let i = 0
  for (; i + ROWS <= m; i += ROWS) {
    panel.fill(0, 0, ROWS * n)
    addSixteen(panel, a, i * row, row, step, b, k, n)
    for (let r = 0; r < ROWS; r++) for (let j = 0; j < n; j++) out[(i + r) * n + j] = panel[j * ROWS + r]
  }
  for (; i < m; i += 4) {
    const count = Math.min(4, m - i)
    panel.fill(0, 0, 4 * n)
    addFour(panel, a, i * row, row, step, count, b, k, n)
    for (let r = 0; r < count; r++) for (let j = 0; j < n; j++) out[(i + r) * n + j] = panel[j * 4 + r]
  }
}

// prettier-ignore
function addSixteen(panel: Float64Array, a: Vector, a0: number, row: number, step: number, b: Vector, k: number, n: number): void {
  let l = 0
  for (; l + 4 <= k; l += 4) {
    const a0_0 = a[a0 + l * step], a0_1 = a[a0 + (l + 1) * step], a0_2 = a[a0 + (l + 2) * step], a0_3 = a[a0 + (l + 3) * step]
    const a1_0 = a[a0 + row + l * step], a1_1 = a[a0 + row + (l + 1) * step], a1_2 = a[a0 + row + (l + 2) * step], a1_3 = a[a0 + row + (l + 3) * step]
    const a2_0 = a[a0 + 2 * row + l * step], a2_1 = a[a0 + 2 * row + (l + 1) * step], a2_2 = a[a0 + 2 * row + (l + 2) * step], a2_3 = a[a0 + 2 * row + (l + 3) * step]
    const a3_0 = a[a0 + 3 * row + l * step], a3_1 = a[a0 + 3 * row + (l + 1) * step], a3_2 = a[a0 + 3 * row + (l + 2) * step], a3_3 = a[a0 + 3 * row + (l + 3) * step]
    const a4_0 = a[a0 + 4 * row + l * step], a4_1 = a[a0 + 4 * row + (l + 1) * step], a4_2 = a[a0 + 4 * row + (l + 2) * step], a4_3 = a[a0 + 4 * row + (l + 3) * step]
    const a5_0 = a[a0 + 5 * row + l * step], a5_1 = a[a0 + 5 * row + (l + 1) * step], a5_2 = a[a0 + 5 * row + (l + 2) * step], a5_3 = a[a0 + 5 * row + (l + 3) * step]
    const a6_0 = a[a0 + 6 * row + l * step], a6_1 = a[a0 + 6 * row + (l + 1) * step], a6_2 = a[a0 + 6 * row + (l + 2) * step], a6_3 = a[a0 + 6 * row + (l + 3) * step]
    const a7_0 = a[a0 + 7 * row + l * step], a7_1 = a[a0 + 7 * row + (l + 1) * step], a7_2 = a[a0 + 7 * row + (l + 2) * step], a7_3 = a[a0 + 7 * row + (l + 3) * step]
    const a8_0 = a[a0 + 8 * row + l * step], a8_1 = a[a0 + 8 * row + (l + 1) * step], a8_2 = a[a0 + 8 * row + (l + 2) * step], a8_3 = a[a0 + 8 * row + (l + 3) * step]
    const a9_0 = a[a0 + 9 * row + l * step], a9_1 = a[a0 + 9 * row + (l + 1) * step], a9_2 = a[a0 + 9 * row + (l + 2) * step], a9_3 = a[a0 + 9 * row + (l + 3) * step]
    const a10_0 = a[a0 + 10 * row + l * step], a10_1 = a[a0 + 10 * row + (l + 1) * step], a10_2 = a[a0 + 10 * row + (l + 2) * step], a10_3 = a[a0 + 10 * row + (l + 3) * step]
    const a11_0 = a[a0 + 11 * row + l * step], a11_1 = a[a0 + 11 * row + (l + 1) * step], a11_2 = a[a0 + 11 * row + (l + 2) * step], a11_3 = a[a0 + 11 * row + (l + 3) * step]
    const a12_0 = a[a0 + 12 * row + l * step], a12_1 = a[a0 + 12 * row + (l + 1) * step], a12_2 = a[a0 + 12 * row + (l + 2) * step], a12_3 = a[a0 + 12 * row + (l + 3) * step]
    const a13_0 = a[a0 + 13 * row + l * step], a13_1 = a[a0 + 13 * row + (l + 1) * step], a13_2 = a[a0 + 13 * row + (l + 2) * step], a13_3 = a[a0 + 13 * row + (l + 3) * step]
    const a14_0 = a[a0 + 14 * row + l * step], a14_1 = a[a0 + 14 * row + (l + 1) * step], a14_2 = a[a0 + 14 * row + (l + 2) * step], a14_3 = a[a0 + 14 * row + (l + 3) * step]
    const a15_0 = a[a0 + 15 * row + l * step], a15_1 = a[a0 + 15 * row + (l + 1) * step], a15_2 = a[a0 + 15 * row + (l + 2) * step], a15_3 = a[a0 + 15 * row + (l + 3) * step]
    const p0 = l * n, p1 = p0 + n, p2 = p1 + n, p3 = p2 + n
    for (let j = 0; j < n; j++) {
      const b0 = b[p0 + j], b1 = b[p1 + j], b2 = b[p2 + j], b3 = b[p3 + j], q = j * 16
      panel[q] += a0_0 * b0 + a0_1 * b1 + a0_2 * b2 + a0_3 * b3
      panel[q + 1] += a1_0 * b0 + a1_1 * b1 + a1_2 * b2 + a1_3 * b3
      panel[q + 2] += a2_0 * b0 + a2_1 * b1 + a2_2 * b2 + a2_3 * b3
      panel[q + 3] += a3_0 * b0 + a3_1 * b1 + a3_2 * b2 + a3_3 * b3
      panel[q + 4] += a4_0 * b0 + a4_1 * b1 + a4_2 * b2 + a4_3 * b3
      panel[q + 5] += a5_0 * b0 + a5_1 * b1 + a5_2 * b2 + a5_3 * b3
      panel[q + 6] += a6_0 * b0 + a6_1 * b1 + a6_2 * b2 + a6_3 * b3
      panel[q + 7] += a7_0 * b0 + a7_1 * b1 + a7_2 * b2 + a7_3 * b3
      panel[q + 8] += a8_0 * b0 + a8_1 * b1 + a8_2 * b2 + a8_3 * b3
      panel[q + 9] += a9_0 * b0 + a9_1 * b1 + a9_2 * b2 + a9_3 * b3
      panel[q + 10] += a10_0 * b0 + a10_1 * b1 + a10_2 * b2 + a10_3 * b3
      panel[q + 11] += a11_0 * b0 + a11_1 * b1 + a11_2 * b2 + a11_3 * b3
      panel[q + 12] += a12_0 * b0 + a12_1 * b1 + a12_2 * b2 + a12_3 * b3
      panel[q + 13] += a13_0 * b0 + a13_1 * b1 + a13_2 * b2 + a13_3 * b3
      panel[q + 14] += a14_0 * b0 + a14_1 * b1 + a14_2 * b2 + a14_3 * b3
      panel[q + 15] += a15_0 * b0 + a15_1 * b1 + a15_2 * b2 + a15_3 * b3
    }
  }
  for (; l < k; l++)
    for (let j = 0; j < n; j++) for (let r = 0; r < 16; r++) panel[j * 16 + r] += a[a0 + r * row + l * step] * b[l * n + j]
}

/** Up to four rows; those that are not there are computed as the last one. */
// prettier-ignore
function addFour(panel: Float64Array, a: Vector, a0: number, row: number, step: number, rows: number, b: Vector, k: number, n: number): void {
  const r1 = rows > 1 ? row : 0, r2 = rows > 2 ? 2 * row : r1, r3 = rows > 3 ? 3 * row : r2
  let l = 0
  for (; l + 4 <= k; l += 4) {
    const a0_0 = a[a0 + l * step], a0_1 = a[a0 + (l + 1) * step], a0_2 = a[a0 + (l + 2) * step], a0_3 = a[a0 + (l + 3) * step]
    const a1_0 = a[a0 + r1 + l * step], a1_1 = a[a0 + r1 + (l + 1) * step], a1_2 = a[a0 + r1 + (l + 2) * step], a1_3 = a[a0 + r1 + (l + 3) * step]
    const a2_0 = a[a0 + r2 + l * step], a2_1 = a[a0 + r2 + (l + 1) * step], a2_2 = a[a0 + r2 + (l + 2) * step], a2_3 = a[a0 + r2 + (l + 3) * step]
    const a3_0 = a[a0 + r3 + l * step], a3_1 = a[a0 + r3 + (l + 1) * step], a3_2 = a[a0 + r3 + (l + 2) * step], a3_3 = a[a0 + r3 + (l + 3) * step]
    const p0 = l * n, p1 = p0 + n, p2 = p1 + n, p3 = p2 + n
    for (let j = 0; j < n; j++) {
      const b0 = b[p0 + j], b1 = b[p1 + j], b2 = b[p2 + j], b3 = b[p3 + j], q = j * 4
      panel[q] += a0_0 * b0 + a0_1 * b1 + a0_2 * b2 + a0_3 * b3
      panel[q + 1] += a1_0 * b0 + a1_1 * b1 + a1_2 * b2 + a1_3 * b3
      panel[q + 2] += a2_0 * b0 + a2_1 * b1 + a2_2 * b2 + a2_3 * b3
      panel[q + 3] += a3_0 * b0 + a3_1 * b1 + a3_2 * b2 + a3_3 * b3
    }
  }
  for (; l < k; l++) {
    const x0 = a[a0 + l * step], x1 = a[a0 + r1 + l * step], x2 = a[a0 + r2 + l * step], x3 = a[a0 + r3 + l * step]
    for (let j = 0; j < n; j++) {
      const y = b[l * n + j], q = j * 4
      panel[q] += x0 * y
      panel[q + 1] += x1 * y
      panel[q + 2] += x2 * y
      panel[q + 3] += x3 * y
    }
  }
}
