/**
 * What runs along time with a recurrence, and when: `forward` in the first loop over time, `backward` in the second, which
 * goes from the last segment to the first and has copies of what it needs of the first.
 */
import type { ComputedDef, Def, Index, Read } from '../ir/expr.js'
import type { Component, Definitions, TimeAxes } from './time-axes.js'

export interface Sides {
  readonly forward: ReadonlySet<Def>
  readonly backward: ReadonlySet<Def>
  /** What the backward loop needs of what does not depend on it. */
  readonly copied: ReadonlySet<Def>
  /** Sums over time that the forward loop or the backward loop adds up, with the index of time. */
  readonly forwardSums: ReadonlyMap<ComputedDef, Index>
  readonly backwardSums: ReadonlyMap<ComputedDef, Index>
}

/** Sets of definitions that reads at fixed distances in time connect, or a sum over time of both. */
export function familiesOf(definitions: Definitions, axes: TimeAxes): ReadonlySet<Def>[] {
  const parent = new Map<Def, Def>(axes.tiled.map((def) => [def, def]))
  const find = (def: Def): Def => {
    let root = def
    for (let up = parent.get(root); up && up !== root; up = parent.get(root)) root = up
    parent.set(def, root)
    return root
  }
  for (const reader of definitions.components.flatMap(({ defs }) => defs)) {
    const near = axes.summed(reader)
      ? definitions.readsOf(reader).filter((read) => parent.has(read.def))
      : definitions.readsOf(reader).filter((read) => axes.lag(reader, read) !== undefined)
    const ends = [...(parent.has(reader) ? [reader] : []), ...near.map((read) => read.def)]
    for (const end of ends) parent.set(find(ends[0]), find(end))
  }
  const families = new Map<Def, Set<Def>>()
  for (const def of parent.keys()) {
    const root = find(def)
    const family = families.get(root)
    if (family) family.add(def)
    else families.set(root, new Set([def]))
  }
  return [...families.values()]
}

export class SideFinder {
  private readonly onBackward = new Set<Def>()
  private readonly fixed: (reader: ComputedDef, read: Read) => boolean

  constructor(
    private readonly definitions: Definitions,
    private readonly axes: TimeAxes,
    private readonly family: ReadonlySet<Def>,
  ) {
    this.fixed = (reader, read) => axes.lag(reader, read) !== undefined
  }

  find(): Sides | undefined {
    const { definitions, family } = this
    this.findBackward()
    if (this.onBackward.size === 0) return undefined
    const isTiled = (component: Component): boolean => component.defs.every((def) => family.has(def))
    const early = definitions.components.filter((c) => isTiled(c) && !this.dependsBackward(c))
    const forward = this.inOneLoop(early)
    const late = new Set<Def>(early.filter((c) => !c.recurrent).flatMap((c) => c.defs).filter((def) => !forward.has(def))) // prettier-ignore
    const behind = definitions.components.filter((c) => isTiled(c) && this.dependsBackward(c) && c.dimension?.descending !== false) // prettier-ignore
    const backward = this.inOneLoop(behind)
    const feeding = this.feeding(backward)
    const forwardSums = new Map<ComputedDef, Index>()
    const backwardSums = new Map<ComputedDef, Index>()
    const afterForward = this.after(forward)
    const afterBackward = this.after(backward)
    const afterSums = new Set<Def>()
    for (const component of definitions.components) {
      const { defs, recurrent } = component
      const [def] = defs
      const isAfterSum = definitions.sourcesOf(component).some((source) => afterSums.has(source) || (source.kind === 'computed' && backwardSums.has(source))) // prettier-ignore
      if (isAfterSum) for (const each of defs) afterSums.add(each)
      const index = recurrent ? undefined : this.axes.summed(def)
      const along = definitions.readsOf(def).map((read) => read.def).filter((read) => family.has(read)) // prettier-ignore
      if (!index || along.length === 0) continue
      const others = definitions.readsOf(def).map((read) => read.def).filter((read) => !family.has(read)) // prettier-ignore
      if (!feeding.has(def) && !isAfterSum && !others.some((other) => afterBackward.has(other)) && along.every((other) => backward.has(other) || forward.has(other) || late.has(other)))
        backwardSums.set(def, index) // prettier-ignore
      else if (along.every((other) => forward.has(other)) && !others.some((other) => afterForward.has(other)))
        forwardSums.set(def, index) // prettier-ignore
    }
    const copied = this.copies(new Set([...forward, ...late]), [...backward, ...backwardSums.keys()])
    return { forward, backward, copied, forwardSums, backwardSums }
  }

