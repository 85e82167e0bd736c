/** What is measured: for each workload its equations, data, and three ways to compute it. All give the same arrays. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compileModule } from '../src/index.js'
import { LeNet, type LeNetParams, plain, shapes, Windows } from './hand/lenet.js'
import { Lstm } from './hand/lstm.js'
import { type Elementary, library, polynomials } from './hand/math.js'
import { Mlp } from './hand/mlp.js'
import * as products from './hand/products.js'
import { BEST, logistic, NAIVE, rosenbrock, rosenbrockInLocals } from './hand/scalars.js'
import * as tiny from './hand/tiny.js'

export type Results = readonly ArrayLike<number>[]

export interface Candidates {
  naive(): Results
  best(): Results
  compiled(): Results
}

export interface Workload {
  readonly name: string
  make(): Promise<Candidates>
}

/** Parameters and gradients by name. */
type Arrays = Readonly<Record<string, Float32Array | number>>

interface Model {
  bind(sizes?: Readonly<Record<string, number>>): {
    backward(
      params: unknown,
      data: unknown,
    ): { loss: number; grads: Arrays & { l1: Arrays; l2: Arrays; l3: Arrays } }
  }
}

interface Module {
  readonly Net: Model
  readonly Mlp: Model
  readonly f: ((...args: unknown[]) => ArrayLike<number>) & {
    valueAndGrad(...args: unknown[]): { value: number; grads: ArrayLike<number>[] }
  }
}

