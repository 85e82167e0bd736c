/** Convolutions of images by kernels of 5×5, and their gradients: in plain loops, and as fast as JavaScript was found to do them. */
import type { Products } from './products.js'

/** Channels in and out, the side of the input; kernels are 5×5. */
export interface Shape {
  readonly c: number
  readonly o: number
  readonly side: number
}

export const FIRST: Shape = { c: 1, o: 6, side: 28 }
export const SECOND: Shape = { c: 6, o: 16, side: 12 }

/** Convolutions of one image of a batch. */
export interface Convolutions {
  forward(shape: Shape, x: Float32Array, K: Float32Array, y: Float32Array): void
  kernel(shape: Shape, x: Float32Array, dy: Float32Array, dK: Float32Array): void
  input(shape: Shape, K: Float32Array, dy: Float32Array, dx: Float32Array): void
}

export const plain: Convolutions = {
  forward({ c, o, side }, x, K, y) {
    const m = side - 4
    for (let a = 0; a < o; a++)
      for (let i = 0; i < m; i++)
        for (let j = 0; j < m; j++) {
          let sum = 0
          for (let b = 0; b < c; b++)
            for (let u = 0; u < 5; u++)
              for (let v = 0; v < 5; v++)
                sum += K[((a * c + b) * 5 + u) * 5 + v] * x[(b * side + i + u) * side + j + v]
          y[(a * m + i) * m + j] = sum
        }
  },
  kernel({ c, o, side }, x, dy, dK) {
    const m = side - 4
    for (let a = 0; a < o; a++)
      for (let b = 0; b < c; b++)
        for (let u = 0; u < 5; u++)
          for (let v = 0; v < 5; v++) {
            let sum = 0
            for (let i = 0; i < m; i++)
              for (let j = 0; j < m; j++)
                sum += dy[(a * m + i) * m + j] * x[(b * side + i + u) * side + j + v]
            dK[((a * c + b) * 5 + u) * 5 + v] += sum
          }
  },
  input({ c, o, side }, K, dy, dx) {
    const m = side - 4
    dx.fill(0)
    for (let a = 0; a < o; a++)
      for (let b = 0; b < c; b++)
        for (let u = 0; u < 5; u++)
          for (let v = 0; v < 5; v++) {
            const w = K[((a * c + b) * 5 + u) * 5 + v]
            for (let i = 0; i < m; i++)
              for (let j = 0; j < m; j++) dx[(b * side + i + u) * side + j + v] += w * dy[(a * m + i) * m + j]
          }
  },
}

/**
 * Without windows in memory: each entry of the input that is loaded is multiplied for all maps, with entries of their kernels, or of
 * their gradients, in locals. The sums of all maps at a position stand side by side in an array of 64-bit numbers.
 */
export class Direct implements Convolutions {
  private readonly panel = new Float64Array(6 * 24 * 24)
  private readonly windows = new Float32Array(6 * 25 * 8 * 8)

  constructor(private readonly products: Products) {}

  forward(shape: Shape, x: Float32Array, K: Float32Array, y: Float32Array): void {
    const { o, side } = shape
    const { panel } = this
    const positions = (side - 4) ** 2
    panel.fill(0, 0, o * positions)
    if (o === 6) addForward6(panel, shape, x, K)
    else addForward16(panel, shape, x, K)
    for (let a = 0; a < o; a++)
      for (let at = 0; at < positions; at++) y[a * positions + at] = panel[at * o + a]
  }

  kernel(shape: Shape, x: Float32Array, dy: Float32Array, dK: Float32Array): void {
    const { c, o } = shape
    const { panel } = this
    panel.fill(0, 0, 25 * c * o)
    if (o === 6) addKernel6(panel, shape, x, dy)
    else addKernel16(panel, shape, x, dy)
    for (let a = 0; a < o; a++) for (let at = 0; at < 25 * c; at++) dK[a * 25 * c + at] += panel[at * o + a]
  }

  /** Here a product for each window, added where it belongs, is as fast. */
  input(shape: Shape, K: Float32Array, dy: Float32Array, dx: Float32Array): void {
    const { c, o, side } = shape
    const m = side - 4
    this.products.transposedTimes(K, dy, this.windows, 25 * c, o, m * m)
    dx.fill(0)
    let at = 0
    for (let b = 0; b < c; b++)
      for (let u = 0; u < 5; u++)
        for (let v = 0; v < 5; v++)
          for (let i = 0; i < m; i++) {
            const row = (b * side + i + u) * side + v
            for (let j = 0; j < m; j++) dx[row + j] += this.windows[at++]
          }
  }
}

