/** Choices as their author wrote them. */
import type { Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { postorder, rewrite } from '../ir/walk.js'
import { oppositesOf } from '../simplify/rules/piecewise.js'

/** `if x > 0 then 2x else -1`, where `x > 0` was asked, for `if x <= 0 then -1 else 2x`. */
export function choicesAsWritten(graph: Graph, written: readonly Expr[], e: Expr): Expr {
  const asked = new Set<Expr>()
  for (const part of postorder(written))
    if (part.kind === 'apply' && part.operator === 'select') asked.add(part.args[0])
  if (asked.size === 0) return e
  return rewrite(graph, e, (_, part) => {
    if (part.kind !== 'apply' || part.operator !== 'select' || asked.has(part.args[0])) return part
    const [condition, consequent, alternate] = part.args
    const opposite = oppositesOf(graph, condition).find((each) => asked.has(each))
    return opposite ? graph.select(opposite, alternate, consequent) : part
  })
}
