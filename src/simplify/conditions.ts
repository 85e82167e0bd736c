/** The conditions that rewrites reported, each under those of the arms that it comes from. */
import type { Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { withOperands } from '../ir/walk.js'

/** What one node was rewritten to, and the conditions of that. */
export interface Rewritten {
  readonly after: Expr
  readonly conditions: readonly Expr[]
}

/** A part that stands in more arms than that counts as one that is always evaluated. */
const ARMS = 8

interface Place {
  readonly node: Expr
  /** Where it is evaluated; undefined for everywhere. */
  readonly when: Expr | undefined
}

export interface Followed {
  readonly conditions: readonly Expr[]
  /** The parts that were come by. */
  readonly seen: Pick<ReadonlyMap<Expr, unknown>, 'has'>
}

/**
 * Follows the rewrites from the roots down: a division that was cancelled in an arm of `if` was undefined only where that arm is
 * taken.
 */
export function conditionsOf(
  graph: Graph,
  roots: readonly Expr[],
  steps: ReadonlyMap<Expr, Rewritten>,
  settled: (e: Expr) => Expr,
): Followed {
  const conditions = new Set<Expr>()
  const seen = new Map<Expr, Set<Expr> | 'always'>()
  const pending: Place[] = roots.map((node) => ({ node, when: undefined }))
  const enters = ({ node, when }: Place): boolean => {
    const places = seen.get(node)
    if (places === 'always' || (when && places?.has(when))) return false
    if (!when) seen.set(node, 'always')
    else if (places) places.add(when)
    else seen.set(node, new Set([when]))
    return true
  }
  for (let place = pending.pop(); place; place = pending.pop()) {
    const places = seen.get(place.node)
    const isEverywhere = places instanceof Set && places.size >= ARMS
    const { node, when } = isEverywhere ? { node: place.node, when: undefined } : place
    if (!enters({ node, when })) continue
    for (const inner of operandPlaces(graph, node, when)) pending.push(inner)
    const rebuilt = withOperands(graph, node, node.operands.map(settled))
    if (rebuilt !== node) pending.push({ node: rebuilt, when })
    const step = steps.get(node)
    if (!step) continue
    pending.push({ node: step.after, when })
    for (const condition of step.conditions)
      conditions.add(when ? graph.or(graph.not(when), condition) : condition)
  }
  return { conditions: [...conditions].filter(({ kind }) => kind !== 'num'), seen }
}

function operandPlaces(graph: Graph, node: Expr, when: Expr | undefined): Place[] {
  const under = (...held: readonly Expr[]): Expr => graph.and(when ? [when, ...held] : held)
  if (node.kind === 'guard')
    return [
      ...node.conditions.map((condition) => ({ node: condition, when })),
      { node: node.body, when: under(...node.conditions) },
    ]
  if (node.kind === 'apply' && node.operator === 'select') {
    const [condition, consequent, alternate] = node.args
    return [
      { node: condition, when },
      { node: consequent, when: under(condition) },
      { node: alternate, when: under(graph.not(condition)) },
    ]
  }
  return node.operands.map((operand) => ({ node: operand, when }))
}
