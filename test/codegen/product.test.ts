/** Products of matrices with kernels: all sizes around the blocks, all ways to turn the operands, all storages. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { load } from './load.js'

const SIZES = [1, 2, 3, 4, 5, 15, 16, 17, 20, 33]
const WAYS: Readonly<Record<string, (n: number, k: number, m: number) => Shapes>> = {
  'A @ B': (n, k, m) => ({ a: [n, k], b: [k, m] }),
  "A' @ B": (n, k, m) => ({ a: [k, n], b: [k, m] }),
  "A @ B'": (n, k, m) => ({ a: [n, k], b: [m, k] }),
  "A' @ B'": (n, k, m) => ({ a: [k, n], b: [m, k] }),
  "2 * (exp(A) @ B') + 1": (n, k, m) => ({ a: [n, k], b: [m, k] }),
}

interface Shapes {
  readonly a: readonly [number, number]
  readonly b: readonly [number, number]
}

const wave = (count: number, seed: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => Math.fround(Math.sin(seed + i * 1.37)))

function expected(way: string, a: Float64Array, b: Float64Array, n: number, k: number, m: number): number[] {
  const left = (i: number, l: number): number => (way.includes("A'") ? a[l * n + i] : a[i * k + l])
  const right = (l: number, j: number): number => (way.includes("B'") ? b[j * k + l] : b[l * m + j])
  return Array.from({ length: n * m }, (_, at) => {
    const [i, j] = [Math.floor(at / m), at % m]
    let sum = 0
    for (let l = 0; l < k; l++) sum += (way.includes('exp') ? Math.exp(left(i, l)) : left(i, l)) * right(l, j)
    return way.includes('exp') ? 2 * sum + 1 : sum
  })
}

describe.each(['f32', 'f64'] as const)('in %s', (dtype) => {
  const bound = dtype === 'f32' ? 2e-6 : 1e-14
  test.each(Object.keys(WAYS))('%s', async (way) => {
    const { a, b } = WAYS[way](1, 2, 3)
    const name = (size: number): string => ['n', 'k', 'm'][size - 1]
    const shape = (sizes: readonly number[]): string => `[${sizes.map(name).join(', ')}]`
    const { f } = await load(`export fn f(A: ${shape(a)}, B: ${shape(b)}) = ${way}`, { dtype })
    if (typeof f !== 'function') throw new Error('f is a function')
    for (const n of SIZES)
      for (const k of SIZES)
        for (const m of SIZES) {
          const [x, y] = [wave(n * k, 1), wave(k * m, 2)]
          const found: unknown = f(x, y, { sizes: { n, k, m } })
          if (!(found instanceof Float32Array || found instanceof Float64Array)) throw new Error('no array')
          const right = expected(way, x, y, n, k, m)
          const scale = Math.max(...right.map(Math.abs))
          const worst = Math.max(...right.map((value, at) => Math.abs(value - found[at])))
          expect(found.length).toBe(n * m)
          expect(worst / scale, `${n} ${k} ${m}`).toBeLessThan(bound * k)
        }
  })
})

describe('sizes known when compiling', () => {
  test.each([
    [4, 4, 64],
    [6, 25, 24],
    [16, 9, 8],
    [17, 31, 33],
    [48, 5, 9],
    [32, 40, 5],
    [9, 30, 6],
    [17, 12, 7],
    [35, 21, 64],
    [19, 18, 65],
    [7, 20, 300],
  ])('%i, %i, %i', async (n, k, m) => {
    for (const way of Object.keys(WAYS)) {
      const { a, b } = WAYS[way](n, k, m)
      // All are known, or but the rows, or but the columns.
      for (const open of [undefined, n, m]) {
        const shape = (sizes: readonly number[]): string =>
          `[${sizes.map((size) => (size === open ? 'open' : size)).join(', ')}]`
        const { f } = await load(`export fn f(A: ${shape(a)}, B: ${shape(b)}) = ${way}`)
        if (typeof f !== 'function') throw new Error('f is a function')
        const [x, y] = [wave(n * k, 3), wave(k * m, 4)]
        const found: unknown = f(x, y)
        if (!(found instanceof Float64Array)) throw new Error('no array')
        const right = expected(way, x, y, n, k, m)
        expect(found).toHaveLength(right.length)
        for (const [at, value] of right.entries())
          expect(Math.abs(found[at] - value), way).toBeLessThan(1e-13)
      }
    }
  })
})

test.each([4, 5, 7, 8, 13, 15, 16])('%i rows, sums of any length', async (rows) => {
  const depths = [4, 5, 6, 7, 8, 9, 10, 11, 12]
  const column = 260
  const source = depths.map((k) => `export fn f${k}(A: [${rows}, ${k}], B: [${k}, ${column}]) = A @ B`)
  const module = await load(source.join('\n'), { dtype: 'f32' })
  for (const k of depths) {
    const f = module[`f${k}`]
    if (typeof f !== 'function') throw new Error('f is a function')
    const [x, y] = [wave(rows * k, 3), wave(k * column, 4)]
    const found: unknown = f(Float32Array.from(x), Float32Array.from(y))
    if (!(found instanceof Float32Array)) throw new Error('no array')
    const right = expected('A @ B', x, y, rows, k, column)
    for (const [at, value] of right.entries()) expect(Math.abs(found[at] - value)).toBeLessThan(1e-6 * k)
  }
})

test('products of few rows have kernels for just as many, whose names are taken', async () => {
  const few = 'export fn f(A: [6, 5], B: [5, 90]) = A @ B'
  const { code } = compileModule(few, { target: 'js' })
  expect(code).toMatch(/^function add6x5Rows64\(/m)
  expect(code).not.toMatch(/addProduct|add16Rows|RowsOfMore/)
  const { f, add6x5Rows64: own } = await load(`${few}\nexport fn add6x5Rows64(x) = x^2`)
  if (typeof f !== 'function' || typeof own !== 'function') throw new Error('both are functions')
  expect(own(3)).toBe(9)
  const found: unknown = f(new Float64Array(30).fill(2), new Float64Array(450).fill(3))
  expect(found).toEqual(new Float64Array(540).fill(30))
})

test('of two right operands that lie across, one is copied that can be', () => {
  const { code } = compileModule(readFileSync(new URL('../../examples/linear/linear.nn', import.meta.url), 'utf8'), { target: 'js' }) // prettier-ignore
  expect(code).toMatch(/XT\[i, j\] = X\[j, i\]/)
})

/** The bodies of `z[i, j] = sum[t, s] …`, with the sizes of x and y, and how entries of x are reached. */
const JOINED: readonly (readonly [string, string, (t: number, s: number, i: number, n: Joined) => number])[] =
  [
    ['x[t, s, i] * y[t, s, j]', '[T, S, n]', (t, s, i, { S, n }) => (t * S + s) * n + i],
    ['x[s, t, i] * y[t, s, j]', '[S, T, n]', (t, s, i, { T, n }) => (s * T + t) * n + i],
    ['abs(x[t, s, i]) * y[t, s, j]', '[T, S, n]', (t, s, i, { S, n }) => (t * S + s) * n + i],
    ['abs(x[i, t, s]) * y[t, s, j]', '[n, T, S]', (t, s, i, { T, S }) => (i * T + t) * S + s],
    ['abs(x[i, s, t]) * y[t, s, j]', '[n, S, T]', (t, s, i, { T, S }) => (i * S + s) * T + t],
  ]

