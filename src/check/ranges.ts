/**
 * The ranges of the indices of one statement, from stated bounds and from the reads they stand in:
 * a stated bound holds; an index alone in a subscript has that axis's extent; otherwise the range is the
 * largest that keeps every affine, unguarded read inside.
 */
import type { Binder, Expression } from '../../grammar/ast.js'
import { Diagnostics } from '../base/diagnostic.js'
import type { Note } from '../base/diagnostic.js'
import type { Expr, Index } from '../ir/expr.js'
import { isEqual, isNonNegative, linearIn } from '../ir/prove.js'
import { postorder } from '../ir/walk.js'
import { extreme, isKnownEarly } from './bounds.js'
import { type Context, type Env, mistakesIn, type Range, report } from './env.js'
import { messages } from './messages.js'
import { type Bound, lookup, type Occurrence, track, type Tracked } from './occurrences.js'
import { requireNonNegative } from './require.js'
import { Scope } from './scope.js'
import { showExpr } from './show.js'
import { namesIn } from './syntax.js'
import { type Steps, valueOf } from './task.js'
import { scalar, type Tensor, type Value } from './value.js'

/** What inference knows so far. */
interface Inference {
  readonly env: Env
  readonly tracked: ReadonlyMap<Binder, Tracked>
  readonly ranges: Map<Binder, Range | undefined>
  /** Stand-ins for indices without range yet. */
  readonly standIns: Map<Binder, Index>
  readonly standInSizes: Set<Expr>
  readonly extents: Map<Occurrence, Expr | undefined>
  /** Binders whose mistake was reported. */
  readonly failed: Set<Binder>
  /** Binders that stand in something with a mistake. */
  readonly silent: Set<Binder | undefined>
}

/** The environment of a statement's values: the ranges of all its binders are known or their mistake is reported. */
export function* withRanges(env: Env, left: readonly Binder[], values: readonly Expression[]): Steps<Env> {
  const tracked = track(left, values)
  if (tracked.size === 0) return { ...env, statement: values }
  const ranges = new Map<Binder, Range | undefined>(env.ranges)
  const state: Inference = {
    env,
    tracked,
    ranges,
    standIns: new Map(),
    standInSizes: new Set(),
    extents: new Map(),
    failed: new Set(),
    silent: new Set(),
  }
  yield* settleStated(state)
  yield* settleAlone(state)
  yield* settleStated(state)
  yield* settleAffine(state)
  yield* settleStated(state)
  for (const { binder } of tracked.values())
    if (!ranges.has(binder) && (state.failed.has(binder) || state.silent.has(binder) || binder.upper))
      ranges.set(binder, undefined)
  return { ...env, ranges, statement: values }
}

const open = (state: Inference, { binder }: Tracked): boolean =>
  !state.ranges.has(binder) && !state.failed.has(binder)

// ── Stated bounds ──────────────────────────────────────────────────────────────────────────────────────────

function* settleStated(state: Inference): Steps<void> {
  for (const tracked of state.tracked.values()) {
    const { binder, bound } = tracked
    if (!open(state, tracked) || !binder.upper) continue
    if (!boundsAreKnown(state, tracked)) continue
    const env = scopeAt(state, bound, [binder.upper.value, ...(binder.lower ? [binder.lower.value] : [])])
    const low = yield* boundOf(tracked, env, 'lower')
    const high = yield* boundOf(tracked, env, 'upper')
    if (!low || !high) {
      state.failed.add(binder)
      continue
    }
    yield* settleBetween(state, tracked, low, high)
  }
}

/** Both bounds use only indices that have a range. */
function boundsAreKnown(state: Inference, { binder, bound }: Tracked): boolean {
  const expressions = [binder.lower, binder.upper].flatMap((side) => (side ? [side.value] : []))
  return [...namesIn(expressions)].every((name) => {
    const other = lookup(bound, name)
    return !other || other === binder || state.ranges.has(other)
  })
}

/** The first position, or the first position after the range. */
function* boundOf({ binder }: Tracked, env: Env, side: 'lower' | 'upper'): Steps<Expr | undefined> {
  const { graph } = env.context
  const bound = binder[side]
  if (!bound) return graph.zero
  const value = yield valueOf(bound.value, env)
  const element = wholeScalar(env, value, `a bound of '${binder.name.name}'`, bound.value)
  if (!element) return undefined
  const outside = side === 'lower' ? !bound.inclusive : bound.inclusive
  return outside ? graph.add(element, graph.one) : element
}

/** A comparison is 0 or 1, but nobody means it as a number of positions. */
const isCondition = (e: Expr): boolean =>
  e.kind === 'test' ||
  (e.kind === 'apply' && ['lt', 'le', 'eq', 'ne', 'and', 'or', 'not'].includes(e.operator))

