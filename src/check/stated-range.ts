/** Ranges from stated bounds: `1 <= j <= d`, `j < i`, `first[o] <= e < first[o+1]`. */
import type { Binder } from '../../grammar/ast.js'
import type { Expr } from '../ir/expr.js'
import { aloneExtent } from './axis-extent.js'
import { extreme, isKnownEarly } from './bounds.js'
import { type Env, report } from './env.js'
import { type Inference, open, scopeAt, wholeScalar } from './inference.js'
import { messages } from './messages.js'
import { lookup, type Tracked } from './occurrences.js'
import { requireNonNegative } from './require.js'
import { showExpr } from './show.js'
import { namesIn } from './syntax.js'
import { type Steps, valueOf } from './task.js'

export function* settleStated(state: Inference): Steps<void> {
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

/** Gives a binder without stated end the range `low … extent - 1`. */
export function* settleTo(state: Inference, tracked: Tracked, extent: Expr): Steps<void> {
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
