/**
 * Compiles `mlp.nn` and trains it on handwritten digits:
 *
 *     npx tsx examples/mnist/train.ts           784-512-512-10 on 60,000 images, 5 epochs
 *     npx tsx examples/mnist/train.ts --quick   784-128-128-10 on 10,000 images, under a minute
 *
 * The exit code is 1 where the accuracy on the 10,000 test images stays below what the model should reach.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compileModule } from '../../src/index.js'
import { Batch, type Digits, readDigits } from './digits.js'
import { Momentum, type Tensors } from './momentum.js'
import { Progress } from '../progress.js'

/** What this program uses of the compiled module; the whole is in `build/mlp.d.ts`. */
interface MlpModule {
  readonly Mlp: {
    init(options: { seed: number }): Tensors
    bind(sizes: { n: number }): {
      forward(params: Tensors, data: { x: Float32Array }): { probs: Float32Array }
      backward(
        params: Tensors,
        data: { x: Float32Array; label: Int32Array },
      ): { loss: number; grads: Tensors }
    }
  }
}

interface Settings {
  readonly define: Readonly<Record<string, number>>
  readonly images: number
  readonly epochs: number
  readonly batch: number
  readonly rate: number
  /** The part of the test images that must be recognised. */
  readonly required: number
}

const { quick } = parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values
const settings: Settings = quick
  ? { define: { hidden: 128 }, images: 10_000, epochs: 4, batch: 50, rate: 0.05, required: 0.9 }
  : { define: {}, images: 60_000, epochs: 5, batch: 64, rate: 0.05, required: 0.975 }
const MOMENTUM = 0.9

const started = performance.now()
const { Mlp } = await compile()
const digits = readDigits('train', settings.images)
const params = Mlp.init({ seed: 1 })
train()
const accuracy = measureAccuracy(readDigits('t10k'))
const seconds = (performance.now() - started) / 1000
console.log(`test accuracy ${(100 * accuracy).toFixed(2)} % after ${seconds.toFixed(1)} s in all`)
if (accuracy < settings.required) {
  console.error(`below ${100 * settings.required} %`)
  process.exitCode = 1
}

async function compile(): Promise<MlpModule> {
  const filename = fileURLToPath(new URL('mlp.nn', import.meta.url))
  const { code, dts, diagnostics } = compileModule(readFileSync(filename, 'utf8'), {
    filename: 'mlp.nn',
    define: settings.define,
  })
  if (code === '') throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const output = new URL('build/mlp.js', import.meta.url)
  mkdirSync(new URL('.', output), { recursive: true })
  writeFileSync(output, code)
  writeFileSync(new URL('build/mlp.d.ts', import.meta.url), dts)
  const time = (performance.now() - started).toFixed(0)
  console.log(`compiled mlp.nn to build/mlp.js in ${time} ms, ${(code.length / 1024).toFixed(1)} kB`)
  return import(output.href)
}

function train(): void {
  const { epochs, batch: size, rate } = settings
  const model = Mlp.bind({ n: size })
  const descent = new Momentum(params)
  const batch = new Batch(size)
  const order = Uint32Array.from({ length: digits.count }, (_, s) => s)
  const random = createRandom(1)
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const progress = new Progress()
    const start = performance.now()
    let total = 0
    let seen = 0
    const line = () => {
      const speed = (1000 * seen) / (performance.now() - start)
      return `epoch ${epoch}/${epochs}  ${seen} images  loss ${((total * size) / seen).toFixed(4)}  ${speed.toFixed(0)} images/s`
    }
    shuffle(order, random)
    for (let at = 0; at + size <= digits.count; at += size) {
      batch.fill(digits, order, at)
      const { loss, grads } = model.backward(params, batch)
      // The steps shrink towards the end of each run, in halves, so that the last epochs settle.
      descent.step(grads, rate * 0.5 ** (epoch - 1), MOMENTUM)
      total += loss
      seen += size
      progress.update(line())
    }
    progress.finish(line())
  }
}

function measureAccuracy(test: Digits): number {
  const size = 100
  const model = Mlp.bind({ n: size })
  const batch = new Batch(size)
  const order = Uint32Array.from({ length: test.count }, (_, s) => s)
  let right = 0
  for (let at = 0; at + size <= test.count; at += size) {
    batch.fill(test, order, at)
    const { probs } = model.forward(params, batch)
    for (let s = 0; s < size; s++) {
      const row = probs.subarray(s * 10, s * 10 + 10)
      if (row.indexOf(Math.max(...row)) === batch.label[s]) right++
    }
  }
  return right / test.count
}

/** Fisher and Yates: every order is as likely as any other. */
function shuffle(order: Uint32Array, random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const taken = order[i]
    order[i] = order[j]
    order[j] = taken
  }
}

/** Numbers in [0, 1), the same ones in every run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), state | 1)
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61)
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32
  }
}
