/** Derivatives of any order along a line, by dual numbers of dual numbers, from nothing but the table. */
import { evaluate, partials } from '../../src/ops/apply.js'
import { algebraOf, type Elements } from '../../src/ops/number-algebra.js'
import type { OperatorName } from '../../src/ops/signatures.js'

interface Dual<E> {
  readonly primal: E
  readonly tangent: E
}

/** Elements with the operations that a chain rule needs, written out to nest in any depth. */
interface Field<E> extends Elements<E> {
  /** The value of the k-th derivative held in the element. */
  derivative(element: E, order: number): number
  /** The point `at + t · along`, as a function of t to the order of the nesting. */
  line(at: number, along: number): E
}

const numberField: Field<number> = {
  apply: evaluate,
  number: (numerator, denominator = 1) => numerator / denominator,
  pi: Math.PI,
  infinity: Infinity,
  derivative: (x) => x,
  line: (at) => at,
}

function dualField<E>(base: Field<E>): Field<Dual<E>> {
  const m = algebraOf(base)
  const constant = (primal: E): Dual<E> => ({ primal, tangent: m.number(0) })
  return {
    apply: (name, args) => ({ primal: primalOf(name, args), tangent: tangentOf(name, args) }),
    number: (numerator, denominator) => constant(m.number(numerator, denominator)),
    pi: constant(m.pi),
    infinity: constant(m.infinity),
    derivative: (x, order) =>
      order === 0 ? base.derivative(x.primal, 0) : base.derivative(x.tangent, order - 1),
    line: (at, along) => ({ primal: base.line(at, along), tangent: base.line(along, 0) }),
  }

  function primalOf(name: OperatorName, args: readonly Dual<E>[]): E {
    return base.apply(
      name,
      args.map((arg) => arg.primal),
    )
  }

  function tangentOf(name: OperatorName, args: readonly Dual<E>[]): E {
    if (name === 'select') {
      // The tangent of the arm that is taken: that of the other may be infinite or NaN.
      const [condition, ...arms] = args
      return base.apply('select', [condition.primal, ...arms.map((arm) => arm.tangent)])
    }
    const primals = args.map((arg) => arg.primal)
    const slopes = partials(name, m, primals, base.apply(name, primals)) ?? []
    return slopes.reduce((sum, slope, k) => m.add(sum, m.mul(slope, args[k].tangent)), m.number(0))
  }
}

/** The first `order` derivatives of `t ↦ name(at + t · along)` at 0, the value first. */
export function derivativesAlong(
  name: OperatorName,
  at: readonly number[],
  along: readonly number[],
  order: number,
): number[] {
  return nested(numberField, order, (field) => {
    const y = field.apply(
      name,
      at.map((x, k) => field.line(x, along[k])),
    )
    return Array.from({ length: order + 1 }, (_, k) => field.derivative(y, k))
  })
}

function nested<R>(field: Field<number>, depth: number, use: <E>(field: Field<E>) => R): R {
  const deepen = <E>(inner: Field<E>, left: number): R =>
    left === 0 ? use(inner) : deepen(dualField(inner), left - 1)
  return deepen(field, depth)
}
