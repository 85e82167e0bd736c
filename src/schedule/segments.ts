/**
 * Recurrences of which only some states are kept: time is cut into segments of about √T steps. The forward loop keeps the
 * state before each segment; the loop that runs backwards computes one segment after the other again, from the state before
 * it.
 *
 * Source: A. Griewank, "Achieving logarithmic growth of temporal and spatial complexity in reverse automatic
 * differentiation" (1992), with one level of recomputation.
 */
import type { ComputedDef, Def, Expr, Index } from '../ir/expr.js'

/** Where the positions of a definition lie in time: `time = position + offset`. */
export interface Tile {
  readonly axis: number
  readonly offset: number
  /** Of a recurrence: its steps run from the last to the first. */
  readonly descending: boolean
}

/** A definition whose first axis numbers the segments. */
export type PerSegment =
  /** The part of a sum over time that lies in a segment; `time = index + offset`. */
  | { readonly kind: 'part'; readonly index: Index; readonly offset: number }
  /** The sum of the parts so far. */
  | { readonly kind: 'total' }
  /** Steps before the segment, the first of them so many before its first time. */
  | { readonly kind: 'kept'; readonly before: number }

/** A loop over the segments of time, and what it computes: in segment `s` the times from `s · length` on. */
export interface SegmentLoop {
  readonly descending: boolean
  readonly count: Expr
  readonly length: Expr
  /** Definitions with an axis along time: in each segment the entries whose time lies in it. */
  readonly tiles: ReadonlyMap<ComputedDef, Tile>
  readonly perSegment: ReadonlyMap<ComputedDef, PerSegment>
  /** What is computed again, with where the steps before each segment are kept. */
  readonly restores: ReadonlyMap<ComputedDef, ComputedDef>
  /** What stands above the statements of definitions: the equation of another, or other words; nothing if they are empty. */
  readonly titles: ReadonlyMap<ComputedDef, Def | string>
  /** How many steps before a segment are kept. */
  readonly kept: number
}

/** A recurrence that stays as it is. */
export interface Remark {
  readonly def: Def
  readonly because: string
}

/** The loops in terms of definitions that stand for others. */
export function moveLoop(loop: SegmentLoop, to: (def: ComputedDef) => ComputedDef): SegmentLoop {
  const keys = <V>(map: ReadonlyMap<ComputedDef, V>): Map<ComputedDef, V> =>
    new Map([...map].map(([def, value]) => [to(def), value] as const))
  return {
    ...loop,
    tiles: keys(loop.tiles),
    perSegment: keys(loop.perSegment),
    titles: keys(loop.titles),
    restores: new Map([...loop.restores].map(([def, kept]) => [to(def), to(kept)] as const)),
  }
}
