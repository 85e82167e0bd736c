/**
 * The model of `examples/mnist/mlp.nn` as one writes it by hand at first: plain loops over Float32Array in an order
 * that walks memory forwards, gradients worked out on paper. What the compiled module is measured against.
 */
export interface Layer {
  readonly W: Float32Array
  readonly b: Float32Array
}

export interface MlpParams {
  readonly l1: Layer
  readonly l2: Layer
  readonly l3: Layer
}

export interface MlpResult {
  readonly loss: number
  readonly grads: MlpParams
}

export function backward(params: MlpParams, x: Float32Array, label: Int32Array): MlpResult {
  const n = label.length
  const h1 = relu(affine(x, params.l1, n))
  const h2 = relu(affine(h1, params.l2, n))
  const logits = affine(h2, params.l3, n)
  const { loss, dLogits } = crossEntropy(logits, label)
  const dH2 = maskByRelu(inputGradient(dLogits, params.l3, n), h2)
  const dH1 = maskByRelu(inputGradient(dH2, params.l2, n), h1)
  return {
    loss,
    grads: {
      l1: parameterGradient(x, dH1, params.l1, n),
      l2: parameterGradient(h1, dH2, params.l2, n),
      l3: parameterGradient(h2, dLogits, params.l3, n),
    },
  }
}

/** y = x @ W + b */
function affine(x: Float32Array, { W, b }: Layer, n: number): Float32Array {
  const m = b.length
  const k = W.length / m
  const y = new Float32Array(n * m)
  for (let s = 0; s < n; s++) {
    for (let o = 0; o < m; o++) y[s * m + o] = b[o]
    for (let i = 0; i < k; i++) for (let o = 0; o < m; o++) y[s * m + o] += x[s * k + i] * W[i * m + o]
  }
  return y
}

function relu(x: Float32Array): Float32Array {
  for (let i = 0; i < x.length; i++) x[i] = Math.max(0, x[i])
  return x
}

/** The mean of -log softmax(logits)[label], and its gradient (softmax - one-hot) / n. */
function crossEntropy(logits: Float32Array, label: Int32Array): { loss: number; dLogits: Float32Array } {
  const n = label.length
  const classes = logits.length / n
  const dLogits = new Float32Array(n * classes)
  let loss = 0
  for (let s = 0; s < n; s++) {
    let largest = -Infinity
    for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[s * classes + c])
    let total = 0
    for (let c = 0; c < classes; c++) total += Math.exp(logits[s * classes + c] - largest)
    loss += Math.log(total) + largest - logits[s * classes + label[s]]
    for (let c = 0; c < classes; c++) {
      const probability = Math.exp(logits[s * classes + c] - largest) / total
      dLogits[s * classes + c] = (probability - (c === label[s] ? 1 : 0)) / n
    }
  }
  return { loss: loss / n, dLogits }
}

/** x̄ = ȳ @ W' */
function inputGradient(dY: Float32Array, { W, b }: Layer, n: number): Float32Array {
  const m = b.length
  const k = W.length / m
  const dX = new Float32Array(n * k)
  for (let s = 0; s < n; s++)
    for (let i = 0; i < k; i++) {
      let total = 0
      for (let o = 0; o < m; o++) total += dY[s * m + o] * W[i * m + o]
      dX[s * k + i] = total
    }
  return dX
}

function maskByRelu(dY: Float32Array, y: Float32Array): Float32Array {
  for (let i = 0; i < y.length; i++) if (!(y[i] > 0)) dY[i] = 0
  return dY
}

/** W̄ = x' @ ȳ, b̄ = the sum of the rows of ȳ */
function parameterGradient(x: Float32Array, dY: Float32Array, { W, b }: Layer, n: number): Layer {
  const m = b.length
  const k = W.length / m
  const dW = new Float32Array(k * m)
  const dB = new Float32Array(m)
  for (let s = 0; s < n; s++) {
    for (let i = 0; i < k; i++) for (let o = 0; o < m; o++) dW[i * m + o] += x[s * k + i] * dY[s * m + o]
    for (let o = 0; o < m; o++) dB[o] += dY[s * m + o]
  }
  return { W: dW, b: dB }
}
