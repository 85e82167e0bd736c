/**
 * The sequential dimension of definitions that read each other: an axis of each, a direction, and offsets. For every read
 * `U[t + lag]` by `T[t]` the offsets satisfy `offset(T) >= offset(U) + lag`.
 */
import { conditionsAround } from '../ir/conditions-around.js'
import type { ComputedDef, Expr, Index, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { isNonNegative, linearIn } from '../ir/prove.js'

export interface Edge {
  readonly from: ComputedDef
  readonly to: ComputedDef
  readonly read: Read
}

/** The sequential dimension of a set: an axis and an offset per member. */
export interface Dimension {
  readonly descending: boolean
  readonly axes: ReadonlyMap<ComputedDef, number>
  readonly offsets: ReadonlyMap<ComputedDef, number>
  readonly carried: ReadonlySet<Edge>
}

/** The own indices of each definition that loops around fix. */
export type Frames = ReadonlyMap<ComputedDef, ReadonlyMap<Index, Expr>>

export class Dimensions {
  constructor(private readonly graph: Graph) {}

  find(
    component: readonly ComputedDef[],
    edges: readonly Edge[],
    frames: Frames = new Map(),
  ): Dimension | undefined {
    const [start] = [...component].sort((a, b) => Number(b.nominal) - Number(a.nominal) || a.id - b.id)
    for (let axis = 0; axis < start.idx.length; axis++) {
      if (frames.get(start)?.has(start.idx[axis])) continue
      const axes = this.spread(start, axis, edges, frames, undefined)
      for (const descending of [false, true]) {
        const dimension = axes && this.solve(component, edges, axes, descending)
        if (dimension) return dimension
      }
      // Tables over pairs of steps: `w[t1, t]` may be filled by rows where the columns are read at a fixed distance.
      for (const descending of [false, true]) {
        const others = this.spread(start, axis, edges, frames, descending)
        const dimension = others && this.solve(component, edges, others, descending)
        if (dimension) return dimension
      }
    }
    return undefined
  }

  /**
   * The axis of each member that follows the chosen one through the reads, if there is one: at a fixed distance or, with a
   * direction given, preferably somewhere behind.
   */
  private spread(
    start: ComputedDef,
    axis: number,
    edges: readonly Edge[],
    frames: Frames,
    bounded: boolean | undefined,
  ): Map<ComputedDef, number> | undefined {
    const axes = new Map([[start, axis]])
    const near = new Map<ComputedDef, Edge[]>()
    for (const edge of edges)
      for (const end of new Set([edge.from, edge.to])) {
        const list = near.get(end)
        if (list) list.push(edge)
        else near.set(end, [edge])
      }
    const pending = [start]
    for (let def = pending.pop(); def; def = pending.pop())
      for (const { from, to, read } of near.get(def) ?? []) {
        const mine = axes.get(from)
        const theirs = axes.get(to)
        if (mine !== undefined) {
          const index = from.idx[mine]
          const free = (at: number): boolean => !frames.get(to)?.has(to.idx[at])
          const fixed = (): number => read.args.findIndex((arg, at) => free(at) && this.lag(arg, index) !== undefined) // prettier-ignore
          const behind = bounded === undefined ? -1 : read.args.findIndex((arg, at) => free(at) && this.lag(arg, index) === undefined && this.reach(from, read, at, index, bounded) !== undefined) // prettier-ignore
          const found = theirs ?? (behind >= 0 ? behind : fixed())
          // Another read may settle the axis; `solve` asks how far each reaches.
          if (found < 0) continue
          if (theirs === undefined) {
            axes.set(to, found)
            pending.push(to)
          }
        } else if (theirs !== undefined) {
          const found = from.idx.findIndex((index) => !frames.get(from)?.has(index) && this.lag(read.args[theirs], index) !== undefined) // prettier-ignore
          if (found < 0) continue
          axes.set(from, found)
          pending.push(from)
        }
      }
    return edges.every(({ from, to }) => axes.has(from) && axes.has(to)) ? axes : undefined
  }

  /** The least number of steps by which a read stays behind, as a lag: `sum[k < t] h[k]` is behind by one at least. */
  private reach(
    from: ComputedDef,
    read: Read,
    axis: number,
    index: Index,
    descending: boolean,
  ): number | undefined {
    const { graph } = this
    const arg = read.args[axis]
    const lag = this.lag(arg, index)
    if (lag !== undefined) return descending ? -lag : lag
    const behind = descending ? graph.sub(arg, index) : graph.sub(index, arg)
    const { body, reduction } = from
    const whole = body?.kind === 'guard' ? body.conditions : []
    // What is written into the body when it is emitted does not stand in it yet.
    const around = body ? conditionsAround(graph, body, read) : []
    const conditions = [...new Set([...(reduction?.filter ?? []), ...whole, ...around])]
    if (isNonNegative(graph, graph.sub(behind, graph.one), conditions)) return -1
    return isNonNegative(graph, behind, conditions) ? 0 : undefined
  }

  /** `arg = index + lag` with a known whole number `lag`. */
  lag(arg: Expr, index: Index): number | undefined {
    const linear = arg.free.includes(index) ? linearIn(this.graph, arg, index) : undefined
    if (linear?.coefficient !== this.graph.one || linear.rest.kind !== 'num') return undefined
    return linear.rest.value.toNumber()
  }

  /** Offsets by Bellman–Ford; `undefined` if a definition would need itself, or nothing comes from an earlier step. */
  private solve(
    component: readonly ComputedDef[],
    edges: readonly Edge[],
    axes: ReadonlyMap<ComputedDef, number>,
    descending: boolean,
  ): Dimension | undefined {
    const lags: number[] = []
    for (const edge of edges) {
      const { from, to, read } = edge
      const lag = this.reach(from, read, axes.get(to) ?? 0, from.idx[axes.get(from) ?? 0], descending)
      if (lag === undefined) return undefined
      lags.push(lag)
    }
    const offsets = new Map(component.map((def) => [def, 0]))
    const at = (def: ComputedDef): number => offsets.get(def) ?? 0
    for (let round = 0, changed = true; changed; round++) {
      if (round > component.length) return undefined
      changed = false
      for (const [number, { from, to }] of edges.entries()) {
        const least = at(to) + lags[number]
        if (at(from) >= least) continue
        offsets.set(from, least)
        changed = true
      }
    }
    this.delay(component, edges, lags, offsets)
    const carried = new Set(edges.filter(({ from, to }, number) => at(from) > at(to) + lags[number]))
    return carried.size > 0 ? { descending, axes, offsets, carried } : undefined
  }

  /** Definitions run as late as their readers allow, so that what one step makes is used in it and needs no memory. */
  private delay(
    component: readonly ComputedDef[],
    edges: readonly Edge[],
    lags: readonly number[],
    offsets: Map<ComputedDef, number>,
  ): void {
    const movable = component.filter((def) => !def.nominal)
    for (let round = 0, changed = true; changed && round <= movable.length; round++) {
      changed = false
      for (const def of movable) {
        const latest = edges.reduce((least, { from, to }, number) => (to === def && from !== def ? Math.min(least, (offsets.get(from) ?? 0) - lags[number]) : least), Infinity) // prettier-ignore
        if (latest === Infinity || latest <= (offsets.get(def) ?? 0)) continue
        offsets.set(def, latest)
        changed = true
      }
    }
  }
}
