/** All comparisons of one compiled entry at one point. */
import type { Span } from '../base/source.js'
import type { Def } from '../ir/expr.js'
import { Dependencies } from '../ir/dependencies.js'
import type { Entry } from '../ir/program.js'
import { postorder } from '../ir/walk.js'
import { isMade, rootsOf } from './code.js'
import { hasSurrogates } from './check-rules.js'
import { type Comparisons, distance, scaleOf } from './comparison.js'
import { type CompiledEntry, realOutputsOf, scalarOf, type Values, variablesOf } from './compiled-module.js'
import { reachableFrom } from './dependence.js'
import { differentiateAtZero } from './differences.js'
import { dualDerivative, type Point, tapeGradients, type Target, valueAt } from './evidence.js'
import { StopValues } from './shared.js'
import { disturbed, noisy, SINGLE_ROUNDING } from './noise.js'
import { Random } from './random.js'
import type { Drawn } from './sampling.js'

export interface CompiledPair {
  readonly f64: CompiledEntry
  readonly f32: CompiledEntry
}

/** Of the compiled gradients against tape and duals, relative to the largest component. */
const EXACT_LIMIT = 1e-10
/** Times value over argument: below it, 1e-10 of a gradient is less than an ulp of the value. */
const ROUNDOFF_FLOOR = 1e-5
/** Of differences: better than this they need not be; worse, they decide nothing. */
const DIFFERENCES_LIMIT = 1e-6
/** How far an f32 module may be off, beyond what rounding explains. */
const F32_LIMIT = 1e-4
/** As `ROUNDOFF_FLOOR`: some ulps of an f32. */
const F32_ROUNDOFF_FLOOR = 1e-2
const F32_AMPLIFICATION = 30
const NOISE_RUNS = 2
const NOISE_SEED = 1
/** Instructions that the interpreter may spend on duals, and on differences where it takes those. */
const WORK_LIMIT = 3e6
const MOST_PROBES = 48
const VALUES_PER_DIFFERENCE = 28

/** One element or a random direction of one variable. */
interface Probe {
  readonly def: Def
  readonly direction: readonly number[]
  /** Size of a small step. */
  readonly step: number
}

/** False where the gradient itself is not finite at this point, so that another one must be drawn. */
export function checkEntry(
  entry: Entry,
  compiled: CompiledPair,
  { point, kinks, work, values: interpreted }: Drawn,
  random: Random,
  comparisons: Comparisons,
): boolean {
  const variables = variablesOf(entry)
  const noise = new Random(NOISE_SEED)
  const target = drawTarget(entry, interpreted, random)
  const tape = tapeGradients(point, target, variables)
  if (![...tape.values()].every((gradient) => gradient.every(Number.isFinite))) return false
  const names = namesOf(entry)
  const place = (def: Def) => ({
    entry: entry.name,
    wrt: names.get(def) ?? def.name,
    span: spanOf(def, entry),
  })

  const values = compiled.f64.values(point)
  for (const [def, expected] of interpreted) {
    const error = distance(values.get(def) ?? [], expected) / scaleOf(expected)
    comparisons.add(place(def), 'value', { error, limit: EXACT_LIMIT, reliable: true })
  }
  if (target.length === 0 || variables.length === 0) return true

  const cotangents = new Map(target.map(({ def, cotangent }) => [def, cotangent]))
  const gradients = compiled.f64.gradients(point, cotangents)
  const gradientOf = (def: Def) => gradients.get(def) ?? zeros(point, def)
  const magnitude = Math.max(
    target.reduce((sum, { def, cotangent }) => sum + size(values.get(def) ?? [], cotangent), 0),
    kinks === 0 ? cancelled(point, target, weighted(values, target), noise) : 0,
  )
  const scaleOfGradient = (def: Def, gradients: readonly (readonly number[])[], floor = ROUNDOFF_FLOOR) => {
    // Of a gradient that cancels to nothing, all evidence gives roundoff: no digit of it can be compared.
    const least = (floor * magnitude) / scaleOf(point.data.get(def) ?? [])
    return Math.max(scaleOf(...gradients), Number.isFinite(least) ? least : 0)
  }
  const compareWithTape = (def: Def, gradient: readonly number[]) => {
    const expected = tape.get(def) ?? []
    const error = distance(gradient, expected) / scaleOfGradient(def, [expected])
    comparisons.add(place(def), 'tape', { error, limit: EXACT_LIMIT, reliable: true })
  }
  for (const def of variables) compareWithTape(def, gradientOf(def))
  for (const { by, gradients: chosen } of compiled.f64.chosen(point, cotangents))
    for (const def of by) compareWithTape(def, chosen.get(def) ?? zeros(point, def))

  const dualProbes = drawProbes(variables, point, random, WORK_LIMIT / work)
  for (const { def, direction } of dualProbes) {
    const expected = dualDerivative(point, target, new Map([[def, direction]]))
    const gradient = gradientOf(def)
    const error =
      Math.abs(along(gradient, direction) - expected) / scaleOfGradient(def, [gradient, [expected]])
    comparisons.add(place(def), 'duals', { error, limit: EXACT_LIMIT, reliable: true })
  }

  const { f, cost } = valueFunction(compiled.f64, point, target, work)
  for (const probe of drawProbes(variables, point, random, WORK_LIMIT / cost)) {
    const { def, direction } = probe
    const estimate = differentiateAtZero((t) => f(moved(point, probe, t)), probe.step)
    const gradient = gradientOf(def)
    const scale = scaleOfGradient(def, [gradient, [estimate.value]])
    const uncertainty = estimate.error / scale
    const error = Math.abs(along(gradient, direction) - estimate.value) / scale
    const limit = Math.max(DIFFERENCES_LIMIT, 10 * uncertainty)
    comparisons.add(place(def), 'differences', {
      error,
      limit,
      // Beside a kink the values do not determine the derivative; agreement counts all the same.
      reliable: uncertainty < DIFFERENCES_LIMIT && (kinks === 0 || error <= limit),
    })
  }

  const scaleOfSingle = (def: Def, gradient: readonly number[]) =>
    scaleOfGradient(def, [gradient], F32_ROUNDOFF_FLOOR)
  const runs = Math.max(1, Math.min(NOISE_RUNS, Math.floor(WORK_LIMIT / (10 * work))))
  checkSinglePrecision(compiled, point, target, variables, noise, runs, scaleOfSingle, (def, error, limit) =>
    comparisons.add(place(def), 'f32', { error, limit, reliable: kinks === 0 || error <= limit }),
  )
  return true
}

