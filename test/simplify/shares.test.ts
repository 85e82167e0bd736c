/** Shares of a whole, as those of a softmax, are at most 1 and sum to 1. */
import { describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { Asking } from '../tools/repl/asking.js'
import { load, run } from '../codegen/load.js'

const asked = (line: string): Promise<string> => new Asking().text(line)

describe('the sum of shares is 1', () => {
  test.each([
    ['sum(softmax(z))', '1'],
    ['sum(3 * softmax(x @ W))', '3'],
    ['sum(exp(z)) / sum(exp(z))', '1'],
    ['sum[i] exp(z[i]) / (sum[j] exp(z[j]))', '1'],
    ['grad(sum(softmax(z)), z)', 'd_z[i] = 0'],
  ])('%s', async (text, answer) => {
    expect((await asked(text)).split('\n')).toContain(answer)
  })

  test.each([
    // Other weights, along another axis, of some entries, where all of them may be -inf.
    'sum[i] softmax(z)[i] * z[i]',
    'sum[s] softmax(z[s])[0]',
    'sum[i if i > 0] softmax(z)[i]',
    'sum[i] exp(log(z[i]) - logsumexp[j] log(z[j]))',
  ])('not of %s', async (text) => {
    expect(await asked(text)).toMatch(/sum\[/)
  })

  test('in modules, with the gradient', async () => {
    const source = `export fn f(z: [n]) {
      p = softmax(z)
      return sum[i] p[i] * (z[i] + sum(p))
    }`
    // The sum over the weighted entries is the only one.
    expect(compileModule(source).code).toMatch(/z\[i\] \+ 1/)
    const z = Float64Array.from([0.3, -1.2, 2, 0.7])
    const value = (at: Float64Array): number => {
      const weights = at.map(Math.exp)
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      return 1 + weights.reduce((sum, weight, i) => sum + (weight / total) * at[i], 0)
    }
    const found = Object(run(await load(source), 'f.valueAndGrad', z))
    expect(found.value).toBeCloseTo(value(z), 14)
    for (const [at, slope] of Float64Array.from(found.grads[0]).entries()) {
      const [below, above] = [-1e-5, 1e-5].map((by) => value(z.map((v, i) => (i === at ? v + by : v))))
      expect(slope).toBeCloseTo((above - below) / 2e-5, 9)
    }
  })
})

test('what is known of them is told', async () => {
  const shares = await asked(':type softmax(x @ W)')
  expect(shares).toMatch(/range +\(0, 1\]/)
  expect(shares).toMatch(/sums to 1 along the last axis/)
  const logarithms = await asked(':type log_softmax(z)')
  expect(logarithms).toMatch(/range +\(-inf, 0\]/)
  expect(logarithms).not.toMatch(/sums to 1/)
  // The first entries alone say nothing of the others.
  const part = await asked(':type z[2] - logsumexp[j < 2] z[j]')
  expect(part).toMatch(/range +\(-inf, inf\)/)
})
