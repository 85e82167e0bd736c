/**
 * Random networks for several sizes of the batch: JavaScript in 64 bits against a tape, both targets and both precisions against it, and
 * bound methods, called in any order in memory that is spoilt before each call, against those of the module.
 */
import { analyse, compileModule } from '../../src/compile.js'
import type { Def } from '../../src/ir/expr.js'
import type { Entry } from '../../src/ir/program.js'
import {
  type CompiledEntry,
  compiledEntry,
  type Dtype,
  variablesOf,
} from '../../src/verify/compiled-module.js'
import { type Point, tapeGradients } from '../../src/verify/evidence.js'
import { type Field, NUMBERS } from '../../src/verify/field.js'
import { interpret } from '../../src/verify/interpreter.js'
import { noisy } from '../../src/verify/noise.js'
import { Random } from '../../src/verify/random.js'
import { run } from '../codegen/load.js'
import { measured } from '../memory/measure.js'
import type { Kind, Outcome } from './failure.js'
import { drawModel, type Model, smallerModels, sourceOf } from './model.js'

const BATCHES = [1, 2, 3, 5, 17, 64]
/** The tape is slow. */
const LARGEST_ON_TAPE = 17
/** Each case is compiled for one of them: what takes time is compiling. */
const VARIANTS = [
  { target: 'js', dtype: 'f32' },
  { target: 'js', dtype: 'f32' },
  { target: 'wasm', dtype: 'f32' },
  { target: 'wasm', dtype: 'f64' },
  { target: 'js', dtype: 'f64', checkpoint: 'sqrt' },
  { target: 'wasm', dtype: 'f64', checkpoint: 'sqrt' },
] as const
interface Variant {
  readonly target: 'js' | 'wasm'
  readonly dtype: Dtype
  readonly checkpoint?: 'sqrt'
}
const CALLS = 8
const MOST_TRIES = 120

type Results = ReadonlyMap<string, readonly number[]>
type Choice = 'values' | 'gradients' | number

/** What one method gives, by name; the choices are those of `wrt`. */
function resultsOf(compiled: CompiledEntry, entry: Entry, point: Point, choice: Choice): Results {
  const names = namesOf(entry)
  const loss = new Map(entry.loss ? [[entry.loss, [1]]] : [])
  const values =
    choice === 'values'
      ? compiled.values(point)
      : choice === 'gradients'
        ? compiled.gradients(point, loss)
        : compiled.chosen(point, loss)[choice].gradients
  return new Map([...values].map(([def, numbers]) => [`${choice} ${names.get(def)}`, numbers]))
}

const namesOf = (entry: Entry): ReadonlyMap<Def, string> =>
  new Map<Def, string>([
    ...entry.outputs.map(({ def, name }) => [def, name] as const),
    ...(entry.loss ? [[entry.loss, 'loss'] as const] : []),
    ...entry.inputs.map(({ def, name }) => [def, name] as const),
    ...entry.params.map(({ def, path }) => [def, path.join('.')] as const),
  ])

function drawPoint(entry: Entry, n: number, random: Random): Point {
  const sizes = new Map(entry.sizes.map(({ size }) => [size, n]))
  const shapes = interpret({ field: NUMBERS, sizes, data: new Map() })
  const count = (def: Def): number => shapes.shape(def).reduce((product, extent) => product * extent, 1)
  const numbers = (def: Def, draw: () => number): [Def, number[]] => [def, Array.from({ length: count(def) }, draw)] // prettier-ignore
  const data = new Map<Def, readonly number[]>([
    ...entry.params.map(({ def }) => numbers(def, () => Math.fround(0.6 * random.normal()))),
    ...entry.inputs.map(({ def, type }) =>
      numbers(def, () => (type === 'int' ? random.integer(0, 4) : Math.fround(random.normal()))),
    ),
  ])
  return { sizes, data }
}

/** The largest difference, relative to the largest of the numbers. */
function worst(given: Results, expected: Results): { readonly name: string; readonly error: number } {
  let found = { name: '', error: 0 }
  const sizeOf = (numbers: readonly number[]): number => Math.max(0, ...numbers.map(Math.abs).filter(Number.isFinite)) // prettier-ignore
  // What cancels is as exact as what it is made of.
  const least = Math.max(1e-3, 0.02 * sizeOf([...expected.values()].map(sizeOf)))
  for (const [name, numbers] of expected) {
    const own = given.get(name) ?? numbers.map(() => 0)
    const scale = Math.max(least, sizeOf(numbers))
    for (const [at, number] of numbers.entries()) {
      const error = Object.is(own[at], number) || own[at] === number ? 0 : Math.abs(own[at] - number) / scale
      if (!(error <= found.error)) found = { name: `${name}[${at}] = ${own[at]} instead of ${number}`, error: Number.isNaN(error) ? Infinity : error } // prettier-ignore
    }
  }
  return found
}

/** What rounding to 32 bits on the way changes. */
function changesBy32Bits(entry: Entry, point: Point): number {
  const exact = onTape(entry, point)
  const random = new Random(1)
  const changes = Array.from({ length: 6 }, () => worst(onTape(entry, point, noisy(random)), exact).error)
  return Math.max(...changes)
}

