/** What the examples share: optimisers against their formulas step by step, metrics and batches against counts by hand. */
import { describe, expect, test } from 'vitest'
import { measure } from '../../examples/shared/metrics.js'
import {
  adaDelta,
  adaGrad,
  adam,
  descent,
  momentum,
  type Optimiser,
  type Tensors,
} from '../../examples/shared/optimisers.js'
import { createRandom } from '../../examples/shared/random.js'
import { Batches, EarlyStopping, rowsOf } from '../../examples/shared/training.js'

/** θ after two steps from 1 with the gradients 0.5 and -0.25, as a number, in an array, and in a model inside. */
function twoSteps(step: Optimiser, rate: number): number[] {
  const parameters = { a: 1, inner: { b: Float64Array.of(7, 1) } }
  const gradients = (g: number): Tensors => ({ a: g, inner: { b: Float64Array.of(0, g) } })
  step(parameters, gradients(0.5), rate)
  step(parameters, gradients(-0.25), rate)
  return [parameters.a, parameters.inner.b[1]]
}

describe('optimisers', () => {
  test.each([
    ['descent', descent(), 0.1, 1 - 0.1 * 0.5 + 0.1 * 0.25],
    ['momentum', momentum(0.9), 0.1, 1 - 0.05 + (0.9 * -0.05 + 0.025)],
    ['AdaGrad', adaGrad(), 0.1, 1 - 0.1 + (0.1 * 0.25) / Math.sqrt(0.25 + 0.0625)],
    ['decay', descent({ decay: 0.2 }), 0.1, 0.93 - 0.1 * (-0.25 + 0.2 * 0.93)],
  ])('%s', (_, step, rate, expected) => {
    for (const parameter of twoSteps(step, rate)) expect(parameter).toBeCloseTo(expected, 12)
  })

  test('AdaDelta', () => {
    const [ρ, ε] = [0.9, 1e-3]
    const g1 = 0.1 * 0.25
    const first = (-Math.sqrt(ε) / Math.sqrt(g1 + ε)) * 0.5
    const g2 = 0.9 * g1 + 0.1 * 0.0625
    const second = (Math.sqrt(0.1 * first ** 2 + ε) / Math.sqrt(g2 + ε)) * 0.25
    for (const θ of twoSteps(adaDelta(ρ, ε), 1)) expect(θ).toBeCloseTo(1 + first + second, 12)
  })

  test('Adam', () => {
    // After one step m̂ = g and v̂ = g²: the step has the length of the rate.
    const first = 1 - 0.1
    const m = (0.9 * 0.1 * 0.5 - 0.1 * 0.25) / (1 - 0.9 ** 2)
    const v = (0.999 * 0.001 * 0.25 + 0.001 * 0.0625) / (1 - 0.999 ** 2)
    for (const θ of twoSteps(adam(), 0.1)) expect(θ).toBeCloseTo(first - (0.1 * m) / Math.sqrt(v), 6)
  })

  test('a parameter whose gradient is 0 stays', () => {
    for (const step of [descent(), momentum(), adaGrad(), adaDelta(), adam()]) {
      const parameters = { w: Float32Array.of(3) }
      step(parameters, { w: Float32Array.of(0) }, 0.1)
      expect(parameters.w[0]).toBe(3)
    }
  })

  test('a missing gradient is said', () => {
    expect(() => descent()({ a: { w: 1 } }, { a: {} }, 0.1)).toThrow("'a.w'")
  })
})

test('metrics', () => {
  // Class 0: 2 of 3 found, 2 of 3 predictions right. Class 1: 1 of 2, 1 of 2. Class 2: none there, none predicted.
  const { accuracy, errorRate, classes, macro, micro } = measure([0, 0, 0, 1, 1], [0, 0, 1, 1, 0], 3)
  expect(accuracy).toBe(0.6)
  expect(errorRate).toBe(0.4)
  expect(classes[0]).toEqual({ precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 })
  expect(classes[1]).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5 })
  expect(classes[2]).toEqual({ precision: 0, recall: 0, f1: 0 })
  expect(macro.f1).toBeCloseTo((2 / 3 + 1 / 2) / 3, 12)
  expect(micro).toEqual({ precision: 0.6, recall: 0.6, f1: 0.6 })
})

describe('batches', () => {
  test('hold each sample once an epoch, in another order', () => {
    const batches = new Batches(12, 4, createRandom(1))
    const epochs = [1, 2].map(() => [...batches.epoch()].flatMap((rows) => [...rows]))
    expect(epochs[0]).not.toEqual(epochs[1])
    for (const epoch of epochs)
      expect(epoch.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, s) => s))
  })

  test('are whole: what is left waits for another epoch', () => {
    expect([...new Batches(7, 3).epoch()].map((rows) => [...rows])).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ])
  })

  test('take rows', () => {
    expect([...rowsOf(Float32Array.of(0, 1, 10, 11, 20, 21), 2, Uint32Array.of(2, 0))]).toEqual([
      20, 21, 0, 1,
    ])
  })
})

test('early stopping keeps the best parameters', () => {
  const stopping = new EarlyStopping(2)
  const parameters = { w: Float64Array.of(0) }
  const stops = [3, 1, 2, 0.5, 0.6, 0.7].map((loss, t) => {
    parameters.w[0] = t
    return stopping.stopsAfter(loss, parameters)
  })
  expect(stops).toEqual([false, false, false, false, false, true])
  expect(stopping.best).toEqual({ w: Float64Array.of(3) })
})