/** The value of a bound, a size or a subscript; reports what is no whole-numbered scalar. */
export function wholeScalar(env: Env, value: Value, what: string, at: Expression): Expr | undefined {
  if (value.kind === 'poison') return undefined
  if (
    value.kind !== 'tensor' ||
    value.shape.length > 0 ||
    !value.element.integer ||
    isCondition(value.element)
  ) {
    report(env, messages.wholeExpected(what), at.span)
    return undefined
  }
  return value.element
}

function* settleBetween(state: Inference, tracked: Tracked, low: Expr, high: Expr): Steps<void> {
  const { env } = state
  const { graph } = env.context
  const { binder } = tracked
  const name = binder.name.name
  const length = graph.sub(high, low)
  const fixed = low.free.length === 0 && isKnownEarly(low)
  if (fixed && length.free.length === 0 && isKnownEarly(length)) {
    requireCount(env, length, binder)
    state.ranges.set(binder, { index: graph.freshIndex(length, name), low, conditions: [] })
    return
  }
  // A bound that varies: the widest range the index can have, and a condition.
  const alone = yield* aloneExtent(state, tracked)
  const accept = (): boolean => false
  const widest = alone ?? (isKnownEarly(high) ? extreme(graph, high, 'greatest', accept) : undefined)
  if (!widest) {
    report(env, messages.noRange(name), binder.name.span)
    state.failed.add(binder)
    return
  }
  const start = fixed ? low : graph.zero
  const index = graph.freshIndex(graph.sub(widest, start), name)
  const value = graph.add(index, start)
  const conditions = [graph.ge0(graph.sub(graph.sub(high, graph.one), value))]
  if (!fixed) conditions.push(graph.ge0(graph.sub(value, low)))
  state.ranges.set(binder, { index, low: start, conditions: conditions.filter((c) => c.kind !== 'num') })
}

/** A stated extent is not negative. */
function requireCount(env: Env, length: Expr, binder: Binder): void {
  const { graph } = env.context
  requireNonNegative(
    env,
    length,
    messages.negativeRange(binder.name.name, showExpr(graph, length)),
    binder.span,
  )
}

// ── An index alone in a subscript ──────────────────────────────────────────────────────────────────────────

function* settleAlone(state: Inference): Steps<void> {
  for (const tracked of state.tracked.values()) {
    if (!open(state, tracked) || tracked.binder.upper) continue
    const extent = yield* aloneExtent(state, tracked)
    if (!extent || state.failed.has(tracked.binder)) continue
    yield* settleTo(state, tracked, extent)
  }
}

/** Gives a binder without stated end the range `low … extent - 1`. */
function* settleTo(state: Inference, tracked: Tracked, extent: Expr): Steps<void> {
  const { binder, bound } = tracked
  const { graph } = state.env.context
  if (!binder.lower) {
    state.ranges.set(binder, {
      index: graph.freshIndex(extent, binder.name.name),
      low: graph.zero,
      conditions: [],
    })
    return
  }
  const low = yield* boundOf(tracked, scopeAt(state, bound, [binder.lower.value]), 'lower')
  if (low) yield* settleBetween(state, tracked, low, extent)
  else state.failed.add(binder)
}

const isAlone = ({ subscript }: Occurrence, binder: Binder): boolean =>
  subscript.kind === 'name' && subscript.name === binder.name.name

/** The extent of the axes at which the index stands alone; reports where they differ. */
function* aloneExtent(state: Inference, tracked: Tracked): Steps<Expr | undefined> {
  const { binder } = tracked
  const { graph } = state.env.context
  const alone = tracked.occurrences.filter((occurrence) => isAlone(occurrence, binder))
  const simple = alone.filter(({ read }) => isSimple(read.object))
  let extent: Expr | undefined
  let first: Occurrence | undefined
  // Computed objects cost an elaboration: asked only if no name decides.
  for (const occurrence of simple.length > 0 ? simple : alone) {
    const found = yield* extentOf(state, occurrence)
    if (!found) continue
    if (!extent) {
      extent = found
      first = occurrence
    } else if (!isEqual(graph, extent, found)) {
      const before = mistakesIn(state.env)
      if (requireEqual(state.env, extent, found, binder)) continue
      state.failed.add(binder)
      if (mistakesIn(state.env) > before) return undefined
      const notes: Note[] = [first, occurrence].flatMap((place, at) =>
        place
          ? [
              {
                message: `here it has ${showExpr(graph, at === 0 && extent ? extent : found)} positions`,
                span: place.subscript.span,
              },
            ]
          : [],
      )
      report(
        state.env,
        messages.rangesDiffer(binder.name.name, showExpr(graph, extent), showExpr(graph, found)),
        binder.name.span,
        notes,
      )
      state.failed.add(binder)
      return undefined
    }
  }
  return extent
}

