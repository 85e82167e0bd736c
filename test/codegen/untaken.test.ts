/** Definitions that several arms use: where none of them is taken, what they are there does not reach a gradient. */
import { describe, expect, test } from 'vitest'
import { compileFunction, diff, grad } from '../../src/expression.js'
import { load, member, run } from './load.js'

const MODELS = `
model Conditions(y: [n]) {
  param w: [n]
  q[i] = w[i]^0.5
  s[i] = if w[i] > 1 then q[i] * 3 else 0
  t[i] = if w[i] > 1 and w[i] < 5 then q[i] * q[i] else 0
  loss sum[i] s[i] * t[i] * y[i]
}
model Disjoint(y: [n]) {
  param w: [n]
  q[i] = log(w[i])
  s[i] = if w[i] > 1 and w[i] < 2.5 then q[i] else 0
  t[i] = if w[i] > 2.5 then q[i] * q[i] else 0
  loss sum[i] (s[i] + t[i]) * y[i]
}
model Masked(mask: [m, n]) {
  param w: [n]
  q[i] = sqrt(w[i]) * log(w[i])
  s[k] = sum[i] (if mask[k, i] > 0 then q[i] else 0)
  loss sum[k] s[k]^2
}
model Overflow(y: [n]) {
  param w: [n]
  q[i] = exp(w[i])
  s[i] = if w[i] < 2.5 then q[i] else 0
  t[i] = if w[i] < 2.8 then q[i] * q[i] else 0
  loss sum[i] (s[i] + t[i]) * y[i]
}
`

const slope = (f: (w: number) => number, w: number): number => (f(w + 1e-6) - f(w - 1e-6)) / 2e-6

describe('several arms of one definition', () => {
  const q = (w: number): number => Math.sqrt(w) * Math.log(w)
  test.each<[string, Record<string, unknown>, number[], (w: number) => number]>([
    ['Conditions', { y: [1, 1, 1, 1] }, [0, -1, 2, 3], (w) => (w > 1 ? 3 * w ** 1.5 : 0)],
    [
      'Disjoint',
      { y: [1, 1, 1, 1] },
      [0, -1, 2, 3],
      (w) => (w > 2.5 ? Math.log(w) ** 2 : w > 1 ? Math.log(w) : 0),
    ],
    [
      'Masked',
      { mask: [[0, 0, 1, 0]] },
      [0, -1, 2, 3],
      (w) => (w === 2 || Math.abs(w - 2) < 0.1 ? q(w) ** 2 : 0),
    ],
    ['Overflow', { y: [1, 1, 1, 1] }, [2, 1, 1000, 3], (w) => (w < 2.5 ? Math.exp(w) + Math.exp(2 * w) : 0)],
  ])('%s', async (name, data, w, byHand) => {
    const module = await load(MODELS, { dtype: 'f64' })
    const gradient = member(run(module, `${name}.backward`, { w }, data), 'grads.w')
    if (!(gradient instanceof Float64Array)) throw new Error('no gradient')
    for (const [i, found] of gradient.entries()) expect(found).toBeCloseTo(slope(byHand, w[i]), 4)
  })
})

test('by two variables, of what stands behind one condition and another', () => {
  const along = diff('(if x < y then y^x else pi) / x', 'x')
  expect(compileFunction(grad(along, ['y'])[0], ['x', 'y'])(2.3, -3)).toBe(0)
})
