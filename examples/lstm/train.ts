/** Trains `lstm.nn` to count. */
import { elapsed, expectAtLeast, readCommand } from '../shared/command.js'
import { compile, type Model, type Optimizer } from '../shared/compile.js'
import { fit } from '../shared/fit.js'
import { accuracyOf } from '../shared/metrics.js'
import { createRandom } from '../shared/random.js'

readCommand({
  about:
    "An LSTM with peepholes reads some letters a and then letters b, and says when there were as many b's as a's.",
  command: 'npx tsx examples/lstm/train.ts',
})

interface Data {
  readonly x: Float32Array
  readonly y: Float32Array
}
const T = 20
const N = 20
const LONGEST = 10
const { Lstm, adam } = await compile<{
  Lstm: Model<{ T: number; n: number }, Data, { readonly p: Float32Array }>
  adam: Optimizer
}>(new URL('lstm.nn', import.meta.url))
const random = createRandom(1)
const parameters = Lstm.init({ seed: 1 })
const bound = Lstm.bind({ T, n: N })
const batch = () => encode(Array.from({ length: N }, () => 1 + Math.floor(LONGEST * random())))
fit(bound, parameters, { steps: 700, optimizer: adam, batch, rate: 0.03 })

// Each length twice.
const { x, y } = encode(Array.from({ length: N }, (_, s) => 1 + (s % LONGEST)))
const { p } = bound.forward(parameters, { x })
for (let s = 0; s < LONGEST; s += 3) {
  const column = (values: Float32Array): number[] => [...values].filter((_, at) => at % N === s)
  const letters = column(x.filter((_, at) => at % 2 === 0)).map((a) => (a === 1 ? 'a' : 'b'))
  const marks = column(p).map((probability) => (probability > 0.5 ? '^' : ' '))
  console.log(`  ${letters.join('')}\n  ${marks.join('').trimEnd()}`)
}
// A sequence is right where all of its 20 answers are.
const answers = p.map((probability) => (probability > 0.5 ? 1 : 0))
const right = Array.from({ length: N }, (_, s) =>
  Array.from({ length: T }, (_t, t) => t * N + s).every((at) => answers[at] === y[at]),
)
expectAtLeast('sequences marked at the right place only', right.filter(Boolean).length / N, 0.9)
expectAtLeast('steps that are right', accuracyOf(y, answers), 0.99)
console.log(`${elapsed()} in all`)

/** Sequences [T, N, 2] of so many a's and then b's; y is 1 at the b that makes them as many. */
function encode(counts: readonly number[]): Data {
  const x = new Float32Array(T * N * 2)
  const y = new Float32Array(T * N)
  for (const [s, count] of counts.entries()) {
    for (let t = 0; t < T; t++) x[(t * N + s) * 2 + (t < count ? 0 : 1)] = 1
    y[(2 * count - 1) * N + s] = 1
  }
  return { x, y }
}
