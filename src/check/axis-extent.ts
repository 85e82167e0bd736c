/** The extents of the axes that an index addresses. */
import type { Binder, Expression } from '../../grammar/ast.js'
import type { Note } from '../base/diagnostic.js'
import type { Expr } from '../ir/expr.js'
import { isEqual } from '../ir/prove.js'
import { postorder } from '../ir/walk.js'
import { type Env, mistakesIn, report } from './env.js'
import { type Inference, probing, scopeAt } from './inference.js'
import { messages } from './messages.js'
import { type Bound, type Occurrence, type Tracked, lookup } from './occurrences.js'
import { requireNonNegative } from './require.js'
import { showExpr } from './show.js'
import { namesIn } from './syntax.js'
import { type Steps, valueOf } from './task.js'

export const isAlone = ({ subscript }: Occurrence, binder: Binder): boolean =>
  subscript.kind === 'name' && subscript.name === binder.name.name

/** The extent of the axes at which the index stands alone; reports where they differ. */
export function* aloneExtent(state: Inference, tracked: Tracked): Steps<Expr | undefined> {
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
export function* extentOf(state: Inference, occurrence: Occurrence): Steps<Expr | undefined> {
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
