/**
 * Orders definitions and finds the loops of recurrences: sets of definitions that read each other at earlier (or later)
 * positions of one dimension (Allen and Kennedy). For every read `U[t + lag]` by `T[t]` the offsets satisfy
 * `offset(T) >= offset(U) + lag`; step τ computes `T` at `t = τ - offset(T)`. Reads with slack come from earlier steps; the
 * others order the definitions within a step, or make a loop of their own along another dimension.
 */
import type { ComputedDef, Def, Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { isNonNegative } from '../ir/prove.js'
import { stronglyConnected } from '../ir/scc.js'
import { nestOf } from './contraction.js'
import { type Dimension, Dimensions, type Edge, type Frames } from './dimension.js'
import { nameOf, Sequence } from './fuse.js'
import { heldOf } from './held.js'
import { type InBlock, placeSamples } from './sample-loop.js'
import type { SampleLoop } from './samples.js'
import { placeSegments } from './segment-loop.js'
import type { SegmentLoop } from './segments.js'
import type { Storage } from './storage.js'
import type { LoopNode, Nest, TreeNode } from './tree.js'

/** Loops over the segments of time, or one over blocks of samples, and the results under which their members are needed, if they are not always. */
export interface Segments {
  readonly loops: readonly SegmentLoop[]
  readonly samples: SampleLoop | undefined
  readonly flagsOf: (def: ComputedDef) => readonly number[]
}

export function place(
  graph: Graph,
  storage: Storage,
  defs: readonly ComputedDef[],
  segments: Segments = { loops: [], samples: undefined, flagsOf: () => [] },
): TreeNode[] {
  const inside = new Set<Def>(defs)
  const edges = defs.flatMap((from) =>
    storage
      .effectiveReads(from)
      .flatMap((read): Edge[] =>
        read.def.kind === 'computed' && inside.has(read.def) ? [{ from, to: read.def, read }] : [],
      ),
  )
  const { samples, flagsOf } = segments
  if (!samples) return new Placement(graph, storage).whole(defs, edges, segments)
  return placeSamples(graph, storage, samples, defs, edges, flagsOf, (some, among, inBlock) =>
    new Placement(graph, storage, inBlock).run(some, among),
  )
}

/** Conditions under which a definition has an element in a step. */
type Conditions = ReadonlyMap<ComputedDef, readonly Expr[]>

class Placement {
  constructor(
    readonly graph: Graph,
    readonly storage: Storage,
    private readonly inBlock?: InBlock,
  ) {}

  /** All of a method: what a loop over segments computes stands together in it. */
  whole(defs: readonly ComputedDef[], edges: readonly Edge[], { loops, flagsOf }: Segments): TreeNode[] {
    if (loops.length === 0) return this.run(defs, edges)
    const present = new Set(defs)
    const memberships = loops.map((loop) => {
      const members = new Set(
        [...loop.tiles.keys(), ...loop.perSegment.keys()].filter((def) => present.has(def)),
      )
      return { loop, members }
    })
    const targets = new Map<ComputedDef, ComputedDef[]>(defs.map((def) => [def, []]))
    for (const { from, to } of edges) targets.get(from)?.push(to)
    for (const { loop, members } of memberships) {
      const ring = [...members]
      for (const [at, def] of ring.entries()) targets.get(def)?.push(ring[(at + 1) % ring.length])
      for (const [def, kept] of loop.restores) targets.get(def)?.push(kept)
    }
    const items: TreeNode[] = []
    let plain: ComputedDef[] = []
    const flush = (): void => {
      const among = new Set(plain)
      const inside = edges.filter(({ from, to }) => among.has(from) && among.has(to))
      items.push(...this.run(plain, inside))
      plain = []
    }
    for (const component of stronglyConnected(defs, (def) => targets.get(def) ?? [])) {
      const found = memberships.find(({ members }) => members.has(component[0]))
      if (!found) {
        plain.push(...component)
        continue
      }
      const { loop, members } = found
      if (component.length !== members.size) throw new Error('a loop over segments needs its own results')
      flush()
      const inside = edges.filter(({ from, to }) => members.has(from) && members.has(to))
      items.push(...placeSegments(this, loop, component, inside, flagsOf))
    }
    flush()
    return items
  }

  /** `frames`: the own indices of each definition that loops around fix; `open`: conditions not tested yet. */
  run(
    defs: readonly ComputedDef[],
    edges: readonly Edge[],
    frames: Frames = new Map(),
    open: Conditions = new Map(),
  ): TreeNode[] {
    const sequence = new Sequence(this.graph, this.storage, this.inBlock?.rows)
    const targets = new Map<ComputedDef, ComputedDef[]>(defs.map((def) => [def, []]))
    for (const { from, to } of edges) targets.get(from)?.push(to)
    for (const component of stronglyConnected(defs, (def) => targets.get(def) ?? [])) {
      const [first] = component
      const cyclic = component.length > 1 || (targets.get(first) ?? []).includes(first)
      if (cyclic) sequence.push(this.recurrence(component, edges, frames, open))
      else {
        const at = frames.get(first) ?? new Map<Index, Expr>()
        sequence.add(this.nestOf(first, at), at)
      }
    }
    return sequence.items
  }

  private nestOf(def: ComputedDef, at: ReadonlyMap<Index, Expr>): Nest {
    const { graph, storage, inBlock } = this
    const fixed = new Set(at.keys())
    const nest = nestOf(graph, storage, def, fixed)
    const part = inBlock?.parts.get(def)
    if (part) {
      // What each block adds to several entries is added to them in memory.
      const along = def.idx.every(({ extent }) => extent === graph.one) ? nest.along : undefined
      return heldOf(graph, storage, { ...nest, part, along })
    }
    const row = inBlock?.rows.own.get(def)
    if (!row || nest.loops.includes(row)) return nest
    // The entries of each row of a block are scattered by themselves.
    if (nest.form.kind === 'scatter') return { ...nestOf(graph, storage, def, fixed.add(row)), loops: [row] }
    const loops = def.idx.filter((index) => !fixed.has(index) && index.extent !== graph.one)
    return { ...nest, form: { kind: 'reduce', order: storage.boundOf(def), lanes: 1 }, loops }
  }

  private recurrence(
    component: readonly ComputedDef[],
    all: readonly Edge[],
    frames: Frames,
    open: Conditions,
  ): TreeNode {
    const members = new Set(component)
    const edges = all.filter(({ from, to }) => members.has(from) && members.has(to))
    const dimension = new Dimensions(this.graph).find(component, edges, frames)
    if (!dimension) {
      const names = component.map((def) => `'${def.name}'`).join(', ')
      throw new Error(`no sequential order was found for the recurrence of ${names}`)
    }
    return this.loopOver(component, edges, frames, dimension, open)
  }

  loopOver(
    component: readonly ComputedDef[],
    edges: readonly Edge[],
    frames: Frames,
    dimension: Dimension,
    open: Conditions = new Map(),
  ): LoopNode {
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
        last.defs.push(...set)
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