/** Six maps: to each position of each the five entries of a row of its kernel at a time. */
// prettier-ignore
function addForward6(panel: Float64Array, { c, side }: Shape, x: Float32Array, K: Float32Array): void {
  const m = side - 4
  for (let b = 0; b < c; b++)
    for (let u = 0; u < 5; u++) {
      const k0 = (b * 5 + u) * 5, step = 25 * c
      const k0_0 = K[k0], k0_1 = K[k0 + 1], k0_2 = K[k0 + 2], k0_3 = K[k0 + 3], k0_4 = K[k0 + 4]
      const k1_0 = K[k0 + step], k1_1 = K[k0 + step + 1], k1_2 = K[k0 + step + 2], k1_3 = K[k0 + step + 3], k1_4 = K[k0 + step + 4]
      const k2_0 = K[k0 + 2 * step], k2_1 = K[k0 + 2 * step + 1], k2_2 = K[k0 + 2 * step + 2], k2_3 = K[k0 + 2 * step + 3], k2_4 = K[k0 + 2 * step + 4]
      const k3_0 = K[k0 + 3 * step], k3_1 = K[k0 + 3 * step + 1], k3_2 = K[k0 + 3 * step + 2], k3_3 = K[k0 + 3 * step + 3], k3_4 = K[k0 + 3 * step + 4]
      const k4_0 = K[k0 + 4 * step], k4_1 = K[k0 + 4 * step + 1], k4_2 = K[k0 + 4 * step + 2], k4_3 = K[k0 + 4 * step + 3], k4_4 = K[k0 + 4 * step + 4]
      const k5_0 = K[k0 + 5 * step], k5_1 = K[k0 + 5 * step + 1], k5_2 = K[k0 + 5 * step + 2], k5_3 = K[k0 + 5 * step + 3], k5_4 = K[k0 + 5 * step + 4]
      for (let i = 0; i < m; i++) {
        const row = (b * side + i + u) * side
        let x0 = x[row], x1 = x[row + 1], x2 = x[row + 2], x3 = x[row + 3]
        for (let j = 0; j < m; j++) {
          const x4 = x[row + j + 4], q = (i * m + j) * 6
          panel[q] += k0_0 * x0 + k0_1 * x1 + k0_2 * x2 + k0_3 * x3 + k0_4 * x4
          panel[q + 1] += k1_0 * x0 + k1_1 * x1 + k1_2 * x2 + k1_3 * x3 + k1_4 * x4
          panel[q + 2] += k2_0 * x0 + k2_1 * x1 + k2_2 * x2 + k2_3 * x3 + k2_4 * x4
          panel[q + 3] += k3_0 * x0 + k3_1 * x1 + k3_2 * x2 + k3_3 * x3 + k3_4 * x4
          panel[q + 4] += k4_0 * x0 + k4_1 * x1 + k4_2 * x2 + k4_3 * x3 + k4_4 * x4
          panel[q + 5] += k5_0 * x0 + k5_1 * x1 + k5_2 * x2 + k5_3 * x3 + k5_4 * x4
          x0 = x1; x1 = x2; x2 = x3; x3 = x4
        }
      }
    }
}

