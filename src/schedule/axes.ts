/** The order in which the axes of an intermediate result lie in memory: as the loops around it walk through other data. */
import type { ComputedDef, Def, Expr, Index, Read } from '../ir/expr.js'

export interface Layouts {
  /** The axes of a definition, outermost first, if that is settled. */
  orderOf(def: Def): readonly number[] | undefined
  readsOf(def: ComputedDef): readonly Read[]
}

/** Votes of all reads next to which the definition is computed or read; ties keep the order as written. */
export function chooseOrder(
  def: ComputedDef,
  consumers: Iterable<ComputedDef>,
  layouts: Layouts,
): readonly number[] {
  const rank = def.idx.length
  const outer = def.idx.map(() => 0)
  const vote = (reads: readonly Read[], indices: readonly (Index | undefined)[]): void => {
    for (const read of reads) {
      const order = read.def === def ? undefined : layouts.orderOf(read.def)
      if (!order) continue
      const places = indices.map((index) => (index ? order.findLastIndex((axis) => isAlong(read.args[axis], index)) : -1)) // prettier-ignore
      for (let a = 0; a < rank; a++)
        for (let b = 0; b < rank; b++) {
          if (a === b || places[a] < 0) continue
          // Both in one read decide directly; alone, the index that runs along memory wants to be the last.
          if (places[b] >= 0) outer[a] += 2 * Math.sign(places[b] - places[a])
          else if (order.length > 1) outer[a] += places[a] === order.length - 1 ? -1 : 1
        }
    }
  }
  vote(layouts.readsOf(def), def.idx)
  for (const consumer of consumers) {
    const reads = layouts.readsOf(consumer)
    for (const read of reads) {
      if (read.def !== def) continue
      const indices = read.args.map((arg) => (arg.free.length === 1 ? arg.free[0] : undefined))
      vote(reads, indices)
      if (layouts.orderOf(consumer)) voteOf(consumer, indices, layouts, outer)
    }
  }
  return def.idx.map((_, axis) => axis).sort((a, b) => outer[b] - outer[a] || a - b)
}

/** The consumer writes its own elements in order. */
function voteOf(
  consumer: ComputedDef,
  indices: readonly (Index | undefined)[],
  layouts: Layouts,
  outer: number[],
): void {
  const order = layouts.orderOf(consumer) ?? []
  const places = indices.map((index) =>
    index ? order.findIndex((axis) => consumer.idx[axis] === index) : -1,
  )
  for (const [a, first] of places.entries())
    for (const second of places) if (first >= 0 && second >= 0) outer[a] += Math.sign(second - first)
}

const isAlong = (arg: Expr, index: Index): boolean => arg.free.includes(index)
