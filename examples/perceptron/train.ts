/** Trains the perceptrons of `perceptron.nn` on handwritten digits, one at a time, and lets all the perceptrons on the way vote. */
import { elapsed, expectAtLeast, percent, readCommand } from '../shared/command.js'
import { compile, type Model, type Optimizer } from '../shared/compile.js'
import { Batch, type Digits, readDigits } from '../shared/digits.js'
import { accuracyOf, bestOf } from '../shared/metrics.js'
import type { Tensors } from '../shared/parameters.js'
import { createRandom, range } from '../shared/random.js'
import { Batches, rowsOf } from '../shared/training.js'

const PIXELS = 784
const EPOCHS = 2

readCommand({
  about:
    'Perceptrons tell even digits from odd ones, and ten digits apart: the last one, the vote of all, and their mean.',
  command: 'npx tsx examples/perceptron/train.ts',
})

type Sizes = { readonly n: number; readonly d: number }
type Outputs = { readonly score: Float32Array }
type Binary = { readonly x: Float32Array; readonly y: Float32Array }
type Multi = { readonly x: Float32Array; readonly label: Int32Array }
const { Perceptron, MultiPerceptron, sgd } = await compile<{
  Perceptron: Model<Sizes, Binary, Outputs>
  MultiPerceptron: Model<Sizes, Multi, Outputs>
  sgd: Optimizer
}>(new URL('perceptron.nn', import.meta.url))

const train = batchOf(readDigits('train', 3_000))
const test = batchOf(readDigits('t10k', 1_000))
trainBinary()
trainMulti()
console.log(`${elapsed()} in all`)

/** All of the digits as one batch. */
function batchOf(digits: Digits): Batch {
  const batch = new Batch(digits.count)
  batch.fill(digits, range(digits.count))
  return batch
}

/** A perceptron on the way, and after how many samples it made its first mistake. */
interface Survivor {
  readonly parameters: Tensors
  readonly votes: number
}

/** Even digits against odd ones. The voted perceptron of Freund and Schapire 1999, Large margin classification using the perceptron algorithm. */
function trainBinary(): void {
  const survivors = collectSurvivors(isEven(train.label))
  const bound = Perceptron.bind({ n: test.label.length, d: PIXELS })
  const last = survivors[survivors.length - 1]
  const scores = (parameters: Tensors): Float32Array => bound.forward(parameters, { x: test.x }).score.slice()
  const single = scores(last.parameters)
  const voted = new Float32Array(test.label.length)
  const mean = new Float32Array(test.label.length)
  for (const { parameters, votes } of survivors)
    for (const [s, score] of scores(parameters).entries()) {
      voted[s] += votes * Math.sign(score)
      // The score is linear: the mean of the scores is the score of the mean perceptron.
      mean[s] += votes * score
    }
  const truth = isEven(test.label)
  const accuracy = (all: Float32Array): number =>
    accuracyOf(
      truth,
      all.map((score) => (score > 0 ? 1 : -1)),
    )
  console.log(
    `even or odd: ${survivors.length} perceptrons on the way, the last one ${percent(accuracy(single))}`,
  )
  expectAtLeast('  the vote of all', accuracy(voted), 0.84)
  expectAtLeast('  their mean', accuracy(mean), 0.84)
}

function isEven(label: Int32Array): Float32Array {
  return Float32Array.from(label, (digit) => (digit % 2 === 0 ? 1 : -1))
}

/** Each sample by itself; the parameters change only at mistakes. */
function collectSurvivors(y: Float32Array): Survivor[] {
  const parameters = Perceptron.init({ seed: 1, sizes: { d: PIXELS } })
  const survivors: Survivor[] = []
  let votes = 0
  const bound = Perceptron.bind({ n: 1, d: PIXELS })
  const samples = new Batches(y.length, 1, createRandom(1))
  const state = sgd.init(parameters)
  for (let epoch = 1; epoch <= EPOCHS; epoch++)
    for (const rows of samples.epoch()) {
      const { grads } = bound.backward(parameters, {
        x: rowsOf(train.x, PIXELS, rows),
        y: rowsOf(y, 1, rows),
      })
      const isMistake = grads.b !== 0
      if (isMistake) {
        survivors.push({ parameters: structuredClone(parameters), votes })
        votes = 0
      }
      sgd.step(parameters, grads, state, { rate: 1 })
      votes++
    }
  return [...survivors, { parameters, votes }]
}

/** Ten digits; the averaged perceptron is the mean over all steps. */
function trainMulti(): void {
  const parameters = MultiPerceptron.init({ seed: 1, sizes: { d: PIXELS } })
  const total = new Float64Array(10 * PIXELS)
  const bound = MultiPerceptron.bind({ n: 1, d: PIXELS })
  const samples = new Batches(train.label.length, 1, createRandom(1))
  const state = sgd.init(parameters)
  for (let epoch = 1; epoch <= EPOCHS; epoch++)
    for (const rows of samples.epoch()) {
      const data = { x: rowsOf(train.x, PIXELS, rows), label: rowsOf(train.label, 1, rows) }
      sgd.step(parameters, bound.backward(parameters, data).grads, state, { rate: 1 })
      const { W } = parameters
      if (W instanceof Float32Array) for (let i = 0; i < total.length; i++) total[i] += W[i]
    }
  const accuracy = (some: Tensors): number =>
    accuracyOf(test.label, bestOf(MultiPerceptron.forward(some, { x: test.x }).score, 10))
  console.log(`ten digits: the last perceptron ${percent(accuracy(parameters))}`)
  // Scores that are all so many times as large have the same winner: the sum is as good as the mean.
  expectAtLeast('  the mean of all on the way', accuracy({ W: total }), 0.85)
}