async function compile(source: string, options: Parameters<typeof compileModule>[1] = {}): Promise<Module> {
  const { code, diagnostics } = compileModule(source, { filename: 'bench.nn', ...options })
  if (code === '') throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const folder = mkdtempSync(join(tmpdir(), 'nnc-bench-'))
  try {
    const file = join(folder, 'bench.mjs')
    writeFileSync(file, code)
    return await import(pathToFileURL(file).href)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Numbers that look random and are the same in every run: about normal, of the given deviation. */
function numbers(count: number, deviation: number, seed: number): Float32Array {
  let state = seed * 2654435761
  const next = (): number => {
    state = (state * 1664525 + 1013904223) >>> 0
    return state / 2 ** 32
  }
  return Float32Array.from({ length: count }, () => deviation * 2 * (next() + next() + next() - 1.5))
}

const labels = (n: number): Int32Array => Int32Array.from({ length: n }, (_, s) => (s * 7) % 10)

const flat = (loss: number, grads: readonly (Float32Array | number)[]): Results => [
  [loss],
  ...grads.map((grad) => (typeof grad === 'number' ? [grad] : grad)),
]

const product: Workload = {
  name: 'product 64×784×512',
  async make() {
    const [m, k, n] = [64, 784, 512]
    const a = numbers(m * k, 1, 1)
    const b = numbers(k * n, 1, 2)
    const { f } = await compile('export fn f(a: [64, 784], b: [784, 512]) = a @ b', { dtype: 'f32' })
    const out = new Float32Array(m * n)
    const by = (style: products.Products) => () => {
      style.times(a, b, out, m, k, n)
      return [out]
    }
    return { naive: by(products.naive), best: by(products.best), compiled: () => [f(a, b)] }
  },
}

function mlp(n: number): Workload {
  return {
    name: `MLP 784-512-512-10, batch ${n}`,
    async make() {
      const source = readFileSync(new URL('../examples/mnist/mlp.nn', import.meta.url), 'utf8')
      const bound = (await compile(source, { define: { hidden: 512 } })).Mlp.bind({ n })
      const layer = (k: number, m: number, seed: number) => ({
        W: numbers(k * m, Math.sqrt(2 / k), seed),
        b: numbers(m, 0.1, seed + 1),
      })
      const params = { l1: layer(784, 512, 1), l2: layer(512, 512, 3), l3: layer(512, 10, 5) }
      const layers = [params.l1, params.l2, params.l3]
      // Half of the pixels are black, as in digits.
      const x = numbers(n * 784, 0.5, 7).map((v) => Math.max(0, v))
      const label = labels(n)
      const by = (style: products.Products) => {
        const network = new Mlp(style, n)
        return () => {
          const loss = network.run(layers, x, label)
          return flat(loss, network.gradients.flatMap(({ W, b }) => [W, b])) // prettier-ignore
        }
      }
      const compiled = (): Results => {
        const { loss, grads } = bound.backward(params, { x, label })
        return flat(
          loss,
          [grads.l1, grads.l2, grads.l3].flatMap(({ W, b }) => [W, b]),
        )
      }
      return { naive: by(products.naive), best: by(products.best), compiled }
    },
  }
}

function tinyNet(n: number): Workload {
  return {
    name: `tiny 2-16-16-1, batch ${n}`,
    async make() {
      const { Net } = await compile(`model Net(x: [n, 2], y: [n, 1]) {
  param W1: [2, 16]; param b1: [16]; param W2: [16, 16]; param b2: [16]; param W3: [16, 1]; param b3: [1]
  h1 = tanh(x @ W1 + b1)
  h2 = tanh(h1 @ W2 + b2)
  z = h2 @ W3 + b3
  out z
  loss mean[s] (z[s, 0] - y[s, 0])^2
}`)
      const bound = Net.bind({ n })
      const params: tiny.Tiny = {
        W1: numbers(32, 1, 1),
        b1: numbers(16, 0.1, 2),
        W2: numbers(256, 0.4, 3),
        b2: numbers(16, 0.1, 4),
        W3: numbers(16, 0.4, 5),
        b3: numbers(1, 0.1, 6),
      }
      const x = numbers(2 * n, 1, 7)
      const y = numbers(n, 1, 8)
      const by = (run: typeof tiny.naive) => {
        const { W1, b1, W2, b2, W3, b3 } = tiny.zeros()
        return () => flat(run(params, x, y, n, { W1, b1, W2, b2, W3, b3 }), [W1, b1, W2, b2, W3, b3])
      }
      const compiled = (): Results => {
        const { loss, grads } = bound.backward(params, { x, y })
        return flat(loss, [grads.W1, grads.b1, grads.W2, grads.b2, grads.W3, grads.b3])
      }
      return { naive: by(tiny.naive), best: by(tiny.best), compiled }
    },
  }
}

const lenet: Workload = {
  name: 'LeNet-like, batch 32',
  async make() {
    const n = 32
    const { Net } = await compile(`model Net(x: [n, 1, 28, 28], label: int[n]) {
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
}`)
    const bound = Net.bind({ n })
    const of = (key: keyof LeNetParams, deviation: number, seed: number) =>
      numbers(shapes[key], deviation, seed)
    const params: LeNetParams = {
      K1: of('K1', 0.2, 1),
      b1: of('b1', 0.1, 2),
      K2: of('K2', 0.1, 3),
      b2: of('b2', 0.1, 4),
      W3: of('W3', 0.1, 5),
      b3: of('b3', 0.1, 6),
      W4: of('W4', 0.1, 7),
      b4: of('b4', 0.1, 8),
      W5: of('W5', 0.1, 9),
      b5: of('b5', 0.1, 10),
    }
    const x = numbers(n * 784, 1, 11)
    const label = labels(n)
    const by = (network: LeNet) => () => {
      const loss = network.run(params, x, label)
      const { K1, b1, K2, b2, W3, b3, W4, b4, W5, b5 } = network.gradients
      return flat(loss, [K1, b1, K2, b2, W3, b3, W4, b4, W5, b5])
    }
    return {
      naive: by(new LeNet(plain, products.naive, n)),
      best: by(new LeNet(new Windows(products.best), products.best, n)),
      compiled() {
        const { loss, grads } = bound.backward(params, { x, label })
        const { K1, b1, K2, b2, W3, b3, W4, b4, W5, b5 } = grads
        return flat(loss, [K1, b1, K2, b2, W3, b3, W4, b4, W5, b5])
      },
    }
  },
}

const lstm: Workload = {
  name: 'LSTM, 64 steps, hidden 64, batch 16',
  async make() {
    const [T, n, d, k] = [64, 16, 64, 64]
    const { Net } = await compile(`model Net(x: [T, n, 64]) {
  param W: [64, 256]; param U: [64, 256]; param b: [256]
  recur t < T {
    h[-1] = zeros(n, 64)
    c[-1] = zeros(n, 64)
    h[t], c[t] = lstm_step(x[t], h[t-1], c[t-1], W, U, b)
  }
  loss mean[s, i] h[T-1, s, i]^2
}`)
    const bound = Net.bind({ T, n })
    const params = {
      W: numbers(d * 4 * k, 0.12, 1),
      U: numbers(k * 4 * k, 0.12, 2),
      b: numbers(4 * k, 0.1, 3),
    }
    const x = numbers(T * n * d, 1, 4)
    const by = (style: products.Products, math: Elementary) => {
      const network = new Lstm(style, math, { T, n, d, k })
      const { W, U, b } = network.gradients
      return () => flat(network.run(params, x), [W, U, b])
    }
    return {
      naive: by(products.naive, library),
      best: by(products.best, polynomials),
      compiled() {
        const { loss, grads } = bound.backward(params, { x })
        return flat(loss, [grads.W, grads.U, grads.b])
      },
    }
  },
}

function elementwise(name: string, text: string): Workload {
  return {
    name: `${name} of 1e6`,
    async make() {
      const { f } = await compile(`export fn f(x: [n]) = ${text}`, { dtype: 'f32' })
      const x = numbers(1e6, 2, 1)
      // As a call of a function does, each run makes a new array.
      const by = (run: (from: Float32Array, to: Float32Array) => void) => () => {
        const y = new Float32Array(x.length)
        run(x, y)
        return [y]
      }
      return { naive: by(NAIVE[name]), best: by(BEST[name]), compiled: () => [f(x)] }
    },
  }
}

const rosenbrock100: Workload = {
  name: 'Rosenbrock, 100 numbers',
  async make() {
    const { f } = await compile(
      'export fn f(x: [n]) = sum[i < n - 1] (100 * (x[i + 1] - x[i]^2)^2 + (1 - x[i])^2)',
    )
    const x = Float64Array.from(numbers(100, 1, 1))
    const gradient = new Float64Array(100)
    const by = (run: typeof rosenbrock) => () => [[run(x, gradient)], gradient]
    return {
      naive: by(rosenbrock),
      best: by(rosenbrockInLocals),
      compiled() {
        const { value, grads } = f.valueAndGrad(x)
        return [[value], grads[0]]
      },
    }
  },
}

const regression: Workload = {
  name: 'logistic regression, 1000×10',
  async make() {
    const [n, d] = [1000, 10]
    const source = readFileSync(new URL('../examples/logistic/logistic.nn', import.meta.url), 'utf8')
    const bound = (await compile(source.replace('model Logistic', 'model Net'))).Net.bind({ n, d })
    const params = { w: numbers(d, 1, 1), b: 0.1 }
    const x = numbers(n * d, 1, 2)
    const y = numbers(n, 1, 3).map((v) => (v > 0 ? 1 : 0))
    const gradient = new Float64Array(d + 1)
    const by = (math: Elementary) => () => [[logistic(math, params.w, params.b, x, y, gradient)], gradient]
    return {
      naive: by(library),
      best: by(polynomials),
      compiled() {
        const { loss, grads } = bound.backward(params, { x, y })
        const all = new Float64Array(d + 1)
        const { w, b } = grads
        if (typeof w === 'number' || typeof b !== 'number') throw new Error('w is an array, b a number')
        all.set(w)
        all[d] = b
        return [[loss], all]
      },
    }
  },
}

export const WORKLOADS: readonly Workload[] = [
  product,
  mlp(64),
  tinyNet(1),
  tinyNet(64),
  lenet,
  lstm,
  elementwise('exp', 'exp(x)'),
  elementwise('tanh', 'tanh(x)'),
  elementwise('gelu', '0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))'),
  elementwise('softplus', 'softplus(x)'),
  rosenbrock100,
  regression,
]
