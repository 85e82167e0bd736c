/** Which definitions have an axis along the time of a recurrence: those that read it, or that it reads, a fixed number of steps away. */
import { Dependencies } from '../ir/dependencies.js'
import type { ComputedDef, Def, Expr, Index, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { stronglyConnected } from '../ir/scc.js'
import { postorder } from '../ir/walk.js'
import { type Dimension, Dimensions, type Edge } from './dimension.js'
import { isScatter } from './scatter.js'
import { expressionsIn } from './storage.js'

/** Definitions that need each other, or a single one. */
export interface Component {
  readonly defs: readonly ComputedDef[]
  readonly recurrent: boolean
  /** Of a recurrence along one axis in which every read is a fixed number of steps away. */
  readonly dimension: Dimension | undefined
}

/** The definitions of a method, dependencies first, with their reads. */
export class Definitions {
  readonly components: readonly Component[]
  readonly componentOf = new Map<Def, Component>()
  readonly readers = new Map<Def, ComputedDef[]>()
  private readonly reads = new Map<ComputedDef, readonly Read[]>()

  constructor(
    readonly graph: Graph,
    roots: readonly Def[],
  ) {
    this.components = new Dependencies().components(roots).flatMap((all) => {
      const defs = all.filter((def): def is ComputedDef => def.kind === 'computed')
      return defs.length === 0 ? [] : [this.component(defs)]
    })
  }

  readsOf(def: ComputedDef): readonly Read[] {
    let found = this.reads.get(def)
    if (!found) {
      const roots = [...expressionsIn(def), ...[...def.idx, ...(def.reduction?.idx ?? [])].map((index) => index.extent)] // prettier-ignore
      found = postorder(roots).filter((node): node is Read => node.kind === 'read')
      this.reads.set(def, found)
    }
    return found
  }

  /** The computed definitions that a component reads outside itself. */
  sourcesOf({ defs }: Component): ComputedDef[] {
    const inside = new Set<Def>(defs)
    const found = defs.flatMap((def) => this.readsOf(def).map((read) => read.def))
    return [...new Set(found)].filter((def): def is ComputedDef => def.kind === 'computed' && !inside.has(def)) // prettier-ignore
  }

  private component(defs: readonly ComputedDef[]): Component {
    const inside = new Set<Def>(defs)
    const edges: Edge[] = []
    for (const from of defs)
      for (const read of this.readsOf(from)) {
        const list = this.readers.get(read.def)
        if (!list) this.readers.set(read.def, [from])
        else if (list.at(-1) !== from) list.push(from)
        if (read.def.kind === 'computed' && inside.has(read.def)) edges.push({ from, to: read.def, read })
      }
    const recurrent = edges.length > 0
    const component = { defs, recurrent, dimension: recurrent ? this.dimensionOf(defs, edges) : undefined }
    for (const def of defs) this.componentOf.set(def, component)
    return component
  }

  private dimensionOf(defs: readonly ComputedDef[], edges: readonly Edge[]): Dimension | undefined {
    const dimension = new Dimensions(this.graph).find(defs, edges)
    if (!dimension) return undefined
    const { axes, carried } = dimension
    const fixed = edges.every(({ from, to, read }) => lagOf(this.graph, read.args[axes.get(to) ?? 0], from.idx[axes.get(from) ?? 0]) !== undefined) // prettier-ignore
    const within = new Map<ComputedDef, ComputedDef[]>(defs.map((def) => [def, []]))
    for (const edge of edges) if (!carried.has(edge)) within.get(edge.from)?.push(edge.to)
    const nested = stronglyConnected(defs, (def) => within.get(def) ?? []).some(
      (set) => set.length > 1 || within.get(set[0])?.includes(set[0]),
    )
    return fixed && !nested ? dimension : undefined
  }
}

/** `arg = index + lag` with a known whole number `lag`. */
export const lagOf = (graph: Graph, arg: Expr, index: Index): number | undefined =>
  new Dimensions(graph).lag(arg, index)

export class TimeAxes {
  private readonly axes = new Map<Def, number>()

  /** `excluded`: what has no axis along time by decision. */
  constructor(
    private readonly definitions: Definitions,
    private readonly roots: ReadonlySet<Def>,
    private readonly excluded: ReadonlySet<Def>,
  ) {
    const { components } = definitions
    for (const { defs, dimension } of components)
      if (dimension && !defs.some((def) => excluded.has(def)))
        for (const [def, axis] of dimension.axes) this.axes.set(def, axis)
    for (const component of components) if (!component.recurrent) this.follow(component.defs[0])
    for (const component of [...components].reverse()) if (!component.recurrent) this.feed(component.defs[0])
  }

  of(def: Def): number | undefined {
    return this.axes.get(def)
  }

  get tiled(): readonly Def[] {
    return [...this.axes.keys()]
  }

  /** How far in time a read is from the entry that it is for, if that is fixed. */
  lag(reader: ComputedDef, read: Read): number | undefined {
    const mine = this.axes.get(reader)
    const theirs = this.axes.get(read.def)
    if (mine === undefined || theirs === undefined) return undefined
    return lagOf(this.definitions.graph, read.args[theirs], reader.idx[mine])
  }

  /** The index of a sum over time: all that it reads along time is at a fixed distance from it. */
  summed(def: ComputedDef): Index | undefined {
    if (def.reduction?.kind !== 'sum' || this.axes.has(def) || this.excluded.has(def) || def.nominal)
      return undefined
    const found = new Set<Index | undefined>()
    for (const read of this.definitions.readsOf(def)) {
      const axis = this.axes.get(read.def)
      if (axis === undefined) continue
      found.add(def.reduction.idx.find((index) => lagOf(this.definitions.graph, read.args[axis], index) !== undefined)) // prettier-ignore
    }
    const [index] = found
    return found.size === 1 ? index : undefined
  }

  /** A definition that reads some along time, all at a fixed distance from one index of its own. */
  private follow(def: ComputedDef): void {
    if (this.excluded.has(def) || def.routine) return
    const own = new Set<number>()
    for (const read of this.definitions.readsOf(def)) {
      const axis = this.axes.get(read.def)
      if (axis === undefined) continue
      const found = def.idx.findIndex((index) => lagOf(this.definitions.graph, read.args[axis], index) !== undefined) // prettier-ignore
      if (found >= 0) own.add(found)
    }
    const [axis] = own
    if (own.size === 1 && this.mayStandInLoop(def, axis)) this.axes.set(def, axis)
  }

  /** A definition that is read along time only, and of which the steps need the entry of their time. */
  private feed(def: ComputedDef): void {
    if (this.axes.has(def) || this.excluded.has(def) || def.routine || this.roots.has(def)) return
    const own = new Set<number>()
    for (const reader of this.definitions.readers.get(def) ?? []) {
      const time = this.axes.get(reader)
      if (time === undefined) return
      for (const read of this.definitions.readsOf(reader)) {
        if (read.def !== def) continue
        own.add(read.args.findIndex((arg) => lagOf(this.definitions.graph, arg, reader.idx[time]) !== undefined)) // prettier-ignore
      }
    }
    const [axis] = own
    if (own.size === 1 && axis >= 0 && this.mayStandInLoop(def, axis)) this.axes.set(def, axis)
  }

  /** What is scattered fills whole rows of memory, so that the axis of an outer loop lies outermost. */
  private mayStandInLoop(def: ComputedDef, axis: number): boolean {
    if (axis === 0 || !this.roots.has(def) || def.reduction?.kind !== 'sum') return true
    const { graph } = this.definitions
    const others = def.idx.filter((_, at) => at !== axis)
    return !isScatter(graph, def.body ?? graph.zero, def.reduction.idx, others)
  }
}
