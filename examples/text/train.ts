/** Trains `text.nn` on a short text, and lets it write. */
import { readFileSync } from 'node:fs'
import { elapsed, expectAtLeast, readCommand } from '../shared/command.js'
import { compile, type Model, type Optimizer } from '../shared/compile.js'
import { fit } from '../shared/fit.js'
import { accuracyOf, bestOf } from '../shared/metrics.js'
import { createRandom } from '../shared/random.js'

readCommand({
  about:
    'A recurrent network (LSTM) learns eight lines of verse letter by letter, and recites from their first words.',
  command: 'npx tsx examples/text/train.ts',
})

interface Data {
  readonly letter: Int32Array
  readonly next: Int32Array
}
const T = 30
const N = 8

// The verse was written for this example.
const text = readFileSync(new URL('text.txt', import.meta.url), 'utf8')
const alphabet = [...new Set(text)].sort()
const codes = encode(text)

const { Text, adam } = await compile<{
  Text: Model<{ T: number; n: number }, Data, { readonly probs: Float32Array }>
  adam: Optimizer
}>(new URL('text.nn', import.meta.url), { define: { letters: alphabet.length } })
const random = createRandom(1)
const parameters = Text.init({ seed: 1 })
fit(Text.bind({ T, n: N }), parameters, { steps: 300, optimizer: adam, batch: drawWindows, rate: 0.02 })

console.log(`  ${recite('a small boat', 100).replaceAll('\n', '\n  ')}`)
const length = codes.length - 1
const { probs } = Text.bind({ T: length, n: 1 }).forward(parameters, { letter: codes.slice(0, length) })
const guesses = bestOf(probs, alphabet.length)
expectAtLeast(
  'letters of the text that are guessed from those before',
  accuracyOf(codes.slice(1), guesses),
  0.9,
)
console.log(`${elapsed()} in all`)

/** Windows [T, N] that start anywhere in the text, and the letters that follow each letter. */
function drawWindows(): Data {
  const starts = Array.from({ length: N }, () => Math.floor(random() * (codes.length - T)))
  const window = (shift: number): Int32Array =>
    Int32Array.from({ length: T * N }, (_, at) => codes[starts[at % N] + Math.floor(at / N) + shift])
  return { letter: window(0), next: window(1) }
}

/** Goes on from a beginning, each time with the most probable letter. */
function recite(beginning: string, count: number): string {
  let written = beginning
  for (let more = 0; more < count; more++) {
    const letter = encode(written)
    const { probs } = Text.bind({ T: letter.length, n: 1 }).forward(parameters, { letter })
    written += alphabet[bestOf(probs.subarray(-alphabet.length), alphabet.length)[0]]
  }
  return written
}

function encode(some: string): Int32Array {
  return Int32Array.from(some, (character) => alphabet.indexOf(character))
}
