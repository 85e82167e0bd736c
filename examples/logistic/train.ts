/** Fits `logistic.nn` by mini-batches with weight decay, and stops early. */
import { elapsed, expectAtLeast, readCommand } from '../shared/command.js'
import { compile, type Model, type Optimizer } from '../shared/compile.js'
import { formatMetrics, measure } from '../shared/metrics.js'
import { createRandom, drawNormal } from '../shared/random.js'
import { Batches, EarlyStopping, rowsOf } from '../shared/training.js'

readCommand({
  about: 'Logistic regression parts two clouds of points that overlap, with weight decay and early stopping.',
  command: 'npx tsx examples/logistic/train.ts',
})

interface Data {
  readonly x: Float32Array
  readonly y: Float32Array
}
const D = 10
const SIZE = 20
const { Logistic, momentum } = await compile<{
  Logistic: Model<{ n: number; d: number }, Data, { readonly p: Float32Array }>
  momentum: Optimizer
}>(new URL('logistic.nn', import.meta.url))

const random = createRandom(1)
const train = draw(200)
const validation = draw(200)
const test = draw(4_000)

const parameters = Logistic.init({ seed: 1, sizes: { d: D } })
const bound = Logistic.bind({ n: SIZE, d: D })
const batches = new Batches(train.y.length, SIZE, random)
const state = momentum.init(parameters)
const stopping = new EarlyStopping(10)
let epoch = 0
let loss: number
do {
  epoch++
  for (const rows of batches.epoch()) {
    const data = { x: rowsOf(train.x, D, rows), y: rowsOf(train.y, 1, rows) }
    momentum.step(parameters, bound.backward(parameters, data).grads, state, { rate: 0.02, decay: 0.001 })
  }
  loss = Logistic.loss(parameters, validation)
} while (epoch < 500 && !stopping.stopsAfter(loss, parameters))
console.log(
  `stopped after epoch ${epoch} with a validation loss of ${loss.toFixed(4)}; the least was ${Logistic.loss(stopping.best, validation).toFixed(4)}`,
)

const { p } = Logistic.forward(stopping.best, test)
const metrics = measure(
  test.y,
  p.map((probability) => (probability > 0.5 ? 1 : 0)),
  2,
)
console.log(formatMetrics(metrics, ['class 0', 'class 1']))
// The centres are 2 deviations apart: the best that any classifier can do is Φ(1) = 84.13 %.
expectAtLeast('test accuracy', metrics.accuracy, 0.82)
console.log(`${elapsed()} in all`)

/** Points of D coordinates around two centres, both with deviation 1; only two coordinates tell the classes apart. */
function draw(count: number): Data {
  const y = Float32Array.from({ length: count }, (_, s) => s % 2)
  const x = Float32Array.from({ length: count * D }, (_, at) => {
    const side = y[Math.floor(at / D)] === 1 ? 1 : -1
    return drawNormal(random) + (at % D < 2 ? side * Math.SQRT1_2 : 0)
  })
  return { x, y }
}
