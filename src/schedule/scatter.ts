/**
 * Sums with a delta that no rule could eliminate: `D[v, …] = Σ_s [v = word[s]] g[s, …]`. They are computed by adding each
 * term where it belongs, not by a scan over `v`.
 */
import type { Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { linearIn } from '../ir/prove.js'

/** One term of the sum: value, the conditions that stay, and the positions of own indices that equations fix. */
export interface ScatterTerm {
  readonly positions: ReadonlyMap<Index, Expr>
  readonly conditions: readonly Expr[]
  readonly value: Expr
}

export function isScatter(graph: Graph, body: Expr, bound: readonly Index[], own: readonly Index[]): boolean {
  return scatterTerms(graph, body, bound, own).some((term) => term.positions.size > 0)
}

/** The terms of a sum, each with the equations that determine own indices solved. */
export function scatterTerms(
  graph: Graph,
  body: Expr,
  bound: readonly Index[],
  own: readonly Index[],
): ScatterTerm[] {
  return termsOf(graph, body).map((term) => {
    if (term.kind !== 'guard') return { positions: new Map(), conditions: [], value: term }
    const positions = new Map<Index, Expr>()
    const conditions: Expr[] = []
    for (const condition of term.conditions) {
      const solved = solve(graph, condition, own, bound, positions)
      if (solved) positions.set(solved.index, solved.position)
      else conditions.push(condition)
    }
    return { positions, conditions, value: term.body }
  })
}

function termsOf(graph: Graph, body: Expr): Expr[] {
  if (body.kind !== 'add') return [body]
  // Deltas apart, all else in one dense term.
  const deltas: Expr[] = []
  const dense: Expr[] = body.constant.isZero ? [] : [graph.num(body.constant)]
  for (const { node, coefficient } of body.terms)
    (node.kind === 'guard' ? deltas : dense).push(graph.scale(coefficient, node))
  return dense.length > 0 ? [...deltas, graph.addAll(dense)] : deltas
}

/** `own = position` from an equation that is linear in one own index and otherwise free of own ones. */
function solve(
  graph: Graph,
  condition: Expr,
  own: readonly Index[],
  bound: readonly Index[],
  taken: ReadonlyMap<Index, Expr>,
): { index: Index; position: Expr } | undefined {
  if (condition.kind !== 'test' || condition.test !== 'eq0') return undefined
  if (!condition.free.some((index) => bound.includes(index))) return undefined
  const mine = condition.free.filter((index) => own.includes(index))
  if (mine.length !== 1 || taken.has(mine[0])) return undefined
  const linear = linearIn(graph, condition.operand, mine[0])
  if (!linear || linear.coefficient.kind !== 'num') return undefined
  const { value } = linear.coefficient
  if (value.isOne) return { index: mine[0], position: graph.neg(linear.rest) }
  return value.isMinusOne ? { index: mine[0], position: linear.rest } : undefined
}
