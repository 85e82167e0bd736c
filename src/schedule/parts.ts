/** Sums of which each block of rows adds its part. */
import type { Expr, Index } from '../ir/expr.js'
import type { Part, RangedIndex } from './ranges.js'
import type { Nest } from './tree.js'

/** The part in terms of the indices of loops. */
export function partAt({ part }: Nest, at: ReadonlyMap<Index, Expr>): Part | undefined {
  if (!part) return undefined
  const index = at.get(part.index)
  return index?.kind === 'index' ? { ...part, index } : undefined
}

/** Whether a loop runs through all rows of the block: there is one at least. */
export const isPart = ({ part }: Nest, { from, to }: RangedIndex): boolean =>
  part !== undefined && from === part.from && to === part.to
