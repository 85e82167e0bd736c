/** The networks that are measured and the numbers they run on, the same for everything that is compared. */
import { readFileSync } from 'node:fs'

export type Values = Float32Array | Int32Array

/** What JavaScript is given: arrays, and objects of them for the parts of a model. */
export interface Arrays {
  readonly [name: string]: Values | Readonly<Record<string, Values>>
}

export interface Network {
  readonly name: string
  readonly source: string
  readonly model: 'Mlp' | 'Net'
  readonly define?: Readonly<Record<string, number>>
  readonly sizes: Readonly<Record<string, number>>
  readonly params: Arrays
  readonly data: Arrays
  /** Of all parameters and data, by name; by path in the parts of a model. */
  readonly shapes: Readonly<Record<string, readonly number[]>>
}

/** Numbers that look random and are the same in every run: about normal, of the given deviation. */
export function numbers(count: number, deviation: number, seed: number): Float32Array {
  let state = seed * 2654435761
  const next = (): number => {
    state = (state * 1664525 + 1013904223) >>> 0
    return state / 2 ** 32
  }
  return Float32Array.from({ length: count }, () => deviation * 2 * (next() + next() + next() - 1.5))
}

const labels = (n: number): Int32Array => Int32Array.from({ length: n }, (_, s) => (s * 7) % 10)

/** Not a network, but what they spend their time on. */
export const product = {
  name: 'product 64×784×512',
  source: 'export fn f(a: [64, 784], b: [784, 512]) = a @ b',
  a: numbers(64 * 784, 1, 1),
  b: numbers(784 * 512, 1, 2),
} as const

export const mlp = (n: number) => {
  const layer = (k: number, m: number, seed: number) => ({
    W: numbers(k * m, Math.sqrt(2 / k), seed),
    b: numbers(m, 0.1, seed + 1),
  })
  return {
    name: `MLP 784-512-512-10, batch ${n}`,
    source: readFileSync(new URL('../examples/mnist/mlp.nn', import.meta.url), 'utf8'),
    model: 'Mlp',
    define: { hidden: 512 },
    sizes: { n },
    params: { l1: layer(784, 512, 1), l2: layer(512, 512, 3), l3: layer(512, 10, 5) },
    data: {
      // Half of the pixels are black, as in digits.
      x: numbers(n * 784, 0.5, 7).map((v) => Math.max(0, v)),
      label: labels(n),
    },
    shapes: {
      'l1.W': [784, 512],
      'l1.b': [512],
      'l2.W': [512, 512],
      'l2.b': [512],
      'l3.W': [512, 10],
      'l3.b': [10],
      x: [n, 784],
      label: [n],
    },
  } satisfies Network
}

export const tiny = (n: number) =>
  ({
    name: `tiny 2-16-16-1, batch ${n}`,
    source: `model Net(x: [n, 2], y: [n, 1]) {
  param W1: [2, 16]; param b1: [16]; param W2: [16, 16]; param b2: [16]; param W3: [16, 1]; param b3: [1]
  h1 = tanh(x @ W1 + b1)
  h2 = tanh(h1 @ W2 + b2)
  z = h2 @ W3 + b3
  out z
  loss mean[s] (z[s, 0] - y[s, 0])^2
}`,
    model: 'Net',
    sizes: { n },
    params: {
      W1: numbers(2 * 16, 1, 1),
      b1: numbers(16, 0.1, 2),
      W2: numbers(16 * 16, 0.4, 3),
      b2: numbers(16, 0.1, 4),
      W3: numbers(16 * 1, 0.4, 5),
      b3: numbers(1, 0.1, 6),
    },
    data: { x: numbers(n * 2, 1, 7), y: numbers(n * 1, 1, 8) },
    shapes: { W1: [2, 16], b1: [16], W2: [16, 16], b2: [16], W3: [16, 1], b3: [1], x: [n, 2], y: [n, 1] },
  }) satisfies Network

