/** Sums of which each block of rows adds its part. */
import type { Expr, Index } from '../ir/expr.js'
import type { Emission } from './emission.js'
import type { Buffer, Scalar, Statement } from './loop-program.js'
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

/** Whether sums grow in the result itself, which has the type for it. */
const growsInPlace = ({ sums }: Emission, { element }: Buffer): boolean => element === sums

/** Before the blocks: zeros, where there are several blocks or the first one adds to them too. */
export function startParts(emission: Emission, { part }: Nest, buffer: Buffer): Statement[] {
  const fill: Statement = { kind: 'fill', buffer, range: undefined }
  if (!part || growsInPlace(emission, buffer)) return [fill]
  const several = emission.value(part.several)
  emission.scalars.hint(several, 'several')
  return [{ kind: 'branch', condition: several, consequent: [fill], alternate: [] }]
}

/** Stores an entry; of a sum over blocks its part, which is all of it where there is one block. */
export function storePart(
  emission: Emission,
  { part }: Nest,
  buffer: Buffer,
  offset: Scalar,
  value: Scalar,
): Statement {
  const isInPlace = growsInPlace(emission, buffer)
  if (!part || isInPlace) return { kind: 'store', buffer, offset, value, accumulate: part !== undefined }
  const { scalars } = emission
  const grown = scalars.add(scalars.load(buffer, offset, true), value)
  const sum = scalars.apply('select', [emission.value(part.several), grown, value])
  return { kind: 'store', buffer, offset, value: sum, accumulate: false }
}
