/** Gradients of small layers are summed in variables, those of long rows some columns at a time. */
import { describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { evaluate, member, run } from '../codegen/load.js'

const numbers = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, at) => Math.sin(3 * at * at + 7 * seed))

const matrixOf = (rows: number, columns: number, entry: (i: number, j: number) => number): Float64Array =>
  Float64Array.from({ length: rows * columns }, (_, at) => entry(Math.floor(at / columns), at % columns))

const total = (count: number, term: (k: number) => number): number => {
  let sum = 0
  for (let k = 0; k < count; k++) sum += term(k)
  return sum
}

/** Relative to the largest entry: stored in 32 bits, and once for each block of samples. */
const close = (found: unknown, wanted: Float64Array): void => {
  if (!(found instanceof Float32Array)) throw new Error('not in 32 bits')
  expect(found).toHaveLength(wanted.length)
  const largest = wanted.reduce((most, each) => Math.max(most, Math.abs(each)), 1e-3)
  for (const [at, each] of wanted.entries()) expect(Math.abs(found[at] - each) / largest).toBeLessThan(1e-6)
}

describe.each([
  [2, 16, 1],
  [3, 7, 5],
  [13, 30, 6],
  [1, 1, 1],
  [31, 33, 11],
])('%i-%i-%i', (d, h, m) => {
  const source = `model Net(x: [n, ${d}], y: [n, ${m}]) {
    param V: [${d}, ${h}]; param a: [${h}]; param W: [${h}, ${m}]; param b: [${m}]
    z = tanh(x @ V + a)
    loss sum[s, j] (sum[i] z[s, i] * W[i, j] + b[j] - y[s, j])^2
  }`
  const { code } = compileModule(source, { target: 'js' })
  const params = { V: numbers(d * h, 1), a: numbers(h, 2), W: numbers(h * m, 3), b: numbers(m, 4) }

  test('nothing is summed in memory', () => {
    expect(code).not.toContain('d_WPanel')
    expect(code).not.toContain('d_VPanel')
  })

  test.each([1, 2, 15, 16, 17, 50])('%i samples', async (n) => {
    const module = await evaluate(code)
    const [x, y] = [numbers(n * d, 5), numbers(n * m, 6)]
    const { V, a, W, b } = params
    const z = matrixOf(n, h, (s, i) => Math.tanh(a[i] + total(d, (k) => x[s * d + k] * V[k * h + i])))
    const slope = matrixOf(n, m, (s, j) => 2 * (b[j] - y[s * m + j] + total(h, (i) => z[s * h + i] * W[i * m + j]))) // prettier-ignore
    const inner = matrixOf(n, h, (s, i) => (1 - z[s * h + i] ** 2) * total(m, (j) => slope[s * m + j] * W[i * m + j])) // prettier-ignore
    const result = run(module, 'Net.backward', params, { x, y })
    const gradient = (name: string): unknown => member(result, `grads.${name}`)
    close(
      gradient('W'),
      matrixOf(h, m, (i, j) => total(n, (s) => z[s * h + i] * slope[s * m + j])),
    )
    close(
      gradient('b'),
      matrixOf(1, m, (_, j) => total(n, (s) => slope[s * m + j])),
    )
    close(
      gradient('V'),
      matrixOf(d, h, (k, i) => total(n, (s) => x[s * d + k] * inner[s * h + i])),
    )
    close(
      gradient('a'),
      matrixOf(1, h, (_, i) => total(n, (s) => inner[s * h + i])),
    )
  })
})

describe.each(['d', '300', '512'])('rows of %s', (extent) => {
  const source = `model Net(x: [n, ${extent}], y: [n]) {
    param w: [${extent}]
    loss sum[s] (sum[i] x[s, i] * w[i] - y[s])^2
  }`
  const { code } = compileModule(source, { target: 'js' })

  test.each([1, 3, 127, 128, 129, 300, 512])('%i columns', async (d) => {
    if (extent !== 'd' && extent !== `${d}`) return
    const module = await evaluate(code)
    for (const n of [1, 4, 17, 40]) {
      const [x, y, w] = [numbers(n * d, 1), numbers(n, 2), numbers(d, 3)]
      const slope = matrixOf(n, 1, (s) => 2 * (total(d, (i) => x[s * d + i] * w[i]) - y[s]))
      const result = run(module, 'Net.backward', { w }, { x, y })
      close(
        member(result, 'grads.w'),
        matrixOf(1, d, (_, i) => total(n, (s) => x[s * d + i] * slope[s])),
      )
    }
  })
})
