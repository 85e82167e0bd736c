/**
 * Forward mode over definitions: the operator table read the other way. The tangent of a definition is a definition of
 * the same shape; recurrences stay recurrences and run in the same direction.
 */
import type { ComputedDef, Def, Expr, Index, MatrixDef, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { activeNodes, findActivity } from './activity.js'
import { matrixTangent, openMatrix } from './matrix.js'
import { ruleTangent } from './own-tangents.js'
import { flowsOf } from './partials.js'
import { entryPartial, freshFor, open } from './reduction.js'
import { passed } from './support.js'

/** The tangents of the results, given the tangents of the variables (definitions of the same shapes); absent where zero. */
export function pushforward(
  graph: Graph,
  results: readonly Def[],
  variables: ReadonlyMap<Def, Def>,
): Map<Def, Def> {
  const activity = findActivity(results, new Set(variables.keys()))
  const tangents = new Map<Def, Def>(variables)
  for (const component of activity.components) {
    const members = component.filter(
      (def): def is ComputedDef | MatrixDef =>
        (def.kind === 'computed' || def.kind === 'matrix') && activity.isActive(def) && !tangents.has(def),
    )
    if (activity.dependencies.isRecurrence(component)) {
      for (const def of members) {
        const shape = def.idx.map((index) => index.extent)
        const spec = { name: `${def.name}_dot`, shape, indexNames: def.indexNames, auto: true }
        tangents.set(def, graph.nominal({ ...spec, origin: { ...def.origin, rule: 'forward mode' } }))
      }
      for (const def of members) {
        const target = tangents.get(def)
        const idx = freshFor(graph, def.idx, def.indexNames)
        if (target?.kind === 'computed') graph.setBody(target, idx, tangentOf(graph, def, idx, tangents))
      }
      continue
    }
    for (const def of members) {
      const idx = freshFor(graph, def.idx, def.indexNames)
      const body = tangentOf(graph, def, idx, tangents)
      if (body === graph.zero) continue
      const origin = { ...def.origin, rule: 'forward mode' }
      tangents.set(def, graph.define({ name: `${def.name}_dot`, idx, body, origin, auto: true }))
    }
  }
  return tangents
}

function tangentOf(
  graph: Graph,
  def: ComputedDef | MatrixDef,
  idx: readonly Index[],
  tangents: ReadonlyMap<Def, Def>,
): Expr {
  const tangentOfRead = (read: Read): Expr | undefined => {
    const dot = tangents.get(read.def)
    return dot && graph.read(dot, read.args)
  }
  if (def.kind === 'matrix') {
    const opened = openMatrix(graph, def, idx)
    const flows = opened.operands.map(({ value }) => {
      const flow = tangentOfExpr(graph, value, undefined, tangentOfRead)
      return flow === graph.zero ? undefined : flow
    })
    return matrixTangent(graph, def, opened, flows)
  }
  if (def.rules.length > 0)
    return graph.addAll(def.rules.map((rule) => ruleTangent(graph, rule, idx, tangentOfRead)))
  const opened = open(graph, def, idx)
  const tangent = tangentOfExpr(graph, opened.body, def.reduction ? undefined : opened.self, tangentOfRead)
  if (!def.reduction || tangent === graph.zero) return tangent
  return graph.sum(opened.red, passed(graph, entryPartial(graph, opened, def.reduction), tangent))
}

/** The tangent of an expression from the tangents of the reads in it (`undefined` is zero). */
export function tangentOfExpr(
  graph: Graph,
  root: Expr,
  self: Expr | undefined,
  tangentOfRead: (read: Read) => Expr | undefined,
): Expr {
  const order = activeNodes([root], (def) => tangentOfRead(graph.read(def, def.idx)) !== undefined)
  const active = new Set(order)
  const tangents = new Map<Expr, Expr>()
  for (const node of order) {
    if (node.kind === 'read') {
      tangents.set(node, tangentOfRead(node) ?? graph.zero)
      continue
    }
    const y = node === root && self ? self : node
    const flows = flowsOf(graph, node, y, (e) => active.has(e))
    tangents.set(
      node,
      graph.addAll(flows.map(({ operand, through }) => through(tangents.get(operand) ?? graph.zero))),
    )
  }
  return tangents.get(root) ?? graph.zero
}
