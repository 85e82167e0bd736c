/** The loop over the segments of time: what lies along time runs through one segment after the other. */
import type { ComputedDef, Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { printExpr } from '../ir/print.js'
import { isNonNegative } from '../ir/prove.js'
import { stronglyConnected } from '../ir/scc.js'
import { type Dimension, Dimensions, type Edge, type Frames } from './dimension.js'
import { nameOf } from './fuse.js'
import type { SegmentLoop, Tile } from './segments.js'
import type { Storage } from './storage.js'
import type { LeafNode, LoopNode, NestForm, TreeNode } from './tree.js'

/** What puts definitions into loops inside a segment. */
export interface Placer {
  readonly graph: Graph
  readonly storage: Storage
  /** Definitions of which loops around fix some indices. */
  run(defs: readonly ComputedDef[], edges: readonly Edge[], frames: Frames): TreeNode[]
  /** The loop of a recurrence along a known dimension. */
  loopOver(
    defs: readonly ComputedDef[],
    edges: readonly Edge[],
    frames: Frames,
    dimension: Dimension,
  ): LoopNode
}

/** `flagsOf`: the results under which a definition is needed, if it is not always. */
export function placeSegments(
  placer: Placer,
  loop: SegmentLoop,
  defs: readonly ComputedDef[],
  edges: readonly Edge[],
  flagsOf: (def: ComputedDef) => readonly number[],
): TreeNode[] {
  return new SegmentPlacement(placer, loop, edges).place(defs, flagsOf)
}

class SegmentPlacement {
  private readonly graph: Graph
  private readonly segment: Index
  private readonly frames = new Map<ComputedDef, ReadonlyMap<Index, Expr>>()
  private readonly edges: readonly Edge[]

  constructor(
    private readonly placer: Placer,
    private readonly loop: SegmentLoop,
    edges: readonly Edge[],
  ) {
    this.graph = placer.graph
    this.segment = this.graph.freshIndex(loop.count, 'segment')
    for (const def of loop.perSegment.keys()) this.frames.set(def, new Map([[def.idx[0], this.segment]]))
    // A total reads that of the segment before.
    this.edges = edges.filter(({ from, to }) => from !== to || !loop.perSegment.has(from))
  }

  place(defs: readonly ComputedDef[], flagsOf: (def: ComputedDef) => readonly number[]): TreeNode[] {
    const groups = new Map<string, { flags: readonly number[]; defs: ComputedDef[] }>()
    for (const def of defs) {
      const flags = flagsOf(def)
      const group = groups.get(flags.join())
      if (group) group.defs.push(def)
      else groups.set(flags.join(), { flags, defs: [def] })
    }
    const rank = (flags: readonly number[]): number => (flags.length === 0 ? Infinity : flags.length)
    const items = [...groups.values()]
      .sort((a, b) => rank(b.flags) - rank(a.flags))
      .flatMap(({ flags, defs: among }): TreeNode[] => {
        const inside = this.items(among)
        return flags.length === 0 ? inside : [{ kind: 'flagged', flags, items: inside }]
      })
    const { descending } = this.loop
    const length = printExpr(this.loop.length)
    const text = descending
      ? `segments of ${length} steps, the last first: each is computed again from what was kept before it`
      : `segments of ${length} steps: what the next one starts from is kept`
    return [
      { kind: 'remark', text },
      { kind: 'loop', index: this.segment, descending, sequential: true, items },
    ]
  }

  private items(defs: readonly ComputedDef[]): TreeNode[] {
    const members = new Set(defs)
    const edges = this.edges.filter(({ from, to }) => members.has(from) && members.has(to))
    const targets = new Map<ComputedDef, ComputedDef[]>(defs.map((def) => [def, []]))
    for (const { from, to } of edges) targets.get(from)?.push(to)
    const items: TreeNode[] = []
    let together: ComputedDef[] = []
    const flush = (): void => {
      if (together.length > 0) items.push(...this.parallel(together, edges))
      together = []
    }
    for (const component of stronglyConnected(defs, (def) => targets.get(def) ?? [])) {
      const [first] = component
      if (component.length > 1 || targets.get(first)?.includes(first)) {
        flush()
        items.push(...this.recurrence(component, edges))
        continue
      }
      if (together.length > 0 && !this.mayShare(together, first, edges)) flush()
      together.push(first)
    }
    flush()
    return items
  }

  /** Whether a definition may stand in one loop over the times of the segment with others. */
  private mayShare(others: readonly ComputedDef[], def: ComputedDef, edges: readonly Edge[]): boolean {
    const mine = this.loop.tiles.get(def)
    const theirs = this.loop.tiles.get(others[0])
    if (!mine || !theirs) return mine === theirs
    if (mine.offset !== theirs.offset || this.extent(def, mine) !== this.extent(others[0], theirs))
      return false
    return edges.every((edge) => edge.from !== def || !others.includes(edge.to) || this.distance(edge) === 0)
  }

  private extent = (def: ComputedDef, { axis }: Tile): Expr => def.idx[axis].extent

  /** How much later what is read lies in time. */
  private distance({ from, to, read }: Edge): number {
    const mine = this.loop.tiles.get(from)
    const theirs = this.loop.tiles.get(to)
    if (!mine || !theirs) return 0
    const lag = new Dimensions(this.graph).lag(read.args[theirs.axis], from.idx[mine.axis])
    if (lag === undefined) throw new Error(`'${from.name}' reads '${to.name}' at no fixed distance`)
    return lag + theirs.offset - mine.offset
  }

  private parallel(defs: readonly ComputedDef[], all: readonly Edge[]): TreeNode[] {
    const members = new Set(defs)
    const edges = all.filter(({ from, to }) => members.has(from) && members.has(to))
    const [first] = defs
    const tile = this.loop.tiles.get(first)
    if (!tile) return this.placer.run(defs, edges, this.frames)
    const own = first.idx[tile.axis]
    const index = this.graph.freshIndex(own.extent, nameOf(first, own))
    const frames = new Map(this.frames)
    for (const def of defs) {
      const axis = this.loop.tiles.get(def)?.axis
      if (axis !== undefined) frames.set(def, new Map([[def.idx[axis], index]]))
    }
    const items = this.placer.run(defs, edges, frames)
    return [{ kind: 'loop', index, descending: false, sequential: true, range: this.range(index, tile.offset), items }] // prettier-ignore
  }

  private recurrence(component: readonly ComputedDef[], all: readonly Edge[]): TreeNode[] {
    const members = new Set(component)
    const edges = all.filter(({ from, to }) => members.has(from) && members.has(to))
    const tiles = component.map((def) => this.tileOf(def))
    const { descending } = tiles[0]
    const offsets = new Map(component.map((def, at) => [def, descending ? -tiles[at].offset : tiles[at].offset] as const)) // prettier-ignore
    const axes = new Map(component.map((def, at) => [def, tiles[at].axis] as const))
    const carried = new Set(edges.filter((edge) => this.distance(edge) !== 0))
    const node = this.placer.loopOver(component, edges, this.frames, { descending, axes, offsets, carried })
    const first = Math.min(...tiles.map(({ offset }) => offset))
    const restored = component.flatMap((def) => this.restore(def))
    return [...restored, { ...node, range: this.range(node.index, first) }]
  }

  private tileOf(def: ComputedDef): Tile {
    const tile = this.loop.tiles.get(def)
    if (!tile) throw new Error(`'${def.name}' has no place in time`)
    return tile
  }

  /** The positions of an index whose times lie in the segment. */
  private range(index: Index, offset: number): { from: Expr; to: Expr } {
    const { graph, segment } = this
    const { length } = this.loop
    const from = graph.sub(graph.mul(segment, length), graph.num(offset))
    const to = graph.add(from, length)
    return {
      from: isNonNegative(graph, from) ? from : graph.apply('max', [graph.zero, from]),
      to: graph.apply('min', [index.extent, to]),
    }
  }

  /** Puts the steps before the segment back. */
  private restore(def: ComputedDef): TreeNode[] {
    const { graph, segment } = this
    const { restores, kept, length } = this.loop
    const source = restores.get(def)
    if (!source) return []
    const { axis, offset } = this.tileOf(def)
    const step = kept === 1 ? graph.zero : graph.freshIndex(graph.num(kept), 'l')
    const position = graph.add(graph.mul(segment, length), step, graph.num(-kept - offset))
    const at = new Map<Index, Expr>([[def.idx[axis], position]])
    const others = this.placer.storage.order(def).filter((other) => other !== axis)
    const loops = others.map((other) => {
      const own = def.idx[other]
      const index = graph.freshIndex(own.extent, nameOf(def, own))
      at.set(own, index)
      return index
    })
    const args = [segment, ...(kept > 1 ? [step] : []), ...def.idx.filter((_, other) => other !== axis)]
    const form: NestForm = {
      kind: 'restore',
      value: graph.read(source, args),
      title: `${def.name} before the segment`,
    }
    const leaf: LeafNode = { kind: 'leaf', nest: { def, form, loops: [], heavy: false }, at }
    let node: TreeNode = leaf
    for (const index of loops.reverse()) node = { kind: 'loop', index, descending: false, sequential: true, items: [node] } // prettier-ignore
    const last = graph.sub(def.idx[axis].extent, graph.one)
    const conditions = [position, graph.sub(last, position)].filter((e) => !isNonNegative(graph, e)).map((e) => graph.ge0(e)) // prettier-ignore
    node = { kind: 'when', conditions, items: [node] }
    if (step.kind === 'index') node = { kind: 'loop', index: step, descending: false, sequential: true, items: [node] } // prettier-ignore
    return [node]
  }
}
