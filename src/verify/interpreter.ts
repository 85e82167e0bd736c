/**
 * Evaluates definitions as `src/check` leaves them, element by element on demand, over any field. Slow and plain:
 * it shares no transformation with the compiler that it checks.
 */
import type { ComputedDef, Def, DerivativeDef, Expr, Index, MatrixDef, OwnRule, Size } from '../ir/expr.js'
import { type Compiled, compileExpressions, indicesOf } from './code.js'
import { DerivativeTask } from './derivative.js'
import { type Dual, Duals } from './duals.js'
import { ElementTask } from './element.js'
import type { Field } from './field.js'
import { Frame } from './frame.js'
import type { KinkMonitor } from './kinks.js'
import { MatrixTask } from './matrix.js'
import { carry, type Ruled, type Ruling, unflatten } from './ruled.js'
import { Shared, type StopValues } from './shared.js'
import { complete, type Task } from './task.js'

/** Definitions whose elements come from outside. */
interface Source<N> {
  /** Elements that are all known, if they are. */
  given(def: Def): readonly N[] | undefined
  owns(def: Def): boolean
  find(def: Def, position: number): N | undefined
  task(def: Def, position: number): Task
}

/** Data, such as labels, point at an element that is not there. */
export class OutOfRange extends Error {}

export interface Environment<N> {
  readonly field: Field<N>
  readonly sizes: ReadonlyMap<Size, number>
  /** Row-major values of the inputs and parameters. */
  readonly data: ReadonlyMap<Def, readonly N[]>
  readonly monitor?: KinkMonitor
  readonly stops?: StopValues
  /** The result of rules whose own body is to be differentiated. */
  readonly plain?: Def
  readonly rules?: Ruled<N>
}

interface Memo<N> {
  readonly values: Map<number, N>
  readonly pending: Set<number>
}

export function interpret<N>(environment: Environment<N>): Interpreter<N> {
  const { field, sizes, data, monitor, stops, plain, rules = {} } = environment
  const source: Source<N> = {
    given: (def) => data.get(def),
    owns: (def) => def.kind === 'input' || def.kind === 'param' || data.has(def),
    find: (def, position) => data.get(def)?.[position],
    task: (def) => {
      throw new Error(`no data were given for '${def.name}'`)
    },
  }
  const shared = new Shared(sizes, monitor ?? (() => {}), stops, plain)
  return new Interpreter(field, source, shared, [], '', rules)
}

export class Interpreter<N> implements Ruling<N> {
  readonly field: Field<N>
  readonly #source: Source<N>
  readonly #shared: Shared
  /** What is differentiated by around here. */
  readonly #variables: readonly Def[]
  readonly #path: string
  readonly #memos = new Map<Def, Memo<N>>()
  readonly #perturbed = new Map<string, Interpreter<Dual<N>>>()
  readonly #units = new Map<string, Interpreter<N>>()
  readonly #rules: Ruled<N>

  constructor(
    field: Field<N>,
    source: Source<N>,
    shared: Shared,
    variables: readonly Def[],
    path: string,
    rules: Ruled<N>,
  ) {
    this.#rules = rules
    this.field = field
    this.#source = source
    this.#shared = shared
    this.#variables = variables
    this.#path = path
  }

  get monitor(): KinkMonitor {
    return this.#shared.monitor
  }

  /** What all evaluation so far has cost, in instructions. */
  get work(): number {
    return this.#shared.work
  }

  count(instructions: number): void {
    this.#shared.work += instructions
  }

  /** All elements, row-major. */
  array(def: Def): N[] {
    const count = this.shape(def).reduce((product, extent) => product * extent, 1)
    return Array.from({ length: count }, (_, position) => this.element(def, position))
  }

  element(def: Def, position: number): N {
    let value = this.find(def, position)
    if (value === undefined) {
      complete(this.task(def, position))
      value = this.find(def, position)
    }
    if (value === undefined) throw new Error(`no element ${position} of '${def.name}'`)
    return value
  }

  /** An expression without indices: an extent, a check. */
  number(expr: Expr): number {
    if (expr.kind === 'num') return expr.value.toNumber()
    if (expr.kind === 'size') return this.size(expr)
    const frame = new Frame(this, compileExpressions([expr], [], 0), [], '')
    complete({ run: () => frame.demand(expr) })
    return frame.number(expr)
  }

  shape(def: Def): readonly number[] {
    let shape = this.#shared.shapes.get(def)
    if (!shape) {
      shape = def.idx.map((index) => Math.max(0, this.number(index.extent)))
      this.#shared.shapes.set(def, shape)
    }
    return shape
  }

  size(size: Size): number {
    const value = this.#shared.sizes.get(size)
    if (value === undefined) throw new Error(`size '${size.name}' has no value`)
    return value
  }

  position(def: Def, indices: readonly number[]): number {
    const shape = this.shape(def)
    let position = 0
    for (let axis = 0; axis < shape.length; axis++) {
      const index = indices[axis]
      if (!(Number.isInteger(index) && index >= 0 && index < shape[axis]))
        throw new OutOfRange(
          `'${def.name}[${indices.join(', ')}]' is read, whose shape is [${shape.join(', ')}]`,
        )
      position = position * shape[axis] + index
    }
    return position
  }

