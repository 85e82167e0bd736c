/** Logarithms of sums of exponentials at infinities: what their text gives in IEEE arithmetic, as rows that are masked by `-inf` need it. */
import { expect, test } from 'vitest'
import { load, run } from './load.js'

const SOURCE = `
export fn two(x: [n], y: [n]) {
  z[i] = log(exp(x[i]) + exp(y[i]))
  return z
}
export fn three(x: [n], y: [n], v: [n]) {
  z[i] = log(exp(x[i]) + exp(y[i]) + exp(v[i]))
  return z
}
export fn row(x: [n]) = logsumexp[i] x[i]
export fn shares(x: [n]) = softmax(x)
`
const I = Infinity

test('logarithms of sums of exponentials', async () => {
  const module = await load(SOURCE, { dtype: 'f64' })
  const x = [-I, I, I, -I, 2, 0]
  const y = [-I, I, -I, 3, I, 0]
  expect(run(module, 'two', x, y)).toEqual(Float64Array.of(-I, I, I, 3, I, Math.LN2))
  expect(run(module, 'three', x, y, x.map(() => -I))).toEqual(Float64Array.of(-I, I, I, 3, I, Math.LN2)) // prettier-ignore
  expect(run(module, 'two', [NaN, NaN], [1, I])).toEqual(Float64Array.of(NaN, NaN))
  expect(run(module, 'row', [-I, -I])).toBe(-I)
  expect(run(module, 'row', [I, 0])).toBe(I)
  expect(run(module, 'row', [-I, 0])).toBe(0)
  // 0 / 0.
  expect(run(module, 'shares', [-I, -I])).toEqual(Float64Array.of(NaN, NaN))
  expect(run(module, 'shares', [-I, 0])).toEqual(Float64Array.of(0, 1))
})
