import type { Def, Expr, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { differentiableOperands } from '../ir/smooth.js'
import { activeNodes } from './activity.js'
import { flowsOf, type Mutation } from './partials.js'

export interface Contribution {
  readonly read: Read
  readonly cotangent: Expr
}

/**
 * Reverse mode over one expression: the cotangent of each active read in it, given the cotangent `seed` of its root.
 * `self` is the stored value of the root: partials are written with it (`tanh' = 1 - h²`).
 */
export function sweep(
  graph: Graph,
  root: Expr,
  seed: Expr,
  self: Expr | undefined,
  isActive: (def: Def) => boolean,
  mutation?: Mutation,
): Contribution[] {
  const order = activeNodes([root], isActive)
  const active = new Set(order)
  const cotangents = new Map<Expr, Expr[]>([[root, [seed]]])
  const stored = storedValues(root, self, order)
  const found: Contribution[] = []
  for (const node of order.reverse()) {
    const contributions = cotangents.get(node)
    if (!contributions) continue
    const cotangent = contributions.length === 1 ? contributions[0] : graph.addAll(contributions)
    cotangents.delete(node)
    if (cotangent === graph.zero) continue
    if (node.kind === 'read') {
      found.push({ read: node, cotangent })
      continue
    }
    for (const { operand, through } of flowsOf(
      graph,
      node,
      stored.get(node) ?? node,
      (e) => active.has(e),
      mutation,
    )) {
      const present = cotangents.get(operand)
      if (present) present.push(through(cotangent))
      else cotangents.set(operand, [through(cotangent)])
    }
  }
  return found
}

/**
 * The nodes whose value is the stored one: the root, and the arms of a root `select` or guard, where they apply. An arm
 * that is used elsewhere too keeps its own value: where the other arm is taken, the stored one differs.
 */
function storedValues(root: Expr, self: Expr | undefined, nodes: readonly Expr[]): Map<Expr, Expr> {
  const stored = new Map<Expr, Expr>()
  if (!self) return stored
  stored.set(root, self)
  if (root.kind !== 'guard' && !(root.kind === 'apply' && root.operator === 'select')) return stored
  const uses = new Map<Expr, number>()
  for (const node of nodes)
    for (const operand of differentiableOperands(node)) uses.set(operand, (uses.get(operand) ?? 0) + 1)
  const pending: Expr[] = [root]
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node !== root && uses.get(node) !== 1) continue
    stored.set(node, self)
    if (node.kind === 'guard') pending.push(node.body)
    else if (node.kind === 'apply' && node.operator === 'select') pending.push(node.args[1], node.args[2])
  }
  return stored
}
