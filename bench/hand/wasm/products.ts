/**
 * Products of matrices in WebAssembly with SIMD. Both operands are packed first, the left one in groups of four rows, the right one in
 * strips of eight columns, so that the kernel reads both in one direction. It holds four by eight sums in eight vectors; with more, or
 * with its loop written out several times, registers are stored and loaded again, and it is half as fast.
 */
import {
  assemble,
  type Call,
  countDown,
  type Floats,
  get,
  locals,
  type Machine,
  params,
  plus,
  repeat,
} from './assemble.js'

export interface Tile {
  readonly rows: number
  readonly vectors: number
}

/**
 * Sums over `$count` steps: `$a` holds the factors of the rows side by side, step by step. Where the vectors of a step lie is `$b`
 * and then `$step` bytes further each time, or `$b` and what the table at `$step` says. Rows of the result are `$row` bytes apart,
 * or stand where the table at `$row` says.
 */
export interface KernelOptions extends Tile {
  readonly from: 'steps' | 'table'
  readonly to: 'rows' | 'table'
  /** To what is there already. */
  readonly adds: boolean
}

export function kernel(name: string, { rows, vectors, from, to, adds }: KernelOptions): string {
  const sums = Array.from({ length: rows * vectors }, (_, at) => ({ name: `$c${at}`, row: Math.floor(at / vectors), vector: at % vectors })) // prettier-ignore
  const place = (row: number): string =>
    plus('$out', to === 'table' ? `(i32.load offset=${4 * row} ${get('$row')})` : `(i32.mul ${get('$row')} (i32.const ${row}))`) // prettier-ignore
  const source = from === 'table' ? plus('$b', `(i32.load ${get('$step')})`) : get('$b')
  const next = from === 'table' ? `(local.set $step ${plus('$step', 4)})` : `(local.set $b ${plus('$b', get('$step'))})` // prettier-ignore
  return `
(func $${name} (export "${name}") ${params('$a $b $step $count $out $row')}
  ${locals('i32', '$end $at')} ${locals('v128', '$x')}
  ${repeat(vectors, (v) => locals('v128', `$b${v}`))} ${sums.map((sum) => locals('v128', sum.name)).join(' ')}
  (local.set $end ${plus('$a', `(i32.mul ${get('$count')} (i32.const ${4 * rows}))`)})
  (loop $next
    (local.set $at ${source})
    ${repeat(vectors, (v) => `(local.set $b${v} (v128.load offset=${16 * v} ${get('$at')}))`)}
    ${repeat(
      rows,
      (r) => `(local.set $x (v128.load32_splat offset=${4 * r} ${get('$a')}))
    ${sums
      .filter(({ row }) => row === r)
      .map(
        (sum) =>
          `(local.set ${sum.name} (f32x4.add ${get(sum.name)} (f32x4.mul ${get('$x')} ${get(`$b${sum.vector}`)})))`,
      )
      .join('\n    ')}`,
    )}
    ${next}
    (br_if $next (i32.lt_u (local.tee $a ${plus('$a', 4 * rows)}) ${get('$end')})))
  ${repeat(
    rows,
    (r) => `(local.set $at ${place(r)})
  ${sums
    .filter(({ row }) => row === r)
    .map((sum) =>
      store(
        '$at',
        16 * sum.vector,
        adds ? `(f32x4.add ${get(sum.name)} ${load('$at', 16 * sum.vector)})` : get(sum.name),
      ),
    )
    .join('\n  ')}`,
  )})`
}

export const load = (at: string, offset = 0): string => `(v128.load offset=${offset} ${get(at)})`
export const store = (at: string, offset: number, value: string): string =>
  `(v128.store offset=${offset} ${get(at)} ${value})`