/** The scalar to differentiate: the entry's own, else its outputs weighted at random. */
function drawTarget(entry: Entry, values: Values, random: Random): Target {
  const scalar = scalarOf(entry)
  if (scalar) return [{ def: scalar, cotangent: [1] }]
  if (entry.kind !== 'function' && entry.loss) return []
  // The same definition may be several outputs: one cotangent for all of them.
  const drawn = new Map<Def, number[]>()
  return realOutputsOf(entry).map((def) => {
    const cotangent = drawn.get(def) ?? (values.get(def) ?? []).map(() => Math.fround(random.normal()))
    drawn.set(def, cotangent)
    return { def, cotangent }
  })
}

/** Random directions, one per variable, and single components: all where they are few, else a random sample. */
function drawProbes(variables: readonly Def[], point: Point, random: Random, affordable: number): Probe[] {
  const count = Math.max(2, Math.min(MOST_PROBES, Math.floor(affordable)))
  const valuesOf = (def: Def) => point.data.get(def) ?? []
  const directions = variables
    .filter((def) => valuesOf(def).length > 1)
    .map((def) =>
      probe(
        def,
        valuesOf(def),
        valuesOf(def).map(() => random.normal()),
      ),
    )
  while (directions.length > count / 2) directions.splice(random.integer(0, directions.length), 1)
  const total = variables.reduce((sum, def) => sum + valuesOf(def).length, 0)
  const room = count - directions.length
  const chosen = Array.from({ length: Math.min(room, total) }, (_, at) =>
    total <= room ? at : random.integer(0, total),
  )
  return [...directions, ...chosen.map((at) => componentProbe(variables, valuesOf, at))]
}

/** `at` counts the elements of all variables. */
function componentProbe(
  variables: readonly Def[],
  valuesOf: (def: Def) => readonly number[],
  at: number,
): Probe {
  for (const def of variables) {
    const values = valuesOf(def)
    if (at < values.length)
      return probe(
        def,
        values,
        values.map((_, other) => (other === at ? 1 : 0)),
      )
    at -= values.length
  }
  throw new Error('there are fewer elements')
}

/** A probe of unit length; its step moves no element by more than a hundredth of the variable's scale. */
function probe(def: Def, values: readonly number[], direction: readonly number[]): Probe {
  const length = norm(direction)
  const unit = direction.map((d) => d / length)
  const single = unit.findIndex((d) => d === 1)
  const scale = single >= 0 ? Math.abs(values[single]) : norm(values) / Math.sqrt(values.length)
  return { def, direction: unit, step: (0.01 * Math.max(0.1, scale)) / scaleOf(unit) }
}

