/** Ranges from affine reads: the largest range that keeps every one of them inside its axis. */
import type { Binder } from '../../grammar/ast.js'
import type { Expr, Index } from '../ir/expr.js'
import { isNonNegative, linearIn } from '../ir/prove.js'
import { extentOf, isAlone } from './axis-extent.js'
import { extreme, isKnownEarly } from './bounds.js'
import { type Context, type Env, report } from './env.js'
import { type Inference, open, probing, scopeAt, standIn } from './inference.js'
import { messages } from './messages.js'
import { type Tracked, lookup } from './occurrences.js'
import { requireNonNegative } from './require.js'
import { showExpr } from './show.js'
import { settleTo } from './stated-range.js'
import { namesIn } from './syntax.js'
import { type Steps, valueOf } from './task.js'

export function* settleAffine(state: Inference): Steps<void> {
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
