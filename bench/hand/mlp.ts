/** An MLP 784-512-512-10 with ReLU and cross-entropy, forward and backward, worked out on paper. */
import type { Products } from './products.js'

export interface Layer {
  readonly W: Float32Array
  readonly b: Float32Array
}

const SIZES = [784, 512, 512, 10] as const

/** Memory for one batch size; a run gives the loss. */
export class Mlp {
  private readonly activations: readonly Float32Array[]
  private readonly cotangents: readonly Float32Array[]
  readonly gradients: readonly Layer[]

  constructor(
    private readonly products: Products,
    private readonly n: number,
  ) {
    this.activations = SIZES.slice(1).map((size) => new Float32Array(n * size))
    this.cotangents = SIZES.slice(1).map((size) => new Float32Array(n * size))
    this.gradients = SIZES.slice(1).map((size, at) => ({
      W: new Float32Array(SIZES[at] * size),
      b: new Float32Array(size),
    }))
  }

  run(layers: readonly Layer[], x: Float32Array, label: Int32Array): number {
    const { products, n, activations, cotangents, gradients } = this
    for (const [at, { W, b }] of layers.entries()) {
      const y = activations[at]
      products.times(at === 0 ? x : activations[at - 1], W, y, n, SIZES[at], b.length)
      if (at < 2) addAndClip(y, b, n)
      else add(y, b, n)
    }
    const loss = crossEntropy(activations[2], label, cotangents[2])
    for (let at = 2; at >= 0; at--) {
      const { W } = layers[at]
      const [k, m] = [SIZES[at], SIZES[at + 1]]
      const input = at === 0 ? x : activations[at - 1]
      products.transposedTimes(input, cotangents[at], gradients[at].W, k, n, m)
      sumRows(cotangents[at], gradients[at].b, n)
      if (at === 0) break
      products.timesTransposed(cotangents[at], W, cotangents[at - 1], n, m, k)
      clip(cotangents[at - 1], input)
    }
    return loss
  }
}

function add(y: Float32Array, b: Float32Array, n: number): void {
  for (let s = 0; s < n; s++) for (let o = 0; o < b.length; o++) y[s * b.length + o] += b[o]
}

function addAndClip(y: Float32Array, b: Float32Array, n: number): void {
  for (let s = 0; s < n; s++)
    for (let o = 0; o < b.length; o++) {
      const v = y[s * b.length + o] + b[o]
      y[s * b.length + o] = v > 0 ? v : 0
    }
}

function clip(d: Float32Array, y: Float32Array): void {
  for (let i = 0; i < d.length; i++) if (!(y[i] > 0)) d[i] = 0
}

function sumRows(d: Float32Array, b: Float32Array, n: number): void {
  b.fill(0)
  for (let s = 0; s < n; s++) for (let o = 0; o < b.length; o++) b[o] += d[s * b.length + o]
}

/** The mean of -log softmax(logits)[label]; its gradient (softmax - one-hot) / n goes into `d`. */
export function crossEntropy(logits: Float32Array, label: Int32Array, d: Float32Array): number {
  const n = label.length
  const classes = logits.length / n
  let loss = 0
  for (let s = 0; s < n; s++) {
    let largest = -Infinity
    for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[s * classes + c])
    let total = 0
    for (let c = 0; c < classes; c++) total += Math.exp(logits[s * classes + c] - largest)
    loss += Math.log(total) + largest - logits[s * classes + label[s]]
    for (let c = 0; c < classes; c++) {
      const probability = Math.exp(logits[s * classes + c] - largest) / total
      d[s * classes + c] = (probability - (c === label[s] ? 1 : 0)) / n
    }
  }
  return loss / n
}
