/** What definitions are computed for: for every call of a method, or for results that it is asked for by flags. */
import { Dependencies } from '../ir/dependencies.js'
import type { Def, InputDef } from '../ir/expr.js'
import type { Operands } from './operands.js'
import type { Wanted } from './wanted.js'

/** Every call, or the results under some flags. */
export type Need = ReadonlySet<number> | 'always'

/**
 * The flags that definitions are computed for, by number. Without flags all are always needed, and none is listed. What segments of loops
 * need of others is always there.
 */
export function needsOf(
  wanted: readonly Wanted[],
  roots: readonly Def[],
  optional: readonly InputDef[],
  copies: Operands['made'],
  isInSegments: (def: Def) => boolean,
): ReadonlyMap<Def, Need> {
  const needs = new Map<Def, Need>()
  if (optional.length === 0) return needs
  const require = (def: Def, by: Need): void => {
    const present = needs.get(def)
    if (present === 'always') return
    if (by === 'always') needs.set(def, by)
    else needs.set(def, new Set([...(present ?? []), ...by]))
  }
  for (const { def, optional: input } of wanted)
    if (def) require(def, input ? new Set([optional.indexOf(input)]) : 'always')
  for (const def of roots) if (!wanted.some((result) => result.def === def)) require(def, 'always')
  const leaves = (reader: Def, read: Def): boolean => isInSegments(reader) && !isInSegments(read)
  // Dependencies stand first, so users are met first from the end; within a recurrence all are needed together.
  const dependencies = new Dependencies()
  for (const component of dependencies.components(roots).toReversed()) {
    for (const def of component) for (const member of component) require(member, needs.get(def) ?? new Set())
    for (const def of component)
      for (const read of dependencies.of(def))
        require(read, leaves(def, read) ? 'always' : (needs.get(def) ?? new Set()))
  }
  for (const [copy, readers] of copies)
    for (const reader of readers)
      require(copy, leaves(reader, copy) ? 'always' : (needs.get(reader) ?? 'always'))
  return needs
}
