import type { Expr } from './expr.js'

/**
 * The order of commutative operands: by skeleton first, so that expressions equal up to the names of their
 * indices list their operands alike and are recognised as the same function of the index.
 */
export const byOrder = (a: Expr, b: Expr): number => a.skeleton - b.skeleton || a.id - b.id

/** Sorted and without repetition. */
export function asSet(nodes: readonly Expr[]): Expr[] {
  return [...new Set(nodes)].sort(byOrder)
}
