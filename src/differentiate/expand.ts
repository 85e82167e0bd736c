import type { ComputedDef, Def, DerivativeDef, Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import type { Rebuilt } from '../ir/rebuild.js'
import { substitute, wholeRead } from '../ir/walk.js'
import { pushforward } from './forward.js'
import type { Mutation } from './partials.js'
import { freshFor } from './reduction.js'
import { pullback } from './reverse.js'

/**
 * The definition that a derivative written in the language stands for: `D[batch, j] = ∂ of[batch] / ∂ wrt[at(batch), j]`.
 * One pullback with a delta as seed per batch index; the sums eliminate the deltas, so structure such as a
 * diagonal Jacobian is found by equality of indices and never expanded. By one number: one tangent.
 */
export function expandDerivative(
  graph: Graph,
  def: DerivativeDef,
  rebuilt: Rebuilt,
  { mutation, forwards = false }: { readonly mutation?: Mutation; readonly forwards?: boolean } = {},
): ComputedDef {
  const width = def.idx.length - (def.wrt.idx.length - def.at.length)
  const batch = freshFor(graph, def.idx.slice(0, width), def.indexNames)
  const renaming = new Map(def.idx.slice(0, width).map((index, axis) => [index, batch[axis]]))
  const of = substitute(graph, rebuilt.expr(def.of), renaming)
  const at = def.at.map((arg) => substitute(graph, rebuilt.expr(arg), renaming))
  const wrt = rebuilt.def(def.wrt)

  const target = asDefinition(graph, of, batch, def)
  const origin = { ...def.origin, rule: 'derivative' }
  if (wrt.idx.length === 0 && (batch.length > 0 || forwards)) {
    // Many results by one number: one tangent.
    const unit = graph.define({ name: `${wrt.name}_dot`, idx: [], body: graph.one, auto: true })
    const tangent = pushforward(graph, [target], new Map([[wrt, unit]])).get(target)
    const body = tangent ? graph.read(tangent, batch) : graph.zero
    return graph.define({ name: def.name, idx: batch, body, origin, auto: false })
  }
  const place = freshFor(graph, target.idx, target.indexNames)
  const deltas = place.map((index, axis) => graph.eq0(graph.sub(index, batch[axis])))
  const seed = { def: target, idx: place, cotangent: graph.guard(deltas, graph.one) }
  const cotangent = pullback(graph, [seed], [wrt], batch, mutation).get(wrt)
  const own =
    cotangent?.idx.slice(at.length) ??
    freshFor(graph, wrt.idx.slice(at.length), wrt.indexNames.slice(at.length))
  const fixed = new Map<Index, Expr>(at.map((arg, axis) => [cotangent?.idx[axis] ?? place[axis], arg]))
  return graph.define({
    name: def.name,
    idx: [...batch, ...own],
    body: cotangent ? substitute(graph, cotangent.value, fixed) : graph.zero,
    origin,
    auto: false,
  })
}

/** The definition that an expression reads whole, or a new one. */
export function asDefinition(graph: Graph, e: Expr, idx: readonly Index[], { name, origin }: Def): Def {
  return wholeRead(e, idx) ?? graph.define({ name: `of_${name}`, idx, body: e, origin, auto: true })
}