/** Groups of columns after each other: of each of `$count` rows, which are `$row` bytes apart, so many numbers side by side. */
const copy = (width: number): string => `
(func (export "copy${width}") ${params('$from $row $count $groups $to')} ${locals('i32', '$at $left')}
  ${countDown('$groups', `
  (local.set $at ${get('$from')})
  (local.set $left ${get('$count')})
  ${countDown('$left', `
  ${repeat(width / 4, (v) => store('$to', 16 * v, load('$at', 16 * v)))}
  (local.set $to ${plus('$to', 4 * width)})
  (local.set $at ${plus('$at', get('$row'))})`)}
  (local.set $from ${plus('$from', 4 * width)})`)})` // prettier-ignore

/** The same of the transposed matrix: groups of rows, of which `$count` columns are taken, four at a time. */
const turn = (width: number): string => `
(func (export "turn${width}") ${params('$from $row $count $groups $to')} ${locals('i32', '$at $left')}
  ${locals('v128', '$x0 $x1 $x2 $x3 $y0 $y1 $y2 $y3')}
  ${countDown('$groups', `
  (local.set $left (i32.shr_u ${get('$count')} (i32.const 2)))
  ${countDown('$left', `
  (local.set $at ${get('$from')})
  ${repeat(width / 4, (q) => `
  ${repeat(4, (r) => `(local.set $x${r} ${load('$at')}) (local.set $at ${plus('$at', get('$row'))})`)}
  (local.set $y0 ${pick('$x0', '$x1', [0, 4, 1, 5])})
  (local.set $y1 ${pick('$x2', '$x3', [0, 4, 1, 5])})
  (local.set $y2 ${pick('$x0', '$x1', [2, 6, 3, 7])})
  (local.set $y3 ${pick('$x2', '$x3', [2, 6, 3, 7])})
  ${store('$to', 16 * q, pick('$y0', '$y1', [0, 1, 4, 5]))}
  ${store('$to', 16 * q + 4 * width, pick('$y0', '$y1', [2, 3, 6, 7]))}
  ${store('$to', 16 * q + 8 * width, pick('$y2', '$y3', [0, 1, 4, 5]))}
  ${store('$to', 16 * q + 12 * width, pick('$y2', '$y3', [2, 3, 6, 7]))}`)}
  (local.set $to ${plus('$to', 16 * width)})
  (local.set $from ${plus('$from', 16)})`)}
  (local.set $from ${plus('$from', `(i32.sub (i32.mul ${get('$row')} (i32.const ${width})) (i32.mul ${get('$count')} (i32.const 4)))`)})`)})` // prettier-ignore

/** Lanes of two vectors: 0 to 3 of the first, 4 to 7 of the second. */
export const pick = (x: string, y: string, lanes: readonly number[]): string =>
  `(i8x16.shuffle ${lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)).join(' ')} ${get(x)} ${get(y)})`

/** All groups of `$a` by all strips of `$b`. */
const multiply = (name: string, tile: string): string => `
(func (export "${name}") ${params('$a $groups $b $strips $count $out $row')} ${locals('i32', '$left $rows $to')}
  ${countDown('$strips', `
  (local.set $left ${get('$groups')})
  (local.set $rows ${get('$a')})
  (local.set $to ${get('$out')})
  ${countDown('$left', `
  (call $${tile} ${get('$rows')} ${get('$b')} (i32.const 32) ${get('$count')} ${get('$to')} ${get('$row')})
  (local.set $rows ${plus('$rows', `(i32.mul ${get('$count')} (i32.const 16))`)})
  (local.set $to ${plus('$to', `(i32.mul ${get('$row')} (i32.const 4))`)})`)}
  (local.set $b ${plus('$b', `(i32.mul ${get('$count')} (i32.const 32))`)})
  (local.set $out ${plus('$out', 32)})`)})` // prettier-ignore

export const PRODUCTS: readonly string[] = [
  copy(4),
  copy(8),
  turn(4),
  turn(8),
  kernel('tile', { rows: 4, vectors: 2, from: 'steps', to: 'rows', adds: false }),
  kernel('tileAdd', { rows: 4, vectors: 2, from: 'steps', to: 'rows', adds: true }),
  multiply('multiply', 'tile'),
  multiply('multiplyAdd', 'tileAdd'),
]

