/**
 * Results whose derivatives are known by rules: the value is that of the body, and what flows in from an argument is the
 * stated derivative, evaluated one level lower, times the change of the argument.
 */
import type { ComputedDef, Def, Expr, OwnRule } from '../ir/expr.js'
import { compileExpressions } from './code.js'
import { Frame, type Surroundings } from './frame.js'
import type { Task } from './task.js'

/** A level that evaluates rules. */
export interface Ruling<N> extends Surroundings<N> {
  shape(def: Def): readonly number[]
  /** This level, with the stand-in for the cotangent of a result 1 at a position and 0 elsewhere. */
  withUnit(rule: OwnRule, position: number): Ruling<N>
}

/** What carries derivatives over a base: duals, tape variables. */
export interface Carrier<B, N> {
  ruled(primal: B, flows: readonly { readonly partial: B; readonly argument: N }[]): N
}

/** How a level makes the results of rules. */
export interface Carry<N> {
  task(def: ComputedDef, indices: readonly number[], upper: Surroundings<N>, done: (value: N) => void): Task
  withUnit(rule: OwnRule, position: number): Carry<N>
}

/** The results of rules at one level: made from the level below, or adjusted after their bodies. */
export interface Ruled<N> {
  readonly carry?: Carry<N> | undefined
  readonly adjust?: Adjust<N> | undefined
}

type Adjust<N> = (
  def: ComputedDef,
  indices: readonly number[],
  level: Ruling<N>,
  value: N,
  place: string,
  done: (value: N) => void,
) => Task

/** By the level below. */
export const carry = <B, N>(lower: Ruling<B>, carrier: Carrier<B, N>): Carry<N> => ({
  withUnit: (rule, position) => carry(lower.withUnit(rule, position), carrier),
  task(def, indices, upper, done) {
    const position = lower.position(def, indices)
    const pending = partialsOf(lower, def, indices)
    const flows: { partial: B; argument: N }[] = []
    return {
      run() {
        const primal = lower.find(def, position)
        if (primal === undefined) return lower.task(def, position)
        for (let next = pending.at(-1); next; next = pending.at(-1)) {
          const partial = next.level.find(next.def, next.position)
          if (partial === undefined) return next.level.task(next.def, next.position)
          const argument = upper.find(next.argument, next.from)
          if (argument === undefined) return upper.task(next.argument, next.from)
          flows.push({ partial, argument })
          pending.pop()
        }
        done(carrier.ruled(primal, flows))
        return undefined
      },
    }
  },
})

/** Numbers kept from the first evaluation for those of differences, in which a value moves by its rule. */
export interface Held {
  keep(place: string, value: number): number
  has(place: string): boolean
}

/** Moves the results of rules by the changes of their arguments since the first evaluation. */
export const held =
  (kept: Held): Adjust<number> =>
  (def, indices, level, value, place, done) => {
    const isFirst = !kept.has(`${place}.v`)
    let sum = kept.keep(`${place}.v`, value)
    // The first time it is as it is: what a rule reads of the result itself is there.
    if (isFirst) done(sum)
    const pending = partialsOf(level, def, indices)
    return {
      run() {
        for (let next = pending.at(-1); next; next = pending.at(-1)) {
          const slot = `${place}.${pending.length}`
          const argument = level.find(next.argument, next.from)
          if (argument === undefined) return level.task(next.argument, next.from)
          const partial = isFirst ? next.level.find(next.def, next.position) : kept.keep(`${slot}p`, 0)
          if (partial === undefined) return next.level.task(next.def, next.position)
          sum += kept.keep(`${slot}p`, partial) * (argument - kept.keep(`${slot}a`, argument))
          pending.pop()
        }
        if (!isFirst) done(sum)
        return undefined
      },
    }
  }

/** One stated derivative of an element: where it is found, and of which element of the argument. */
interface Partial<N> {
  readonly def: Def
  readonly position: number
  readonly level: Ruling<N>
  readonly argument: Def
  readonly from: number
}

function partialsOf<N>(level: Ruling<N>, def: ComputedDef, indices: readonly number[]): Partial<N>[] {
  const position = level.position(def, indices)
  return def.rules.flatMap((rule): Partial<N>[] => {
    const all: { indices: readonly number[]; level: Ruling<N> }[] = []
    if (rule.given) {
      const unit = level.withUnit(rule, position)
      const own = level.shape(rule.def).slice(rule.outer)
      const count = own.reduce((product, extent) => product * extent, 1)
      for (let at = 0; at < count; at++)
        all.push({ indices: [...indices.slice(0, rule.outer), ...unflatten(at, own)], level: unit })
    } else all.push({ indices, level })
    return all.map(({ indices: at, level: from }) => ({
      def: rule.def,
      position: from.position(rule.def, at),
      level: from,
      argument: rule.argument,
      from: level.position(rule.argument, placesOf(level, rule, at)),
    }))
  })
}

/** The subscripts of the argument: indices and numbers, before which nothing has to be computed. */
function placesOf<N>(
  level: Ruling<N>,
  { def, at, function: name }: OwnRule,
  indices: readonly number[],
): number[] {
  const frame = new Frame(level, compileExpressions(at, def.idx, def.idx.length), [...indices], '')
  return at.map((place: Expr) => {
    if (frame.demand(place)) throw new Error(`a subscript of a rule of '${name}' reads data`)
    return frame.number(place)
  })
}

export function unflatten(position: number, shape: readonly number[]): number[] {
  const indices = shape.map(() => 0)
  for (let axis = shape.length - 1, rest = position; axis >= 0; axis--) {
    indices[axis] = rest % shape[axis]
    rest = Math.floor(rest / shape[axis])
  }
  return indices
}
