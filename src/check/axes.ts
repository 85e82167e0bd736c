/**
 * Canonical axes: every tensor value is written over the same index for a given extent at a given position
 * (counted from the last axis), so pointwise operations need no renaming and broadcasting is free.
 */
import type { Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { substitute } from '../ir/walk.js'
import type { Tensor } from './value.js'

const axesOfGraph = new WeakMap<Graph, Map<string, Index>>()

/** The axis of an extent, `position` axes before the last. */
export function axis(graph: Graph, position: number, extent: Expr): Index {
  let axes = axesOfGraph.get(graph)
  if (!axes) axesOfGraph.set(graph, (axes = new Map()))
  const key = `${position}:${extent.id}`
  let index = axes.get(key)
  if (!index) axes.set(key, (index = graph.freshIndex(extent)))
  return index
}

export function axesOf(graph: Graph, shape: readonly Expr[]): Index[] {
  return shape.map((extent, at) => axis(graph, shape.length - 1 - at, extent))
}

/** The element at given positions, one per axis. */
export function elementAt(graph: Graph, tensor: Tensor, positions: readonly Expr[]): Expr {
  const axes = axesOf(graph, tensor.shape)
  const values = new Map<Index, Expr>()
  for (const [at, index] of axes.entries()) if (index !== positions[at]) values.set(index, positions[at])
  return substitute(graph, tensor.element, values)
}

/** The tensor whose element at `indices` followed by the canonical axes of `rest` is `element`. */
export function abstracted(
  graph: Graph,
  indices: readonly Index[],
  rest: readonly Expr[],
  element: Expr,
): Tensor {
  const shape = [...indices.map((index) => index.extent), ...rest]
  const axes = axesOf(graph, shape)
  const values = new Map(indices.map((index, at) => [index, axes[at]]))
  return { kind: 'tensor', shape, element: substitute(graph, element, values), row: false }
}

/** Reads a whole definition after leading arguments. */
export function sameShape(a: readonly Expr[], b: readonly Expr[]): boolean {
  return a.length === b.length && a.every((extent, at) => extent === b[at])
}
