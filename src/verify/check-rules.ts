/** Own derivative rules against the derivative of the body that they stand for. */
import { type Diagnostic } from '../base/diagnostic.js'
import { error } from '../base/messages.js'
import { findActivity } from '../differentiate/activity.js'
import { Dependencies, ruledBy } from '../ir/dependencies.js'
import type { ComputedDef, Def, OwnRule } from '../ir/expr.js'
import type { Entry, Program } from '../ir/program.js'
import { rootsOf } from '../ir/program-map.js'
import { ruledResults } from '../ir/rules.js'
import { distance, scaleOf } from './comparison.js'
import type { Point } from './evidence.js'
import { NUMBERS } from './field.js'
import { interpret } from './interpreter.js'
import { messages } from './messages.js'
import { Random } from './random.js'
import { carry } from './ruled.js'
import { drawPoint, NoPoint, type SamplingOptions } from './sampling.js'
import { Tape, type Variable } from './tape.js'

/** Of a rule against its body, relative to the largest component: both are exact but for rounding. */
const LIMIT = 1e-8
const POINTS = 3

export interface RuleOptions extends SamplingOptions {
  readonly seed: number
}

export interface RuleReport {
  /** Rules that disagree with their bodies. */
  readonly diagnostics: readonly Diagnostic[]
  /** How many rules were compared. */
  readonly compared: number
  /** The rules of functions whose bodies pass no derivative on: taken as stated. */
  readonly surrogates: readonly OwnRule[]
}

export function checkRules(program: Program, options: RuleOptions): RuleReport {
  const surrogates = new Map<string, OwnRule>()
  const compared = new Set<string>()
  const wrong = new Map<string, Diagnostic>()
  for (const entry of program.entries) {
    const results = ruledResults(program.graph, rootsOf(entry))
    const open: { result: ComputedDef; rule: OwnRule }[] = []
    for (const result of results)
      for (const rule of result.rules.filter(({ isStated }) => isStated)) {
        if (isSurrogate(result, rule)) surrogates.set(keyOf(rule), rule)
        else if (!wrong.has(keyOf(rule))) open.push({ result, rule })
      }
    if (open.length === 0) continue
    const random = new Random(options.seed)
    for (let count = 0; count < POINTS; count++) {
      const point = pointOf(entry, random, options)
      if (!point) break
      for (const { result, rule } of open) {
        const pair = compare(point, result, rule, random)
        if (!pair) continue
        compared.add(keyOf(rule))
        if (!wrong.has(keyOf(rule)) && pair.error > LIMIT)
          wrong.set(keyOf(rule), error(messages.wrongRule(rule.function, rule.argument.name, pair.stated, pair.derived), rule.span)) // prettier-ignore
      }
    }
  }
  return { diagnostics: [...wrong.values()], compared: compared.size, surrogates: [...surrogates.values()] }
}

const keyOf = ({ span }: OwnRule): string => `${span.source.filename}:${span.start}`

/** The body passes no derivative to the argument: it is piecewise constant in it, or stops gradients. */
export function isSurrogate(result: ComputedDef, { argument }: OwnRule): boolean {
  return !findActivity([result], new Set([argument]), result).isActive(result)
}

/** Whether a scalar depends on rules that differences of values would contradict. */
export function hasSurrogates(roots: readonly Def[]): boolean {
  const reachable = new Dependencies(ruledBy).components(roots).flat()
  return reachable.some(
    (def) => def.kind === 'computed' && def.rules.some((rule) => rule.isStated && isSurrogate(def, rule)),
  )
}

function pointOf(entry: Entry, random: Random, options: SamplingOptions): Point | undefined {
  try {
    const { point, kinks } = drawPoint(entry, random, options)
    return kinks === 0 ? point : undefined
  } catch (failure) {
    if (failure instanceof NoPoint) return undefined
    throw failure
  }
}

interface Pair {
  readonly error: number
  /** The components that differ most. */
  readonly stated: number
  readonly derived: number
}

/** The cotangent of the argument for a random cotangent of the result, by the rule and by the body. */
function compare(point: Point, result: ComputedDef, rule: OwnRule, random: Random): Pair | undefined {
  const numbers = interpret({ field: NUMBERS, ...point })
  const cotangent = numbers.array(result).map(() => random.normal())
  // All arguments stay as they are: within a recurrence one depends on the result for another.
  const args = new Map(result.rules.map(({ argument }) => [argument, numbers.array(argument)] as const))
  const fixed: Point = { ...point, data: new Map<Def, readonly number[]>([...point.data, ...args]) }
  const derived = byBody(fixed, result, rule, cotangent)
  const stated = byRule(fixed, rule, derived.length, cotangent)
  if (![...derived, ...stated].every(Number.isFinite)) return undefined
  const worst = derived.reduce((most, value, at) => Math.abs(value - stated[at]) > Math.abs(derived[most] - stated[most]) ? at : most, 0) // prettier-ignore
  const scale = Math.max(scaleOf(derived), scaleOf(stated))
  const difference = distance(stated, derived)
  return { error: difference === 0 ? 0 : difference / scale, stated: stated[worst], derived: derived[worst] }
}

function byBody(
  { sizes, data }: Point,
  result: ComputedDef,
  { argument }: OwnRule,
  cotangent: readonly number[],
): number[] {
  const tape = new Tape(NUMBERS)
  const variables = (data.get(argument) ?? []).map((value) => tape.variable(value))
  const known = new Map<Def, readonly Variable<number>[]>(
    [...data].map(([def, numbers]) => [def, def === argument ? variables : numbers.map((value) => tape.constant(value))]), // prettier-ignore
  )
  const rules = { carry: carry(interpret({ field: NUMBERS, sizes, data }), tape) }
  const run = interpret({ field: tape, sizes, data: known, plain: result, rules })
  const seeds = cotangent.map((weight, at) => ({ of: run.element(result, at), cotangent: weight }))
  const cotangents = tape.backward(seeds)
  return variables.map(({ node }) => cotangents[node] ?? 0)
}

function byRule(
  { sizes, data }: Point,
  { def, given, argument, at }: OwnRule,
  count: number,
  cotangent: readonly number[],
): number[] {
  const known = given ? new Map([...data, [given, cotangent] as const]) : data
  const run = interpret({ field: NUMBERS, sizes, data: known })
  const total = Array.from({ length: count }, () => 0)
  const shape = run.shape(def)
  for (const [position, value] of run.array(def).entries()) {
    const indices = new Map(def.idx.map((index, axis) => [index, digit(position, shape, axis)]))
    const places = at.map((place) => {
      if (place.kind === 'num') return place.value.toNumber()
      const index = place.kind === 'index' ? indices.get(place) : undefined
      if (index === undefined) throw new Error(`a subscript of '${argument.name}' is no index of its rule`)
      return index
    })
    total[run.position(argument, places)] += given ? value : value * cotangent[position]
  }
  return total
}

/** The index along an axis of a row-major position. */
function digit(position: number, shape: readonly number[], axis: number): number {
  const inner = shape.slice(axis + 1).reduce((product, extent) => product * extent, 1)
  return Math.floor(position / inner) % shape[axis]
}
