/** What the examples share: metrics and batches against counts by hand. */
import { describe, expect, test } from 'vitest'
import { measure } from '../../examples/shared/metrics.js'
import { createRandom } from '../../examples/shared/random.js'
import { Batches, EarlyStopping, rowsOf } from '../../examples/shared/training.js'

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
