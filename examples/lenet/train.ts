/** Trains `lenet5.nn` on handwritten digits. */
import { elapsed, expectAtLeast, expectThat, readCommand } from '../shared/command.js'
import { compile, type Optimizer } from '../shared/compile.js'
import { type Classifier, measureAccuracy, trainOnDigits } from '../shared/digit-training.js'
import { readDigits } from '../shared/digits.js'
import { countParameters, type Tensors } from '../shared/parameters.js'

/** The images of the paper are larger than the digits, so that the ends of strokes can lie in the middle of a receptive field. */
const SIDE = 32
const COUNTS = { C1: 156, S2: 12, C3: 1_516, S4: 32, C5: 48_120, F6: 10_164, output: 850 }

const { full } = readCommand({
  about: 'LeNet-5, a convolutional network, learns 2,000 of the MNIST digits in 3 epochs.',
  command: 'npx tsx examples/lenet/train.ts',
  full: 'all 60,000 digits, 6 epochs: 44 minutes on a busy machine',
})
const settings = full
  ? { images: 60_000, tests: 10_000, epochs: 6, batch: 20, rate: 0.02, required: 0.985 }
  : { images: 2_000, tests: 2_000, epochs: 3, batch: 10, rate: 0.02, required: 0.88 }

const { LeNet5, momentum } = await compile<{ LeNet5: Classifier; momentum: Optimizer }>(
  new URL('lenet5.nn', import.meta.url),
)
const parameters = LeNet5.init({ seed: 1 })
for (const [layer, count] of Object.entries(COUNTS))
  expectThat(`${layer} has ${count} parameters`, countParameters(layerOf(parameters, layer)) === count)
trainOnDigits(LeNet5, momentum, parameters, readDigits('train', settings.images), { ...settings, side: SIDE })
const accuracy = measureAccuracy(LeNet5, parameters, readDigits('t10k', settings.tests), SIDE)
expectAtLeast('test accuracy', accuracy, settings.required)
console.log(`${elapsed()} in all`)

function layerOf(all: Tensors, name: string): Tensors {
  const layer = all[name]
  if (typeof layer !== 'object' || ArrayBuffer.isView(layer)) throw new Error(`there is no layer '${name}'`)
  return layer
}
