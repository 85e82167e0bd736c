/** Reads of a tensor whose recurrence is being elaborated: only what is computed by then. */
import type { Expression, Subscript } from '../../grammar/ast.js'
import type { Expr } from '../ir/expr.js'
import { isNonNegative } from '../ir/prove.js'
import { axesOf } from './axes.js'
import { conditionsOf, type Env, report } from './env.js'
import { messages } from './messages.js'
import type { Recurrent } from './recurrent.js'
import { showExpr } from './show.js'
import { type Place, viewOf } from './subscript-view.js'
import { POISON, type Tensor, tensor, type Value } from './value.js'

/** The tensor over the range, as it stands after the block. */
export function finished(env: Env, recurrent: Recurrent): Tensor | undefined {
  const { graph } = env.context
  const { def, rest, axes, ambient } = recurrent
  if (!def || !rest) return undefined
  const shape = [...axes.map((axis) => axis.high), ...rest]
  const own = axesOf(graph, shape)
  const args = own.map((index, at) =>
    at < axes.length ? graph.add(index, graph.num(axes[at].below)) : index,
  )
  const margins = axes.map(({ below, after }) => ({ before: below, after }))
  return { ...tensor(shape, graph.read(def, [...ambient, ...args])), margins }
}

/** The name alone, inside its own recurrence. */
export function wholeRecurrent(env: Env, recurrent: Recurrent, e: Expression): Value {
  if (recurrent.poisoned) return POISON
  return report(env, messages.wholeRecurrent(recurrent.name, recurrent.axes[0].binder), e.span)
}

export function readRecurrent(env: Env, recurrent: Recurrent, places: readonly Place[], e: Subscript): Value {
  const { graph } = env.context
  if (recurrent.poisoned) return POISON
  if (
    places.length < recurrent.axes.length ||
    places.slice(0, recurrent.axes.length).some((place) => place.kind !== 'position')
  )
    // prettier-ignore
    return wholeRecurrent(env, recurrent, e)
  const { def, rest } = recurrent
  if (!def || !rest) return report(env, messages.noInitial(recurrent.name, `${recurrent.axes[0].binder} = ${showExpr(graph, recurrent.axes[0].low)}`), e.span) // prettier-ignore
  if (!isComputed(env, recurrent, places, e)) return POISON
  const shape = [...recurrent.axes.map((axis) => axis.high), ...rest]
  if (places.length > shape.length)
    return report(env, messages.tooManySubscripts(recurrent.name, shape.length, places.length), e.span)
  const margins = recurrent.axes.map(({ below, after }) => ({ before: below, after }))
  const view = viewOf(env, { shape, margins }, places, recurrent.name)
  if (!view) return POISON
  const args = view.args.map((arg, at) => (at < recurrent.axes.length ? graph.add(arg, graph.num(recurrent.axes[at].below)) : arg)) // prettier-ignore
  return tensor(view.shape, graph.guard(view.conditions, graph.read(def, [...recurrent.ambient, ...args])))
}

/** Whether the positions come before those under way, in the order of the steps. */
function isComputed(env: Env, recurrent: Recurrent, places: readonly Place[], e: Subscript): boolean {
  const { graph, probing } = env.context
  if (probing) return true
  const conditions = conditionsOf(env.path)
  for (const [at, axis] of recurrent.axes.entries()) {
    const place = places[at]
    if (!axis.step || place?.kind !== 'position') break
    const now: Expr = graph.add(axis.step, axis.low)
    const backwards = axis.after > 0
    const lag = backwards ? graph.sub(place.value, now) : graph.sub(now, place.value)
    if (isNonNegative(graph, graph.sub(lag, graph.one), conditions)) return true
    if (lag === graph.zero) continue
    if (isNonNegative(graph, lag, conditions) && recurrent.defined) continue
    report(
      env,
      messages.notCausal(recurrent.name, backwards ? 'backwards' : 'forwards', axis.binder),
      place.syntax.span,
    )
    return false
  }
  if (recurrent.defined) return true
  const [axis] = recurrent.axes
  report(env, messages.notInThisStep(recurrent.name, axis.binder, axis.after > 0), e.span)
  return false
}
