/** Trains `srn.nn` on exclusive or over time. */
import { elapsed, expectAtLeast, readCommand } from '../shared/command.js'
import { compile, type Model, type Optimizer } from '../shared/compile.js'
import { fit } from '../shared/fit.js'
import { accuracyOf } from '../shared/metrics.js'
import { createRandom } from '../shared/random.js'

readCommand({
  about: 'A simple recurrent network says at each step whether a random bit differs from the one before.',
  command: 'npx tsx examples/srn/train.ts',
})

interface Data {
  readonly x: Float32Array
  readonly y: Float32Array
}
const T = 20
const N = 20
const { Srn, adam } = await compile<{
  Srn: Model<{ T: number; n: number }, Data, { readonly p: Float32Array }>
  adam: Optimizer
}>(new URL('srn.nn', import.meta.url))
const random = createRandom(1)
const parameters = Srn.init({ seed: 1 })
const bound = Srn.bind({ T, n: N })
fit(bound, parameters, { steps: 800, optimizer: adam, batch: draw, rate: 0.02 })

const { x, y } = draw()
const { p } = bound.forward(parameters, { x })
const answers = p.map((probability) => (probability > 0.5 ? 1 : 0))
const sequence = (bits: Float32Array): string => [...bits].filter((_, at) => at % N === 0).join(' ')
console.log(`bits     ${sequence(x)}\nanswers  ${sequence(answers)}`)
expectAtLeast('accuracy on new bits', accuracyOf(y, answers), 0.98)
console.log(`${elapsed()} in all`)

/** New sequences of bits [T, N]; before the first one stands a 0. */
function draw(): Data {
  const x = Float32Array.from({ length: T * N }, () => (random() < 0.5 ? 0 : 1))
  return { x, y: x.map((bit, at) => (bit === (at < N ? 0 : x[at - N]) ? 0 : 1)) }
}
