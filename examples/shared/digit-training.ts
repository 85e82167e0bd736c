import type { Model, Optimizer } from './compile.js'
import { Batch, type Digits } from './digits.js'
import { accuracyOf, bestOf } from './metrics.js'
import type { Tensors } from './parameters.js'
import { Progress } from './progress.js'
import { createRandom } from './random.js'
import { Batches } from './training.js'

/** A model that tells digits apart. */
export type Classifier = Model<
  { readonly n: number },
  { readonly x: Float32Array; readonly label: Int32Array },
  { readonly probs: Float32Array }
>

export interface Settings {
  /** The side of the square images. */
  readonly side: number
  readonly epochs: number
  readonly batch: number
  /** The first rate; it halves with each epoch, so that the last ones settle. */
  readonly rate: number
}

/** Mini-batch descent, shuffled each epoch; one line of progress for each. */
export function trainOnDigits(
  model: Classifier,
  optimizer: Optimizer,
  parameters: Tensors,
  digits: Digits,
  settings: Settings,
): void {
  const { side, epochs, batch: size, rate } = settings
  const bound = model.bind({ n: size })
  const state = optimizer.init(parameters)
  const batch = new Batch(size, side)
  const batches = new Batches(digits.count, size, createRandom(1))
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const progress = new Progress()
    const start = performance.now()
    let total = 0
    let seen = 0
    const line = () => {
      const speed = (1000 * seen) / (performance.now() - start)
      return `epoch ${epoch}/${epochs}  ${seen} images  loss ${((total * size) / seen).toFixed(4)}  ${speed.toFixed(0)} images/s`
    }
    for (const rows of batches.epoch()) {
      batch.fill(digits, rows)
      const { loss, grads } = bound.backward(parameters, batch)
      optimizer.step(parameters, grads, state, { rate: rate * 0.5 ** (epoch - 1) })
      total += loss
      seen += size
      progress.update(line())
    }
    progress.finish(line())
  }
}

/** The part of these digits that the model recognises; their number is a multiple of 100. */
export function measureAccuracy(
  model: Classifier,
  parameters: Tensors,
  digits: Digits,
  side: number,
): number {
  const size = 100
  const bound = model.bind({ n: size })
  const batch = new Batch(size, side)
  let right = 0
  for (const rows of new Batches(digits.count, size).epoch()) {
    batch.fill(digits, rows)
    const { probs } = bound.forward(parameters, batch)
    right += size * accuracyOf(batch.label, bestOf(probs, 10))
  }
  return right / digits.count
}