/** A size of the data that must be a certain number: tested when the sizes are bound. Two sizes stay two sizes. */
function requireEqual(env: Env, a: Expr, b: Expr, binder: Binder): boolean {
  const { graph } = env.context
  const [size, number] = a.kind === 'num' ? [b, a] : [a, b]
  if (number.kind !== 'num' || size.kind !== 'size') return false
  const message = messages.sizeMustBe(binder.name.name, showExpr(graph, size), showExpr(graph, number))
  return (
    requireNonNegative(env, graph.sub(size, number), message, binder.name.span) &&
    requireNonNegative(env, graph.sub(number, size), message, binder.name.span)
  )
}

const isSimple = (object: Expression): boolean =>
  object.kind === 'name' || (object.kind === 'member' && object.object.kind === 'name')

/** The extent of the axis that a subscript addresses. */
function* extentOf(state: Inference, occurrence: Occurrence): Steps<Expr | undefined> {
  if (state.extents.has(occurrence)) return state.extents.get(occurrence)
  const { read, at, bound } = occurrence
  const shape = shapeUnderWay(state, occurrence) ?? (yield* shapeOf(state, read.object, bound))
  // The object has a mistake of its own: no range follows, and nothing needs to be said about it.
  if (!shape || at >= shape.length)
    for (const name of namesIn([occurrence.subscript])) state.silent.add(lookup(bound, name))
  const extent = shape?.[at]
  const known =
    extent && !postorder([extent]).some((node) => state.standInSizes.has(node)) ? extent : undefined
  state.extents.set(occurrence, known)
  return known
}

function* shapeOf(
  state: Inference,
  object: Expression,
  bound: Bound | undefined,
): Steps<readonly Expr[] | undefined> {
  const value = yield valueOf(object, probing(scopeAt(state, bound, [object])))
  return value.kind === 'tensor' ? value.shape : undefined
}

/** A tensor whose recurrence is under way has a shape before it has a value. */
function shapeUnderWay({ env }: Inference, { read, bound }: Occurrence): readonly Expr[] | undefined {
  if (read.object.kind !== 'name' || lookup(bound, read.object.name)) return undefined
  const binding = env.scope.value(read.object.name)
  if (binding?.kind !== 'recurrent' || !binding.recurrent.rest) return undefined
  return [...binding.recurrent.axes.map((axis) => axis.high), ...binding.recurrent.rest]
}

// ── Affine reads ───────────────────────────────────────────────────────────────────────────────────────────

function* settleAffine(state: Inference): Steps<void> {
  const known = new Set(state.ranges.keys())
  const found: { tracked: Tracked; extent: Expr }[] = []
  for (const tracked of state.tracked.values()) {
    if (!open(state, tracked) || tracked.binder.upper) continue
    const extent = yield* affineExtent(state, tracked, known)
    if (extent) found.push({ tracked, extent })
  }
  for (const { tracked, extent } of found) yield* settleTo(state, tracked, extent)
}

/** The largest extent that keeps every unguarded affine read inside its axis. */
function* affineExtent(
  state: Inference,
  { binder, occurrences }: Tracked,
  known: ReadonlySet<Binder>,
): Steps<Expr | undefined> {
  const { env } = state
  const { graph } = env.context
  let least: Expr | undefined
  for (const occurrence of occurrences) {
    if (occurrence.guarded || isAlone(occurrence, binder)) continue
    const others = [...namesIn([occurrence.subscript])].map((name) => lookup(occurrence.bound, name))
    if (!others.every((other) => !other || other === binder || known.has(other))) continue
    const extent = yield* extentOf(state, occurrence)
    if (!extent) continue
    const value = yield valueOf(occurrence.subscript, probing(scopeAt(state, occurrence.bound, [occurrence.subscript]))) // prettier-ignore
    if (value.kind !== 'tensor' || value.shape.length > 0 || !value.element.integer) continue
    const limit = positionsInside(env, value.element, standIn(state, binder), extent)
    if (!limit) continue
    if (!least || isNonNegative(graph, graph.sub(least, limit))) least = limit
    else if (!isNonNegative(graph, graph.sub(limit, least))) {
      report(env, messages.rangesIncomparable(binder.name.name, showExpr(graph, least), showExpr(graph, limit)), binder.name.span) // prettier-ignore
      state.failed.add(binder)
      return undefined
    }
  }
  if (least) requireOne(env, least, binder)
  return least
}

