/** Products in which a base stands more than once: `1/√a/√a` is no power of `a`, and no factor of it may be lost where terms meet. */
import { beforeAll, describe, expect, test } from 'vitest'
import { compileFunction, diff } from '../../src/expression.js'
import { load, run } from '../codegen/load.js'

const TEXTS = [
  'y / (sqrt(1 - x^2) * sqrt(1 - x^2)) + x / (1 - x^2)^1.5',
  '1 / (sqrt(1 - x^2) * sqrt(1 - x^2)) + x / (1 - x^2)^1.5 - x^2 / (1 - x^2)^1.5 + 0 * y',
  'y * acos(x) / sqrt(1 - x^2)',
  'y * asin(x) * sqrt(1 - x^2)',
  'y * log(x + sqrt(x - 0.1)) / sqrt(x - 0.1)',
]

describe.each(TEXTS)('%s', (text) => {
  let module: Record<string, unknown>
  beforeAll(async () => {
    const orders = [1, 2, 3].map((k) => `export fn f${k}(x, y) = d(f${k - 1}(x, y), x)`)
    module = await load([`export fn f0(x, y) = ${text}`, ...orders].join('\n'), { dtype: 'f64' })
  })

  test.each([0, 1, 2, 3])('order %i', (order) => {
    const f = compileFunction(diff(text, 'x', order), ['x', 'y'])
    const expected = Number(f(0.3, 0.7))
    expect(Math.abs(Number(run(module, `f${order}`, 0.3, 0.7)) / expected - 1)).toBeLessThan(1e-11)
  })
})
