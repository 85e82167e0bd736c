/** The kernels for products of matrices, against three plain loops in 64-bit numbers. */
import { describe, test } from 'vitest'
import { encodeModule, MEMORY } from '../../../codegen/wasm/encode.js'
import type { Element } from '../../../codegen/wasm/lanes.js'
import {
  PRODUCT_SCRATCH_BYTES,
  PRODUCT_SLACK_BYTES,
  productFunctions,
} from '../../../codegen/wasm/product.js'

const LAYOUTS = ['rows', 'columns', 'apart'] as const

interface Case {
  readonly rows: number
  readonly depth: number
  readonly columns: number
  /** What lies side by side in the left operand, if anything. */
  readonly layout: (typeof LAYOUTS)[number]
  /** The right operand lies in columns. */
  readonly transposed?: boolean
  /** Unused entries behind each row. */
  readonly gap?: number
}

const ROUNDING: Readonly<Record<Element, number>> = { f32: 2 ** -24, f64: 2 ** -53 }
/** In what must be neither used nor written. */
const GUARD = NaN

class Kernel {
  private readonly memory = new WebAssembly.Memory({ initial: 64 })
  private readonly add: (...args: readonly number[]) => void
  private next = PRODUCT_SCRATCH_BYTES

  constructor(
    readonly left: Element,
    readonly right: Element,
    readonly panel: Element,
  ) {
    const { add, parts } = productFunctions(left, right, panel)
    const bytes = encodeModule({ imports: [], functions: [...parts, { ...add, exported: true }] })
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
      [MEMORY.module]: { [MEMORY.name]: this.memory },
    })
    const found = exports[add.name]
    if (typeof found !== 'function') throw new Error('the product is a function')
    this.add = (...args) => {
      found(...args)
    }
  }

  array(element: Element, length: number): Float32Array | Float64Array {
    const at = Math.ceil(this.next / 8) * 8
    // Of f32 also where no vector is aligned.
    const own = element === 'f32' ? at + 4 : at
    this.next = own + length * (element === 'f32' ? 4 : 8)
    const { buffer } = this.memory
    return element === 'f32' ? new Float32Array(buffer, own, length) : new Float64Array(buffer, own, length)
  }

  /** Runs one product and compares all of the panel, and what lies around it. */
  check(
    { rows, depth, columns, layout, transposed = false, gap = 0 }: Case,
    fill: (operand: 'left' | 'right' | 'panel', i: number, j: number) => number = wave,
  ): void {
    this.next = PRODUCT_SCRATCH_BYTES
    const [rowStep, depthStep] = { rows: [depth + gap, 1], columns: [1, rows + gap], apart: [2 * depth + gap, 2] }[layout] // prettier-ignore
    const [rightStep, columnStep] = transposed ? [1, depth + gap] : [columns + gap, 1]
    const panelStep = columns + gap
    const left = this.array(this.left, rows * rowStep + depth * depthStep).fill(GUARD)
    const right = this.array(this.right, depth * rightStep + columns * columnStep).fill(GUARD)
    const around = this.array(this.panel, rows * panelStep + 16).fill(GUARD)
    const panel = around.subarray(8, 8 + rows * panelStep)
    for (let r = 0; r < rows; r++)
      for (let k = 0; k < depth; k++) left[r * rowStep + k * depthStep] = fill('left', r, k)
    for (let k = 0; k < depth; k++)
      for (let c = 0; c < columns; c++) right[k * rightStep + c * columnStep] = fill('right', k, c)
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) panel[r * panelStep + c] = fill('panel', r, c)
    if (this.next + PRODUCT_SLACK_BYTES > this.memory.buffer.byteLength) throw new Error('too large')

    const before = around.slice()
    this.add(panel.byteOffset, panelStep, left.byteOffset, rowStep, depthStep, right.byteOffset, rightStep, columnStep, rows, depth, columns) // prettier-ignore

    // Operands of the other type are rounded once, too.
    const mixed = this.left === this.panel && this.right === this.panel ? 0 : 2
    const bound = (depth + 2 + mixed) * ROUNDING[this.panel]
    for (const [at, found] of around.entries()) {
      const r = Math.floor((at - 8) / panelStep)
      const c = at - 8 - r * panelStep
      if (at < 8 || at >= 8 + panel.length || c >= columns) {
        if (!Number.isNaN(found)) throw new Error(`entry ${at - 8}, beside the panel, is ${found}`)
        continue
      }
      let sum = before[at]
      let size = Math.abs(sum)
      for (let k = 0; k < depth; k++) {
        const term = left[r * rowStep + k * depthStep] * right[k * rightStep + c * columnStep]
        sum += term
        size += Math.abs(term)
      }
      const near = Number.isFinite(sum) ? Math.abs(found - sum) <= bound * size : Object.is(found, sum)
      if (!near) throw new Error(`${rows} × ${depth} × ${columns}, ${layout}: [${r}, ${c}] is ${found}, not ${sum}`) // prettier-ignore
    }
  }
}

