/**
 * Forward-mode differentiation with dual numbers `primal + tangent·ε`, over any field: duals of duals are second
 * derivatives. Each nesting is a type of its own, so perturbations of different levels cannot be confused.
 */
import { partials } from '../ops/apply.js'
import type { Algebra } from '../ops/operator.js'
import type { OperatorName } from '../ops/signatures.js'
import { type Field, fieldAlgebra } from './field.js'

export interface Dual<N> {
  readonly primal: N
  /** Undefined where nothing depends on the perturbation: no infinite partial is multiplied with it. */
  readonly tangent: N | undefined
}

export class Duals<N> implements Field<Dual<N>> {
  readonly base: Field<N>
  readonly #algebra: Algebra<N>

  constructor(base: Field<N>) {
    this.base = base
    this.#algebra = fieldAlgebra(base)
  }

  constant(value: number): Dual<N> {
    return this.lift(this.base.constant(value))
  }

  /** A value of the level below, which does not depend on the perturbation. */
  lift(primal: N): Dual<N> {
    return { primal, tangent: undefined }
  }

  value(n: Dual<N>): number {
    return this.base.value(n.primal)
  }

  stop(n: Dual<N>): Dual<N> {
    return this.lift(this.base.stop(n.primal))
  }

  /** A value whose derivative is stated. */
  ruled(primal: N, flows: readonly { readonly partial: N; readonly argument: Dual<N> }[]): Dual<N> {
    const { base } = this
    let tangent: N | undefined
    for (const { partial, argument } of flows) {
      if (argument.tangent === undefined || base.isZero(argument.tangent)) continue
      const part = base.apply('mul', [partial, argument.tangent])
      tangent = tangent === undefined ? part : base.apply('add', [tangent, part])
    }
    return { primal, tangent }
  }

  isZero(n: Dual<N>): boolean {
    return this.base.isZero(n.primal) && (n.tangent === undefined || this.base.isZero(n.tangent))
  }

  /** The derivative by the perturbation. */
  tangent(n: Dual<N>): N {
    return n.tangent ?? this.base.constant(0)
  }

  apply(operator: OperatorName, args: readonly Dual<N>[]): Dual<N> {
    // A derivative through the arm that is not taken would be 0 · NaN at times.
    if (operator === 'select') return this.value(args[0]) !== 0 ? args[1] : args[2]
    const primals = args.map((arg) => arg.primal)
    const primal = this.base.apply(operator, primals)
    if (args.every((arg) => arg.tangent === undefined)) return this.lift(primal)
    const derivatives = partials(operator, this.#algebra, primals, primal)
    if (!derivatives) return this.lift(primal)
    let tangent: N | undefined
    args.forEach((arg, at) => {
      if (arg.tangent === undefined || this.base.isZero(arg.tangent)) return
      const part = this.base.apply('mul', [derivatives[at], arg.tangent])
      tangent = tangent === undefined ? part : this.base.apply('add', [tangent, part])
    })
    return { primal, tangent }
  }
}
