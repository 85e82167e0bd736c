import type { Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { postorder, rewriting } from '../ir/walk.js'
import type { OperatorName } from '../ops/signatures.js'

/** Derivatives as a textbook prints them: `log(1 + x)` and `exp(x) - 1`, unless the user wrote `log1p` and `expm1`; `max(x, 0)` as it was written. */
export function inTextbookWords(graph: Graph, given: readonly Expr[]): (e: Expr) => Expr {
  const written = operatorsIn(given)
  return rewriting(graph, (part) => {
    if (part.kind !== 'apply' || written.has(part.operator)) return part
    if (part.operator === 'log1p') return graph.apply('log', [graph.add(graph.one, part.args[0])])
    if (part.operator === 'expm1') return graph.sub(graph.apply('exp', part.args), graph.one)
    if (part.operator === 'relu' && written.has('max')) return graph.apply('max', [part.args[0], graph.zero])
    return part
  })
}

export const operatorsIn = (nodes: readonly Expr[]): ReadonlySet<OperatorName> =>
  new Set(postorder(nodes).flatMap((part) => (part.kind === 'apply' ? part.operator : [])))
