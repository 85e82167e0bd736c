/** Finds the kernels of convolutions from what goes in and what comes out. */
import { elapsed, expectAtMost, readCommand } from '../shared/command.js'
import { compile, type Model, type Optimizer } from '../shared/compile.js'
import { Batch, readDigits } from '../shared/digits.js'
import { fit } from '../shared/fit.js'
import type { Floats, Tensors } from '../shared/parameters.js'
import { createRandom, drawNormal, range } from '../shared/random.js'

readCommand({
  about: 'Narrow and wide convolutions find a filter of signals, and the edges of a handwritten digit.',
  command: 'npx tsx examples/convolution/train.ts',
})

type Data = { readonly x: Floats; readonly y: Floats }
type Filter<Sizes> = Model<Sizes, Data, { readonly ŷ: Float32Array }>

await learnSignals()
await learnEdges()
console.log(`${elapsed()} in all`)

/** A signal of noise, and the kernel that smooths it. */
async function learnSignals(): Promise<void> {
  const { NarrowFilter, WideFilter, adam } = await compile<{
    NarrowFilter: Filter<{ n: number }>
    WideFilter: Filter<{ n: number }>
    adam: Optimizer
  }>(new URL('conv1d.nn', import.meta.url))
  const kernel = [0.1, 0.2, 0.4, 0.2, 0.1]
  const random = createRandom(1)
  const x = Float32Array.from({ length: 100 }, () => drawNormal(random))
  for (const [name, model, padding] of [
    ['narrow', NarrowFilter, 0],
    ['wide', WideFilter, kernel.length - 1],
  ] as const) {
    const y = filter(x, kernel, padding)
    const parameters = model.init({ seed: 1 })
    const settings = { steps: 400, optimizer: adam, batch: () => ({ x, y }), rate: 0.05, name }
    fit(model.bind({ n: x.length }), parameters, settings)
    report(parameters.w, kernel, kernel.length)
  }
}

/** A plain loop, by which the compiled convolution is judged. */
function filter(x: Float32Array, kernel: readonly number[], padding: number): Float32Array {
  return Float32Array.from({ length: x.length + 2 * padding - kernel.length + 1 }, (_, t) =>
    kernel.reduce((sum, weight, k) => sum + weight * (x[t + k - padding] ?? 0), 0),
  )
}

/** A digit, and the kernel of Sobel that finds its upright edges. */
async function learnEdges(): Promise<void> {
  const side = 28
  type Sizes = { H: number; W: number }
  const { sobel, sobel_wide, NarrowFilter2d, WideFilter2d, adam } = await compile<{
    sobel(x: readonly Floats[]): Float64Array
    sobel_wide(x: readonly Floats[]): Float64Array
    NarrowFilter2d: Filter<Sizes>
    WideFilter2d: Filter<Sizes>
    adam: Optimizer
  }>(new URL('conv2d.nn', import.meta.url))
  const batch = new Batch(1, side)
  batch.fill(readDigits('train', 1), range(1))
  const { x } = batch
  const rows = Array.from({ length: side }, (_, i) => x.subarray(i * side, (i + 1) * side))
  const kernel = [-1, 0, 1, -2, 0, 2, -1, 0, 1]
  for (const [name, model, y] of [
    ['narrow', NarrowFilter2d, sobel(rows)],
    ['wide', WideFilter2d, sobel_wide(rows)],
  ] as const) {
    const parameters: Tensors = model.init({ seed: 1 })
    const settings = { steps: 600, optimizer: adam, batch: () => ({ x, y }), rate: 0.1, name }
    fit(model.bind({ H: side, W: side }), parameters, settings)
    report(parameters.K, kernel, 3)
  }
}

/** Prints a kernel, and judges it by its distance from the one that made the data. */
function report(found: Tensors[string], kernel: readonly number[], columns: number): void {
  if (!(found instanceof Float32Array)) throw new Error('a kernel is an array')
  for (let at = 0; at < found.length; at += columns)
    console.log(`  ${[...found.subarray(at, at + columns)].map((w) => w.toFixed(3).padStart(7)).join('')}`)
  expectAtMost('  largest error', Math.max(...kernel.map((w, i) => Math.abs(found[i] - w))), 0.01)
}