/** An operand: where it is, and the bytes from row to row. Of a transposed one these are the rows of what is stored. */
export interface Matrix {
  readonly at: number
  readonly row: number
  readonly transposed?: boolean
}

/** Steps of the sum that are packed at a time: a strip and a group of rows stay in the first cache. */
const BLOCK = 512

/** Products in the memory of a machine; rows, steps and columns in fours, fours and eights. */
export class Products {
  private readonly copy4: Call
  private readonly copy8: Call
  private readonly turn4: Call
  private readonly turn8: Call
  private readonly multiply: Call
  private readonly multiplyAdd: Call
  private readonly left: Floats
  private readonly strip: Floats

  /** `largest` rows of a left operand. */
  constructor(machine: Machine, largest: number) {
    this.copy4 = machine.call('copy4')
    this.copy8 = machine.call('copy8')
    this.turn4 = machine.call('turn4')
    this.turn8 = machine.call('turn8')
    this.multiply = machine.call('multiply')
    this.multiplyAdd = machine.call('multiplyAdd')
    this.left = machine.floats(largest * BLOCK)
    this.strip = machine.floats(8 * BLOCK)
  }

  /** out = a b, of m by k and k by n numbers. */
  times(a: Matrix, b: Matrix, out: Matrix, m: number, k: number, n: number): void {
    const blocks = Math.ceil(k / BLOCK)
    const size = Math.ceil(k / blocks / 4) * 4
    for (let from = 0; from < k; from += size) {
      const count = Math.min(size, k - from)
      this.packLeft(shifted(a, from, !a.transposed), m, count)
      const strips = shifted(b, from, b.transposed === true)
      for (let j = 0; j < n; j += 8) {
        this.packRight(shifted(strips, j, !b.transposed), count, 1, this.strip.at)
        const multiply = from === 0 ? this.multiply : this.multiplyAdd
        multiply(this.left.at, m / 4, this.strip.at, 1, count, out.at + 4 * j, out.row)
      }
    }
  }

  /** A right operand in strips, for `timesPacked`. */
  packRight(b: Matrix, k: number, strips: number, to: number): void {
    const pack = b.transposed ? this.turn8 : this.copy8
    pack(b.at, b.row, k, strips, to)
  }

  /** out += a b, of a right operand that is packed. */
  addPacked(a: Matrix, packed: number, out: Matrix, m: number, k: number, n: number): void {
    this.packLeft(a, m, k)
    this.multiplyAdd(this.left.at, m / 4, packed, n / 8, k, out.at, out.row)
  }

  timesPacked(a: Matrix, packed: number, out: Matrix, m: number, k: number, n: number): void {
    this.packLeft(a, m, k)
    this.multiply(this.left.at, m / 4, packed, n / 8, k, out.at, out.row)
  }

  private packLeft(a: Matrix, m: number, k: number): void {
    const pack = a.transposed ? this.copy4 : this.turn4
    pack(a.at, a.row, k, m / 4, this.left.at)
  }
}

/** From an entry on, of a row or of the column of rows. */
const shifted = (matrix: Matrix, count: number, inRow: boolean): Matrix => ({
  ...matrix,
  at: matrix.at + count * (inRow ? 4 : matrix.row),
})

/** The product of two matrices that stay in the memory. */
export async function productByHand(
  a: Float32Array,
  b: Float32Array,
  m: number,
  k: number,
  n: number,
): Promise<() => Float32Array> {
  const machine = await assemble(PRODUCTS, 4 * (m * k + k * n + m * n + (m + 8) * BLOCK) + 4096)
  const [left, right] = [a, b].map(machine.holding)
  const out = machine.floats(m * n)
  const products = new Products(machine, m)
  return () => {
    products.times(
      { at: left.at, row: 4 * k },
      { at: right.at, row: 4 * n },
      { at: out.at, row: 4 * n },
      m,
      k,
      n,
    )
    return out.view
  }
}
