/**
 * Reverse-mode differentiation on a tape: the textbook algorithm, run on numbers while the interpreter computes.
 * It shares the operator table with the compiler and nothing else.
 */
import { partials } from '../ops/apply.js'
import type { Algebra } from '../ops/operator.js'
import type { OperatorName } from '../ops/signatures.js'
import { type Field, fieldAlgebra } from './field.js'

/** A value, and its place on the tape; constants have none. */
export interface Variable<N> {
  readonly value: N
  readonly node: number
}

const NONE = -1
const isConstant = ({ node }: Variable<unknown>): boolean => node === NONE

/** A Wengert list: for each node its parents and the partial derivatives by them. */
export class Tape<N> implements Field<Variable<N>> {
  readonly #base: Field<N>
  readonly #algebra: Algebra<N>
  /** The entries of node `k` are `#ends[k - 1] … #ends[k] - 1`. */
  #ends = new Int32Array(1024)
  #parents = new Int32Array(2048)
  readonly #partials: N[] = []
  #nodes = 0

  constructor(base: Field<N>) {
    this.#base = base
    this.#algebra = fieldAlgebra(base)
  }

  get length(): number {
    return this.#nodes
  }

  /** A variable to differentiate by. */
  variable(value: N): Variable<N> {
    return { value, node: this.#close() }
  }

  constant(value: number): Variable<N> {
    return { value: this.#base.constant(value), node: NONE }
  }

  value(n: Variable<N>): number {
    return this.#base.value(n.value)
  }

  stop(n: Variable<N>): Variable<N> {
    return { value: this.#base.stop(n.value), node: NONE }
  }

  /** A value whose derivative is stated. */
  ruled(value: N, flows: readonly { readonly partial: N; readonly argument: Variable<N> }[]): Variable<N> {
    const active = flows.filter(({ argument }) => argument.node !== NONE)
    if (active.length === 0) return { value, node: NONE }
    for (const { partial, argument } of active) this.#entry(argument.node, partial)
    return { value, node: this.#close() }
  }

  isZero(n: Variable<N>): boolean {
    return n.node === NONE && this.#base.isZero(n.value)
  }

  apply(operator: OperatorName, args: readonly Variable<N>[]): Variable<N> {
    // A derivative through the arm that is not taken would be 0 · NaN at times.
    if (operator === 'select') return this.value(args[0]) !== 0 ? args[1] : args[2]
    if (operator === 'mul') return this.#multiply(args[0], args[1])
    const values = args.map((arg) => arg.value)
    const value = this.#base.apply(operator, values)
    if (args.every(isConstant)) return { value, node: NONE }
    const derivatives = partials(operator, this.#algebra, values, value)
    if (!derivatives) return { value, node: NONE }
    args.forEach((arg, at) => {
      if (arg.node !== NONE) this.#entry(arg.node, derivatives[at])
    })
    return { value, node: this.#close() }
  }

  /** The most frequent operator, without the detour over its record. */
  #multiply(a: Variable<N>, b: Variable<N>): Variable<N> {
    const value = this.#base.apply('mul', [a.value, b.value])
    if (a.node === NONE && b.node === NONE) return { value, node: NONE }
    if (a.node !== NONE) this.#entry(a.node, b.value)
    if (b.node !== NONE) this.#entry(b.node, a.value)
    return { value, node: this.#close() }
  }

  /** Runs the tape backwards; the result holds the cotangent of each node that one reached. */
  backward(seeds: readonly { readonly of: Variable<N>; readonly cotangent: N }[]): (N | undefined)[] {
    const cotangents: (N | undefined)[] = Array.from({ length: this.#nodes })
    const accumulate = (node: number, contribution: N) => {
      const before = cotangents[node]
      cotangents[node] = before === undefined ? contribution : this.#base.apply('add', [before, contribution])
    }
    for (const { of, cotangent } of seeds) if (of.node !== NONE) accumulate(of.node, cotangent)
    for (let node = this.#nodes - 1; node >= 0; node--) {
      const cotangent = cotangents[node]
      // Zero times an infinite partial would be NaN, where nothing depends on the value at all.
      if (cotangent === undefined || this.#base.isZero(cotangent)) continue
      const end = this.#ends[node]
      for (let entry = node === 0 ? 0 : this.#ends[node - 1]; entry < end; entry++)
        accumulate(this.#parents[entry], this.#base.apply('mul', [cotangent, this.#partials[entry]]))
    }
    return cotangents
  }

  #entry(parent: number, partial: N): void {
    const at = this.#partials.push(partial) - 1
    if (at === this.#parents.length) this.#parents = doubled(this.#parents)
    this.#parents[at] = parent
  }

  #close(): number {
    if (this.#nodes === this.#ends.length) this.#ends = doubled(this.#ends)
    this.#ends[this.#nodes] = this.#partials.length
    return this.#nodes++
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2)
  larger.set(array)
  return larger
}
