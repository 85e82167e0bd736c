/** Calls the functions of a generated module with the data of a point, as a user of it would. */
import type { Def } from '../ir/expr.js'
import { type Entry, type Input, optimizerInputs } from '../ir/program.js'
import type { Point } from './evidence.js'

export type Dtype = 'f32' | 'f64'

/** Row-major numbers by definition: of results, or the gradient by parameters and inputs. */
export type Values = ReadonlyMap<Def, readonly number[]>

export interface CompiledEntry {
  /** Outputs and loss. */
  values(point: Point): Values
  /** Of the loss or the one scalar result, else of `Σ cotangent · output`. Structural zeros are left out. */
  gradients(point: Point, cotangents: Values): Values
  /** The same by parameters and fewer data: what each choice of `wrt` gives, which computes only what it needs. */
  chosen(point: Point, cotangents: Values): readonly Chosen[]
}

interface Chosen {
  readonly by: readonly Def[]
  readonly gradients: Values
}

/** A generated module does not offer what it should, or refuses valid data: a bug of the compiler, not of the user. */
export class ModuleMismatch extends Error {}

const isReal = ({ type, def }: Input): boolean => type === 'real' && !def.integer

/** What the entry is differentiated by: parameters and real data. An optimizer is not. */
export const variablesOf = (entry: Entry): readonly Def[] =>
  entry.kind === 'optimizer'
    ? []
    : [...entry.params.map(({ def }) => def), ...entry.inputs.filter(isReal).map(({ def }) => def)]

export const realOutputsOf = (entry: Entry): readonly Def[] =>
  entry.outputs.map(({ def }) => def).filter((def) => !def.integer)

/** The one scalar whose gradient the module computes without being given cotangents. */
export function scalarOf(entry: Entry): Def | undefined {
  if (entry.kind !== 'function') return entry.loss
  const [only, ...others] = entry.outputs
  return others.length === 0 && only && only.def.idx.length === 0 && !only.def.integer ? only.def : undefined
}

export function compiledEntry(module: unknown, entry: Entry, dtype: Dtype): CompiledEntry {
  const exported = member(module, entry.name) ?? member(module, `${entry.name}_`)
  if (exported === undefined) throw new ModuleMismatch(`the module does not export '${entry.name}'`)
  switch (entry.kind) {
    case 'function':
      return functionEntry(exported, entry, dtype)
    case 'model':
      return modelEntry(exported, entry, dtype)
    case 'optimizer':
      return optimizerEntry(exported, entry, dtype)
  }
}

/** One step of parameters that are nested, from the states of the point. */
function optimizerEntry(exported: unknown, entry: Entry, dtype: Dtype): CompiledEntry {
  const { parameters, gradient, states, settings, updated } = optimizerInputs(entry)
  const named = (inputs: readonly Input[], point: Point): Nested =>
    Object.fromEntries(inputs.map(({ name, def }) => [name, toArgument(def, point, dtype)]))
  const nest = (leaf: unknown): Nested => ({ layer: { W: leaf } })
  return {
    values(point) {
      const params = nest(toArgument(parameters.def, point, dtype))
      const grads = nest(toArgument(gradient.def, point, dtype))
      const own = named(states, point)
      const made = call(member(exported, 'init'), `${entry.name}.init`, [params])
      const first = member(member(made, 'layer'), 'W')
      for (const { name } of states)
        if (numbersOf(member(first, name), `${entry.name}.init`).some((value) => value !== 0))
          throw new ModuleMismatch(`'${entry.name}.init' does not start '${name}' at 0`)
      const args = [params, grads, nest(own), named(settings, point)]
      const result = call(member(exported, 'step'), `${entry.name}.step`, args)
      const news = [member(member(result, 'layer'), 'W'), ...states.map(({ name }) => own[name])]
      return new Map(
        updated.map(({ name }, at) => [entry.outputs[at].def, numbersOf(news[at], `the new ${name}`)]),
      )
    },
    gradients: () => new Map(),
    chosen: () => [],
  }
}

function functionEntry(exported: unknown, entry: Entry, dtype: Dtype): CompiledEntry {
  const args = (point: Point) => entry.inputs.map(({ def }) => toArgument(def, point, dtype))
  const real = entry.inputs.filter(isReal).map(({ def }) => def)
  return {
    values(point) {
      const result = call(exported, entry.name, [...args(point), ...sizeOptions(point)])
      const results = entry.outputs.length === 1 ? [result] : list(result, entry.name)
      return new Map(entry.outputs.map(({ def, name }, at) => [def, numbersOf(results[at], name)]))
    },
    gradients(point, cotangents) {
      const result = scalarOf(entry)
        ? call(member(exported, 'grad'), `${entry.name}.grad`, [...args(point), ...sizeOptions(point)])
        : call(member(exported, 'vjp'), `${entry.name}.vjp`, [
            args(point),
            functionCotangents(entry, cotangents, dtype),
            ...sizeOptions(point),
          ])
      const grads = list(member(result, 'grads') ?? result, `${entry.name} gradients`)
      return present(real.map((def, at) => [def, grads[at]]))
    },
    chosen: () => [],
  }
}