export const lenet = (n: number) =>
  ({
    name: `LeNet-like, batch ${n}`,
    source: `model Net(x: [n, 1, 28, 28], label: int[n]) {
  param K1: [6, 1, 5, 5]; param b1: [6]; param K2: [16, 6, 5, 5]; param b2: [16]
  param W3: [256, 120]; param b3: [120]; param W4: [120, 84]; param b4: [84]; param W5: [84, 10]; param b5: [10]
  y1[s, o, i, j] = sum[c, u, v] K1[o, c, u, v] * x[s, c, i + u, j + v] + b1[o]
  p1[s, o, i, j] = relu(max[u < 2, v < 2] y1[s, o, 2i + u, 2j + v])
  y2[s, o, i, j] = sum[c, u, v] K2[o, c, u, v] * p1[s, c, i + u, j + v] + b2[o]
  p2[s, o, i, j] = relu(max[u < 2, v < 2] y2[s, o, 2i + u, 2j + v])
  h3 = relu(reshape(p2, n, 256) @ W3 + b3)
  h4 = relu(h3 @ W4 + b4)
  logits = h4 @ W5 + b5
  out probs = softmax(logits)
  loss mean[s] -log(probs[s, label[s]])
}`,
    model: 'Net',
    sizes: { n },
    params: {
      K1: numbers(6 * 1 * 5 * 5, 0.2, 1),
      b1: numbers(6, 0.1, 2),
      K2: numbers(16 * 6 * 5 * 5, 0.1, 3),
      b2: numbers(16, 0.1, 4),
      W3: numbers(256 * 120, 0.1, 5),
      b3: numbers(120, 0.1, 6),
      W4: numbers(120 * 84, 0.1, 7),
      b4: numbers(84, 0.1, 8),
      W5: numbers(84 * 10, 0.1, 9),
      b5: numbers(10, 0.1, 10),
    },
    data: { x: numbers(n * 1 * 28 * 28, 1, 11), label: labels(n) },
    shapes: {
      K1: [6, 1, 5, 5],
      b1: [6],
      K2: [16, 6, 5, 5],
      b2: [16],
      W3: [256, 120],
      b3: [120],
      W4: [120, 84],
      b4: [84],
      W5: [84, 10],
      b5: [10],
      x: [n, 1, 28, 28],
      label: [n],
    },
  }) satisfies Network

export const lstm = (T: number, n: number) =>
  ({
    name: `LSTM, ${T} steps, hidden 64, batch ${n}`,
    source: `model Net(x: [T, n, 64]) {
  param W: [64, 256]; param U: [64, 256]; param b: [256]
  recur t < T {
    h[-1] = zeros(n, 64)
    c[-1] = zeros(n, 64)
    h[t], c[t] = lstm_step(x[t], h[t-1], c[t-1], W, U, b)
  }
  loss mean[s, i] h[T-1, s, i]^2
}`,
    model: 'Net',
    sizes: { T, n },
    params: {
      W: numbers(64 * 256, 0.12, 1),
      U: numbers(64 * 256, 0.12, 2),
      b: numbers(256, 0.1, 3),
    },
    data: { x: numbers(T * n * 64, 1, 4) },
    shapes: { W: [64, 256], U: [64, 256], b: [256], x: [T, n, 64] },
  }) satisfies Network

/** So many layers of eight units. */
export function deepSource(count: number): string {
  const indices = Array.from({ length: count }, (_, k) => k)
  return `
model Dense[m](x: [.., k]) {
  param W: [k, m] ~ glorot
  param b: [m]
  out y = x @ W + b
}
model Deep(x: [n, 8], y: [n, 8]) {
${indices.map((k) => `  param l${k}: Dense[8]`).join('\n')}
${indices.map((k) => `  h${k} = tanh(l${k}(${k === 0 ? 'x' : `h${k - 1}`}))`).join('\n')}
  out h${count - 1}
  loss mean[s] sum[i] (h${count - 1}[s, i] - y[s, i])^2
}
`
}

export const deep = (count: number, n: number) => {
  const indices = Array.from({ length: count }, (_, k) => k)
  return {
    name: `${count} layers of 8, batch ${n}`,
    source: deepSource(count),
    sizes: { n },
    layers: indices.map((k) => ({ W: numbers(64, 0.4, 2 * k + 1), b: numbers(8, 0.1, 2 * k + 2) })),
    data: { x: numbers(8 * n, 1, 3), y: numbers(8 * n, 1, 4) },
  }
}
