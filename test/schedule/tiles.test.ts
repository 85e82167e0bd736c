/** What is read for several entries side by side is read once: no position is divided. */
import { describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { load, run } from '../codegen/load.js'

interface Pooling {
  /** As declared. */
  readonly shape: string
  readonly rows: number
  readonly columns: number
  readonly window: readonly [number, number]
}

const POOLINGS: readonly Pooling[] = [
  { shape: '8, 12', rows: 8, columns: 12, window: [2, 2] },
  { shape: '7, 9', rows: 7, columns: 9, window: [2, 2] },
  { shape: '9, 17', rows: 9, columns: 17, window: [3, 2] },
  { shape: '1, 24', rows: 1, columns: 24, window: [1, 2] },
  { shape: '5, 11', rows: 5, columns: 11, window: [2, 4] },
  { shape: '3, 2', rows: 3, columns: 2, window: [3, 2] },
  { shape: '10, 10', rows: 10, columns: 10, window: [5, 5] },
  { shape: '13, 22', rows: 13, columns: 22, window: [6, 7] },
  { shape: '4, 3', rows: 4, columns: 3, window: [1, 3] },
  { shape: 'h, w', rows: 9, columns: 23, window: [2, 2] },
  { shape: 'h, w', rows: 2, columns: 2, window: [2, 2] },
]

const numbers = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, at) => Math.round(8 * Math.sin(7.3 * at * at + 1)) / 4)

const sourceOf = ({ shape, window: [a, b] }: Pooling, kind: 'max' | 'mean'): string =>
  `export fn f(x: [${shape}]) { r[i, j] = ${kind}[u < ${a}, v < ${b}] x[${a}i + u, ${b}j + v]; return r }`

/** Values and the gradient of their sum, weighted. */
function pooled({ rows, columns, window: [a, b] }: Pooling, kind: 'max' | 'mean', x: Float32Array) {
  const [height, width] = [Math.floor(rows / a), Math.floor(columns / b)]
  const value = new Float32Array(height * width)
  const cotangent = value.map((_, at) => (at % 7) - 3)
  const gradient = new Float32Array(rows * columns)
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++) {
      const places = Array.from({ length: a * b }, (_, at) => (a * i + Math.floor(at / b)) * columns + b * j + (at % b)) // prettier-ignore
      const own = i * width + j
      const values = places.map((place) => x[place])
      const largest = Math.max(...values)
      value[own] = kind === 'max' ? largest : values.reduce((sum, each) => sum + each, 0) / (a * b)
      if (kind === 'max') gradient[places[values.indexOf(largest)]] = cotangent[own]
      else for (const place of places) gradient[place] = cotangent[own] / (a * b)
    }
  return { value, cotangent, gradient }
}

const close = (found: unknown, expected: Float32Array): void => {
  if (!(found instanceof Float32Array)) throw new Error('not in 32 bits')
  expect(found).toHaveLength(expected.length)
  for (const [at, each] of expected.entries()) expect(found[at], `entry ${at}`).toBeCloseTo(each, 5)
}

describe.each(['js', 'wasm'] as const)('%s', (target) => {
  describe.each(['max', 'mean'] as const)('%s', (kind) => {
    test.each(POOLINGS)('$window of $shape, $rows by $columns', async (pooling) => {
      const module = await load(sourceOf(pooling, kind), { dtype: 'f32', target })
      const x = numbers(pooling.rows * pooling.columns)
      const { value, cotangent, gradient } = pooled(pooling, kind, x)
      const sizes = pooling.shape === 'h, w' ? { sizes: { h: pooling.rows, w: pooling.columns } } : {}
      close(run(module, 'f', x, sizes), value)
      const found = run(module, 'f.vjp', [x], cotangent, sizes)
      close(Array.isArray(found) ? found[0] : found, gradient)
    })
  })

  test('a picture made larger', async () => {
    const module = await load('export fn f(x: [3, 4]) { r[i < 7, j < 12] = if i < 6 then x[div(i, 2), div(j, 3)] else 1; return r }', { dtype: 'f32', target }) // prettier-ignore
    const x = numbers(12)
    const expected = Float32Array.from({ length: 84 }, (_, at) => {
      const [i, j] = [Math.floor(at / 12), at % 12]
      return i < 6 ? x[Math.floor(i / 2) * 4 + Math.floor(j / 3)] : 1
    })
    close(run(module, 'f', x), expected)
  })
})

test('a matrix is read row by row where its entries are in one row', async () => {
  for (const target of ['js', 'wasm'] as const) {
    const module = await load('export fn f(x: [3, 17]) { r[p < 51] = 2 * x[div(p, 17), mod(p, 17)] + p; return r }', { dtype: 'f32', target }) // prettier-ignore
    const x = numbers(51)
    close(
      run(module, 'f', x),
      x.map((value, p) => 2 * value + p),
    )
  }
})

test('no position is divided', () => {
  const { code } = compileModule(sourceOf(POOLINGS[0], 'max'))
  const from = code.indexOf('function f_vjp_kernel(')
  const kernel = code.slice(from, code.indexOf('\n}\n', from))
  expect(kernel).not.toMatch(/floor|%|\/ 2/)
  expect(kernel.match(/=== [0-3]/g)).toHaveLength(4)
})
