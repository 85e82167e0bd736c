/** Where the positions of definitions lie in the time of a loop over segments: `time = position + offset`. */
import type { ComputedDef, Def, Index } from '../ir/expr.js'
import type { Sides } from './sides.js'
import { type Component, type Definitions, lagOf, type TimeAxes } from './time-axes.js'

/** The offsets of definitions and of the indices of sums, for each of the two loops. */
export interface Offsets {
  readonly forward: ReadonlyMap<Def, number>
  readonly backward: ReadonlyMap<Def, number>
}

/** Each loop reads what the same segment or an earlier one has computed: backwards that is at the same time or later. */
export function offsetsOf(definitions: Definitions, axes: TimeAxes, sides: Sides): Offsets {
  const solver = new OffsetSolver(definitions, axes)
  const forward = solver.solve(sides.forward, sides.forwardSums, 'max')
  const backward = solver.solve(new Set([...sides.backward, ...sides.copied]), sides.backwardSums, 'min')
  const least = Math.min(...forward.values(), ...backward.values())
  const fromZero = (offsets: ReadonlyMap<Def, number>) =>
    new Map([...offsets].map(([def, offset]) => [def, offset - least] as const))
  return { forward: fromZero(forward), backward: fromZero(backward) }
}

class OffsetSolver {
  constructor(
    private readonly definitions: Definitions,
    private readonly axes: TimeAxes,
  ) {}

  solve(
    members: ReadonlySet<Def>,
    sums: ReadonlyMap<ComputedDef, Index>,
    extreme: 'max' | 'min',
  ): Map<Def, number> {
    const offsets = new Map<Def, number>()
    for (const component of this.definitions.components) {
      const [first] = component.defs
      const index = sums.get(first)
      if (!index && !members.has(first)) continue
      const bounds = component.defs.flatMap((def) => this.bounds(component, def, index, offsets))
      const base = bounds.length === 0 ? 0 : Math[extreme](...bounds)
      for (const def of component.defs) offsets.set(def, base + this.shift(component, def))
    }
    return offsets
  }

  /** `offset(reader)` is that of what is read and the distance between them, if both are to meet. */
  private bounds(
    component: Component,
    def: ComputedDef,
    index: Index | undefined,
    offsets: ReadonlyMap<Def, number>,
  ): number[] {
    return this.definitions.readsOf(def).flatMap((read) => {
      const there = offsets.get(read.def)
      const axis = this.axes.of(read.def)
      if (there === undefined || axis === undefined) return []
      const lag = index ? lagOf(this.definitions.graph, read.args[axis], index) : this.axes.lag(def, read)
      return lag === undefined ? [] : [there + lag - this.shift(component, def)]
    })
  }

  /** Within the loop of a recurrence a step computes `def` at `step - shift`. */
  private shift({ dimension }: Component, def: ComputedDef): number {
    const offset = dimension?.offsets.get(def) ?? 0
    return dimension?.descending ? -offset : offset
  }
}
