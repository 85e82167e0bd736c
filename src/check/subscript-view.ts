/** The part of a tensor that subscripts select: its shape and the position of its elements. */
import type { Expression, Slice } from '../../grammar/ast.js'
import type { Expr } from '../ir/expr.js'
import { axis } from './axes.js'
import type { Env } from './env.js'
import { messages } from './messages.js'
import { checkPosition } from './position.js'
import { requireNonNegative } from './require.js'
import { showExpr } from './show.js'
import type { Tensor } from './value.js'

/** One subscript: a position, or the half-open part of an axis (its end is that of the axis if absent). */
export type Place =
  | { readonly kind: 'position'; readonly value: Expr; readonly syntax: Expression }
  | { readonly kind: 'slice'; readonly start: Expr; readonly end: Expr | undefined; readonly syntax: Slice }

interface View {
  readonly shape: readonly Expr[]
  /** One position per axis of the object, over the canonical axes of `shape`. */
  readonly args: readonly Expr[]
  readonly conditions: readonly Expr[]
}

/** Positions for every axis of an object; reports what is out of range. */
export function viewOf(
  env: Env,
  object: Pick<Tensor, 'shape' | 'margins'>,
  places: readonly Place[],
  name: string,
): View | undefined {
  const { graph } = env.context
  const shape: Expr[] = []
  const conditions: Expr[] = []
  for (const [at, extent] of object.shape.entries()) {
    const place = places[at]
    if (!place) shape.push(extent)
    else if (place.kind === 'slice') {
      const end = place.end ?? extent
      const length = graph.sub(end, place.start)
      const { span } = place.syntax
      const slice = `${showExpr(graph, place.start)}:${showExpr(graph, end)}`
      const outside = messages.sliceOutside(name, at, showExpr(graph, extent), slice)
      const fits =
        requireNonNegative(env, length, messages.sliceEmpty(), span) &&
        requireNonNegative(env, place.start, outside, span) &&
        requireNonNegative(env, graph.sub(extent, end), outside, span)
      if (!fits) return undefined
      shape.push(length)
    } else {
      const axisRead = { name, at, extent, margin: object.margins?.[at] }
      const result = checkPosition(env, place.value, axisRead, place.syntax)
      if (result.kind === 'mistake') return undefined
      if (result.kind === 'guard') conditions.push(...result.conditions)
    }
  }
  let left = shape.length
  const args = object.shape.map((_, at) => {
    const place = places[at]
    if (place?.kind === 'position') return place.value
    left--
    const index = axis(graph, left, shape[shape.length - 1 - left])
    return place ? graph.add(index, place.start) : index
  })
  return { shape, args, conditions }
}
