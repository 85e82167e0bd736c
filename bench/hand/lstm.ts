/** An LSTM over T steps with the mean square of its last state as loss, forward and backward through time. */
import type { Elementary } from './math.js'
import type { Products } from './products.js'

export interface LstmParams {
  /** [d, 4k], gates side by side: input, forget, cell, output. */
  readonly W: Float32Array
  /** [k, 4k] */
  readonly U: Float32Array
  readonly b: Float32Array
}

export interface LstmSizes {
  readonly T: number
  readonly n: number
  readonly d: number
  readonly k: number
}

export class Lstm {
  private readonly xW: Float32Array
  private readonly hU: Float32Array
  private readonly gates: Float32Array
  /** Before step 0 and after each. */
  private readonly h: Float32Array
  private readonly c: Float32Array
  private readonly tanhC: Float32Array
  private readonly dz: Float32Array
  private readonly dh: Float32Array
  private readonly dc: Float32Array
  readonly gradients: LstmParams

  constructor(
    private readonly products: Products,
    private readonly math: Elementary,
    private readonly sizes: LstmSizes,
  ) {
    const { T, n, d, k } = sizes
    this.xW = new Float32Array(T * n * 4 * k)
    this.hU = new Float32Array(n * 4 * k)
    this.gates = new Float32Array(T * n * 4 * k)
    this.h = new Float32Array((T + 1) * n * k)
    this.c = new Float32Array((T + 1) * n * k)
    this.tanhC = new Float32Array(T * n * k)
    this.dz = new Float32Array(T * n * 4 * k)
    this.dh = new Float32Array(n * k)
    this.dc = new Float32Array(n * k)
    this.gradients = {
      W: new Float32Array(d * 4 * k),
      U: new Float32Array(k * 4 * k),
      b: new Float32Array(4 * k),
    }
  }

  run({ W, U, b }: LstmParams, x: Float32Array): number {
    const { products, gradients, xW, hU, h, dz, dh, dc } = this
    const { T, n, d, k } = this.sizes
    const step = n * k
    products.times(x, W, xW, T * n, d, 4 * k)
    for (let t = 0; t < T; t++) {
      products.times(h.subarray(t * step, (t + 1) * step), U, hU, n, k, 4 * k)
      this.forward(t, b)
    }
    let loss = 0
    for (let i = 0; i < step; i++) {
      const last = h[T * step + i]
      loss += last * last
      dh[i] = (2 * last) / step
    }
    dc.fill(0)
    for (let t = T - 1; t >= 0; t--) {
      this.backward(t)
      products.timesTransposed(dz.subarray(4 * t * step, 4 * (t + 1) * step), U, dh, n, 4 * k, k)
    }
    products.transposedTimes(x, dz, gradients.W, d, T * n, 4 * k)
    products.transposedTimes(h.subarray(0, T * step), dz, gradients.U, k, T * n, 4 * k)
    gradients.b.fill(0)
    for (let r = 0; r < T * n; r++) for (let j = 0; j < 4 * k; j++) gradients.b[j] += dz[r * 4 * k + j]
    return loss / step
  }

  private forward(t: number, b: Float32Array): void {
    const { math, xW, hU, gates, h, c, tanhC } = this
    const { n, k } = this.sizes
    for (let s = 0; s < n; s++) {
      const row = s * 4 * k
      const at = t * n * 4 * k + row
      const own = (t * n + s) * k
      const next = own + n * k
      for (let j = 0; j < k; j++) {
        const i = 1 / (1 + math.exp(-(xW[at + j] + hU[row + j] + b[j])))
        const f = 1 / (1 + math.exp(-(xW[at + k + j] + hU[row + k + j] + b[k + j])))
        const g = math.tanh(xW[at + 2 * k + j] + hU[row + 2 * k + j] + b[2 * k + j])
        const o = 1 / (1 + math.exp(-(xW[at + 3 * k + j] + hU[row + 3 * k + j] + b[3 * k + j])))
        const cell = f * c[own + j] + i * g
        const tanhCell = math.tanh(cell)
        gates[at + j] = i
        gates[at + k + j] = f
        gates[at + 2 * k + j] = g
        gates[at + 3 * k + j] = o
        c[next + j] = cell
        tanhC[own + j] = tanhCell
        h[next + j] = o * tanhCell
      }
    }
  }

  private backward(t: number): void {
    const { gates, c, tanhC, dz, dh, dc } = this
    const { n, k } = this.sizes
    for (let s = 0; s < n; s++) {
      const at = (t * n + s) * 4 * k
      const own = (t * n + s) * k
      for (let j = 0; j < k; j++) {
        const i = gates[at + j]
        const f = gates[at + k + j]
        const g = gates[at + 2 * k + j]
        const o = gates[at + 3 * k + j]
        const y = tanhC[own + j]
        const d = dh[s * k + j]
        const cell = dc[s * k + j] + d * o * (1 - y * y)
        dz[at + j] = cell * g * i * (1 - i)
        dz[at + k + j] = cell * c[own + j] * f * (1 - f)
        dz[at + 2 * k + j] = cell * i * (1 - g * g)
        dz[at + 3 * k + j] = d * y * o * (1 - o)
        dc[s * k + j] = cell * f
      }
    }
  }
}
