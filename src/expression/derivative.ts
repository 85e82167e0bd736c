/** Derivatives of scalar expressions, in one variable or in many. */
import { pushforward, tangentOfExpr } from '../differentiate/forward.js'
import { pullback } from '../differentiate/reverse.js'
import type { Def, Expr, InputDef } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { rebuildDefinitions } from '../ir/rebuild.js'
import { readsIn, rewriting, substituteAt } from '../ir/walk.js'

/** `∂e / ∂wrt`, forwards: reductions in `e` get tangents of their own. */
export function differentiateExpression(graph: Graph, e: Expr, wrt: InputDef): Expr {
  const computed = [...new Set(readsIn(e).map((read) => read.def))].filter((def) => def.kind === 'computed')
  const one = graph.define({ name: 'one', idx: [], body: graph.one, auto: true })
  const tangents =
    computed.length === 0 ? new Map<Def, Def>() : pushforward(graph, computed, new Map([[wrt, one]]))
  const tangent = tangentOfExpr(graph, e, undefined, (read) => {
    if (read.def === wrt) return graph.one
    const found = tangents.get(read.def)
    return found && graph.read(found, read.args)
  })
  return inlined(graph, [tangent])[0]
}

/** The partial derivatives of `e` in all variables, by one reverse sweep. */
export function gradientOfExpression(graph: Graph, e: Expr, wrt: readonly InputDef[]): Expr[] {
  const result = graph.define({ name: 'value', idx: [], body: e, auto: true })
  const cotangents = pullback(graph, [{ def: result, idx: [], cotangent: graph.one }], wrt)
  const values = wrt.map((input) => cotangents.get(input)?.value ?? graph.zero)
  return inlined(graph, values, result, e)
}

/** Without reads of pointwise automatic definitions; the value of the whole, if a partial names it, in full. */
function inlined(graph: Graph, roots: readonly Expr[], whole?: Def, value?: Expr): Expr[] {
  const inline = rewriting(graph, (part) => {
    if (part.kind !== 'read') return part
    const { def } = part
    if (def === whole && value) return value
    if (def.kind !== 'computed' || !def.auto || def.reduction || def.nominal || !def.body) return part
    return substituteAt(graph, def.body, def.idx, part.args)
  })
  const holders = roots.map((body) => graph.define({ name: 'derivative', idx: [], body, auto: true }))
  const made = rebuildDefinitions(graph, holders, { body: inline })
  return holders.map((holder) => {
    const rebuilt = made.get(holder) ?? holder
    // A definition that only reads another is that other.
    const isPointwise = rebuilt.kind === 'computed' && !rebuilt.reduction && !rebuilt.nominal
    return isPointwise && rebuilt.body ? rebuilt.body : graph.read(rebuilt, [])
  })
}
