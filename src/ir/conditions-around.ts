/** Under which conditions operands are computed. */
import type { Builder } from './builder.js'
import type { Expr } from './expr.js'
import { conjuncts } from './normal/condition.js'
import { postorder } from './walk.js'

/** The operands of a node, each with what holds besides where it is computed. */
export function operandsUnder(b: Builder, node: Expr): readonly (readonly [Expr, readonly Expr[]])[] {
  if (node.kind === 'guard')
    return [...node.conditions.map((condition) => [condition, []] as const), [node.body, node.conditions]]
  if (node.kind === 'apply' && node.operator === 'select') {
    const [condition, consequent, alternate] = node.args
    return [
      [condition, []],
      [consequent, [condition]],
      [alternate, [b.not(condition)]],
    ]
  }
  return node.operands.map((operand) => [operand, []] as const)
}

/**
 * What holds wherever a node of `root` counts: the conditions that all ways to it have in common. A condition counts only where those beside it hold.
 */
export function conditionsAround(b: Builder, root: Expr, target: Expr): readonly Expr[] {
  const around = new Map<Expr, ReadonlySet<Expr>>([[root, new Set()]])
  for (const node of [...postorder([root])].reverse()) {
    const own = around.get(node)
    if (!own || node === target) continue
    for (const [operand, under] of operandsUnder(b, node)) {
      const isCondition = node.kind === 'guard' && operand !== node.body
      const further = isCondition ? node.conditions.filter((condition) => condition !== operand) : under
      const all = new Set([...own, ...further.flatMap(conjuncts)])
      const present = around.get(operand)
      around.set(operand, present ? new Set([...present].filter((condition) => all.has(condition))) : all)
    }
  }
  return [...(around.get(target) ?? [])]
}
