/** Random sizes, data and parameters at which an entry is defined and smooth. */
import type { Def, Expr, Facts, InputDef, Size } from '../ir/expr.js'
import type { Entry, Initial, Input, Parameter } from '../ir/program.js'
import type { Point } from './evidence.js'
import { NUMBERS } from './field.js'
import { interpret, type Interpreter } from './interpreter.js'
import type { Random } from './random.js'

export interface SamplingOptions {
  /** Sizes that the user fixes, by name. */
  readonly sizes?: Readonly<Record<string, number>>
}

export interface Drawn {
  readonly point: Point
  /** How many values lie within `NEAR` of a kink; the best of all tries. */
  readonly kinks: number
  /** What one evaluation costs, in instructions of the interpreter. */
  readonly work: number
  /** The outputs and the loss, as interpreted. */
  readonly values: ReadonlyMap<Def, readonly number[]>
}

/** Why no point could be drawn, for people. */
export class NoPoint extends Error {}

/** Nearer to a kink than this, relative to the value, a point is drawn again. */
const NEAR = 1e-4
const SIZE_TRIES = 400
const REPAIRS = 16
const TRIES = 60
/** Tries cost a run of the interpreter each: large entries get fewer. */
const WORK_LIMIT = 4e6

export function drawPoint(entry: Entry, random: Random, options: SamplingOptions): Drawn {
  let best: Drawn | undefined
  let why = 'its values are not finite'
  let work = 0
  for (let attempt = 0; attempt < TRIES && (attempt === 0 || work * (attempt + 1) < WORK_LIMIT); attempt++) {
    const point = drawData(entry, random, options, attempt)
    try {
      const tried = measure(entry, point)
      work = Math.max(work, tried.work)
      if (!tried.finite) continue
      if (!best || tried.kinks < best.kinks) best = { point, ...tried }
      if (tried.kinks === 0) break
    } catch (error) {
      // Random edge lists may point out of range; a program that always does is reported.
      if (!(error instanceof Error)) throw error
      why = error.message
    }
  }
  if (!best) throw new NoPoint(`no point was found at which '${entry.name}' can be evaluated: ${why}`)
  return best
}

/** The definitions whose values an entry yields. */
const resultsOf = (entry: Entry): readonly Def[] => [
  ...entry.outputs.map(({ def }) => def),
  ...(entry.loss ? [entry.loss] : []),
]

function measure(entry: Entry, { sizes, data }: Point): Omit<Drawn, 'point'> & { readonly finite: boolean } {
  let kinks = 0
  const monitor = (gap: number) => {
    if (gap < NEAR) kinks++
  }
  const run = interpret({ field: NUMBERS, sizes, data, monitor })
  const values = new Map(resultsOf(entry).map((def) => [def, run.array(def)]))
  const finite = [...values.values()].every((array) => array.every(Number.isFinite))
  return { kinks, finite, values, work: run.work }
}

function drawData(entry: Entry, random: Random, options: SamplingOptions, attempt: number): Point {
  const { sizes, data } = drawSizes(entry, random, options)
  const run = interpret({ field: NUMBERS, sizes, data })
  for (const parameter of entry.params) data.set(parameter.def, drawParameter(parameter, random, run))
  for (const input of entry.inputs)
    if (!data.has(input.def)) data.set(input.def, drawInput(input, random, run, attempt))
  return { sizes, data }
}

/** Sizes and whole-numbered scalars, which may be sizes too, at which the checks of the entry hold. */
function drawSizes(
  entry: Entry,
  random: Random,
  options: SamplingOptions,
): { readonly sizes: Map<Size, number>; readonly data: Map<Def, readonly number[]> } {
  const symbols = [...new Set(entry.sizes.map(({ size }) => size))]
  for (let attempt = 0; attempt < SIZE_TRIES; attempt++) {
    // Different sizes get different values, so that a mixed-up axis shows; larger ones where the checks ask for it.
    const largest = Math.max(5, symbols.length + 2) + Math.floor(attempt / 20)
    const values = shuffled(
      Array.from({ length: largest - 1 }, (_, at) => at + 2),
      random,
    )
    const sizes = new Map(symbols.map((size, at) => [size, options.sizes?.[size.name] ?? values[at]]))
    const data = new Map<Def, readonly number[]>()
    const run = interpret({ field: NUMBERS, sizes, data })
    const numbers = entry.inputs.filter(({ type, def }) => type !== 'real' && def.idx.length === 0)
    // The bounds of one may be made of others: a label is below the number of classes.
    for (const bounded of [false, true])
      for (const input of numbers.filter(({ def }) => def.bounds.length > 0 === bounded))
        data.set(input.def, [options.sizes?.[input.name] ?? drawWhole(input, random, run)])
    const free = symbols.filter((size) => options.sizes?.[size.name] === undefined)
    if (repair(entry, sizes, shuffled(free, random), data)) return { sizes, data }
  }
  throw new NoPoint(`no sizes were found that '${entry.name}' accepts: give some with --size`)
}

