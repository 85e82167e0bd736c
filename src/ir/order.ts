import type { Expr } from './expr.js'
import { operandsOf, postorder } from './walk.js'

/**
 * The order of commutative operands: by skeleton first, so that expressions equal up to the names of their
 * indices list their operands alike and are recognised as the same function of the index.
 */
export const byOrder = (a: Expr, b: Expr): number => a.skeleton - b.skeleton || a.id - b.id

const reading = new WeakMap<Expr, boolean>()

/** Whether an expression reads a definition. */
function reads(e: Expr): boolean {
  for (const node of postorder([e], (below) => !reading.has(below)))
    reading.set(node, node.kind === 'read' || operandsOf(node).some((operand) => reading.get(operand)))
  return reading.get(e) === true
}

/**
 * Conditions sorted and without repetition; those that read come last. Evaluated in this order, up to the first that
 * fails, bounds protect the reads in other conditions.
 */
export function asSet(conditions: readonly Expr[]): Expr[] {
  return [...new Set(conditions)].sort((a, b) => Number(reads(a)) - Number(reads(b)) || byOrder(a, b))
}
