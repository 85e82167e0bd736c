/** Trains `maxout.nn` to tell the inside of a circle from its outside, and draws what it learned. */
import { elapsed, expectAtLeast, readCommand } from '../shared/command.js'
import { compile, type Model, type Optimizer } from '../shared/compile.js'
import { fit } from '../shared/fit.js'
import { accuracyOf } from '../shared/metrics.js'
import { createRandom } from '../shared/random.js'

readCommand({
  about: 'Two maxout units, each the largest of six lines, learn the inside of a circle.',
  command: 'npx tsx examples/maxout/train.ts',
})

interface Data {
  readonly x: Float32Array
  readonly y: Float32Array
}
const { MaxoutNet, adam } = await compile<{
  MaxoutNet: Model<{ n: number }, Data, { readonly p: Float32Array }>
  adam: Optimizer
}>(new URL('maxout.nn', import.meta.url))
const random = createRandom(1)
const train = draw(1_000)
const test = draw(2_000)
const parameters = MaxoutNet.init({ seed: 1 })
fit(MaxoutNet.bind({ n: 1_000 }), parameters, {
  steps: 1_000,
  optimizer: adam,
  batch: () => train,
  rate: 0.05,
})

for (let row = 0; row < 15; row++) {
  const x = Float32Array.from({ length: 62 }, (_, at) => (at % 2 === 0 ? (at - 30) / 30 : (7 - row) / 7))
  const { p } = MaxoutNet.forward(parameters, { x })
  console.log(`  ${[...p].map((probability) => (probability > 0.5 ? '#' : '·')).join('')}`)
}
const { p } = MaxoutNet.forward(parameters, { x: test.x })
const predictions = p.map((probability) => (probability > 0.5 ? 1 : 0))
expectAtLeast('test accuracy', accuracyOf(test.y, predictions), 0.93)
console.log(`${elapsed()} in all`)

/** Points of the square from -1 to 1; y is 1 within 0.7 of the middle. */
function draw(count: number): Data {
  const x = Float32Array.from({ length: 2 * count }, () => 2 * random() - 1)
  const y = Float32Array.from({ length: count }, (_, s) => (Math.hypot(x[2 * s], x[2 * s + 1]) < 0.7 ? 1 : 0))
  return { x, y }
}