/** How many values of `index`, from 0, keep `position` inside an axis. */
function positionsInside(env: Env, position: Expr, index: Index, extent: Expr): Expr | undefined {
  const { graph } = env.context
  const split = linearIn(graph, position, index)
  if (!split || split.coefficient === graph.zero || split.coefficient.free.length > 0) return undefined
  const { coefficient, rest } = split
  const accept = (sign: Expr): boolean => acceptSign(env, sign)
  const falling = isNonNegative(graph, graph.neg(coefficient))
  if (!falling && !isNonNegative(graph, coefficient) && !accept(coefficient)) return undefined
  const room = falling
    ? extreme(graph, rest, 'least', accept)
    : mapped(extreme(graph, rest, 'greatest', accept), (most) =>
        graph.sub(graph.sub(extent, graph.one), most),
      )
  if (!room) return undefined
  const step = falling ? graph.neg(coefficient) : coefficient
  const count = graph.apply('idiv', [room, step])
  if (step.kind !== 'num') assumeFloor(env, room, step, count)
  return graph.add(count, graph.one)
}

/** `step * div(room, step) <= room`, a fact that proofs cannot find where the step is an argument. */
function assumeFloor(env: Env, room: Expr, step: Expr, count: Expr): void {
  const { graph, probing: silent } = env.context
  const positive = requireNonNegative(
    env,
    graph.sub(step, graph.one),
    messages.zeroStep(showExpr(graph, step)),
    undefined,
  )
  if (positive && !silent) graph.assume(graph.sub(room, graph.mul(step, count)))
}

const mapped = (e: Expr | undefined, f: (e: Expr) => Expr): Expr | undefined => e && f(e)

/** A step between positions that is an argument (`D` in `x[t + D*k]`) runs forwards: tested at the boundary. */
function acceptSign(env: Env, coefficient: Expr): boolean {
  const { graph } = env.context
  if (coefficient.free.length > 0 || !isKnownEarly(coefficient)) return false
  const text = showExpr(graph, coefficient)
  return requireNonNegative(env, coefficient, messages.negativeStep(text), undefined)
}

/** An inferred range has at least one position. */
function requireOne(env: Env, extent: Expr, binder: Binder): void {
  const { graph } = env.context
  const spare = roomOf(graph, extent)
  requireNonNegative(env, spare, messages.emptyRange(binder.name.name, showExpr(graph, spare)), binder.span)
}

/** `div(a, c) + 1` has a position exactly if `a >= 0`. */
function roomOf(graph: Context['graph'], extent: Expr): Expr {
  const spare = graph.sub(extent, graph.one)
  return spare.kind === 'apply' && spare.operator === 'idiv' ? spare.args[0] : spare
}

// ── Environments for asking ────────────────────────────────────────────────────────────────────────────────

/** The names of some expressions bound to their ranges, or to stand-ins. */
function scopeAt(state: Inference, bound: Bound | undefined, expressions: readonly Expression[]): Env {
  const scope = new Scope(state.env.scope)
  for (const name of namesIn(expressions)) {
    const binder = lookup(bound, name)
    if (binder) scope.bind(name, scalar(valueOfBinder(state, binder)), binder.name.span, 'index')
  }
  return { ...state.env, scope, ranges: state.ranges }
}

function valueOfBinder(state: Inference, binder: Binder): Expr {
  const { graph } = state.env.context
  const range = state.ranges.get(binder)
  return range ? graph.add(range.index, range.low) : standIn(state, binder)
}

function standIn(state: Inference, binder: Binder): Index {
  const { graph } = state.env.context
  const present = state.standIns.get(binder)
  if (present) return present
  const size = graph.size(binder.name.name)
  state.standInSizes.add(size)
  const index = graph.freshIndex(size, binder.name.name)
  state.standIns.set(binder, index)
  return index
}

/** The environment in which only shapes are asked for. */
export function probing(env: Env): Env {
  const { context } = env
  return {
    ...env,
    context: {
      ...context,
      diagnostics: new Diagnostics(),
      checks: [],
      pending: [],
      rules: [],
      probing: true,
    },
  }
}

/** Reports a binder without range, unless something else was found wrong meanwhile that explains it. */
export function reportNoRange(env: Env, binder: Binder, before: number): void {
  if (!env.ranges.has(binder) && mistakesIn(env) === before)
    report(env, messages.noRange(binder.name.name), binder.name.span)
}

/** The value of a binder inside its body. */
export const binderValue = (env: Env, { index, low }: Range): Tensor =>
  scalar(env.context.graph.add(index, low))
