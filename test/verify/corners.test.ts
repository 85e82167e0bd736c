/** Programs at their smallest sizes and beside their limits, each of which was once compiled wrongly or not at all. */
import { expect, test } from 'vitest'
import { checkGradients, formatReport, type CheckGradientsOptions } from '../../src/verify/check.js'
import { evaluate, run } from '../codegen/load.js'
import { compileModule } from '../../src/compile.js'
import { TARGET } from '../target.js'

const NEIGHBOURS = `
  model Neighbours[k = 3](x: [n, k]) {
    out y[s, i < k] = if 0 <= i - 1 and i + 1 < k then x[s, i + 1] - x[s, i - 1] else x[s, i]
    loss sum[s, i if i + 1 < k] y[s, i] * x[s, i + 1]
  }`

const CASES: readonly (readonly [string, string, CheckGradientsOptions])[] = [
  [
    'a sum that grows along a loop, with an axis of one element beside it',
    'export fn f(x: [m], s) { t[i < 1, j < m - 1] = s / (1 + i + j) \n return sum(sin(t)) }',
    {},
  ],
  ['reads that no index is left for', NEIGHBOURS, { define: { k: 1 } }],
  ['reads that one index is left for', NEIGHBOURS, { define: { k: 2 } }],
  ['reads under a choice that is decided', 'export fn f(x: [1]) { y[i < 1] = if i + 1 < 1 then x[i + 1] else x[i]^2 \n return y }', {}], // prettier-ignore
  ['a loss that is a number', 'model M(x: [n]) { param w: [2] \n loss 3 }', {}],
  ['a loss that counts', 'model M(x: [n, 3], label: int[n]) { out y = x \n loss sum[i] (if argmax[k] x[i, k] == label[i] then 0 else 1) }', {}], // prettier-ignore
  [
    'a result without entries',
    'export fn f(x: [n]) { y[i < n - 1] = x[i + 1]^2 \n return y }',
    { sizes: { n: 1 } },
  ],
]

test.each(CASES)('%s', async (_, source, options) => {
  const report = await checkGradients(source, { target: TARGET, verify: true, ...options })
  expect(report.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(formatReport(report)).toMatch(/PASS: all gradients agree\n$/)
})

test('empty arrays where a size leaves nothing', async () => {
  const source = `
    export fn f(x: [n - 1], w: [n]) = sum(x) + 2 * sum(w)
    export fn g(x: [n - 1, m], w: [n, m]) = sum(x) + sum(w)`
  const made = await evaluate(compileModule(source, { target: TARGET, dtype: 'f64' }).code)
  expect(run(made, 'f', [], [3])).toBe(6)
  expect(run(made, 'f.grad', [], [3])).toEqual([new Float64Array(0), Float64Array.of(2)])
  expect(run(made, 'g', [], [[3, 4]])).toBe(7)
  expect(run(made, 'g', [], [3, 4], { sizes: { n: 1 } })).toBe(7)
  expect(() => run(made, 'f', [], [])).toThrow('w is empty; every size is at least 1')
})
