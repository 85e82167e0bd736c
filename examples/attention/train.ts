/** Trains `attention.nn` to look things up. */
import { elapsed, expectAtLeast, readCommand } from '../shared/command.js'
import { compile, type Model, type Optimizer } from '../shared/compile.js'
import { fit } from '../shared/fit.js'
import { accuracyOf, bestOf } from '../shared/metrics.js'
import { createRandom, range, shuffle } from '../shared/random.js'

readCommand({
  about: 'An attention layer looks up the value of a key in six pairs that are new each time.',
  command: 'npx tsx examples/attention/train.ts',
})

interface Data {
  readonly key: Int32Array
  readonly value: Int32Array
  readonly query: Int32Array
  readonly label: Int32Array
}
type Outputs = { readonly weight: Float32Array; readonly probs: Float32Array }
const LETTERS = 10
const PAIRS = 6
const { Memory, adam } = await compile<{
  Memory: Model<{ n: number; m: number }, Data, Outputs>
  adam: Optimizer
}>(new URL('attention.nn', import.meta.url))
const random = createRandom(1)
const parameters = Memory.init({ seed: 1 })
const bound = Memory.bind({ n: 50, m: PAIRS })
fit(bound, parameters, { steps: 1_000, optimizer: adam, batch: () => draw(50), rate: 0.03 })

const { label, ...asked } = draw(1_000)
const { weight, probs } = Memory.bind({ n: 1_000, m: PAIRS }).forward(parameters, asked)
const answers = bestOf(probs, LETTERS)
for (let s = 0; s < 4; s++) {
  const pair = (j: number): string =>
    `${asked.key[s * PAIRS + j]}→${asked.value[s * PAIRS + j]} ${(100 * weight[s * PAIRS + j]).toFixed(0).padStart(3)} %`
  const pairs = Array.from({ length: PAIRS }, (_, j) => pair(j)).join('  ')
  console.log(`  ${asked.query[s]}? ${answers[s]}   looked at ${pairs}`)
}
expectAtLeast('accuracy on new pairs', accuracyOf(label, answers), 0.98)
console.log(`${elapsed()} in all`)

/** Six different keys with any values, and a query for one of them. */
function draw(n: number): Data {
  const key = new Int32Array(n * PAIRS)
  const value = key.map(() => Math.floor(LETTERS * random()))
  const query = new Int32Array(n)
  const label = new Int32Array(n)
  const letters = range(LETTERS)
  for (let s = 0; s < n; s++) {
    shuffle(letters, random)
    key.set(letters.subarray(0, PAIRS), s * PAIRS)
    const asked = s * PAIRS + Math.floor(PAIRS * random())
    query[s] = key[asked]
    label[s] = value[asked]
  }
  return { key, value, query, label }
}
