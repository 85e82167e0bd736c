/** The kernels for sums of products, against plain loops in 64-bit numbers; and loops that become one call of them. */
import { describe, expect, test } from 'vitest'
import { analyse } from '../../../src/compile.js'
import { runPasses } from '../../../src/ir/pass.js'
import { pipeline } from '../../../src/pipeline.js'
import { WEBASSEMBLY } from '../../../src/schedule/machine.js'
import { scheduleEntry } from '../../../src/schedule/schedule.js'
import { encodeModule, MEMORY } from '../../../codegen/wasm/encode.js'
import { lowerMethod } from '../../../codegen/wasm/kernel.js'
import type { Element } from '../../../codegen/wasm/lanes.js'
import { nestFunctions } from '../../../codegen/wasm/product-nest.js'
import { PRODUCT_SLACK_BYTES } from '../../../codegen/wasm/product.js'
import { printModule } from '../../../codegen/wasm/text.js'
import { Unit } from '../../../codegen/wasm/unit.js'
import { load, run } from '../load.js'

const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 13]
const COUNTS = [
  [1, 1],
  [2, 3],
  [3, 1],
  [1, 4],
  [0, 2],
  [2, 0],
] as const

describe.each(['f32', 'f64'] as const)('in %s', (element: Element) => {
  const memory = new WebAssembly.Memory({ initial: 16 })
  const { add, parts } = nestFunctions(element, element, element)
  const bytes = encodeModule({ imports: [], functions: [...parts, { ...add, exported: true }] })
  const imports = { [MEMORY.module]: { [MEMORY.name]: memory } }
  const found = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports[add.name]
  if (typeof found !== 'function') throw new Error('the product is a function')
  const size = element === 'f32' ? 4 : 8
  const array = (at: number, length: number): Float32Array | Float64Array =>
    element === 'f32'
      ? new Float32Array(memory.buffer, at, length)
      : new Float64Array(memory.buffer, at, length)

  test.each(COUNTS)('%i by %i steps of the loops around', (outer, inner) => {
    for (const rows of SIZES)
      for (const columns of SIZES)
        for (const depth of [1, 3, 6]) {
          // Windows that overlap on the right, and lie in another order than the loops on the left.
          const [leftRow, leftDepth, leftInner, leftOuter] = [97, 1, 31, 7]
          const [rightDepth, rightInner, rightOuter] = [columns + 5, 1, 2]
          const left = array(size, rows * leftRow + 40).map((_, at) => Math.fround(Math.sin(at + 1)))
          const leftAt = 64
          const rightAt = leftAt + Math.ceil((left.length * size) / 64) * 64 + size
          const right = array(rightAt, depth * rightDepth + 40).map((_, at) => Math.fround(Math.cos(3 * at)))
          const panelStep = columns + 3
          const panelAt = rightAt + right.length * size + PRODUCT_SLACK_BYTES
          array(leftAt, left.length).set(left)
          array(rightAt, right.length).set(right)
          const panel = array(panelAt, rows * panelStep)
          panel.fill(NaN)
          for (let r = 0; r < rows; r++) panel.fill(r + 1, r * panelStep, r * panelStep + columns)
          found(panelAt, panelStep, leftAt, leftRow, leftDepth, rightAt, rightDepth, rows, depth, columns, inner, leftInner, rightInner, outer, leftOuter, rightOuter) // prettier-ignore
          for (const [at, value] of panel.entries()) {
            const [r, c] = [Math.floor(at / panelStep), at % panelStep]
            if (c >= columns) {
              expect(value).toBeNaN()
              continue
            }
            let sum = r + 1
            for (let a = 0; a < outer; a++)
              for (let b = 0; b < inner; b++)
                for (let k = 0; k < depth; k++)
                  sum += left[r * leftRow + k * leftDepth + b * leftInner + a * leftOuter] * right[k * rightDepth + b * rightInner + a * rightOuter + c] // prettier-ignore
            const bound = 2 * (rows + outer * inner * depth) * (element === 'f32' ? 2 ** -24 : 2 ** -53)
            if (!(Math.abs(value - sum) <= bound * rows + bound)) throw new Error(`${rows} × ${depth} × ${columns}: [${r}, ${c}] is ${value}, not ${sum}`) // prettier-ignore
          }
        }
  })
})

type Shape = readonly [channels: number, results: number, a: number, b: number, step: number]

/** A convolution with kernels of `a` by `b`. */
const convolution = ([c, o, a, b, step]: Shape): string =>
  `export fn f(x: [n, ${c}, 9, 14], K: [${o}, ${c}, ${a}, ${b}]) {
    y[s, p, i, j] = sum[q, u < ${a}, v < ${b}] K[p, q, u, v] * x[s, q, ${step}i + u, ${step}j + v]
    return y
  }`

const SHAPES: readonly Shape[] = [
  [1, 6, 5, 5, 1],
  [3, 4, 3, 3, 1],
  [6, 16, 5, 5, 1],
  [2, 5, 1, 1, 1],
  [4, 8, 1, 3, 1],
  [5, 7, 4, 2, 2],
  [1, 1, 3, 3, 1],
]

test.each(SHAPES)('convolutions of %i channels into %i, %i by %i, are as in JavaScript', async (...shape) => {
  const source = convolution(shape)
  const [c, o, a, b, step] = shape
  const modules = await Promise.all([load(source, { dtype: 'f64' }), load(source, { dtype: 'f64', target: 'wasm' })]) // prettier-ignore
  const n = 3
  const x = Float64Array.from({ length: n * c * 9 * 14 }, (_, at) => Math.sin(at * at))
  const K = Float64Array.from({ length: o * c * a * b }, (_, at) => Math.cos(7 * at))
  const count = n * o * (Math.floor((9 - a) / step) + 1) * (Math.floor((14 - b) / step) + 1)
  const cotangents = Float64Array.from({ length: count }, (_, at) => Math.sin(5 * at))
  const results = modules.map((module) => [run(module, 'f', x, K), ...Array.from(Object(run(module, 'f.vjp', [x, K], cotangents)))]) // prettier-ignore
  for (const [at, expected] of results[0].entries()) {
    const own = results[1][at]
    if (!(expected instanceof Float64Array && own instanceof Float64Array)) throw new Error('arrays are expected') // prettier-ignore
    expect(own).toHaveLength(expected.length)
    for (const [place, value] of expected.entries()) expect(own[place]).toBeCloseTo(value, 10)
  }
})

test('the window of a convolution is one call', () => {
  const { program } = analyse(convolution([6, 16, 5, 5, 1]), { filename: 'test.nn' })
  if (!program) throw new Error('the program has errors')
  const { graph, entries } = runPasses(program, pipeline({}))
  const [method] = scheduleEntry(graph, entries[0], { machine: WEBASSEMBLY }).methods
  const unit = new Unit()
  lowerMethod(method, 'f', unit)
  const text = printModule(unit.module())
  expect(text.match(/call \$addProducts_f64\b/g)).toHaveLength(1)
})
