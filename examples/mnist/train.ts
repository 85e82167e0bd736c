/** Trains `mlp.nn` on handwritten digits. */
import { elapsed, expectAtLeast, readCommand } from '../shared/command.js'
import { compile, type Optimizer } from '../shared/compile.js'
import { type Classifier, measureAccuracy, trainOnDigits } from '../shared/digit-training.js'
import { readDigits } from '../shared/digits.js'

const SIDE = 28

const { full } = readCommand({
  about: 'A multi-layer perceptron 784-128-128-10 learns 10,000 of the MNIST digits in 4 epochs.',
  command: 'npx tsx examples/mnist/train.ts',
  full: '784-512-512-10, all 60,000 digits, 5 epochs: minutes',
})
const settings = full
  ? { define: { hidden: 512 }, images: 60_000, epochs: 5, batch: 64, rate: 0.05, required: 0.975 }
  : { define: { hidden: 128 }, images: 10_000, epochs: 4, batch: 50, rate: 0.05, required: 0.9 }

const { Mlp, momentum } = await compile<{ Mlp: Classifier; momentum: Optimizer }>(
  new URL('mlp.nn', import.meta.url),
  settings,
)
const parameters = Mlp.init({ seed: 1 })
trainOnDigits(Mlp, momentum, parameters, readDigits('train', settings.images), { ...settings, side: SIDE })
const accuracy = measureAccuracy(Mlp, parameters, readDigits('t10k'), SIDE)
expectAtLeast('test accuracy', accuracy, settings.required)
console.log(`${elapsed()} in all`)