  /** Recurrences that run down, of cotangents or after one that runs up; then all that depends on these. */
  private findBackward(): void {
    const { definitions, family } = this
    const onForward = new Set<Def>()
    for (const component of definitions.components) {
      const { defs, dimension } = component
      const sources = definitions.sourcesOf(component)
      const isMember = defs.every((def) => family.has(def))
      const isUp = isMember && dimension !== undefined && !dimension.descending
      const isDown = isMember && dimension?.descending === true
      const isCotangent = defs.every((def) => def.auto || !def.nominal)
      const up = isUp || sources.some((def) => onForward.has(def))
      if (up) for (const def of defs) onForward.add(def)
      if ((isDown && (up || isCotangent)) || sources.some((def) => this.onBackward.has(def)))
        for (const def of defs) this.onBackward.add(def)
    }
  }

  private dependsBackward = ({ defs }: Component): boolean => this.onBackward.has(defs[0])

  /** Those of the components that one loop over time can hold: nothing in between needs the loop to be over. */
  private inOneLoop(components: readonly Component[]): Set<Def> {
    const candidates = new Set(components)
    const members = new Set<Def>()
    const after = new Set<Def>()
    for (const component of this.definitions.components) {
      const { defs } = component
      const reads = defs.flatMap((reader) => this.definitions.readsOf(reader).map((read) => ({ reader, read }))) // prettier-ignore
      const isAfter = reads.some(({ reader, read }) => after.has(read.def) || (members.has(read.def) && !(candidates.has(component) && this.fixed(reader, read)))) // prettier-ignore
      if (isAfter) for (const def of defs) after.add(def)
      else if (candidates.has(component) && this.runsWith(component)) for (const def of defs) members.add(def)
      else if (reads.some(({ read }) => members.has(read.def))) for (const def of defs) after.add(def)
    }
    return members
  }

  /** Before what runs backwards, recurrences run forwards. */
  private runsWith = (component: Component): boolean =>
    !component.recurrent || component.dimension?.descending === this.dependsBackward(component)

  /** What depends on members without being one. */
  private after(members: ReadonlySet<Def>): Set<Def> {
    const after = new Set<Def>()
    for (const component of this.definitions.components) {
      const [first] = component.defs
      if (members.has(first)) continue
      if (this.definitions.sourcesOf(component).some((def) => members.has(def) || after.has(def)))
        for (const def of component.defs) after.add(def)
    }
    return after
  }

  /** What the members depend on. */
  private feeding(members: ReadonlySet<Def>): Set<Def> {
    const found = new Set<Def>()
    for (const component of [...this.definitions.components].reverse())
      if (component.defs.some((def) => members.has(def) || found.has(def)))
        for (const source of this.definitions.sourcesOf(component)) found.add(source)
    return found
  }

  private copies(available: ReadonlySet<Def>, readers: readonly Def[]): Set<Def> {
    const copied = new Set<Def>()
    const wanting = new Set<Def>(readers)
    for (const component of [...this.definitions.components].reverse()) {
      if (component.defs.some((def) => copied.has(def))) for (const def of component.defs) copied.add(def)
      for (const def of component.defs) {
        if (!wanting.has(def) && !copied.has(def)) continue
        const isSum = wanting.has(def) && this.axes.of(def) === undefined
        for (const read of this.definitions.readsOf(def))
          if (available.has(read.def) && (isSum || this.fixed(def, read))) copied.add(read.def)
      }
    }
    return copied
  }
}
