/** What is measured: for each workload its equations, data, and three ways to compute it. All give the same arrays. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compileModule } from '../src/index.js'
import { Direct, plain } from './hand/convolution.js'
import { deep as deepByHand, type Layer } from './hand/deep.js'
import { LeNet } from './hand/lenet.js'
import { Lstm } from './hand/lstm.js'
import { type Elementary, library, polynomials } from './hand/math.js'
import { Mlp } from './hand/mlp.js'
import * as products from './hand/products.js'
import { BEST, logistic, NAIVE, rosenbrock, rosenbrockInLocals } from './hand/scalars.js'
import * as tiny from './hand/tiny.js'
import * as networks from './networks.js'

export type Results = readonly ArrayLike<number>[]

export interface Candidates {
  naive(): Results
  best?(): Results
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
  readonly Deep: {
    bind(sizes: object): {
      backward(params: unknown, data: unknown): { loss: number; grads: Readonly<Record<string, Layer>> }
    }
  }
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

const flat = (loss: number, grads: readonly (Float32Array | number)[]): Results => [
  [loss],
  ...grads.map((grad) => (typeof grad === 'number' ? [grad] : grad)),
]

const product: Workload = {
  name: networks.product.name,
  async make() {
    const { source, a, b } = networks.product
    const [m, k, n] = [64, 784, 512]
    const { f } = await compile(source, { dtype: 'f32' })
    const out = new Float32Array(m * n)
    const by = (style: products.Products) => () => {
      style.times(a, b, out, m, k, n)
      return [out]
    }
    return { naive: by(products.naive), best: by(products.best), compiled: () => [f(a, b)] }
  },
}

/** The model of a network, with its sizes. */
async function bind({ source, model, define, sizes }: networks.Network) {
  return (await compile(source, { define }))[model].bind(sizes)
}

function mlp(n: number): Workload {
  const network = networks.mlp(n)
  return {
    name: network.name,
    async make() {
      const bound = await bind(network)
      const { params, data } = network
      const layers = [params.l1, params.l2, params.l3]
      const by = (style: products.Products) => {
        const written = new Mlp(style, n)
        return () => {
          const loss = written.run(layers, data.x, data.label)
          return flat(loss, written.gradients.flatMap(({ W, b }) => [W, b])) // prettier-ignore
        }
      }
      const compiled = (): Results => {
        const { loss, grads } = bound.backward(params, data)
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
  const network = networks.tiny(n)
  return {
    name: network.name,
    async make() {
      const bound = await bind(network)
      const { params, data } = network
      const by = (run: typeof tiny.naive) => {
        const { W1, b1, W2, b2, W3, b3 } = tiny.zeros()
        return () =>
          flat(run(params, data.x, data.y, n, { W1, b1, W2, b2, W3, b3 }), [W1, b1, W2, b2, W3, b3])
      }
      const compiled = (): Results => {
        const { loss, grads } = bound.backward(params, data)
        return flat(loss, [grads.W1, grads.b1, grads.W2, grads.b2, grads.W3, grads.b3])
      }
      return { naive: by(tiny.naive), best: by(tiny.best), compiled }
    },
  }
}

function lenet(n: number): Workload {
  const network = networks.lenet(n)
  return {
    name: network.name,
    async make() {
      const bound = await bind(network)
      const { params, data } = network
      const by = (written: LeNet) => () => {
        const loss = written.run(params, data.x, data.label)
        const { K1, b1, K2, b2, W3, b3, W4, b4, W5, b5 } = written.gradients
        return flat(loss, [K1, b1, K2, b2, W3, b3, W4, b4, W5, b5])
      }
      return {
        naive: by(new LeNet(plain, products.naive, n)),
        best: by(new LeNet(new Direct(products.best), products.best, n)),
        compiled() {
          const { loss, grads } = bound.backward(params, data)
          const { K1, b1, K2, b2, W3, b3, W4, b4, W5, b5 } = grads
          return flat(loss, [K1, b1, K2, b2, W3, b3, W4, b4, W5, b5])
        },
      }
    },
  }
}

function lstm(T: number, n: number): Workload {
  const network = networks.lstm(T, n)
  return {
    name: network.name,
    async make() {
      const bound = await bind(network)
      const { params, data } = network
      const by = (style: products.Products, math: Elementary) => {
        const written = new Lstm(style, math, { T, n, d: 64, k: 64 })
        const { W, U, b } = written.gradients
        return () => flat(written.run(params, data.x), [W, U, b])
      }
      return {
        naive: by(products.naive, library),
        best: by(products.best, polynomials),
        compiled() {
          const { loss, grads } = bound.backward(params, data)
          return flat(loss, [grads.W, grads.U, grads.b])
        },
      }
    },
  }
}

function elementwise(name: string, text: string): Workload {
  return {
    name: `${name} of 1e6`,
    async make() {
      const { f } = await compile(`export fn f(x: [n]) = ${text}`, { dtype: 'f32' })
      const x = networks.numbers(1e6, 2, 1)
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
    const x = Float64Array.from(networks.numbers(100, 1, 1))
    // As a call of a function does, each run makes a new array.
    const by = (run: typeof rosenbrock) => () => {
      const gradient = new Float64Array(x.length)
      return [[run(x, gradient)], gradient]
    }
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
    const params = { w: networks.numbers(d, 1, 1), b: 0.1 }
    const x = networks.numbers(n * d, 1, 2)
    const y = networks.numbers(n, 1, 3).map((v) => (v > 0 ? 1 : 0))
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

export function deep(count: number): Workload {
  const n = 64
  const { name, source, sizes, layers, data } = networks.deep(count, n)
  return {
    name,
    async make() {
      const bound = (await compile(source)).Deep.bind(sizes)
      const params = Object.fromEntries(layers.map((layer, k) => [`l${k}`, layer]))
      const gradients = layers.map(({ W, b }) => ({ W: W.slice(), b: b.slice() }))
      return {
        naive() {
          const loss = deepByHand(layers, data.x, data.y, n, gradients)
          return [[loss], ...gradients.flatMap(({ W, b }) => [W, b])]
        },
        compiled() {
          const { loss, grads } = bound.backward(params, data)
          return flat(
            loss,
            layers.flatMap((_, k) => [grads[`l${k}`].W, grads[`l${k}`].b]),
          )
        },
      }
    },
  }
}

export const WORKLOADS: readonly Workload[] = [
  product,
  mlp(64),
  tinyNet(1),
  tinyNet(64),
  lenet(32),
  lstm(64, 16),
  elementwise('exp', 'exp(x)'),
  elementwise('tanh', 'tanh(x)'),
  elementwise('gelu', '0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))'),
  elementwise('softplus', 'softplus(x)'),
  rosenbrock100,
  regression,
]