/** The same for sixteen maps. */
// prettier-ignore
function addForward16(panel: Float64Array, { c, side }: Shape, x: Float32Array, K: Float32Array): void {
  const m = side - 4
  for (let b = 0; b < c; b++)
    for (let u = 0; u < 5; u++) {
      const k0 = (b * 5 + u) * 5, step = 25 * c
      const k0_0 = K[k0], k0_1 = K[k0 + 1], k0_2 = K[k0 + 2], k0_3 = K[k0 + 3], k0_4 = K[k0 + 4]
      const k1_0 = K[k0 + step], k1_1 = K[k0 + step + 1], k1_2 = K[k0 + step + 2], k1_3 = K[k0 + step + 3], k1_4 = K[k0 + step + 4]
      const k2_0 = K[k0 + 2 * step], k2_1 = K[k0 + 2 * step + 1], k2_2 = K[k0 + 2 * step + 2], k2_3 = K[k0 + 2 * step + 3], k2_4 = K[k0 + 2 * step + 4]
      const k3_0 = K[k0 + 3 * step], k3_1 = K[k0 + 3 * step + 1], k3_2 = K[k0 + 3 * step + 2], k3_3 = K[k0 + 3 * step + 3], k3_4 = K[k0 + 3 * step + 4]
      const k4_0 = K[k0 + 4 * step], k4_1 = K[k0 + 4 * step + 1], k4_2 = K[k0 + 4 * step + 2], k4_3 = K[k0 + 4 * step + 3], k4_4 = K[k0 + 4 * step + 4]
      const k5_0 = K[k0 + 5 * step], k5_1 = K[k0 + 5 * step + 1], k5_2 = K[k0 + 5 * step + 2], k5_3 = K[k0 + 5 * step + 3], k5_4 = K[k0 + 5 * step + 4]
      const k6_0 = K[k0 + 6 * step], k6_1 = K[k0 + 6 * step + 1], k6_2 = K[k0 + 6 * step + 2], k6_3 = K[k0 + 6 * step + 3], k6_4 = K[k0 + 6 * step + 4]
      const k7_0 = K[k0 + 7 * step], k7_1 = K[k0 + 7 * step + 1], k7_2 = K[k0 + 7 * step + 2], k7_3 = K[k0 + 7 * step + 3], k7_4 = K[k0 + 7 * step + 4]
      const k8_0 = K[k0 + 8 * step], k8_1 = K[k0 + 8 * step + 1], k8_2 = K[k0 + 8 * step + 2], k8_3 = K[k0 + 8 * step + 3], k8_4 = K[k0 + 8 * step + 4]
      const k9_0 = K[k0 + 9 * step], k9_1 = K[k0 + 9 * step + 1], k9_2 = K[k0 + 9 * step + 2], k9_3 = K[k0 + 9 * step + 3], k9_4 = K[k0 + 9 * step + 4]
      const k10_0 = K[k0 + 10 * step], k10_1 = K[k0 + 10 * step + 1], k10_2 = K[k0 + 10 * step + 2], k10_3 = K[k0 + 10 * step + 3], k10_4 = K[k0 + 10 * step + 4]
      const k11_0 = K[k0 + 11 * step], k11_1 = K[k0 + 11 * step + 1], k11_2 = K[k0 + 11 * step + 2], k11_3 = K[k0 + 11 * step + 3], k11_4 = K[k0 + 11 * step + 4]
      const k12_0 = K[k0 + 12 * step], k12_1 = K[k0 + 12 * step + 1], k12_2 = K[k0 + 12 * step + 2], k12_3 = K[k0 + 12 * step + 3], k12_4 = K[k0 + 12 * step + 4]
      const k13_0 = K[k0 + 13 * step], k13_1 = K[k0 + 13 * step + 1], k13_2 = K[k0 + 13 * step + 2], k13_3 = K[k0 + 13 * step + 3], k13_4 = K[k0 + 13 * step + 4]
      const k14_0 = K[k0 + 14 * step], k14_1 = K[k0 + 14 * step + 1], k14_2 = K[k0 + 14 * step + 2], k14_3 = K[k0 + 14 * step + 3], k14_4 = K[k0 + 14 * step + 4]
      const k15_0 = K[k0 + 15 * step], k15_1 = K[k0 + 15 * step + 1], k15_2 = K[k0 + 15 * step + 2], k15_3 = K[k0 + 15 * step + 3], k15_4 = K[k0 + 15 * step + 4]
      for (let i = 0; i < m; i++) {
        const row = (b * side + i + u) * side
        let x0 = x[row], x1 = x[row + 1], x2 = x[row + 2], x3 = x[row + 3]
        for (let j = 0; j < m; j++) {
          const x4 = x[row + j + 4], q = (i * m + j) * 16
          panel[q] += k0_0 * x0 + k0_1 * x1 + k0_2 * x2 + k0_3 * x3 + k0_4 * x4
          panel[q + 1] += k1_0 * x0 + k1_1 * x1 + k1_2 * x2 + k1_3 * x3 + k1_4 * x4
          panel[q + 2] += k2_0 * x0 + k2_1 * x1 + k2_2 * x2 + k2_3 * x3 + k2_4 * x4
          panel[q + 3] += k3_0 * x0 + k3_1 * x1 + k3_2 * x2 + k3_3 * x3 + k3_4 * x4
          panel[q + 4] += k4_0 * x0 + k4_1 * x1 + k4_2 * x2 + k4_3 * x3 + k4_4 * x4
          panel[q + 5] += k5_0 * x0 + k5_1 * x1 + k5_2 * x2 + k5_3 * x3 + k5_4 * x4
          panel[q + 6] += k6_0 * x0 + k6_1 * x1 + k6_2 * x2 + k6_3 * x3 + k6_4 * x4
          panel[q + 7] += k7_0 * x0 + k7_1 * x1 + k7_2 * x2 + k7_3 * x3 + k7_4 * x4
          panel[q + 8] += k8_0 * x0 + k8_1 * x1 + k8_2 * x2 + k8_3 * x3 + k8_4 * x4
          panel[q + 9] += k9_0 * x0 + k9_1 * x1 + k9_2 * x2 + k9_3 * x3 + k9_4 * x4
          panel[q + 10] += k10_0 * x0 + k10_1 * x1 + k10_2 * x2 + k10_3 * x3 + k10_4 * x4
          panel[q + 11] += k11_0 * x0 + k11_1 * x1 + k11_2 * x2 + k11_3 * x3 + k11_4 * x4
          panel[q + 12] += k12_0 * x0 + k12_1 * x1 + k12_2 * x2 + k12_3 * x3 + k12_4 * x4
          panel[q + 13] += k13_0 * x0 + k13_1 * x1 + k13_2 * x2 + k13_3 * x3 + k13_4 * x4
          panel[q + 14] += k14_0 * x0 + k14_1 * x1 + k14_2 * x2 + k14_3 * x3 + k14_4 * x4
          panel[q + 15] += k15_0 * x0 + k15_1 * x1 + k15_2 * x2 + k15_3 * x3 + k15_4 * x4
          x0 = x1; x1 = x2; x2 = x3; x3 = x4
        }
      }
    }
}

