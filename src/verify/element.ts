import type { ComputedDef } from '../ir/expr.js'
import type { Frame, Surroundings } from './frame.js'
import { type Accumulator, accumulator } from './reductions.js'
import type { Task } from './task.js'

/** Computes one element of a definition: its body, or the reduction of its body. */
export class ElementTask<N> implements Task {
  readonly #def: ComputedDef
  readonly #frame: Frame<N>
  readonly #in: Surroundings<N>
  readonly #done: (value: N) => void
  #reduction: { readonly accumulator: Accumulator<N>; readonly extents: readonly number[] } | undefined
  /** The entry of the reduction, in row-major order. */
  #entry = 0

  constructor(def: ComputedDef, frame: Frame<N>, surroundings: Surroundings<N>, done: (value: N) => void) {
    this.#def = def
    this.#frame = frame
    this.#in = surroundings
    this.#done = done
  }

  run(): Task | undefined {
    const { body, reduction } = this.#def
    if (!body) throw new Error(`'${this.#def.name}' has no body`)
    if (!reduction) {
      const task = this.#frame.demand(body)
      if (!task) this.#done(this.#frame.real(body))
      return task
    }
    if (!this.#reduction) {
      for (const { extent } of reduction.idx) {
        const task = this.#frame.demand(extent)
        if (task) return task
      }
      this.#reduction = {
        accumulator: accumulator(reduction.kind, this.#in.field, this.#in.monitor),
        extents: reduction.idx.map(({ extent }) => Math.max(0, this.#frame.number(extent))),
      }
    }
    const { accumulator: result, extents } = this.#reduction
    const entries = extents.reduce((product, extent) => product * extent, 1)
    for (; this.#entry < entries; this.#entry++) {
      this.#place(extents)
      let takesPart = true
      for (const condition of reduction.filter) {
        const task = this.#frame.demand(condition)
        if (task) return task
        takesPart = this.#frame.number(condition) !== 0
        if (!takesPart) break
      }
      if (takesPart) {
        const task = this.#frame.demand(body)
        if (task) return task
        result.add(this.#frame.real(body), this.#entry)
      }
      this.#frame.nextEntry()
    }
    this.#done(result.result())
    return undefined
  }

  #place(extents: readonly number[]): void {
    let rest = this.#entry
    for (let axis = extents.length - 1; axis >= 0; axis--) {
      this.#frame.indices[this.#def.idx.length + axis] = rest % extents[axis]
      rest = Math.floor(rest / extents[axis])
    }
  }
}
