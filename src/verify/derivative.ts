import type { DerivativeDef } from '../ir/expr.js'
import type { Dual, Duals } from './duals.js'
import type { Frame, Surroundings } from './frame.js'
import type { Task } from './task.js'

/** An interpreter that can go one level deeper: the same definitions in dual numbers. */
export interface Perturbable<N> extends Surroundings<N> {
  perturbed(
    def: DerivativeDef,
    component: number,
  ): {
    readonly duals: Duals<N>
    readonly level: { frameAt(def: DerivativeDef, indices: number[]): Frame<Dual<N>> }
  }
}

/** Computes one element of a pending derivative: the tangent of `of` under a perturbation of one element of `wrt`. */
export class DerivativeTask<N> implements Task {
  readonly #def: DerivativeDef
  readonly #frame: Frame<N>
  readonly #in: Perturbable<N>
  readonly #done: (value: N) => void
  #inner: { readonly duals: Duals<N>; readonly frame: Frame<Dual<N>> } | undefined

  constructor(def: DerivativeDef, frame: Frame<N>, surroundings: Perturbable<N>, done: (value: N) => void) {
    this.#def = def
    this.#frame = frame
    this.#in = surroundings
    this.#done = done
  }

  run(): Task | undefined {
    const { at, of, wrt, idx } = this.#def
    if (!this.#inner) {
      for (const argument of at) {
        const task = this.#frame.demand(argument)
        if (task) return task
      }
      const { indices } = this.#frame
      const rest = indices.slice(idx.length - (wrt.idx.length - at.length))
      const component = this.#in.position(wrt, [
        ...at.map((argument) => this.#frame.number(argument)),
        ...rest,
      ])
      const { duals, level } = this.#in.perturbed(this.#def, component)
      this.#inner = { duals, frame: level.frameAt(this.#def, [...indices]) }
    }
    const { duals, frame } = this.#inner
    const task = frame.demand(of)
    if (!task) this.#done(duals.tangent(frame.real(of)))
    return task
  }
}