/** Moves sizes until all checks hold: most are linear, some equations (`d` must be 784) that no draw would meet. */
function repair(
  entry: Entry,
  sizes: Map<Size, number>,
  free: readonly Size[],
  data: ReadonlyMap<Def, readonly number[]>,
): boolean {
  const valueOf = (expr: Expr) => checked(interpret({ field: NUMBERS, sizes, data }), expr)
  for (let round = 0; round < REPAIRS; round++) {
    const broken = entry.checks.find(({ expr }) => !(valueOf(expr) >= 0))
    if (!broken) return true
    const missing = -valueOf(broken.expr)
    const helped = free.some((size) => {
      const before = sizes.get(size) ?? 1
      sizes.set(size, before + 1)
      const slope = valueOf(broken.expr) + missing
      const after = slope === 0 ? 0 : before + Math.sign(slope) * Math.ceil(missing / Math.abs(slope))
      const isPossible = Number.isFinite(after) && after >= 1
      sizes.set(size, isPossible ? after : before)
      return isPossible
    })
    if (!helped) return false
  }
  return false
}

/** A check that reads arrays is not about sizes: there are no data yet. */
function checked(run: Interpreter<number>, expr: Expr): number {
  try {
    return run.number(expr)
  } catch {
    return 0
  }
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items]
  for (let at = result.length - 1; at > 0; at--) {
    const other = random.integer(0, at + 1)
    ;[result[at], result[other]] = [result[other], result[at]]
  }
  return result
}

function drawParameter({ def, initial }: Parameter, random: Random, run: Interpreter<number>): number[] {
  const count = run.shape(def).reduce((product, extent) => product * extent, 1)
  // The f32 module is to see the same numbers.
  return Array.from({ length: count }, (_, at) => Math.fround(drawInitial(initial, at, random, run)))
}

function drawInitial(initial: Initial, at: number, random: Random, run: Interpreter<number>): number {
  switch (initial.kind) {
    case 'zeros':
    case 'orthogonal':
      return 0.5 * random.normal()
    case 'value':
      // Beside the stated value: at exactly 0 or 1 a wrong derivative may look right.
      return run.element(initial.def, initial.def.idx.length === 0 ? 0 : at) + 0.1 * random.normal()
    case 'normal':
      return initial.mean + initial.deviation * random.normal()
    case 'uniform':
      return random.between(initial.low, initial.high)
    case 'he':
      return Math.sqrt(2 / run.number(initial.fanIn)) * random.normal()
    case 'lecun':
      return Math.sqrt(1 / run.number(initial.fanIn)) * random.normal()
    case 'glorot':
      return Math.sqrt(2 / (run.number(initial.fanIn) + run.number(initial.fanOut))) * random.normal()
  }
}

function drawInput(input: Input, random: Random, run: Interpreter<number>, attempt: number): number[] {
  const count = run.shape(input.def).reduce((product, extent) => product * extent, 1)
  if (input.type !== 'real') return Array.from({ length: count }, () => drawWhole(input, random, run))
  if (input.default !== undefined) return [input.default]
  const draw = random.choose(attempt < 4 ? [gaussian] : DISTRIBUTIONS)
  const values = Array.from({ length: count }, () => Math.fround(within(input.def.facts, draw(random))))
  return attempt % 2 === 1 ? dominated(values, run.shape(input.def)) : values
}

/** A square matrix with a large diagonal: invertible, and positive definite as its lower triangle is read. */
function dominated(values: readonly number[], shape: readonly number[]): number[] {
  const [rows, columns] = shape.slice(-2)
  if (shape.length < 2 || rows !== columns) return [...values]
  return values.map((value, at) => {
    const within = at % (rows * columns)
    return within % (columns + 1) === 0 ? Math.fround(Math.abs(value) + 2 * rows) : value
  })
}

/** A number as what is known of the data allows it. */
function within({ low, high }: Facts, value: number): number {
  if (value > low && value < high) return value
  if (Number.isFinite(low) && Number.isFinite(high))
    return low + (high - low) * (0.5 + Math.atan(value) / Math.PI)
  return Number.isFinite(low) ? low + Math.abs(value) : high - Math.abs(value)
}

/** Logarithms and roots want positive data, probabilities and inverse functions those below 1. */
const gaussian = (random: Random): number => random.normal()
const positive = (random: Random): number => 0.1 + Math.abs(random.normal())
const fraction = (random: Random): number => random.between(0.05, 0.95)
const large = (random: Random): number => 1.5 + 3 * random.uniform()
const DISTRIBUTIONS = [gaussian, positive, positive, fraction, fraction, large] as const

function drawWhole(input: Input, random: Random, run: Interpreter<number>): number {
  if (input.type === 'bool') return random.integer(0, 2)
  const bounds = boundsOf(input.def, run)
  if (bounds.length > 0) return random.integer(0, Math.max(1, Math.min(...bounds)))
  return input.default ?? random.integer(1, 5)
}

const boundsOf = (def: InputDef, run: Interpreter<number>): number[] =>
  def.bounds.map((bound) => run.number(bound))