function functionCotangents(entry: Entry, cotangents: Values, dtype: Dtype): unknown {
  const outputs = realOutputsOf(entry)
  const values = outputs.map((def) => shaped(def, cotangents.get(def) ?? [], dtype))
  return entry.outputs.length === 1 ? values[0] : values
}

function modelEntry(exported: unknown, entry: Entry, dtype: Dtype): CompiledEntry {
  const method = (name: string, args: readonly unknown[]) =>
    call(member(exported, name), `${entry.name}.${name}`, args)
  const data = (point: Point) =>
    Object.fromEntries(entry.inputs.map(({ def, name }) => [name, toArgument(def, point, dtype)]))
  const real = entry.inputs.filter(isReal)
  const gradients = (point: Point, cotangents: Values, by: readonly Input[]): Values => {
    const outputs = entry.outputs.filter(({ def }) => !def.integer)
    const given = outputs.map(({ def, name }) => [name, shaped(def, cotangents.get(def) ?? [], dtype)])
    const options = {
      ...(by.length > 0 ? { wrt: by.map(({ name }) => name) } : {}),
      ...(entry.loss ? {} : { cotangents: Object.fromEntries(given) }),
      ...sizeOptions(point)[0],
    }
    const result = method('backward', [nested(entry, point, dtype), data(point), options])
    const grads = member(result, 'grads')
    return present([
      ...entry.params.map(({ def, path }): [Def, unknown] => [def, path.reduce(member, grads)]),
      ...by.map(({ def, name }): [Def, unknown] => [def, member(grads, name)]),
    ])
  }
  return {
    values(point) {
      const params = nested(entry, point, dtype)
      const values = new Map<Def, number[]>()
      if (entry.outputs.length > 0) {
        const outputs = method('forward', [params, data(point), ...sizeOptions(point)])
        for (const { def, name } of entry.outputs) values.set(def, numbersOf(member(outputs, name), name))
      }
      if (entry.loss) {
        const loss = method('loss', [params, data(point), ...sizeOptions(point)])
        values.set(entry.loss, numbersOf(member(loss, 'loss') ?? loss, 'loss'))
      }
      return values
    },
    gradients: (point, cotangents) => gradients(point, cotangents, real),
    chosen(point, cotangents) {
      const choices = [
        ...(entry.params.length > 0 ? [[]] : []),
        ...(real.length > 1 ? real.map((input) => [input]) : []),
      ]
      return choices.map((by) => ({
        by: [...entry.params, ...by].map(({ def }) => def),
        gradients: gradients(point, cotangents, by),
      }))
    },
  }
}

/** Several sizes may not be told from the length of a flat array. */
const sizeOptions = ({ sizes }: Point): readonly [] | readonly [{ readonly sizes: object }] =>
  sizes.size === 0
    ? []
    : [{ sizes: Object.fromEntries([...sizes].map(([{ name }, value]) => [name, value])) }]

interface Nested {
  [name: string]: unknown
}

const isNested = (value: unknown): value is Nested => typeof value === 'object' && value !== null

function nested(entry: Entry, point: Point, dtype: Dtype): Nested {
  const root: Nested = {}
  for (const { path, def } of entry.params) {
    let place = root
    for (const name of path.slice(0, -1)) {
      const inner = place[name]
      const next: Nested = isNested(inner) ? inner : {}
      place[name] = next
      place = next
    }
    place[path[path.length - 1]] = toArgument(def, point, dtype)
  }
  return root
}

const toArgument = (def: Def, point: Point, dtype: Dtype): unknown =>
  shaped(def, point.data.get(def) ?? [], dtype)

/** A number for a scalar, else a flat array of the element type that users have. */
function shaped(def: Def, values: readonly number[], dtype: Dtype): unknown {
  if (def.idx.length === 0) return values[0]
  if (def.integer) return Int32Array.from(values)
  return dtype === 'f32' ? Float32Array.from(values) : Float64Array.from(values)
}

const present = (entries: readonly (readonly [Def, unknown])[]): Values =>
  new Map(
    entries.flatMap(([def, value]) =>
      value === undefined ? [] : [[def, numbersOf(value, def.name)] as const],
    ),
  )

function member(value: unknown, name: string): unknown {
  const holds = (typeof value === 'object' && value !== null) || typeof value === 'function'
  return holds && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
}

function call(method: unknown, name: string, args: readonly unknown[]): unknown {
  if (typeof method !== 'function') throw new ModuleMismatch(`the module has no function '${name}'`)
  try {
    return Reflect.apply(method, undefined, args)
  } catch (error) {
    throw new ModuleMismatch(`'${name}' throws: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function list(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new ModuleMismatch(`'${name}' is not an array`)
  return value
}

function numbersOf(value: unknown, name: string): number[] {
  if (typeof value === 'number') return [value]
  if (value instanceof Float32Array || value instanceof Float64Array || value instanceof Int32Array)
    return Array.from(value)
  if (Array.isArray(value)) return value.flat(Infinity).map(Number)
  throw new ModuleMismatch(`'${name}' is neither a number nor an array`)
}
