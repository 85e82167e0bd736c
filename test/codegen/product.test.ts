/** Products of matrices with kernels: all sizes around the blocks, all ways to turn the operands, all storages. */
import { describe, expect, test } from 'vitest'
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

test('sizes known when compiling', async () => {
  for (const [n, k, m] of [
    [4, 4, 64],
    [6, 25, 24],
    [16, 9, 8],
    [17, 31, 33],
    [48, 5, 9],
  ]) {
    const { f } = await load(`export fn f(A: [${n}, ${k}], B: [${k}, ${m}]) = A @ B`)
    if (typeof f !== 'function') throw new Error('f is a function')
    const [x, y] = [wave(n * k, 3), wave(k * m, 4)]
    const found: unknown = f(x, y)
    if (!(found instanceof Float64Array)) throw new Error('no array')
    const right = expected('A @ B', x, y, n, k, m)
    for (const [at, value] of right.entries()) expect(Math.abs(found[at] - value)).toBeLessThan(1e-13)
  }
})
