/** Sums to which each block of samples adds its part, and that are read afterwards. */
import { expect, test } from 'vitest'
import { load, run } from '../codegen/load.js'

const SOURCE = `model Net(x: [n, 3], weight: [n]) {
  param W: [3, 2] ~ normal(0, 0.5)
  h[s, i] = sin(sum[j] x[s, j] * W[j, i])
  loss (mean[s, i] h[s, i] * weight[s]) + log(1 + sum[i] (mean[s] h[s, i])^2)
}`

test.each([1, 3, 16, 17, 40])('%d samples: what is read of a sum is the whole of it', async (n) => {
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => Math.fround(Math.sin(3 * at + count))) // prettier-ignore
  const data = { x: numbers(3 * n), weight: numbers(n) }
  const results = await Promise.all(
    (['f64', 'f32'] as const).map(async (dtype) => {
      const module = await load(SOURCE, { dtype, target: 'js' })
      const { loss, grads } = Object(run(module, 'Net.backward', { W: numbers(6) }, data))
      return [loss, ...grads.W].map(Number)
    }),
  )
  const [exact, single] = results
  for (const [at, value] of exact.entries()) expect(single[at]).toBeCloseTo(value, 5)
})

const WINDOW = `model Net(x: [n, 3], weight: [n]) {
  h[s < n, i < 3] = (sum[t if 0 <= s - t < 3] x[t, i] * 0.5) + (if s < n - 1 then x[s + 1, i] else 0)
  loss mean[s, i] h[s, i] * weight[s]
}`

test.each([16, 17, 40])(
  '%d samples: a sum over the samples of a block has entries for all samples',
  async (n) => {
    const module = await load(WINDOW, { dtype: 'f64', target: 'js' })
    const weight = Array.from({ length: n }, (_, s) => s * s + 1)
    const { grads } = Object(run(module, 'Net.backward', {}, { x: weight.flatMap((w) => [w, w, w]), weight }, { wrt: ['x'] })) // prettier-ignore
    const at = (s: number) => weight[s] ?? 0
    for (let t = 0; t < n; t++) {
      const expected = (0.5 * (at(t) + at(t + 1) + at(t + 2)) + at(t - 1)) / n / 3
      expect(grads.x[3 * t]).toBeCloseTo(expected, 9)
    }
  },
)
