import { type Random, range, shuffle } from './random.js'
import type { Floats, Tensors } from './parameters.js'

/**
 * The batches of one epoch after another, each a list of samples. The samples are shuffled for each epoch where `random` is given. A
 * size of 1 is stochastic descent, a size of `count` full-batch descent, all between mini-batch descent. What does not fill a
 * batch is left for another epoch.
 */
export class Batches {
  readonly #order: Uint32Array
  readonly #size: number
  readonly #random: Random | undefined

  constructor(count: number, size: number, random?: Random) {
    this.#order = range(count)
    this.#size = Math.min(size, count)
    this.#random = random
  }

  *epoch(): Generator<Uint32Array> {
    if (this.#random) shuffle(this.#order, this.#random)
    for (let at = 0; at + this.#size <= this.#order.length; at += this.#size)
      yield this.#order.subarray(at, at + this.#size)
  }
}

/** The given rows of a matrix with so many columns. */
export function rowsOf<Values extends Floats | Int32Array>(
  values: Values,
  columns: number,
  rows: Uint32Array,
): Values
export function rowsOf(values: Floats | Int32Array, columns: number, rows: Uint32Array): Floats | Int32Array {
  const taken = values.slice(0, columns * rows.length)
  for (const [at, row] of rows.entries())
    taken.set(values.subarray(row * columns, (row + 1) * columns), at * columns)
  return taken
}

/** Early stopping: keeps the parameters that were best on the validation set, and tells when it has waited too long for better ones. */
export class EarlyStopping {
  readonly #patience: number
  #waited = 0
  #least = Infinity
  #best: Tensors = {}

  /** `patience` is how many times in a row the validation loss may fail to fall. */
  constructor(patience: number) {
    this.#patience = patience
  }

  /** Whether to stop, after an epoch with this loss on the validation set. */
  stopsAfter(loss: number, parameters: Tensors): boolean {
    if (loss < this.#least) {
      this.#least = loss
      this.#best = structuredClone(parameters)
      this.#waited = 0
    } else this.#waited++
    return this.#waited >= this.#patience
  }

  /** The parameters with the least loss. */
  get best(): Tensors {
    return this.#best
  }
}