const wave = (operand: string, i: number, j: number): number =>
  Math.fround(Math.sin(operand.length + 1.37 * i + 2.11 * j + i * j))

const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17]

describe.each(['f32', 'f64'] as const)('in %s', (element) => {
  const kernel = new Kernel(element, element, element)

  test.each(LAYOUTS)('all small sizes, the left operand by %s', (layout) => {
    for (const rows of SIZES)
      for (const depth of SIZES)
        for (const columns of SIZES)
          for (const transposed of [false, true]) kernel.check({ rows, depth, columns, layout, transposed })
  })

  test.each(LAYOUTS)('more than one tile, strip and block of the depth, by %s', (layout) => {
    for (const [rows, depth, columns] of [
      [64, 300, 40],
      [63, 513, 33],
      [37, 256, 31],
      [16, 257, 64],
      [5, 1030, 13],
      [1, 777, 301],
      [3, 600, 130],
      [130, 20, 70],
      [65, 40, 50],
      [6, 30, 16],
    ])
      for (const gap of [0, 3])
        for (const transposed of [false, true])
          kernel.check({ rows, depth, columns, layout, transposed, gap })
  })

  test('nothing is added without depth, rows or columns', () => {
    for (const [rows, depth, columns] of [
      [4, 0, 4],
      [0, 4, 4],
      [4, 4, 0],
      [1, 0, 5],
      [1, 5, 0],
    ])
      // prettier-ignore
      kernel.check({ rows, depth, columns, layout: 'rows' })
  })

  test.each([NaN, Infinity, -Infinity])('%d reaches the entries it must and no others', (value) => {
    for (const rows of [1, 3, 4, 7, 9])
      for (const depth of [1, 5, 260])
        for (const columns of [1, 3, 5, 6, 7, 8, 9, 14, 15])
          for (const layout of LAYOUTS) {
            const [row, column, k] = [rows >> 1, columns >> 1, depth >> 1]
            const size = { rows, depth, columns, layout, transposed: columns % 2 === 0, gap: 1 }
            const positive = (operand: string, i: number, j: number): number => 1 + Math.abs(wave(operand, i, j)) // prettier-ignore
            kernel.check(size, (operand, i, j) => operand === 'left' && i === row && j === k ? value : positive(operand, i, j)) // prettier-ignore
            kernel.check(size, (operand, i, j) => operand === 'right' && i === k && j === column ? value : positive(operand, i, j)) // prettier-ignore
            kernel.check(size, (operand, i, j) => operand === 'panel' && i === row && j === column ? value : positive(operand, i, j)) // prettier-ignore
          }
  })

  test('zeros times infinities of other rows and columns are not added', () => {
    for (const columns of [5, 9])
      for (const rows of [5, 9])
        kernel.check({ rows, depth: 3, columns, layout: 'rows' }, (operand, i, j) =>
          operand === 'left' ? (i === rows - 1 ? Infinity : 0) : operand === 'right' ? 1 + j : 0,
        )
  })
})

describe.each([
  ['f32', 'f32', 'f64'],
  ['f64', 'f64', 'f32'],
  ['f32', 'f64', 'f64'],
  ['f64', 'f32', 'f64'],
  ['f32', 'f64', 'f32'],
  ['f64', 'f32', 'f32'],
] as const)('%s times %s into %s', (left, right, panel) => {
  test('is computed in the type of the panel', () => {
    const kernel = new Kernel(left, right, panel)
    for (const layout of LAYOUTS)
      for (const rows of [1, 3, 4, 9])
        for (const depth of [1, 5, 261])
          for (const columns of [1, 2, 3, 5, 7, 8, 18]) kernel.check({ rows, depth, columns, layout, gap: 2 })
  })
})
