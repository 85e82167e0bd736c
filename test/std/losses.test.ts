/** Losses, norms and tensors against formulas written here, with their gradients where something could go wrong. */
import { describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { load } from '../../src/load.js'
import { functionsOf, isCompiled, type Numbers } from './functions.js'

const loss = await functionsOf('nnc/losses')
const norm = await functionsOf('nnc/norms')
const tensor = await functionsOf('nnc/tensors')

const sum = (numbers: readonly number[]): number => numbers.reduce((total, x) => total + x, 0)
const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length

type Case = [name: string, args: Numbers[], expected: number | number[]]

function compare(found: number | Float64Array, expected: number | number[]): void {
  const values = typeof found === 'number' ? [found] : [...found]
  const wanted = typeof expected === 'number' ? [expected] : expected
  expect(values.length).toBe(wanted.length)
  for (const [at, x] of wanted.entries()) expect(values[at]).toBeCloseTo(x, 12)
}

/** All partial derivatives, one after the other. */
function slopes(found: readonly (number | Float64Array | Float32Array)[], expected: number | number[]): void {
  compare(new Float64Array(found.flatMap((part) => (typeof part === 'number' ? part : [...part]))), expected)
}

const score = [[0.2, 1.5, -0.3], [2, -1, 1.4]] // prettier-ignore
const p = [[0.2, 0.5, 0.3], [0.7, 0.1, 0.2]] // prettier-ignore
const q = [[0.4, 0.4, 0.2], [0.25, 0.5, 0.25]] // prettier-ignore
const label = [2, 0]
const lse = score.map((row) => Math.log(sum(row.map(Math.exp))))
const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

const LOSSES: Case[] = [
  ['squared_error', [3, 1], 4],
  ['half_squared_error', [3, 1], 2],
  ['absolute_error', [1, 3], 2],
  ['huber', [1.5, 1, 1], 0.125],
  ['huber', [5, 1, 2], 6],
  ['smooth_l1', [1.5, 1, 2], 0.0625],
  ['smooth_l1', [5, 1, 2], 3],
  ['log_cosh', [2, 0.5], Math.log(Math.cosh(1.5))],
  ['log_cosh', [2000, 0], 2000 - Math.log(2)],
  ['quantile_loss', [1, 3, 0.9], 1.8],
  ['quantile_loss', [3, 1, 0.9], 0.2],
  ['zero_one', [1, -1], 1],
  ['zero_one', [2, 2], 0],
  ['perceptron_loss', [0.5, -1], 0.5],
  ['perceptron_loss', [0.5, 1], 0],
  ['hinge', [0.5, 1, 1], 0.5],
  ['hinge', [0.5, -1, 1], 1.5],
  ['hinge', [3, 1, 1], 0],
  ['squared_hinge', [0.5, -1, 1], 2.25],
  ['logistic_loss', [0.7, -1], Math.log(1 + Math.exp(0.7))],
  ['logistic_loss', [-1000, 1], 1000],
  ['exponential_loss', [0.7, -1], Math.exp(0.7)],
  ['logit_cross_entropy', [0.7, 0.3], -(0.3 * Math.log(logistic(0.7)) + 0.7 * Math.log(1 - logistic(0.7)))],
  ['logit_cross_entropy', [1000, 0], 1000],
  ['logit_cross_entropy', [1000, 1], 0],
  ['focal_loss', [0.7, 1, 2, 0.25], -0.25 * (1 - logistic(0.7)) ** 2 * Math.log(logistic(0.7))],
  ['focal_loss', [0.7, 0, 2, 0.25], -0.75 * logistic(0.7) ** 2 * Math.log(1 - logistic(0.7))],
  ['poisson_nll', [0.5, 3], Math.exp(0.5) - 1.5],
  ['gaussian_nll', [1, 2, 4], 0.5 * (Math.log(2) + 4.5)],
  ['mean_squared_error', [[[1, 2, 3]], [[2, 2, 5]]], 5 / 3], // prettier-ignore
  ['mean_absolute_error', [[[1, 2, 3]], [[2, 2, 5]]], 1], // prettier-ignore
  ['root_mean_squared_error', [[[1, 2, 3]], [[2, 2, 5]]], Math.sqrt(5 / 3)], // prettier-ignore
  ['nll', [p, label], -(Math.log(0.3) + Math.log(0.7)) / 2],
  ['nll_of_log', [p.map((row) => row.map(Math.log)), label], -(Math.log(0.3) + Math.log(0.7)) / 2],
  ['cross_entropy', [p, [[0, 0, 1], [1, 0, 0]]], -(Math.log(0.3) + Math.log(0.7)) / 2], // prettier-ignore
  ['cross_entropy', [[[0, 1]], [[0, 1]]], 0],
  ['softmax_cross_entropy', [score, label], mean(score.map((row, s) => lse[s] - row[label[s]]))],
  ['softmax_cross_entropy', [[[1000, -1000]], [1]], 2000],
  [
    'softmax_cross_entropy_soft',
    [score, q],
    mean(score.map((row, s) => sum(row.map((z, c) => q[s][c] * (lse[s] - z))))),
  ],
  [
    'label_smoothing_cross_entropy',
    [score, label, 0.3],
    mean(score.map((row, s) => sum(row.map((z, c) => (0.1 + (c === label[s] ? 0.7 : 0)) * (lse[s] - z))))),
  ],
  ['binary_cross_entropy', [[[0.2, 0.9]], [[0, 1]]], -(Math.log(0.8) + Math.log(0.9)) / 2], // prettier-ignore
  ['binary_cross_entropy', [[[0, 1]], [[0, 1]]], 0], // prettier-ignore
  ['sigmoid_cross_entropy', [[[0.7, -800]], [[1, 1]]], (Math.log(1 + Math.exp(-0.7)) + 800) / 2], // prettier-ignore
  ['kl_divergence', [p, q], mean(p.map((row, s) => sum(row.map((x, c) => x * Math.log(x / q[s][c])))))],
  ['kl_divergence', [[[0, 1]], [[0.5, 0.5]]], Math.log(2)],
  ['kl_to_standard_normal', [[[1, 0]], [[0, 1]]], 0.5 * (1 + Math.E - 2)],
  ['multiclass_hinge', [score, label, 1], (1 + 1.5 + 0.3 + (1 + 1.4 - 2)) / 2],
  ['multiclass_margin', [score, label, 1], (1 + 0.2 + 0.3 + 1 + 1.5 + 0.3 + (1 + 1.4 - 2)) / 2],
  ['multiclass_perceptron', [score, label], (1.5 + 0.3) / 2],
  ['contrastive_loss', [[[0, 0], [0, 0]], [[3, 4], [0.3, 0.4]], [1, 0], 1], (25 + 0.25) / 2], // prettier-ignore
  ['triplet_loss', [[[0, 0]], [[3, 4]], [[0, 2]], 1], 4],
  ['triplet_loss', [[[0, 0]], [[0, 1]], [[0, 3]], 1], 0],
  ['dice_loss', [[1, 0.5], [1, 0], 1], 1 - 3 / 3.5], // prettier-ignore
]

describe('losses', () => {
  test.each(LOSSES)('%s of %j is %j', (name, args, expected) => compare(loss(name)(...args), expected))
})

const GRADIENTS: Case[] = [
  ['absolute_error', [2, 2], [0, 0]],
  ['huber', [2, 1, 1], [1, -1, 0]],
  ['quantile_loss', [1, 1, 0.9], [0.1, -0.1, 0]],
  ['hinge', [1, 1, 1], [0, 0, 0]],
  ['hinge', [0.5, 1, 1], [-1, -0.5, 1]],
  ['perceptron_loss', [0, 1], [0, 0]],
  ['squared_hinge', [1, 1, 1], [0, 0, 0]],
  ['logit_cross_entropy', [0, 1], [-0.5, 0]],
  ['logit_cross_entropy', [1000, 1], [0, -1000]],
  ['log_cosh', [0, 0], [0, 0]],
  ['root_mean_squared_error', [[[1, 2]], [[1, 2]]], [0, 0, 0, 0]], // prettier-ignore
  ['softmax_cross_entropy', [[[1000, -1000]], [1]], [1, -1]],
  ['contrastive_loss', [[[1, 1]], [[1, 1]], [0], 1], [0, 0, 0, 0, -1, 2]],
  ['cross_entropy', [[[0, 1]], [[0, 1]]], [0, -1, Infinity, 0]],
]

describe('gradients at corners and far out', () => {
  test.each(GRADIENTS)('%s at %j: %j', (name, args, expected) => {
    slopes(loss(name).grad(...args), expected)
  })
})

describe('losses of probabilities that round to 0 or 1', async () => {
  const module = await load(
    `export fn binary(z: [1, n], y: [1, n]) = binary_cross_entropy(sigmoid(z), y)
export fn classes(z: [n, k], target: [n, k]) = cross_entropy(softmax(z), target)
export fn labels(z: [n, k], label: int[n]) = nll(softmax(z), label)
export fn divergence(z: [n, k], w: [n, k]) = kl_divergence(softmax(z), softmax(w))
export fn disorder(z: [n]) = entropy(softmax(z))`,
    { dtype: 'f32' },
  )
  const far = [[2000, -2000]]
  test.each<[name: string, args: Numbers[], value: number, slopes: number[]]>([
    [
      'binary',
      [[[2000, -2000, 40, -40]], [[0, 1, 0, 1]]],
      1020,
      [0.25, -0.25, 0.25, -0.25, -500, 500, -10, 10],
    ],
    ['binary', [[[2000, -2000]], [[1, 0]]], 0, [0, 0, -1000, 1000]], // prettier-ignore
    ['classes', [far, [[0, 1]]], 4000, [1, -1, 0, 4000]],
    ['labels', [far, [1]], 4000, [1, -1]],
    ['divergence', [far, [[-2000, 2000]]], 4000, [0, 0, -1, 1]],
    ['divergence', [far, far], 0, [0, 0, 0, 0]],
    ['disorder', [[2000, -2000]], 0, [0, 0]],
  ])('%s of %j is %j', (name, args, value, expected) => {
    const f = module[name]
    if (!isCompiled(f)) throw new Error(`no function '${name}'`)
    compare(f(...args), value)
    slopes(f.grad(...args), expected)
  })
})

describe('the 0-1 loss', () => {
  const model = (value: string): string =>
    `model P(x: [n, d], y: [n]) { param w: [d] ~ normal(0, 1); score = x @ w; loss mean(${value}) }`
  const warnings = (text: string): string[] => compileModule(text).diagnostics.map(({ message }) => message)

  test('is reported where a parameter has no other way to the loss', () => {
    expect(warnings(model('zero_one(if score > 0 then 1 else -1, y)'))).toEqual([
      "the loss of 'P' depends on 'w' only through comparisons or roundings: the gradient is 0",
    ])
    expect(warnings(model('round(score) - y'))).toHaveLength(1)
  })
  test('is not reported beside another term, or where the gradient is stopped', () => {
    expect(warnings(model('zero_one(if score > 0 then 1 else -1, y) + 0.1 * norm(w)'))).toEqual([])
    expect(warnings(model('(stop_gradient(score) - y)^2'))).toEqual([])
    expect(warnings(model('hinge(score, y)'))).toEqual([])
  })
})

const v = [3, -4, 0]
const A = [[1, 2, 3], [4, 5, 6]] // prettier-ignore
const S = [[1, 2], [3, 4]] // prettier-ignore

describe('norms', () => {
  test.each<Case>([
    ['l1_norm', [v], 7],
    ['norm', [v], 5],
    ['l2_norm', [v], 5],
    ['squared_norm', [v], 25],
    ['p_norm', [v, 3], 91 ** (1 / 3)],
    ['p_norm', [v, 1], 7],
    ['max_norm', [v], 4],
    ['frobenius', [A], Math.sqrt(91)],
    ['l1_penalty', [[v]], 7],
    ['l2_penalty', [[v]], 12.5],
    ['distance', [v, [0, 0, 0]], 5],
    ['squared_distance', [v, [0, 0, 1]], 26],
    ['cosine_similarity', [[1, 0], [1, 1]], Math.SQRT1_2], // prettier-ignore
    ['cosine_similarity', [[0, 0], [1, 1]], 0], // prettier-ignore
    ['normalise', [v], [0.6, -0.8, 0]],
    ['normalise', [[0, 0]], [0, 0]],
    ['standardise', [[1, 3], 0], [-1, 1]],
    ['rms_normalise', [[3, 4], 0], [3 / Math.sqrt(12.5), 4 / Math.sqrt(12.5)]],
  ])('%s of %j is %j', (name, args, expected) => compare(norm(name)(...args), expected))

  test.each<Case>([
    ['norm', [[0, 0]], [0, 0]],
    ['l2_norm', [[0, 0]], [0, 0]],
    ['l1_norm', [[0, 0]], [0, 0]],
    ['squared_norm', [[0, 0]], [0, 0]],
    ['max_norm', [[0, 0]], [0, 0]],
    ['max_norm', [[2, -2]], [1, 0]],
    ['frobenius', [[[0, 0]]], [0, 0]],
    ['p_norm', [[0, 0], 3], [0, 0, 0]],
    ['p_norm', [[0, 2], 1], [0, 1, 0]],
    ['distance', [[1, 2], [1, 2]], [0, 0, 0, 0]], // prettier-ignore
    ['cosine_similarity', [[0, 0], [1, 2]], [0, 0, 0, 0]], // prettier-ignore
  ])('the slope of %s at %j is %j', (name, args, expected) => slopes(norm(name).grad(...args), expected))
})

describe('tensors', () => {
  test.each<Case>([
    ['dot', [v, [1, 1, 1]], -1],
    ['outer', [[1, 2], [3, 4]], [3, 4, 6, 8]], // prettier-ignore
    ['cross', [[1, 0, 0], [0, 1, 0]], [0, 0, 1]], // prettier-ignore
    ['bilinear', [[1, 2], A, [1, 0, 1]], 4 + 2 * 10], // prettier-ignore
    ['kronecker', [S, [[0, 1]]], [0, 1, 0, 2, 0, 3, 0, 4]],
    ['transpose', [A], [1, 4, 2, 5, 3, 6]],
    ['trace', [S], 5],
    ['diag', [[1, 2]], [1, 0, 0, 2]],
    ['diagonal', [S], [1, 4]],
    ['vec', [A], [1, 4, 2, 5, 3, 6]],
    ['lower_triangle', [A], [1, 0, 0, 4, 5, 0]],
    ['upper_triangle', [A], [1, 2, 3, 0, 5, 6]],
    ['reverse', [v], [0, -4, 3]],
    ['repeat_rows', [[1, 2], 2], [1, 2, 1, 2]],
    ['one_hot', [1, 3], [0, 1, 0]],
    ['arange', [4], [0, 1, 2, 3]],
    ['linspace', [1, 2, 5], [1, 1.25, 1.5, 1.75, 2]],
    ['cumsum', [v], [3, -1, -1]],
    ['variance', [[1, 3]], 1],
    ['standard_deviation', [[1, 5]], 2],
    ['covariance', [[[1, 2], [3, 6]]], [1, 2, 2, 4]], // prettier-ignore
    ['entropy', [[0.5, 0.5, 0]], Math.log(2)],
    ['is_correct', [[0.1, 0.7, 0.2], 1], 1],
  ])('%s of %j is %j', (name, args, expected) => compare(tensor(name)(...args), expected))

  test('the deviation of equal entries has slope 0', () =>
    expect(tensor('standard_deviation').grad([2, 2])).toEqual([new Float64Array(2)]))
})
