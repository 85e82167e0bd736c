/** Trains `gru.nn` on the adding problem. */
import { elapsed, expectAtMost, readCommand } from '../shared/command.js'
import { compile, type Model, type Optimizer } from '../shared/compile.js'
import { fit } from '../shared/fit.js'
import { createRandom } from '../shared/random.js'

readCommand({
  about:
    'A gated recurrent unit adds the two marked ones of 12 random numbers (Hochreiter, Schmidhuber 1997).',
  command: 'npx tsx examples/gru/train.ts',
})

interface Data {
  readonly x: Float32Array
  readonly y: Float32Array
}
const T = 12
const N = 40
const { Gru, adam } = await compile<{
  Gru: Model<{ T: number; n: number }, Data, { readonly ŷ: Float32Array }>
  adam: Optimizer
}>(new URL('gru.nn', import.meta.url))
const random = createRandom(1)
const parameters = Gru.init({ seed: 1 })
fit(Gru.bind({ T, n: N }), parameters, { steps: 800, optimizer: adam, batch: () => draw(N), rate: 0.02 })

const { x, y } = draw(1_000)
const { ŷ } = Gru.bind({ T, n: 1_000 }).forward(parameters, { x })
for (let s = 0; s < 3; s++) console.log(`  the sum is ${y[s].toFixed(3)}, the answer ${ŷ[s].toFixed(3)}`)
const meanSquare = ŷ.reduce((sum, answer, s) => sum + (answer - y[s]) ** 2, 0) / y.length
// The variance of the sum of two uniform numbers is 1/6: what always answering 1 would give.
expectAtMost('mean square of the error', meanSquare, 0.01)
console.log(`${elapsed()} in all`)

/** Sequences [T, n, 2] of numbers and marks, one mark in each half; y is the sum of the marked numbers. */
function draw(n: number): Data {
  const x = new Float32Array(T * n * 2)
  const y = new Float32Array(n)
  for (let s = 0; s < n; s++) {
    const marked = [0, T / 2].map((from) => from + Math.floor((random() * T) / 2))
    for (let t = 0; t < T; t++) {
      const at = (t * n + s) * 2
      x[at] = random()
      if (!marked.includes(t)) continue
      x[at + 1] = 1
      y[s] += x[at]
    }
  }
  return { x, y }
}
