/** Sums over windows that overlap are made several at a time. */
import { describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { load, run } from '../codegen/load.js'

/** Sums of products of neighbours: `step` apart, `width` of them. */
const sourceOf = (rows: string, columns: string, width: number, step: number): string =>
  `export fn f(x: [${rows}, ${columns}], d: [${rows}, m]) {
    K[u < 3, v < ${width}] = sum[i, j if i + u < ${rows} and ${step}j + v < ${columns}] x[i + u, ${step}j + v] * d[i, j]
    return K
  }`

function expected(
  x: Float64Array,
  d: Float64Array,
  [rows, columns, m]: readonly number[],
  width: number,
  step: number,
) {
  const K = new Float64Array(3 * width)
  for (const at of K.keys()) {
    const [u, v] = [Math.floor(at / width), at % width]
    for (let i = 0; i + u < rows; i++)
      for (let j = 0; j < m && step * j + v < columns; j++)
        K[at] += x[(i + u) * columns + step * j + v] * d[i * m + j]
  }
  return K
}

/** Without conditions: windows that all lie inside. */
const inside = (width: number): string =>
  `export fn f(x: [n, m + ${width - 1}], d: [n, m]) { K[v < ${width}] = sum[i, j] x[i, j + v] * d[i, j]; return K }`

const numbers = (length: number, seed: number): Float64Array =>
  Float64Array.from({ length }, (_, at) => Math.sin(3 * at * at + seed))

const close = (found: unknown, wanted: Float64Array): void => {
  if (!(found instanceof Float64Array)) throw new Error('not in 64 bits')
  expect(found).toHaveLength(wanted.length)
  for (const [at, each] of wanted.entries()) expect(found[at]).toBeCloseTo(each, 10)
}

describe.each(['js', 'wasm'] as const)('%s', (target) => {
  test.each([
    [2, 1],
    [5, 1],
    [7, 2],
    [11, 1],
    [1, 1],
  ])('%i wide, steps of %i, with conditions', async (width, step) => {
    const module = await load(sourceOf('9', '23', width, step), { target })
    const m = 13
    const [x, d] = [numbers(9 * 23, 1), numbers(9 * m, 2)]
    close(run(module, 'f', x, d), expected(x, d, [9, 23, m], width, step))
  })

  test.each([2, 3, 5, 8, 9, 14])('%i wide, all inside', async (width) => {
    const module = await load(inside(width), { target })
    const [n, p] = [6, 37]
    const m = p - width + 1
    const [x, d] = [numbers(n * p, 1), numbers(n * m, 2)]
    const wanted = Float64Array.from({ length: width }, (_, v) => {
      let sum = 0
      for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) sum += x[i * p + j + v] * d[i * m + j]
      return sum
    })
    close(run(module, 'f', x, d, { sizes: { n, m } }), wanted)
  })
})

/** Few and many terms; lanes of the last vector that were there before must not count again. */
test.each([
  [4, 9, 13, 5],
  [40, 9, 13, 5],
  [3, 40, 40, 3],
  [2, 7, 30, 2],
])('in 32 bits as exact as vectors promise: %i × %i × %i terms, %i wide', async (n, h, m, width) => {
  const source = `export fn f(x: [${n}, ${h}, ${m + width - 1}], d: [${n}, ${h}, ${m}]) { K[v < ${width}] = sum[s, i, j] x[s, i, j + v] * d[s, i, j]; return K }` // prettier-ignore
  const p = m + width - 1
  const [x, d] = [numbers(n * h * p, 1), numbers(n * h * m, 2)].map((all) => Float32Array.from(all))
  for (const target of ['js', 'wasm'] as const) {
    const found = run(await load(source, { dtype: 'f32', target }), 'f', x, d)
    if (!(found instanceof Float32Array)) throw new Error('not in 32 bits')
    for (let v = 0; v < width; v++) {
      let [sum, size] = [0, 0]
      for (let row = 0; row < n * h; row++)
        for (let j = 0; j < m; j++) {
          const term = x[row * p + j + v] * d[row * m + j]
          sum += term
          size += Math.abs(term)
        }
      // At most 256 terms are added to one lane before 64 bits take over.
      expect(Math.abs(found[v] - sum)).toBeLessThanOrEqual(256 * 2 ** -24 * size)
    }
  }
})

test('each entry of the other factor is read once for all', () => {
  const { code } = compileModule(inside(5))
  const from = code.indexOf('function f_kernel(')
  const kernel = code.slice(from, code.indexOf('\n}\n', from)).replaceAll(/\/\/.*/g, '')
  expect(kernel.match(/\bd\[/g)).toHaveLength(1)
  expect(kernel.match(/\bx\[/g)).toHaveLength(5)
})