/** What eight positions side by side of six maps add to the entries of their kernels. */
// prettier-ignore
function addKernel6(panel: Float64Array, { c, side }: Shape, x: Float32Array, dy: Float32Array): void {
  const m = side - 4, step = m * m
  for (let i = 0; i < m; i++)
    for (let j = 0; j < m; j += 8) {
      const d0 = i * m + j
      const d0_0 = dy[d0], d0_1 = dy[d0 + 1], d0_2 = dy[d0 + 2], d0_3 = dy[d0 + 3], d0_4 = dy[d0 + 4], d0_5 = dy[d0 + 5], d0_6 = dy[d0 + 6], d0_7 = dy[d0 + 7]
      const d1_0 = dy[d0 + step], d1_1 = dy[d0 + step + 1], d1_2 = dy[d0 + step + 2], d1_3 = dy[d0 + step + 3], d1_4 = dy[d0 + step + 4], d1_5 = dy[d0 + step + 5], d1_6 = dy[d0 + step + 6], d1_7 = dy[d0 + step + 7]
      const d2_0 = dy[d0 + 2 * step], d2_1 = dy[d0 + 2 * step + 1], d2_2 = dy[d0 + 2 * step + 2], d2_3 = dy[d0 + 2 * step + 3], d2_4 = dy[d0 + 2 * step + 4], d2_5 = dy[d0 + 2 * step + 5], d2_6 = dy[d0 + 2 * step + 6], d2_7 = dy[d0 + 2 * step + 7]
      const d3_0 = dy[d0 + 3 * step], d3_1 = dy[d0 + 3 * step + 1], d3_2 = dy[d0 + 3 * step + 2], d3_3 = dy[d0 + 3 * step + 3], d3_4 = dy[d0 + 3 * step + 4], d3_5 = dy[d0 + 3 * step + 5], d3_6 = dy[d0 + 3 * step + 6], d3_7 = dy[d0 + 3 * step + 7]
      const d4_0 = dy[d0 + 4 * step], d4_1 = dy[d0 + 4 * step + 1], d4_2 = dy[d0 + 4 * step + 2], d4_3 = dy[d0 + 4 * step + 3], d4_4 = dy[d0 + 4 * step + 4], d4_5 = dy[d0 + 4 * step + 5], d4_6 = dy[d0 + 4 * step + 6], d4_7 = dy[d0 + 4 * step + 7]
      const d5_0 = dy[d0 + 5 * step], d5_1 = dy[d0 + 5 * step + 1], d5_2 = dy[d0 + 5 * step + 2], d5_3 = dy[d0 + 5 * step + 3], d5_4 = dy[d0 + 5 * step + 4], d5_5 = dy[d0 + 5 * step + 5], d5_6 = dy[d0 + 5 * step + 6], d5_7 = dy[d0 + 5 * step + 7]
      for (let b = 0; b < c; b++)
        for (let u = 0; u < 5; u++) {
          const row = (b * side + i + u) * side + j, q0 = (b * 5 + u) * 5 * 6
          let x0 = x[row], x1 = x[row + 1], x2 = x[row + 2], x3 = x[row + 3], x4 = x[row + 4], x5 = x[row + 5], x6 = x[row + 6]
          for (let v = 0; v < 5; v++) {
            const x7 = x[row + v + 7], q = q0 + v * 6
            panel[q] += d0_0 * x0 + d0_1 * x1 + d0_2 * x2 + d0_3 * x3 + d0_4 * x4 + d0_5 * x5 + d0_6 * x6 + d0_7 * x7
            panel[q + 1] += d1_0 * x0 + d1_1 * x1 + d1_2 * x2 + d1_3 * x3 + d1_4 * x4 + d1_5 * x5 + d1_6 * x6 + d1_7 * x7
            panel[q + 2] += d2_0 * x0 + d2_1 * x1 + d2_2 * x2 + d2_3 * x3 + d2_4 * x4 + d2_5 * x5 + d2_6 * x6 + d2_7 * x7
            panel[q + 3] += d3_0 * x0 + d3_1 * x1 + d3_2 * x2 + d3_3 * x3 + d3_4 * x4 + d3_5 * x5 + d3_6 * x6 + d3_7 * x7
            panel[q + 4] += d4_0 * x0 + d4_1 * x1 + d4_2 * x2 + d4_3 * x3 + d4_4 * x4 + d4_5 * x5 + d4_6 * x6 + d4_7 * x7
            panel[q + 5] += d5_0 * x0 + d5_1 * x1 + d5_2 * x2 + d5_3 * x3 + d5_4 * x4 + d5_5 * x5 + d5_6 * x6 + d5_7 * x7
            x0 = x1; x1 = x2; x2 = x3; x3 = x4; x4 = x5; x5 = x6; x6 = x7
          }
        }
    }
}

