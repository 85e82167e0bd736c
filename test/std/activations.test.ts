/** Activations against formulas written here, and their slopes at corners. */
import { describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { functionsOf } from './functions.js'

const activation = await functionsOf('nnc/activations')

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))
const softplus = (x: number): number => Math.log(1 + Math.exp(x))

/** The distribution function of the standard normal: Simpson's rule from 0. */
function normal(x: number): number {
  const steps = 2000
  const h = x / steps
  const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI)
  let sum = density(0) + density(x)
  for (let at = 1; at < steps; at++) sum += density(at * h) * (at % 2 === 1 ? 4 : 2)
  return 0.5 + (sum * h) / 3
}

const FORMULAS: Readonly<Record<string, (x: number) => number>> = {
  identity: (x) => x,
  step: (x) => (x >= 0 ? 1 : 0),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  squared_relu: (x) => Math.max(0, x) ** 2,
  elu: (x) => (x > 0 ? x : Math.exp(x) - 1),
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.exp(x) - 1)),
  celu: (x) => Math.max(0, x) + Math.min(0, Math.exp(x) - 1),
  leaky_relu: (x) => Math.max(0, x) + 0.01 * Math.min(0, x),
  thresholded_relu: (x) => (x > 1 ? x : 0),
  gelu: (x) => x * normal(x),
  gelu_tanh: (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  gelu_logistic: (x) => x * logistic(1.702 * x),
  silu: (x) => x * logistic(x),
  swish: (x) => x * logistic(x),
  mish: (x) => x * Math.tanh(softplus(x)),
  hard_sigmoid: (x) => (x <= -3 ? 0 : x >= 3 ? 1 : x / 6 + 0.5),
  hard_logistic: (x) => Math.max(Math.min(0.25 * x + 0.5, 1), 0),
  hard_tanh: (x) => Math.max(Math.min(x, 1), -1),
  hard_swish: (x) => (x * Math.min(6, Math.max(0, x + 3))) / 6,
  softsign: (x) => x / (1 + Math.abs(x)),
  tanh_shrink: (x) => x - Math.tanh(x),
  soft_shrink: (x) => Math.sign(x) * Math.max(0, Math.abs(x) - 0.5),
  hard_shrink: (x) => (x > 0.5 || x < -0.5 ? x : 0),
}

const POINTS = [-7.5, -3.2, -2, -1, -0.7, -0.3, 0, 0.2, 0.6, 1, 1.4, 2.9, 6.5]

describe('of a number', () => {
  test.each(Object.entries(FORMULAS))('%s', (name, formula) => {
    for (const x of POINTS) expect(activation(name)(x), `at ${x}`).toBeCloseTo(formula(x), 12)
  })

  test('with parameters', () => {
    expect(activation('prelu')(-2, 0.3)).toBeCloseTo(-0.6, 15)
    expect(activation('elu')(-2, 3)).toBeCloseTo(3 * (Math.exp(-2) - 1), 15)
    expect(activation('celu')(-2, 3)).toBeCloseTo(3 * (Math.exp(-2 / 3) - 1), 15)
    expect(activation('swish')(3, 0)).toBe(1.5)
    expect(activation('swish')(-0.4, 3)).toBeCloseTo(-0.4 * logistic(-1.2), 15)
    expect(activation('soft_shrink')(-2, 0.25)).toBe(-1.75)
    expect(activation('thresholded_relu')(-2, -3)).toBe(-2)
  })

  test.each(['gelu', 'gelu_tanh', 'gelu_logistic', 'silu', 'mish', 'elu', 'selu', 'softsign'])(
    '%s is finite far out, with its slope',
    (name) => {
      for (const x of [-1e4, -800, 800, 1e4]) {
        const f = activation(name)
        expect(f(x)).toSatisfy(Number.isFinite)
        expect(f.grad(x)[0]).toSatisfy(Number.isFinite)
      }
    },
  )
})

