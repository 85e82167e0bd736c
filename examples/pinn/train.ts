/**
 * Compiles `pinn.nn` and trains it until the network solves the differential equation:
 *
 *     npx tsx examples/pinn/train.ts           128 points, 20,000 steps
 *     npx tsx examples/pinn/train.ts --quick   32 points, 4,000 steps, a few seconds
 *
 * The exit code is 1 where the largest error against the solution sin(πx) stays above what the method should reach.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compileModule } from '../../src/index.js'
import { Progress } from '../progress.js'
import { Adam, type Tensors } from './adam.js'

/** What this program uses of the compiled module; the whole is in `build/pinn.d.ts`. */
interface PinnModule {
  readonly Pinn: {
    init(options: { seed: number }): Tensors
    bind(sizes: { n: number }): {
      forward(params: Tensors, data: { x: Float64Array }): { u: Float64Array; residual: Float64Array }
      backward(params: Tensors, data: { x: Float64Array }): { loss: number; grads: Tensors }
    }
  }
}

interface Settings {
  readonly points: number
  readonly steps: number
  readonly rate: number
  /** The largest error against the solution that is accepted. */
  readonly bound: number
}

const { quick } = parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values
const settings: Settings = quick
  ? { points: 32, steps: 4_000, rate: 0.01, bound: 1e-3 }
  : { points: 128, steps: 20_000, rate: 0.01, bound: 1e-4 }

const started = performance.now()
const { Pinn } = await compile()
const params = Pinn.init({ seed: 1 })
train()
const error = measureError()
const seconds = (performance.now() - started) / 1000
console.log(`largest error against sin(πx) ${error.toExponential(2)} after ${seconds.toFixed(1)} s in all`)
if (!(error <= settings.bound)) {
  console.error(`above ${settings.bound}`)
  process.exitCode = 1
}

async function compile(): Promise<PinnModule> {
  const filename = fileURLToPath(new URL('pinn.nn', import.meta.url))
  const { code, dts, diagnostics } = compileModule(readFileSync(filename, 'utf8'), {
    filename: 'pinn.nn',
    // Second derivatives of a network that is to be right to four digits are better not rounded to single precision.
    dtype: 'f64',
  })
  if (code === '') throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  const output = new URL('build/pinn.js', import.meta.url)
  mkdirSync(new URL('.', output), { recursive: true })
  writeFileSync(output, code)
  writeFileSync(new URL('build/pinn.d.ts', import.meta.url), dts)
  const time = (performance.now() - started).toFixed(0)
  console.log(`compiled pinn.nn to build/pinn.js in ${time} ms, ${(code.length / 1024).toFixed(1)} kB`)
  return import(output.href)
}

/** Equidistant points of [0, 1], its ends included. */
function grid(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, s) => s / (count - 1))
}

function train(): void {
  const { points, steps, rate } = settings
  const model = Pinn.bind({ n: points })
  const x = grid(points)
  const descent = new Adam(params)
  const progress = new Progress()
  const start = performance.now()
  let line = ''
  for (let step = 1; step <= steps; step++) {
    const { loss, grads } = model.backward(params, { x })
    // Half a cosine: the last steps are small, so that the network settles.
    descent.step(grads, (rate * (1 + Math.cos((Math.PI * step) / steps))) / 2)
    const speed = (1000 * step) / (performance.now() - start)
    line = `step ${step}/${steps}  loss ${loss.toExponential(2)}  ${speed.toFixed(0)} steps/s`
    progress.update(line)
  }
  progress.finish(line)
}

/** The largest difference from sin(πx), between the points of the training too. */
function measureError(): number {
  const x = grid(1001)
  const { u } = Pinn.bind({ n: x.length }).forward(params, { x })
  return x.reduce((most, at, s) => Math.max(most, Math.abs(u[s] - Math.sin(Math.PI * at))), 0)
}
