/**
 * Products of matrices: the kernels of the WebAssembly target beside those of the JavaScript target, in f32. Sums are compared first, then
 * both run in turn; medians of the process's CPU time. `npx tsx bench/wasm-product.ts 64x784x512` measures some shapes.
 */
import { cpus } from 'node:os'
import { kernelFor, nameOfKernel, textsOfKernel } from '../codegen/js/product-kernels.js'
import { encodeModule, MEMORY } from '../codegen/wasm/encode.js'
import { PRODUCT_SCRATCH_BYTES, PRODUCT_SLACK_BYTES, productFunctions } from '../codegen/wasm/product.js'
import { compareCpu, printTable } from './harness.js'

interface Shape {
  readonly rows: number
  readonly depth: number
  readonly columns: number
  /** The left operand is the transpose of what lies in memory. */
  readonly transposed?: boolean
  readonly what: string
}

const SHAPES: readonly Shape[] = [
  { rows: 64, depth: 784, columns: 512, what: 'MLP, first layer' },
  { rows: 784, depth: 64, columns: 512, transposed: true, what: 'its gradient' },
  { rows: 64, depth: 512, columns: 512, what: 'MLP, second layer' },
  { rows: 512, depth: 64, columns: 512, transposed: true, what: 'its gradient' },
  { rows: 64, depth: 512, columns: 10, what: 'MLP, last layer' },
  { rows: 1, depth: 784, columns: 512, what: 'MLP, batch 1' },
  { rows: 16, depth: 64, columns: 256, what: 'LSTM, one step' },
  { rows: 64, depth: 16, columns: 256, transposed: true, what: 'its gradient' },
  { rows: 64, depth: 16, columns: 16, what: 'tiny network' },
  { rows: 16, depth: 64, columns: 16, transposed: true, what: 'its gradient' },
  { rows: 4, depth: 10, columns: 10, what: 'tiny network, batch 4' },
  { rows: 8, depth: 72, columns: 24, what: 'convolution' },
]
const JS_ROWS = 16
const WASM_ROWS = 64
/** Multiplications per measured run, at least. */
const LEAST = 1e5

const addProduct = await kernelInJavaScript()
const wanted = process.argv.slice(2)
const nameOf = ({ rows, depth, columns }: Shape): string => `${rows}x${depth}x${columns}`
const table: string[][] = []
for (const shape of SHAPES.filter((each) => wanted.length === 0 || wanted.includes(nameOf(each)))) {
  const { rows, depth, columns, transposed, what } = shape
  const left = wave(rows * depth, 1)
  const right = wave(depth * columns, 2)
  const [rowStep, depthStep] = transposed ? [1, rows] : [depth, 1]
  const js = overJavaScript(shape, left, right, rowStep, depthStep)
  const wasm = overWebAssembly(shape, left, right, rowStep, depthStep)
  const bound = (depth + 2) * 2 ** -23 * depth
  const expected = js()
  for (const [at, value] of wasm().entries())
    if (!(Math.abs(value - expected[at]) <= bound)) throw new Error(`${nameOf(shape)}: ${value}, not ${expected[at]}`) // prettier-ignore
  const repeats = Math.ceil(LEAST / (rows * depth * columns))
  const again = (run: () => unknown) => (): void => {
    for (let n = 0; n < repeats; n++) run()
  }
  const times = compareCpu({ js: again(js), wasm: again(wasm) })
  const speed = (ms: number): string => ((2 * rows * depth * columns * repeats) / ms / 1e6).toFixed(1)
  table.push([what, `${nameOf(shape)}${transposed ? "'" : ''}`, speed(times.js), speed(times.wasm), (times.js / times.wasm).toFixed(2)]) // prettier-ignore
}
console.log(`${cpus()[0].model.trim()}, Node ${process.versions.node}, one thread; GFLOP/s by CPU time`)
printTable(['product', 'shape', 'JavaScript', 'WebAssembly', 'ratio'], table)

/** The kernel for any number of rows, as modules have it. */
async function kernelInJavaScript(): Promise<(...args: readonly unknown[]) => unknown> {
  const kernel = kernelFor(undefined, undefined, false)
  const text = `${textsOfKernel(kernel, '32').join('\n')}\nexport default ${nameOfKernel(kernel, '32')}`
  const module: { default?: unknown } = await import(`data:text/javascript,${encodeURIComponent(text)}`)
  const { default: add } = module
  if (typeof add !== 'function') throw new Error('the kernel is a function')
  return (...args) => Reflect.apply(add, undefined, args)
}

type Run = () => Float32Array | Float64Array

function overJavaScript(
  { rows, depth, columns }: Shape,
  left: Float32Array,
  right: Float32Array,
  rowStep: number,
  depthStep: number,
): Run {
  const panel = new Float64Array(JS_ROWS * columns)
  const result = new Float32Array(rows * columns)
  return () => {
    for (let start = 0; start < rows; start += JS_ROWS) {
      const height = Math.min(JS_ROWS, rows - start)
      panel.fill(0)
      addProduct(panel, 0, left, start * rowStep, rowStep, depthStep, right, 0, columns, height, depth, columns) // prettier-ignore
      for (let r = 0; r < height; r++)
        for (let c = 0; c < columns; c++) result[(start + r) * columns + c] = panel[c * height + r]
    }
    return result
  }
}

function overWebAssembly(
  { rows, depth, columns }: Shape,
  left: Float32Array,
  right: Float32Array,
  rowStep: number,
  depthStep: number,
): Run {
  const { add, parts } = productFunctions('f32', 'f32', 'f32')
  const bytes = encodeModule({ imports: [], functions: [...parts, { ...add, exported: true }] })
  const leftAt = PRODUCT_SCRATCH_BYTES
  const rightAt = leftAt + left.byteLength
  const resultAt = rightAt + right.byteLength
  const end = resultAt + 4 * rows * columns + PRODUCT_SLACK_BYTES
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / 65536) })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    [MEMORY.module]: { [MEMORY.name]: memory },
  })
  const run = exports[add.name]
  if (typeof run !== 'function') throw new Error('the product is a function')
  new Float32Array(memory.buffer, leftAt, left.length).set(left)
  new Float32Array(memory.buffer, rightAt, right.length).set(right)
  const result = new Float32Array(memory.buffer, resultAt, rows * columns)
  return () => {
    result.fill(0)
    for (let start = 0; start < rows; start += WASM_ROWS)
      run(resultAt + 4 * start * columns, columns, leftAt + 4 * start * rowStep, rowStep, depthStep, rightAt, columns, 1, Math.min(WASM_ROWS, rows - start), depth, columns) // prettier-ignore
    return result
  }
}

function wave(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, at) => Math.sin(seed + at * 1.37))
}
