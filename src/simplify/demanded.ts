/** What an expression itself demands of its variables, for people: where `log(x)` has a value `|x|` is `x`. */
import type { Expr, Facts, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { replaceNodes } from '../ir/walk.js'
import { demandsOf } from './domain.js'
import { narrow } from './implied.js'

export interface Demanded {
  /** The expression in variables of which the demands are known. */
  readonly expr: Expr
  readonly conditions: readonly Expr[]
  /** In the variables that were given. */
  readonly restored: (e: Expr) => Expr
}

/** Undefined where nothing is demanded of a variable that is not known. */
export function underDemands(graph: Graph, e: Expr, settled: (e: Expr) => Expr): Demanded | undefined {
  const facts = new Map<Read, Facts>()
  const conditions = demandsOf(graph, e)
    .map(settled)
    .filter((demand) => narrow(facts, demand))
  if (facts.size === 0) return undefined
  const known = new Map<Expr, Expr>()
  const given = new Map<Expr, Expr>()
  for (const [read, own] of facts) {
    const { name } = read.def
    const narrowed = graph.read(graph.input({ name, shape: [], integer: read.integer, facts: own }), [])
    known.set(read, narrowed)
    given.set(narrowed, read)
  }
  return {
    expr: replaceNodes(graph, e, known),
    conditions,
    restored: (result) => replaceNodes(graph, result, given),
  }
}