/** What four positions of sixteen maps add. */
// prettier-ignore
function addKernel16(panel: Float64Array, { c, side }: Shape, x: Float32Array, dy: Float32Array): void {
  const m = side - 4, step = m * m
  for (let i = 0; i < m; i++)
    for (let j = 0; j < m; j += 4) {
      const d0 = i * m + j
      const d0_0 = dy[d0], d0_1 = dy[d0 + 1], d0_2 = dy[d0 + 2], d0_3 = dy[d0 + 3]
      const d1_0 = dy[d0 + step], d1_1 = dy[d0 + step + 1], d1_2 = dy[d0 + step + 2], d1_3 = dy[d0 + step + 3]
      const d2_0 = dy[d0 + 2 * step], d2_1 = dy[d0 + 2 * step + 1], d2_2 = dy[d0 + 2 * step + 2], d2_3 = dy[d0 + 2 * step + 3]
      const d3_0 = dy[d0 + 3 * step], d3_1 = dy[d0 + 3 * step + 1], d3_2 = dy[d0 + 3 * step + 2], d3_3 = dy[d0 + 3 * step + 3]
      const d4_0 = dy[d0 + 4 * step], d4_1 = dy[d0 + 4 * step + 1], d4_2 = dy[d0 + 4 * step + 2], d4_3 = dy[d0 + 4 * step + 3]
      const d5_0 = dy[d0 + 5 * step], d5_1 = dy[d0 + 5 * step + 1], d5_2 = dy[d0 + 5 * step + 2], d5_3 = dy[d0 + 5 * step + 3]
      const d6_0 = dy[d0 + 6 * step], d6_1 = dy[d0 + 6 * step + 1], d6_2 = dy[d0 + 6 * step + 2], d6_3 = dy[d0 + 6 * step + 3]
      const d7_0 = dy[d0 + 7 * step], d7_1 = dy[d0 + 7 * step + 1], d7_2 = dy[d0 + 7 * step + 2], d7_3 = dy[d0 + 7 * step + 3]
      const d8_0 = dy[d0 + 8 * step], d8_1 = dy[d0 + 8 * step + 1], d8_2 = dy[d0 + 8 * step + 2], d8_3 = dy[d0 + 8 * step + 3]
      const d9_0 = dy[d0 + 9 * step], d9_1 = dy[d0 + 9 * step + 1], d9_2 = dy[d0 + 9 * step + 2], d9_3 = dy[d0 + 9 * step + 3]
      const d10_0 = dy[d0 + 10 * step], d10_1 = dy[d0 + 10 * step + 1], d10_2 = dy[d0 + 10 * step + 2], d10_3 = dy[d0 + 10 * step + 3]
      const d11_0 = dy[d0 + 11 * step], d11_1 = dy[d0 + 11 * step + 1], d11_2 = dy[d0 + 11 * step + 2], d11_3 = dy[d0 + 11 * step + 3]
      const d12_0 = dy[d0 + 12 * step], d12_1 = dy[d0 + 12 * step + 1], d12_2 = dy[d0 + 12 * step + 2], d12_3 = dy[d0 + 12 * step + 3]
      const d13_0 = dy[d0 + 13 * step], d13_1 = dy[d0 + 13 * step + 1], d13_2 = dy[d0 + 13 * step + 2], d13_3 = dy[d0 + 13 * step + 3]
      const d14_0 = dy[d0 + 14 * step], d14_1 = dy[d0 + 14 * step + 1], d14_2 = dy[d0 + 14 * step + 2], d14_3 = dy[d0 + 14 * step + 3]
      const d15_0 = dy[d0 + 15 * step], d15_1 = dy[d0 + 15 * step + 1], d15_2 = dy[d0 + 15 * step + 2], d15_3 = dy[d0 + 15 * step + 3]
      for (let b = 0; b < c; b++)
        for (let u = 0; u < 5; u++) {
          const row = (b * side + i + u) * side + j, q0 = (b * 5 + u) * 5 * 16
          let x0 = x[row], x1 = x[row + 1], x2 = x[row + 2]
          for (let v = 0; v < 5; v++) {
            const x3 = x[row + v + 3], q = q0 + v * 16
            panel[q] += d0_0 * x0 + d0_1 * x1 + d0_2 * x2 + d0_3 * x3
            panel[q + 1] += d1_0 * x0 + d1_1 * x1 + d1_2 * x2 + d1_3 * x3
            panel[q + 2] += d2_0 * x0 + d2_1 * x1 + d2_2 * x2 + d2_3 * x3
            panel[q + 3] += d3_0 * x0 + d3_1 * x1 + d3_2 * x2 + d3_3 * x3
            panel[q + 4] += d4_0 * x0 + d4_1 * x1 + d4_2 * x2 + d4_3 * x3
            panel[q + 5] += d5_0 * x0 + d5_1 * x1 + d5_2 * x2 + d5_3 * x3
            panel[q + 6] += d6_0 * x0 + d6_1 * x1 + d6_2 * x2 + d6_3 * x3
            panel[q + 7] += d7_0 * x0 + d7_1 * x1 + d7_2 * x2 + d7_3 * x3
            panel[q + 8] += d8_0 * x0 + d8_1 * x1 + d8_2 * x2 + d8_3 * x3
            panel[q + 9] += d9_0 * x0 + d9_1 * x1 + d9_2 * x2 + d9_3 * x3
            panel[q + 10] += d10_0 * x0 + d10_1 * x1 + d10_2 * x2 + d10_3 * x3
            panel[q + 11] += d11_0 * x0 + d11_1 * x1 + d11_2 * x2 + d11_3 * x3
            panel[q + 12] += d12_0 * x0 + d12_1 * x1 + d12_2 * x2 + d12_3 * x3
            panel[q + 13] += d13_0 * x0 + d13_1 * x1 + d13_2 * x2 + d13_3 * x3
            panel[q + 14] += d14_0 * x0 + d14_1 * x1 + d14_2 * x2 + d14_3 * x3
            panel[q + 15] += d15_0 * x0 + d15_1 * x1 + d15_2 * x2 + d15_3 * x3
            x0 = x1; x1 = x2; x2 = x3
          }
        }
    }
}
