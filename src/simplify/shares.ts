/** Shares of a whole, as those of a softmax, sum to 1. */
import type { Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { isNonNegative } from '../ir/prove.js'
import { logOfEntries } from '../ir/shares.js'
import { substitute } from '../ir/walk.js'

/** Whether `exponent`, over `indices`, is `u_i - logsumexp u` for all entries of `u`, of which there are some. */
export function areLogsOfShares(graph: Graph, indices: readonly Index[], exponent: Expr): boolean {
  if (exponent.kind !== 'add') return false
  return exponent.terms.some(({ node, coefficient }) => {
    const whole = coefficient.isMinusOne ? logOfEntries(node) : undefined
    if (!whole || whole.bound.length !== indices.length) return false
    if (node.free.some((index) => indices.includes(index))) return false
    const renamed = new Map<Index, Expr>([
      ...whole.def.idx.map((index, axis): [Index, Expr] => [index, whole.args[axis]]),
      ...whole.bound.map((index, at): [Index, Expr] => [index, indices[at]]),
    ])
    const entry = graph.add(exponent, node)
    if (!entry.facts.finite || substitute(graph, whole.body, renamed) !== entry) return false
    return indices.every(({ extent }, at) => {
      const own = substitute(graph, whole.bound[at].extent, renamed)
      return own === extent && isNonNegative(graph, graph.sub(extent, graph.one))
    })
  })
}
