/** Index notation tried out: values, ties and zeros of reductions, what generated loops look like, and bad data. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { checkGradients, formatReport } from '../../src/verify/check.js'
import { load, run } from '../codegen/load.js'
import { TARGET } from '../target.js'
import { entries } from './comparison.js'

const source = readFileSync(new URL('./indices/indices.nn', import.meta.url), 'utf8')

test('all forms have the gradients of tape, duals and differences', async () => {
  const report = await checkGradients(source, { filename: 'indices.nn', points: 1, target: TARGET })
  expect(report.diagnostics).toEqual([])
  expect(formatReport(report)).toMatch(/PASS: all gradients agree\n$/)
}, 300_000)

test.each(['strided', 'strided_whole', 'dilated', 'wide', 'mean_overlapping', 'mean_gaps'])(
  'the gradients of %s need no remainder and no test inside a loop',
  (name) => {
    const line = source.split('\n').find((text) => text.startsWith(`export fn ${name}(`))
    const { code } = compileModule(line ?? '', { filename: 'one.nn' })
    const kernel = new RegExp(`function ${name}_vjp_kernel[^]*?\n}`).exec(code)?.[0]
    expect(kernel).toMatch(/for \(/)
    expect(kernel).not.toMatch(/%| if \(|\?/)
  },
)

describe('reductions at ties, zeros and infinities', () => {
  let module: Record<string, unknown>
  beforeAll(async () => {
    module = await load(
      `
export fn product(x: [n]) = prod[i] x[i]
export fn largest(x: [n]) = max[i] x[i]
export fn smallest(x: [n]) = min[i] x[i]
export fn largest2(x: [n, m]) = max[i, j] x[i, j]
export fn total(x: [n]) = logsumexp[i] x[i]
export fn length(x: [n]) = sqrt(sum[i] x[i]^2)
export fn absolute(x: [n]) = sum[i] abs(x[i])
export fn pooled(x: [n]) { y[t] = max[u < 2] x[t + u]; return sum(y) }
export fn curvature(x: [n]) = hessian(prod[i] x[i], x)
export fn places(x: [n]) { return argmax[i] x[i], argmin[i] x[i] }
export fn empty(x: [n]) { return sum[i if i > n] x[i], prod[i if i > n] x[i], max[i if i > n] x[i], min[i if i > n] x[i], logsumexp[i if i > n] x[i] }
export fn truth(x: [n]) { return any[i] x[i] > 0, all[i] x[i] > 0 }
`,
    )
  })

  const GRADIENTS: readonly (readonly [string, unknown, number, readonly number[]])[] = [
    ['product', [5], 5, [1]],
    ['product', [0, 2, 3], 0, [6, 0, 0]],
    ['product', [0, 0, 3], 0, [0, 0, 0]],
    // The first extremal entry, in binder order.
    ['largest', [3, 3, 1], 3, [1, 0, 0]],
    ['smallest', [2, 1, 1], 1, [0, 1, 0]],
    ['largest2', [[1, 2], [2, 2]], 2, [0, 1, 0, 0]], // prettier-ignore
    ['pooled', [1, 2, 2, 1], 6, [0, 2, 1, 0]],
    ['total', [-Infinity, 0], 0, [0, 1]],
    ['total', [-Infinity, -Infinity], -Infinity, [NaN, NaN]],
    ['total', [0, 0], Math.log(2), [0.5, 0.5]],
    ['length', [0, 0], 0, [0, 0]],
    ['length', [3, 4], 5, [0.6, 0.8]],
    ['absolute', [0, -1], 1, [0, -1]],
  ]
  test.each(GRADIENTS)('%s of %j', (name, x, value, gradient) => {
    expect(run(module, name, x)).toBeCloseTo(value, 14)
    const found = entries(run(module, `${name}.grad`, x))
    for (const [at, slope] of gradient.entries())
      if (Number.isNaN(slope)) expect(found[at]).toBeNaN()
      else expect(found[at]).toBeCloseTo(slope, 14)
  })

  test('a product with zeros has its second derivatives', () => {
    expect(entries(run(module, 'curvature', [0, 2, 3]))).toEqual([0, 3, 2, 3, 0, 0, 2, 0, 0])
    expect(entries(run(module, 'curvature', [0, 0, 3]))).toEqual([0, 3, 0, 3, 0, 0, 0, 0, 0])
  })

  test('positions, truth and nothing at all', () => {
    expect(run(module, 'places', [1, 3, 3, 1])).toEqual([1, 0])
    expect(run(module, 'truth', [0, 1])).toEqual([1, 0])
    expect(run(module, 'empty', [1])).toEqual([0, 1, -Infinity, Infinity, -Infinity])
  })
})

describe('bad data says what is wrong, and where', () => {
  test('labels', async () => {
    const module = await load(
      'export fn pick(p: [n, 10], label: int[n]) = mean[s] p[s, label[s]]\nexport fn one(x: [n], i: int) = x[i]',
    )
    const p = [Array.from({ length: 10 }, () => 1)]
    const CASES = [
      [10, 'label[0] = 10 is outside 0 … 9'],
      [-1, 'label[0] = -1 is outside 0 … 9'],
      [NaN, 'label[0] = NaN is not a whole number'],
      [2 ** 32, 'label[0] = 4294967296 is not a whole number of 32 bits'],
      ['3', 'label[0]: expected a number, got "3"'],
    ] as const
    for (const [label, message] of CASES) expect(() => run(module, 'pick', p, [label])).toThrow(message)
    expect(() => run(module, 'pick', p, Uint8Array.of(255))).toThrow('label[0] = 255 is outside 0 … 9')
    expect(() => run(module, 'one', [1, 2], 2)).toThrow('i = 2 is outside 0 … 1')
  })

  const LATER: readonly (readonly [string, readonly unknown[], readonly unknown[], string])[] = [
    ['{ y[i] = x[2i] + x[i]; return y }', [[1]], [[1, 2, 3]], 'this reads 2i (0 … 2n - 2); here n = 3'],
    [
      '{ y[t] = sum[k < 5] x[t + k]; return y }',
      [[1, 2, 3, 4, 5]],
      [[1, 2]],
      'unless n - 5 >= 0; here n = 2',
    ],
    ['= x[:k]', [[1, 2], 2], [[1, 2], 3], 'this takes 0:k; here n = 2, k = 3'],
    // A condition at each position, for a map that is not linear.
    ['{ y[i] = z[i] + x[i * i]; return y }', [[1, 2], 0, [1, 2]], [[1], 0, [1, 2]], "axis 0 of 'x' has the positions 0 … n - 1"], // prettier-ignore
    ['{ y[i] = z[i] + (if i > 1 then x[i * i] else 0); return y }', [[1], 0, [1, 2]], [[1], 0, [1, 2, 3]], 'here n = 1, m = 3'], // prettier-ignore
    ['{ l = [1, 2, 5]; y[s] = x[l[s]]; return y }', [[0, 1, 2, 3, 4, 5]], [[1, 2]], 'here n = 2'],
  ]
  test.each(LATER)('sizes: %s', async (body, good, bad, message) => {
    const parameters = ['x: [n]', 'k: int', 'z: [m]'].slice(0, bad.length).join(', ')
    const { code } = compileModule(`export fn f(${parameters}) ${body}`, { target: TARGET })
    const module: unknown = await import(
      `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
    )
    expect(entries(run(module, 'f', ...good)).every(Number.isFinite)).toBe(true)
    expect(() => run(module, 'f', ...bad)).toThrow(message)
  })
})