interface Checked {
  readonly compared: number
  readonly wrong?: string
}

async function check(model: Model, seed: number): Promise<Checked> {
  const source = sourceOf(model)
  const { program } = analyse(source, { filename: 'net.nn' })
  const [entry] = program?.entries ?? []
  if (!entry?.loss) return { compared: 0 }
  const random = new Random(seed)
  const load = async (options: Variant) => {
    const { code } = compileModule(source, { filename: 'net.nn', sourcemap: false, ...options })
    const made = await measured(code)
    const { dtype } = options
    const own = compiledEntry(made.module, entry, dtype)
    return { ...made, entry: own, dtype, title: Object.values(options).join(' ') }
  }
  const reference = await load({ target: 'js', dtype: 'f64' })
  const modules = [reference, await load(random.choose<Variant>(VARIANTS))]
  const choices = [...Array(1 + entry.inputs.filter(({ type }) => type === 'real').length).keys()]
  let compared = 0
  for (const n of [random.choose(BATCHES.slice(0, 3)), random.choose(BATCHES.slice(3))]) {
    const points = [drawPoint(entry, n, random), drawPoint(entry, n, random)]
    const all = choices.slice(0, reference.entry.chosen(points[0], new Map([[entry.loss, [1]]])).length)
    const kinds: readonly Choice[] = ['values', 'gradients', ...all]
    for (const point of points) {
      const exact = new Map(kinds.flatMap((kind) => [...resultsOf(reference.entry, entry, point, kind)]))
      if (![...exact.values()].every((numbers) => numbers.every(Number.isFinite))) continue
      if (n <= LARGEST_ON_TAPE) {
        const expected = onTape(entry, point)
        const { name, error } = worst(exact, expected)
        compared++
        if (error > 1e-8) return { compared, wrong: `n = ${n}, js f64 against the tape: ${name}` }
      }
      for (const other of modules.slice(1)) {
        const results = new Map(kinds.flatMap((kind) => [...resultsOf(other.entry, entry, point, kind)]))
        const { name, error } = worst(results, exact)
        compared++
        if (error < (other.dtype === 'f64' ? 1e-9 : 1e-3)) continue
        if (other.dtype === 'f32' && error < 50 * changesBy32Bits(entry, point)) continue
        return { compared, wrong: `n = ${n}, ${other.title} against js f64: ${name}` }
      }
    }
    for (const module of modules) {
      const unbound = new Map<string, Results>()
      module.begin()
      const bound = run(module.module, 'Net.bind', { n })
      const own = compiledEntry({ Net: bound }, entry, module.dtype)
      const order: string[] = []
      for (let call = 0; call < CALLS; call++) {
        const [at, kind] = [random.integer(0, 2), random.choose(kinds)]
        order.push(`${kind} at ${at}`)
        const key = order[call]
        // What is always 0 is written once, and not after it was spoilt.
        const expected = unbound.get(key) ?? nonzero(resultsOf(module.entry, entry, points[at], kind))
        unbound.set(key, expected)
        module.spoil()
        const { name, error } = worst(resultsOf(own, entry, points[at], kind), expected)
        compared++
        if (error > (module.dtype === 'f64' ? 1e-11 : 1e-4)) return { compared, wrong: `n = ${n}, ${module.title}, bound, ${order.join(', ')}: ${name}` } // prettier-ignore
      }
    }
  }
  return { compared }
}

const nonzero = (results: Results): Results =>
  new Map([...results].filter(([, numbers]) => numbers.some((number) => number !== 0)))

function onTape(entry: Entry, point: Point, field: Field<number> = NUMBERS): Results {
  const { loss } = entry
  // Outputs that are the same have one name.
  const names = namesOf(entry)
  const values = interpret({ field, ...point })
  const results = new Map<string, readonly number[]>()
  for (const { def } of entry.outputs) results.set(`values ${names.get(def)}`, values.array(def))
  if (!loss) return results
  results.set('values loss', values.array(loss))
  for (const [def, numbers] of tapeGradients(
    point,
    [{ def: loss, cotangent: [1] }],
    variablesOf(entry),
    field,
  ))
    results.set(`gradients ${names.get(def)}`, numbers)
  return results
}

async function runOne(random: Random): Promise<Outcome> {
  const model = drawModel(random)
  const seed = random.integer(0, 2 ** 31)
  const judged = async (other: Model): Promise<Checked> => {
    try {
      return await check(other, seed)
    } catch (error) {
      return { compared: 0, wrong: String(error instanceof Error ? error.stack : error).slice(0, 400) }
    }
  }
  const { compared, wrong } = await judged(model)
  if (wrong === undefined) return { compared }
  let [best, what] = [model, wrong]
  let tries = 0
  for (let found = true; found;) {
    found = false
    for (const candidate of smallerModels(best)) {
      if (++tries > MOST_TRIES) break
      const own = await judged(candidate)
      if (own.wrong === undefined) continue
      ;[best, what, found] = [candidate, own.wrong, true]
      break
    }
  }
  return { compared, failure: { input: sourceOf(best), what } }
}

export const networks: Kind = {
  name: 'networks',
  doc: 'random networks: targets, precisions and bound methods against each other and a tape',
  few: 1,
  run: runOne,
}
