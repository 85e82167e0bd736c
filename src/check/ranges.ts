/**
 * The ranges of the indices of one statement, from stated bounds and from the reads they stand in:
 * a stated bound holds; an index alone in a subscript has that axis's extent; otherwise the range is the
 * largest that keeps every affine, unguarded read inside.
 */
import type { Binder, Expression } from '../../grammar/ast.js'
import { settleAffine } from './affine-range.js'
import { aloneExtent } from './axis-extent.js'
import { type Env, type Range, mistakesIn, report } from './env.js'
import { type Inference, open } from './inference.js'
import { messages } from './messages.js'
import { track } from './occurrences.js'
import { settleStated, settleTo } from './stated-range.js'
import type { Steps } from './task.js'
import { type Tensor, scalar } from './value.js'

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

function* settleAlone(state: Inference): Steps<void> {
  for (const tracked of state.tracked.values()) {
    if (!open(state, tracked) || tracked.binder.upper) continue
    const extent = yield* aloneExtent(state, tracked)
    if (!extent || state.failed.has(tracked.binder)) continue
    yield* settleTo(state, tracked, extent)
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