const norm = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0))

/** The magnitude of a weighted sum before its terms cancel. */
const size = (values: readonly number[], weights: readonly number[]): number =>
  values.reduce((sum, x, at) => sum + Math.abs(x * weights[at]), 0)

const along = (gradient: readonly number[], direction: readonly number[]): number =>
  gradient.reduce((sum, g, at) => (direction[at] === 0 ? sum : sum + g * direction[at]), 0)

const moved = ({ sizes, data }: Point, { def, direction }: Probe, t: number): Point => ({
  sizes,
  data: new Map([...data, [def, (data.get(def) ?? []).map((x, at) => x + t * direction[at])]]),
})

/** Values come from the compiled module; where `stop_gradient` must stay fixed, from the interpreter. */
function valueFunction(
  compiled: CompiledEntry,
  base: Point,
  target: Target,
  work: number,
): { readonly f: (point: Point) => number; readonly cost: number } {
  if (!stopsGradients(target) && !hasSurrogates(target.map(({ def }) => def))) {
    // A compiled value is some hundred times cheaper than an interpreted one.
    return {
      f: (point) => weighted(compiled.values(point), target),
      cost: (work * VALUES_PER_DIFFERENCE) / 100,
    }
  }
  const stops = new StopValues()
  valueAt(base, target, stops)
  return { f: (point) => valueAt(point, target, stops), cost: work * VALUES_PER_DIFFERENCE }
}

const weighted = (values: Values, target: Target): number =>
  target.reduce((sum, { def, cotangent }) => sum + along(values.get(def) ?? [], cotangent), 0)

function stopsGradients(target: Target): boolean {
  const defs = reachableFrom(
    target.map(({ def }) => def),
    new Dependencies(),
  )
  return [...defs].some((def) => isMade(def) && postorder(rootsOf(def)).some((node) => node.kind === 'stop'))
}

/**
 * How large the terms were that the value is made of, where they cancelled: what rounding of all intermediate results
 * changes, relative to the rounding.
 */
const cancelled = (point: Point, target: Target, value: number, noise: Random): number =>
  Math.abs(valueAt(point, target, undefined, noisy(noise)) - value) / SINGLE_ROUNDING

/**
 * The f32 module against the f64 one on the same data. What the rounding of data and intermediate results to f32 does to
 * the gradient no f32 module can avoid, so the limit grows with it.
 */
function checkSinglePrecision(
  { f64, f32 }: CompiledPair,
  point: Point,
  target: Target,
  variables: readonly Def[],
  noise: Random,
  runs: number,
  scaleOfSingle: (def: Def, gradient: readonly number[]) => number,
  report: (def: Def, error: number, limit: number) => void,
): void {
  const rounded = Array.from({ length: runs }, () => {
    const data = [...point.data].map(([def, values]): [Def, readonly number[]] => [
      def,
      def.integer ? values : values.map((x) => disturbed(x, noise)),
    ])
    return tapeGradients({ sizes: point.sizes, data: new Map(data) }, target, variables, noisy(noise))
  })
  const cotangents = new Map(target.map(({ def, cotangent }) => [def, cotangent]))
  const exact = f64.gradients(point, cotangents)
  const single = f32.gradients(point, cotangents)
  for (const def of variables) {
    const expected = exact.get(def) ?? zeros(point, def)
    const scale = scaleOfSingle(def, expected)
    const changes = rounded.map((gradients) => distance(gradients.get(def) ?? [], expected) / scale)
    const error = distance(single.get(def) ?? zeros(point, def), expected) / scale
    const known = changes.filter(Number.isFinite)
    report(def, error, Math.max(F32_LIMIT, ...known.map((change) => F32_AMPLIFICATION * change)))
  }
}

const zeros = (point: Point, def: Def): number[] => (point.data.get(def) ?? []).map(() => 0)

/** Of a result computed in an imported file or the library: the entry, which the user can look at. */
function spanOf(def: Def, entry: Entry): Span {
  const { span } = def.origin
  const isElsewhere = def.kind === 'computed' && span?.source !== entry.span.source
  return span === undefined || isElsewhere ? entry.span : span
}

function namesOf(entry: Entry): ReadonlyMap<Def, string> {
  return new Map<Def, string>([
    ...entry.outputs.map(({ def, name }): [Def, string] => [def, name]),
    ...(entry.loss ? [[entry.loss, 'loss'] as const] : []),
    ...entry.inputs.map(({ def, name }): [Def, string] => [def, name]),
    ...entry.params.map(({ def, path }): [Def, string] => [def, path.join('.')]),
  ])
}