interface Joined {
  readonly T: number
  readonly S: number
  readonly n: number
  readonly m: number
}

test.each(JOINED)('several summed indices: %s', async (body, shape, place) => {
  const { f } = await load(`export fn f(x: ${shape}, y: [T, S, m]) { z[i, j] = sum[t, s] ${body}; return z }`)
  if (typeof f !== 'function') throw new Error('f is a function')
  for (const [T, S, n, m] of [[1, 5, 4, 8], [7, 5, 16, 9], [6, 11, 33, 17], [3, 1, 5, 40]]) {
    const [x, y] = [wave(T * S * n, 5), wave(T * S * m, 6)]
    const found: unknown = f(x, y, { sizes: { T, S, n, m } })
    if (!(found instanceof Float64Array)) throw new Error('no array')
    for (let i = 0; i < n; i++)
      for (let j = 0; j < m; j++) {
        let [sum, size] = [0, 0]
        for (let t = 0; t < T; t++)
          for (let s = 0; s < S; s++) {
            const entry = x[place(t, s, i, { T, S, n, m })]
            const term = (body.includes('abs') ? Math.abs(entry) : entry) * y[(t * S + s) * m + j]
            sum += term
            size += Math.abs(term)
          }
        expect(Math.abs(found[i * m + j] - sum)).toBeLessThanOrEqual((T * S + 2) * 2 ** -53 * size)
      }
  } // prettier-ignore
})

test('a convolution of what is computed', async () => {
  const { f } = await load('export fn f(K: [8, 3, 5, 5], x: [n, 3, 13, 13]) { p[s, c, i, j] = relu(x[s, c, i, j]); y[s, o, i, j] = sum[c, u, v] K[o, c, u, v] * p[s, c, i + u, j + v]; return y }') // prettier-ignore
  if (typeof f !== 'function') throw new Error('f is a function')
  const n = 3
  const [K, x] = [wave(8 * 75, 7), wave(n * 3 * 169, 8)]
  const found: unknown = f(K, x, { sizes: { n } })
  if (!(found instanceof Float64Array)) throw new Error('no array')
  let at = 0
  for (let s = 0; s < n; s++)
    for (let o = 0; o < 8; o++)
      for (let i = 0; i < 9; i++)
        for (let j = 0; j < 9; j++) {
          let sum = 0
          for (let c = 0; c < 3; c++)
            for (let u = 0; u < 5; u++)
              for (let v = 0; v < 5; v++)
                sum +=
                  K[((o * 3 + c) * 5 + u) * 5 + v] * Math.max(0, x[((s * 3 + c) * 13 + i + u) * 13 + j + v])
          expect(Math.abs(found[at++] - sum)).toBeLessThan(77 * 2 ** -53 * 75)
        }
})
