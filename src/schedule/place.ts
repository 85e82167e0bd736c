/**
 * Orders definitions and finds the loops of recurrences: sets of definitions that read each other at earlier (or later)
 * positions of one dimension (Allen and Kennedy). For every read `U[t + lag]` by `T[t]` the offsets satisfy
 * `offset(T) >= offset(U) + lag`; step τ computes `T` at `t = τ - offset(T)`. Reads with slack come from earlier steps; the
 * others order the definitions within a step, or make a loop of their own along another dimension.
 */
import type { ComputedDef, Def, Expr, Index, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { isNonNegative, linearIn } from '../ir/prove.js'
import { stronglyConnected } from '../ir/scc.js'
import { nestOf } from './contraction.js'
import { nameOf, Sequence } from './fuse.js'
import type { Storage } from './storage.js'
import type { TreeNode } from './tree.js'

interface Edge {
  readonly from: ComputedDef
  readonly to: ComputedDef
  readonly read: Read
}

/** The sequential dimension of a set: an axis and an offset per member. */
interface Dimension {
  readonly descending: boolean
  readonly axes: ReadonlyMap<ComputedDef, number>
  readonly offsets: ReadonlyMap<ComputedDef, number>
  readonly carried: ReadonlySet<Edge>
}

export function place(graph: Graph, storage: Storage, defs: readonly ComputedDef[]): TreeNode[] {
  const inside = new Set<Def>(defs)
  const edges = defs.flatMap((from) =>
    storage
      .effectiveReads(from)
      .flatMap((read): Edge[] =>
        read.def.kind === 'computed' && inside.has(read.def) ? [{ from, to: read.def, read }] : [],
      ),
  )
  return new Placement(graph, storage).run(defs, edges, new Map(), new Map())
}

type Frames = ReadonlyMap<ComputedDef, ReadonlyMap<Index, Expr>>
/** Conditions under which a definition has an element in a step. */
type Conditions = ReadonlyMap<ComputedDef, readonly Expr[]>

class Placement {
  constructor(
    private readonly graph: Graph,
    private readonly storage: Storage,
  ) {}

  /** `frames`: the own indices of each definition that loops around fix; `open`: conditions not tested yet. */
  run(defs: readonly ComputedDef[], edges: readonly Edge[], frames: Frames, open: Conditions): TreeNode[] {
    const sequence = new Sequence(this.graph, this.storage)
    const targets = new Map<ComputedDef, ComputedDef[]>(defs.map((def) => [def, []]))
    for (const { from, to } of edges) targets.get(from)?.push(to)
    for (const component of stronglyConnected(defs, (def) => targets.get(def) ?? [])) {
      const [first] = component
      const cyclic = component.length > 1 || (targets.get(first) ?? []).includes(first)
      if (cyclic) sequence.push(this.recurrence(component, edges, frames, open))
      else {
        const at = frames.get(first) ?? new Map<Index, Expr>()
        sequence.add(nestOf(this.graph, this.storage, first, new Set(at.keys())), at)
      }
    }
    return sequence.items
  }

  private recurrence(
    component: readonly ComputedDef[],
    all: readonly Edge[],
    frames: Frames,
    open: Conditions,
  ): TreeNode {
    const members = new Set(component)
    const edges = all.filter(({ from, to }) => members.has(from) && members.has(to))
    const dimension = this.findDimension(component, edges, frames)
    if (!dimension) {
      const names = component.map((def) => `'${def.name}'`).join(', ')
      throw new Error(`no sequential order was found for the recurrence of ${names}`)
    }
    return this.loopOver(component, edges, frames, dimension, open)
  }

  private findDimension(
    component: readonly ComputedDef[],
    edges: readonly Edge[],
    frames: Frames,
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
          const behind = bounded === undefined ? -1 : read.args.findIndex((arg, at) => free(at) && this.lag(arg, index) === undefined && this.reach(from, arg, index, bounded) !== undefined) // prettier-ignore
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
  private reach(from: ComputedDef, arg: Expr, index: Index, descending: boolean): number | undefined {
    const { graph } = this
    const lag = this.lag(arg, index)
    if (lag !== undefined) return descending ? -lag : lag
    const behind = descending ? graph.sub(arg, index) : graph.sub(index, arg)
    const { body, reduction } = from
    const conditions = [...(reduction?.filter ?? []), ...(body?.kind === 'guard' ? body.conditions : [])]
    if (isNonNegative(graph, graph.sub(behind, graph.one), conditions)) return -1
    return isNonNegative(graph, behind, conditions) ? 0 : undefined
  }

  /** `arg = index + lag` with a known whole number `lag`. */
  private lag(arg: Expr, index: Index): number | undefined {
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
      const lag = this.reach(from, read.args[axes.get(to) ?? 0], from.idx[axes.get(from) ?? 0], descending)
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

  private loopOver(
    component: readonly ComputedDef[],
    edges: readonly Edge[],
    frames: Frames,
    dimension: Dimension,
    open: Conditions,
  ): TreeNode {
    const { graph } = this
    const ranges = component.map((def) => {
      const own = def.idx[dimension.axes.get(def) ?? 0]
      const offset = dimension.offsets.get(def) ?? 0
      // Descending steps count the same positions from above: t = τ + offset.
      const shift = graph.num(dimension.descending ? -offset : offset)
      return { def, own, shift, from: shift, to: graph.add(own.extent, shift) }
    })
    const from = this.extreme(ranges.map((range) => range.from), 'min') // prettier-ignore
    const to = this.extreme(ranges.map((range) => range.to), 'max') // prettier-ignore
    const [{ def: first, own: firstOwn }] = ranges
    // The index counts from 0: `position = step + from`.
    const index = graph.freshIndex(graph.sub(to, from), nameOf(first, firstOwn))
    const step = graph.add(index, from)
    const inner = new Map(frames)
    const conditions = new Map<ComputedDef, readonly Expr[]>()
    for (const { def, own, shift } of ranges) {
      const position = graph.sub(step, shift)
      inner.set(def, new Map(frames.get(def) ?? []).set(own, position))
      const last = graph.sub(graph.sub(own.extent, graph.one), position)
      const unproven = [position, last].filter((e) => !isNonNegative(graph, e)).map((e) => graph.ge0(e))
      conditions.set(def, [...(open.get(def) ?? []), ...unproven])
    }
    const kept = edges.filter((edge) => !dimension.carried.has(edge))
    const items = this.guarded(component, kept, inner, conditions)
    return { kind: 'loop', index, descending: dimension.descending, sequential: true, items }
  }

  /** The body of a step: definitions whose range differs from that of the loop stand under their condition. */
  private guarded(
    component: readonly ComputedDef[],
    edges: readonly Edge[],
    frames: Frames,
    conditions: Conditions,
  ): TreeNode[] {
    const items: TreeNode[] = []
    const groups: { shared: readonly Expr[]; defs: ComputedDef[] }[] = []
    const targets = new Map<ComputedDef, ComputedDef[]>(component.map((def) => [def, []]))
    for (const { from, to } of edges) targets.get(from)?.push(to)
    for (const set of stronglyConnected(component, (def) => targets.get(def) ?? [])) {
      const [first, ...others] = set.map((def) => conditions.get(def) ?? [])
      const shared = first.filter((condition) => others.every((other) => other.includes(condition)))
      const last = groups.at(-1)
      if (last && last.shared.length === shared.length && last.shared.every((c) => shared.includes(c)))
        last.defs.push(...set) // prettier-ignore
      else groups.push({ shared, defs: [...set] })
    }
    for (const { shared, defs } of groups) {
      const members = new Set(defs)
      const inside = edges.filter(({ from, to }) => members.has(from) && members.has(to))
      // A loop inside the step may hold definitions with different ranges: it tests what they do not share.
      const rest = new Map(defs.map((def) => [def, (conditions.get(def) ?? []).filter((c) => !shared.includes(c))] as const)) // prettier-ignore
      const body = this.run(defs, inside, frames, rest)
      if (shared.length === 0) items.push(...body)
      else items.push({ kind: 'when', conditions: shared, items: body })
    }
    return items
  }

  private extreme(values: readonly Expr[], which: 'min' | 'max'): Expr {
    const { graph } = this
    return values.reduce((best, value) => {
      const [low, high] = which === 'min' ? [best, value] : [value, best]
      if (isNonNegative(graph, graph.sub(high, low))) return best
      return isNonNegative(graph, graph.sub(low, high)) ? value : graph.apply(which, [best, value])
    })
  }
}
