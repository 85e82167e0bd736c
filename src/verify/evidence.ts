/** A scalar of a program and its derivatives, by means that share nothing with the compiler's differentiator. */
import type { Def, Size } from '../ir/expr.js'
import { type Dual, Duals } from './duals.js'
import { type Field, NUMBERS } from './field.js'
import { interpret, type Interpreter } from './interpreter.js'
import { carry, held } from './ruled.js'
import type { StopValues } from './shared.js'
import { Tape, type Variable } from './tape.js'

/** Data for one evaluation: sizes, and row-major values of inputs and parameters. */
export interface Point {
  readonly sizes: ReadonlyMap<Size, number>
  readonly data: ReadonlyMap<Def, readonly number[]>
}

/** The scalar `Σ cotangent · output`. */
export type Target = readonly { readonly def: Def; readonly cotangent: readonly number[] }[]

export type Direction = ReadonlyMap<Def, readonly number[]>

export function valueAt(
  { sizes, data }: Point,
  target: Target,
  stops?: StopValues,
  field: Field<number> = NUMBERS,
): number {
  const rules = stops && { adjust: held(stops) }
  const run = interpret({ field, sizes, data, stops, rules })
  return target
    .flatMap(({ def, cotangent }) => cotangent.map((weight, at) => weight * run.element(def, at)))
    .reduce((sum, term) => sum + term, 0)
}

const levels = new WeakMap<Point, Interpreter<number>>()

/** The values below derivatives: what own rules state there is evaluated once for all directions. */
function numbersAt(point: Point): Interpreter<number> {
  let level = levels.get(point)
  if (!level) levels.set(point, (level = interpret({ field: NUMBERS, ...point })))
  return level
}

/** Reverse mode: the derivatives by all elements of `wrt` in one run. */
export function tapeGradients(
  point: Point,
  target: Target,
  wrt: readonly Def[],
  field: Field<number> = NUMBERS,
): ReadonlyMap<Def, number[]> {
  const { sizes, data } = point
  const tape = new Tape(field)
  const variables = new Map<Def, Variable<number>[]>()
  for (const [def, values] of data)
    variables.set(
      def,
      values.map((value) => (wrt.includes(def) ? tape.variable(value) : tape.constant(value))),
    )
  const run = interpret({
    field: tape,
    sizes,
    data: variables,
    rules: { carry: carry(numbersAt(point), tape) },
  })
  const seeds = target.flatMap(({ def, cotangent }) =>
    cotangent.map((weight, at) => ({ of: run.element(def, at), cotangent: weight })),
  )
  const cotangents = tape.backward(seeds)
  return new Map(wrt.map((def) => [def, (variables.get(def) ?? []).map(({ node }) => cotangents[node] ?? 0)]))
}

/** Forward mode: the derivative along one direction. */
export function dualDerivative(point: Point, target: Target, direction: Direction): number {
  const { sizes, data } = point
  const duals = new Duals(NUMBERS)
  const perturbed = new Map<Def, Dual<number>[]>()
  for (const [def, values] of data) {
    const tangents = direction.get(def)
    perturbed.set(
      def,
      values.map((primal, at) => ({ primal, tangent: tangents?.[at] || undefined })),
    )
  }
  const run = interpret({
    field: duals,
    sizes,
    data: perturbed,
    rules: { carry: carry(numbersAt(point), duals) },
  })
  return target
    .flatMap(({ def, cotangent }) =>
      cotangent.map((weight, at) => (weight === 0 ? 0 : weight * duals.tangent(run.element(def, at)))),
    )
    .reduce((sum, term) => sum + term, 0)
}
