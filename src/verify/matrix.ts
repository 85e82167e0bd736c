import type { Expr, Index, MatrixDef } from '../ir/expr.js'
import { compileExpressions } from './code.js'
import { eliminate } from './elimination.js'
import { Frame, type Surroundings } from './frame.js'
import type { Task } from './task.js'

/** Computes all elements of an operator on matrices for one place of its batch indices. */
export class MatrixTask<N> implements Task {
  readonly #def: MatrixDef
  readonly #in: Surroundings<N>
  readonly #done: (values: readonly N[]) => void
  readonly #operands: { readonly value: Expr; readonly frame: Frame<N>; readonly shape: readonly number[] }[]
  readonly #entries: N[][]
  readonly #width: number

  /** \`extent\` evaluates the extents of the operands' indices. */
  constructor(
    def: MatrixDef,
    batch: readonly number[],
    surroundings: Surroundings<N>,
    extent: (index: Index) => number,
    name: string,
    done: (values: readonly N[]) => void,
  ) {
    this.#def = def
    this.#in = surroundings
    this.#done = done
    this.#width = batch.length
    this.#operands = def.operands.map(({ idx, value }, at) => {
      const indices = [...def.idx.slice(0, def.batch), ...idx]
      const code = compileExpressions([value], indices, def.batch)
      const frame = new Frame(surroundings, code, [...batch, ...idx.map(() => 0)], `${name}.${at}`)
      return { value, frame, shape: idx.map(extent) }
    })
    this.#entries = def.operands.map(() => [])
  }

  run(): Task | undefined {
    for (const [at, { value, frame, shape }] of this.#operands.entries()) {
      const entries = this.#entries[at]
      const count = shape.reduce((product, extent) => product * extent, 1)
      while (entries.length < count) {
        for (let axis = shape.length - 1, rest = entries.length; axis >= 0; axis--) {
          frame.indices[this.#width + axis] = rest % shape[axis]
          rest = Math.floor(rest / shape[axis])
        }
        const task = frame.demand(value)
        if (task) return task
        entries.push(frame.real(value))
        frame.nextEntry()
      }
    }
    const [matrix, right = []] = this.#operands.map(({ shape: [rows, columns = 1] }, at) =>
      Array.from({ length: rows }, (_, i) => this.#entries[at].slice(i * columns, (i + 1) * columns)),
    )
    this.#in.count(matrix.length ** 3)
    this.#done(eliminate(this.#def.operator, this.#in.field, matrix, right, this.#in.monitor))
    return undefined
  }
}