/** Name, arguments, partial derivatives. */
const CORNERS: readonly [name: string, args: number[], slopes: number[], why: string][] = [
  ['relu6', [0], [0], 'as relu'],
  ['relu6', [6], [0], 'the constant wins'],
  ['leaky_relu', [0, 0.1], [0.1, 0], 'x > 0 decides'],
  ['prelu', [0, 0.1], [0.1, 0], 'x > 0 decides'],
  ['squared_relu', [0], [0], 'smooth'],
  ['elu', [0, 0.5], [0.5, 0], 'x > 0 decides'],
  ['celu', [0, 0.5], [1, 0], 'smooth'],
  ['hard_sigmoid', [-3], [0], 'the constant wins'],
  ['hard_sigmoid', [3], [0], 'the constant wins'],
  ['hard_logistic', [-2], [0], 'the constant wins'],
  ['hard_logistic', [2], [0], 'the constant wins'],
  ['hard_tanh', [-1], [0], 'the constant wins'],
  ['hard_tanh', [1], [0], 'the constant wins'],
  ['hard_swish', [-3], [0], 'the constant wins'],
  ['hard_swish', [3], [1], 'x · 0 + hard_sigmoid(3)'],
  ['softsign', [0], [1], 'smooth'],
  ['soft_shrink', [0.5, 0.5], [0, 0], 'in the middle'],
  ['soft_shrink', [-0.5, 0.5], [0, 0], 'in the middle'],
  ['hard_shrink', [0.5, 0.5], [0, 0], 'in the middle'],
  ['swish', [2, 0], [0.5, 1], '1/2 and x²/4'],
]

describe('slopes at corners', () => {
  test.each(CORNERS)('%s at %j: %j, %s', (name, args, slopes) => {
    // Zeros of either sign are one.
    expect(
      activation(name)
        .grad(...args)
        .map((slope) => Number(slope) + 0),
    ).toEqual(slopes)
  })
})

test('the slope of a function in pieces is one choice', () => {
  const { code } = compileModule('export fn f(x) = elu(x)')
  expect(code).toContain('const d_x = holds ? 1 : Math.exp(x);')
})

describe('of a vector', () => {
  const z = [0.5, -1, 2, 0]
  const total = z.reduce((sum, x) => sum + Math.exp(x), 0)
  const close = (found: unknown, expected: number[]): void => {
    if (!(found instanceof Float64Array)) throw new Error('no tensor')
    expect(found.length).toBe(expected.length)
    for (const [i, x] of expected.entries()) expect(found[i]).toBeCloseTo(x, 13)
  }

  test('softmax, log_softmax, softmin', () => {
    close(activation('softmax')(z), z.map((x) => Math.exp(x) / total)) // prettier-ignore
    close(activation('log_softmax')(z), z.map((x) => x - Math.log(total))) // prettier-ignore
    close(activation('softmin')(z.map((x) => -x)), z.map((x) => Math.exp(x) / total)) // prettier-ignore
    close(activation('softmax')([300, 300, -1e4]), [0.5, 0.5, 0])
    close(activation('log_softmax')([0, -1e4]), [0, -1e4])
  })
  test('gumbel_softmax', () => {
    const noise = [0.1, 0.7, -0.4, 0]
    const warm = z.map((x, i) => Math.exp((x + noise[i]) / 2))
    const sum = warm.reduce((a, b) => a + b, 0)
    close(activation('gumbel_softmax')(z, noise, 2), warm.map((x) => x / sum)) // prettier-ignore
  })
  test('maxout goes to the first largest', () => {
    expect(activation('maxout')([1, 3, 3, 2])).toBe(3)
    expect([...Object(activation('maxout').grad([1, 3, 3, 2])[0])]).toEqual([0, 1, 0, 0])
  })
  test.each([
    ['glu', logistic],
    ['reglu', (x: number) => Math.max(0, x)],
    ['geglu', (x: number) => x * normal(x)],
    ['swiglu', (x: number) => x * logistic(x)],
  ])('%s', (name, gate) => close(activation(name)(z), [0.5 * gate(2), -1 * gate(0)]))
})
