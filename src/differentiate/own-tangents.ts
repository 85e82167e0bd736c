/** Forward mode by the rules that the file states: a pullback is linear, and its transpose carries tangents. */
import type { Expr, Index, OwnRule, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { substitute } from '../ir/walk.js'
import { freshFor } from './reduction.js'
import { pullback } from './reverse.js'

/** Forward mode through one rule: the tangent of the result at `idx`, given that of the argument where it is read. */
export function ruleTangent(
  graph: Graph,
  { def, given, argument, at }: OwnRule,
  idx: readonly Index[],
  tangentOf: (read: Read) => Expr | undefined,
): Expr {
  const own = given ? freshFor(graph, def.idx, def.indexNames) : idx
  const renaming = new Map(def.idx.map((index, axis) => [index, own[axis]]))
  const places = at.map((place) => substitute(graph, place, renaming))
  const tangent = tangentOf(graph.read(argument, places)) ?? graph.zero
  if (!given) return graph.mul(graph.read(def, idx), tangent)
  const found = pullback(graph, [{ def, idx: own, cotangent: tangent }], [given]).get(given)
  if (!found) return graph.zero
  return substitute(graph, found.value, new Map(found.idx.map((index, axis) => [index, idx[axis]])))
}
