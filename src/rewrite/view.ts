import type { Def, Expr, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { substituteAt } from '../ir/walk.js'

/** What stands behind a read, or undefined where a rewrite must not look. */
export type View = (read: Read) => Expr | undefined

/** Looks through reads of single numbers only: what is behind them is cheap to compute again. */
export function throughNumbers(graph: Graph): View {
  const through = throughDefinitions(graph)
  return (read) => (read.args.length === 0 ? through(read) : undefined)
}

/** Looks nowhere: every read is opaque. */
export const opaque: View = () => undefined

/**
 * Looks through reads of pointwise definitions. Recurrences stay closed: their values are known only by their names.
 * The body at the arguments of the read is in range wherever the read is. `closed` definitions stay closed too.
 */
export function throughDefinitions(graph: Graph, closed?: ReadonlySet<Def>): View {
  const memo = new Map<Read, Expr>()
  return (read) => {
    const { def } = read
    if (def.kind !== 'computed' || def.reduction || def.nominal || !def.body || closed?.has(def))
      return undefined
    let body = memo.get(read)
    if (!body) {
      body = substituteAt(graph, def.body, def.idx, read.args)
      memo.set(read, body)
    }
    return body
  }
}