  find(def: Def, position: number): N | undefined {
    const given = this.#source.given(def)
    if (given) return given[position]
    if (this.#source.owns(def)) return this.#source.find(def, position)
    if (def.kind === 'table') return this.field.constant(def.values[position])
    return this.#memos.get(def)?.values.get(position)
  }

  task(def: Def, position: number): Task {
    if (this.#source.owns(def)) return this.#source.task(def, position)
    const { values, pending } = this.#memo(def)
    if (pending.has(position)) throw new Error(`element ${position} of '${def.name}' depends on itself`)
    pending.add(position)
    const done = (value: N) => {
      pending.delete(position)
      values.set(position, value)
    }
    switch (def.kind) {
      case 'computed':
        return def.rules.length > 0 && def !== this.#shared.plain
          ? this.#ruledTask(def, position, done)
          : new ElementTask(def, this.#frame(def, position), this, done)
      case 'derivative':
        return new DerivativeTask(def, this.#frame(def, position), this, done)
      case 'matrix':
        return this.#matrixTask(def, position)
      case 'input':
      case 'param':
      case 'table':
        throw new Error(`'${def.name}' is given, not computed`)
    }
  }

  /** The value by the body, the derivatives by the rules. */
  #ruledTask(def: ComputedDef, position: number, done: (value: N) => void): Task {
    const indices = this.#indices(def, position)
    const { carry: carried, adjust } = this.#rules
    if (carried) return carried.task(def, indices, this, done)
    let own: N | undefined
    let adjusted: Task | undefined
    const body = new ElementTask(def, this.#frame(def, position), this, (value) => {
      own = value
    })
    return {
      run: () => {
        if (own === undefined) {
          const task = body.run()
          if (task || own === undefined) return task
          if (!adjust) {
            done(own)
            return undefined
          }
          const place = `${this.#path}${def.id}[${indices.join()}]`
          adjusted = adjust(def, indices, this, own, place, done)
        }
        return adjusted?.run()
      },
    }
  }

  withUnit(rule: OwnRule, position: number): Interpreter<N> {
    const { def, given } = rule
    const key = `${def.id}:${position}`
    let level = this.#units.get(key)
    if (!level) {
      const dependents = this.#shared.dependentsOfGiven(rule)
      const source: Source<N> = {
        given: () => undefined,
        owns: (read) => read === given || !dependents.has(read),
        find: (read, at) =>
          read === given ? this.field.constant(at === position ? 1 : 0) : this.find(read, at),
        task: (read, at) => this.task(read, at),
      }
      const rules = { ...this.#rules, carry: this.#rules.carry?.withUnit(rule, position) }
      level = new Interpreter(
        this.field,
        source,
        this.#shared,
        this.#variables,
        `${this.#path}${key}|`,
        rules,
      )
      this.#units.set(key, level)
    }
    return level
  }

  /** All elements that one call of the operator yields. */
  #matrixTask(def: MatrixDef, position: number): Task {
    const { values, pending } = this.#memo(def)
    const count = this.shape(def)
      .slice(def.batch)
      .reduce((product, extent) => product * extent, 1)
    const first = position - (position % count)
    const batch = this.#indices(def, position).slice(0, def.batch)
    const extent = (index: Index): number => Math.max(0, this.number(index.extent))
    return new MatrixTask(def, batch, this, extent, `${this.#path}${def.id}`, (elements) => {
      pending.delete(position)
      for (const [at, element] of elements.entries()) values.set(first + at, element)
    })
  }

  #indices(def: Def, position: number): number[] {
    return unflatten(position, this.shape(def))
  }

  /** A frame for the element at a position; indices of a reduction begin at 0. */
  #frame(def: Compiled, position: number): Frame<N> {
    const own = this.#indices(def, position)
    return this.frameAt(def, [
      ...own,
      ...indicesOf(def)
        .slice(own.length)
        .map(() => 0),
    ])
  }

  frameAt(def: Compiled, indices: number[]): Frame<N> {
    return new Frame(this, this.#shared.codeOf(def), indices, `${this.#path}${def.id}`)
  }

  #memo(def: Def): Memo<N> {
    let memo = this.#memos.get(def)
    if (!memo) {
      memo = { values: new Map(), pending: new Set() }
      this.#memos.set(def, memo)
    }
    return memo
  }

  isConstant(expr: Expr): boolean {
    return this.#shared.isConstant(expr, this.#variables)
  }

  stopped(place: string, value: N): N {
    const { stops } = this.#shared
    if (!stops) return value
    const own = this.field.value(value)
    const kept = stops.keep(place, own)
    return Object.is(kept, own) ? value : this.field.constant(kept)
  }

  /** This level with one element of `def.wrt` perturbed: what depends on it is computed anew, in dual numbers. */
  perturbed(
    def: DerivativeDef,
    component: number,
  ): { readonly duals: Duals<N>; readonly level: Interpreter<Dual<N>> } {
    const duals = new Duals(this.field)
    const key = `${def.id}:${component}`
    let level = this.#perturbed.get(key)
    if (!level) {
      const dependents = this.#shared.dependentsOf(def)
      const source: Source<Dual<N>> = {
        given: () => undefined,
        owns: (read) => read === def.wrt || !dependents.has(read),
        find: (read, position) => {
          const primal = this.find(read, position)
          if (primal === undefined) return undefined
          const isPerturbed = read === def.wrt && position === component
          return isPerturbed ? { primal, tangent: this.field.constant(1) } : duals.lift(primal)
        },
        task: (read, position) => this.task(read, position),
      }
      const variables = [...this.#variables, def.wrt]
      level = new Interpreter<Dual<N>>(duals, source, this.#shared, variables, `${this.#path}${key}/`, {
        carry: carry(this, duals),
      })
      this.#perturbed.set(key, level)
    }
    return { duals, level }
  }
}
