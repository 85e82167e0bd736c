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
  [
    'rows of which one is kept, less what all rows need',
    `model Centred(x: [n, 5], y: [n, 8]) {
      param W: [5, 8]; param b: [8]
      q = x @ W + b
      out h[s, j] = q[s, j] - (mean[t] q[t, j])
      loss mean[s] (sum[j] (h[s, j] - y[s, j])^2)
    }`,
    { sizes: { n: 5 } },
  ],
  [
    'a gradient that is made a block of rows after the other, from an operand that is made for each',
    `model Wide(x: [n, 3], y: [n, 17]) {
      param V: [3, 17]; param W: [17, 17]
      out h = sin(x @ V) @ W
      loss (mean[s, j] h[s, j] * y[s, j])^2
    }`,
    { sizes: { n: 1 } },
  ],
]

/** Each with its value for n ones and n hundred thousands. */
const LARGE: readonly (readonly [string, string, (n: number) => number])[] = [
  [
    'squares of positions',
    'export fn f(x: [n], w: int[n]) = sum[i] i * i * x[i]',
    (n) => sumOf(n, (i) => i * i),
  ],
  [
    'cubes of positions',
    'export fn f(x: [n], w: int[n]) = sum[i] i^3 * x[i]',
    (n) => sumOf(n, (i) => i ** 3),
  ],
  ['squares that are asked about', 'export fn f(x: [n], w: int[n]) = sum[i if i * i > 100 * n] x[i]', (n) => sumOf(n, (i) => (i * i > 100 * n ? 1 : 0))], // prettier-ignore
  ['remainders of squares', 'export fn f(x: [n], w: int[n]) = sum[i] mod(i * i * 31, 7) * x[i]', (n) => sumOf(n, (i) => (i * i * 31) % 7)], // prettier-ignore
  ['squares that are divided', 'export fn f(x: [n], w: int[n]) = sum[i] div(i * i, 7) * x[i]', (n) => sumOf(n, (i) => Math.floor((i * i) / 7))], // prettier-ignore
  ['squares outside of a loop', 'export fn f(x: [n], w: int[n]) = sum[i < n] sum[j < 3] (i * i + j) * x[i] * x[j]', (n) => sumOf(n, (i) => 3 * i * i + 3)], // prettier-ignore
  ['squares of data', 'export fn f(x: [n], w: int[n]) = sum[i] w[i] * w[i]', (n) => n * 1e10],
  ['the largest square', 'export fn f(x: [n], w: int[n]) = max[i] w[i] * w[i]', () => 1e10],
  ['a power of data', 'export fn f(x: [n], w: int[n]) = sum[i] w[i]^4 * x[i]', (n) => n * 1e20],
]

const sumOf = (n: number, term: (i: number) => number): number =>
  Array.from({ length: n }, (_, i) => term(i)).reduce((sum, each) => sum + each, 0)

test.each(LARGE)('whole numbers beyond 32 bits: %s', async (_, source, value) => {
  const n = 70_001
  const expected = value(n)
  for (const dtype of ['f64', 'f32'] as const) {
    const made = await evaluate(compileModule(source, { target: TARGET, dtype, verify: true }).code)
    const result = Number(run(made, 'f', new Float64Array(n).fill(1), new Int32Array(n).fill(100_000)))
    expect(Math.abs(result - expected)).toBeLessThanOrEqual((dtype === 'f64' ? 1e-11 : 1e-6) * expected)
  }
})

test('a whole number in vectors that is no sum or product', async () => {
  const source = 'export fn f(x: [n]) { y[i < n, j < 3] = mod(i, 2)^2 \n return sum(y) }'
  const made = await evaluate(compileModule(source, { target: TARGET, dtype: 'f64' }).code)
  expect(run(made, 'f', new Float64Array(21))).toBe(30)
})

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

test('what is summed over nothing is 0, whatever it would be divided by', async () => {
  const source = `
    export fn means(x: [n]) { y[i < n] = sum[j < i] x[j] / i \n return y }
    export fn logs(x: [n], s) = sum[j if x[j] > s] x[j] * log(s)
    export fn steps(x: [n], s) = sum[j < n - 1] x[j + 1] / s
    export fn count(x: [n], s) = sum[j < n - 1] 1 / s`
  const made = await evaluate(compileModule(source, { target: TARGET, dtype: 'f64', verify: true }).code)
  expect(run(made, 'means', [2, 3, 4])).toEqual(Float64Array.of(0, 2, 2.5))
  expect(run(made, 'logs', [-3, -2], -1)).toBe(0)
  expect(Math.abs(Number(run(made, 'steps', [2], 0)))).toBe(0)
  expect(Math.abs(Number(run(made, 'count', [2], 0)))).toBe(0)
  for (const gradient of Array.from(Object(run(made, 'count.grad', [2], 0))))
    expect(Number(gradient)).toBeCloseTo(0)
})

test('a remainder of a large number takes no time to compile', () => {
  const source =
    'export fn f(s: int, x: [n]) { y[i] = x[i] * mod(1103515245 * (s + i) + 12345, 2147483648) \n return y }'
  expect(compileModule(source, { target: TARGET }).code).not.toBe('')
})

test('arrays of whole numbers beyond 32 bits', async () => {
  const source = `
    export fn floors(x: [n]) { y[i] = floor(x[i]) \n z[i, j < n] = y[i] * y[j] \n return y, z }
    export fn powers(w: int[n]) { y[i] = w[i]^4 \n return y }
    export fn table(x: [n]) { c = [3000000000, 2] \n y[i < n] = c[mod(i, 2)] * x[i] \n return y }
    export fn nothing(x: [n]) { y[i < n] = max[j < i] j \n return y }
    export fn positions(x: [n, m]) { y[i] = argmax[j] x[i, j] \n z[i] = y[i] + 1 \n return y, z }`
  for (const dtype of ['f64', 'f32'] as const) {
    const made = await evaluate(compileModule(source, { target: TARGET, dtype, verify: true }).code)
    expect(run(made, 'floors', [3e9 + 512.5, -2])).toEqual([
      Float64Array.of(3e9 + 512, -2),
      Float64Array.of((3e9 + 512) ** 2, -6e9 - 1024, -6e9 - 1024, 4),
    ])
    expect(run(made, 'powers', [1000, 3])).toEqual(Float64Array.of(1e12, 81))
    expect(Array.from(Object(run(made, 'table', [1, 2])), Number)).toEqual([3e9, 4])
    expect(run(made, 'nothing', [1, 2])).toEqual(Float64Array.of(-Infinity, 0))
    expect(run(made, 'positions', [[1, 2], [4, 3]])).toEqual([Int32Array.of(1, 0), Int32Array.of(2, 1)]) // prettier-ignore
  }
})

test('a division of whole numbers by 0 is no failure of the compiler', () => {
  const program = (position: string): string =>
    `export fn f(x: [n]) { y[i < n] = x[${position}] \n return y }`
  for (const position of ['i + 1 - div(i + 1, 0)', 'i + 1 - mod(i + 1, 0)', 'i + n - div(n, 0)'])
    expect(() => compileModule(program(position), { target: TARGET, verify: true })).not.toThrow()
})
