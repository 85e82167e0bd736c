/**
 * Fusion: a nest joins the loops of an earlier one that computes what it reads, or reads what it reads, where every
 * element is ready by the time it is needed.
 */
import type { ComputedDef, Def, Expr, Index, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { substitute } from '../ir/walk.js'
import { FUSION_WINDOW, LOOP_DEFINITIONS } from './cost.js'
import type { Storage } from './storage.js'
import type { LeafNode, LoopNode, Nest, RowBlocks, TreeNode } from './tree.js'

/** What a loop computes, so that what may join it is not compared with everything in it. */
interface Contents {
  readonly inside: Map<Def, LeafNode>
  /** The definitions that are read in it. */
  readonly data: Set<Def>
  isHeavy: boolean
}

/**
 * Inside a loop over blocks of rows: the index of each definition that runs through the rows of a block only. Another one may have the same
 * index for all rows, such as a sum over the rows of a block that has as many entries.
 */
export interface RowsInBlocks {
  readonly blocks: RowBlocks
  readonly own: ReadonlyMap<ComputedDef, Index>
}

/** A list of items under construction, with what is known of each. */
export class Sequence {
  private readonly places = new Map<Def, number>()
  private readonly contents = new WeakMap<LoopNode, Contents>()

  constructor(
    private readonly graph: Graph,
    private readonly storage: Storage,
    private readonly rows?: RowsInBlocks,
    readonly items: TreeNode[] = [],
  ) {}

  /** Adds an item that nothing joins. */
  push(node: TreeNode): void {
    this.items.push(node)
    for (const leaf of leavesOf(node)) this.places.set(leaf.nest.def, this.items.length - 1)
  }

  /** Computes a definition, after all it depends on; `at` gives the own indices that outer loops fix. */
  add(nest: Nest, outer: ReadonlyMap<Index, Expr>): void {
    // Along an axis of one element there is nothing to run through.
    const at = new Map(outer)
    for (const own of nest.def.idx)
      if (own.extent === this.graph.one && !at.has(own)) at.set(own, this.graph.zero)
    const reads = this.storage.effectiveReads(nest.def)
    if (nest.along && this.run(nest, nest.along, reads, at)) return
    if (nest.loops.length === 0) {
      this.push({ kind: 'leaf', nest, at })
      return
    }
    const window = Math.max(0, this.items.length - FUSION_WINDOW)
    for (let place = this.items.length - 1; place >= window; place--) {
      const item = this.items[place]
      if (item.kind === 'loop' && this.isReady(place, reads) && this.mayJoin(item, nest, 0, reads, at)) {
        this.join(item, nest, 0, reads, at)
        this.lift(reads, place)
        this.places.set(nest.def, this.items.indexOf(item))
        return
      }
      // What is read must stand before: only a number can move there.
      if (reads.some((read) => this.places.get(read.def) === place) && !this.isNumber(item)) break
    }
    this.push(this.wrap(nest, 0, at))
  }

  /** Lets a number grow along loops that compute something of what it adds up. */
  private run(
    nest: Nest,
    along: readonly Index[],
    reads: readonly Read[],
    at: ReadonlyMap<Index, Expr>,
  ): boolean {
    // prettier-ignore
    const window = Math.max(0, this.items.length - FUSION_WINDOW)
    for (let place = this.items.length - 1; place >= window; place--) {
      const item = this.items[place]
      const loops = item.kind === 'loop' && this.isReady(place, reads) ? this.loopsAlong(item, nest, along, reads, at) : undefined // prettier-ignore
      if (loops) {
        this.lift(reads, place)
        const leaf = (part: 'start' | 'add' | 'end', where = at): LeafNode => ({ kind: 'leaf', nest: { ...nest, form: { kind: 'running', part } }, at: where }) // prettier-ignore
        const within = new Map(at)
        for (const bound of this.storage.boundOf(nest.def)) within.set(bound, this.graph.zero)
        for (const [index, loop] of loops) within.set(index, loop.index)
        const add = leaf('add', within)
        const around = [...loops.values()]
        this.innermost(around).items.push(add)
        for (const loop of around) this.note(loop, add)
        // A part is added to what stands around all blocks.
        if (!nest.part) this.items.splice(this.items.indexOf(item), 1, leaf('start'), item, leaf('end'))
        this.findPlaces()
        return true
      }
      if (reads.some((read) => this.places.get(read.def) === place) && !this.isNumber(item)) break
    }
    return false
  }

  /** The loop that holds no other one of them. */
  private innermost(loops: readonly LoopNode[]): LoopNode {
    const inner = loops.find((loop) => !loops.some((other) => other !== loop && loop.items.includes(other)))
    if (!inner) throw new Error('loops stand in each other')
    return inner
  }

  /** The loops along which all that is added up is computed, one inside of the other: for each index one. */
  private loopsAlong(
    outermost: LoopNode,
    nest: Nest,
    along: readonly Index[],
    reads: readonly Read[],
    at: ReadonlyMap<Index, Expr>,
  ): ReadonlyMap<Index, LoopNode> | undefined {
    const chain = [outermost]
    for (let loop = outermost; chain.length < along.length;) {
      const inner = loop.items.find((item) => item.kind === 'loop' && reads.some((read) => this.contentsOf(item).inside.has(read.def))) // prettier-ignore
      if (inner?.kind !== 'loop') return undefined
      chain.push((loop = inner))
    }
    const isPart = (index: Index): boolean => nest.part?.index === index
    const { inside: all } = this.contentsOf(outermost)
    const { inside } = this.contentsOf(chain[chain.length - 1])
    const made = reads.filter((read) => all.has(read.def))
    if (made.length === 0 || made.some((read) => !inside.has(read.def))) return undefined
    const found = new Map<Index, LoopNode>()
    for (const loop of chain) {
      const ways = made.map((read) => {
        const producer = inside.get(read.def)
        const axis = producer ? axisAlong(producer, loop.index) : -1
        return along.find((index) => axis >= 0 && read.args[axis] === index)
      })
      const [index] = ways
      if (!index || found.has(index) || ways.some((way) => way !== index)) return undefined
      if (loop.sequential || loop.descending || (loop.range !== undefined) !== isPart(index)) return undefined
      if (loop.index.extent !== this.extent(index, at)) return undefined
      found.set(index, loop)
    }
    return found
  }

  private isNumber(item: TreeNode): item is LeafNode {
    return item.kind === 'leaf' && item.nest.def.idx.length === 0
  }

  /** The numbers among these reads that stand behind a place, by where they stand. */
  private numbersBehind(place: number, reads: readonly Read[]): number[] {
    const places = reads.map((read) => this.places.get(read.def) ?? -1).filter((at) => at > place)
    return [...new Set(places)].sort((a, b) => a - b)
  }

  /** Whether all that is read stands before the item at a place, or can: numbers that are made of nothing later. */
  private isReady(place: number, reads: readonly Read[]): boolean {
    if (!reads.some((read) => (this.places.get(read.def) ?? -1) > place)) return true
    return this.numbersBehind(place, reads).every((at) => {
      const item = this.items[at]
      if (!this.isNumber(item)) return false
      const own = this.storage.effectiveReads(item.nest.def)
      return own.every((read) => (this.places.get(read.def) ?? -1) < place)
    })
  }

  /** Moves numbers that the loop at a place reads now before it. */
  private lift(reads: readonly Read[], place: number): void {
    const late = this.numbersBehind(place, reads)
    if (late.length === 0) return
    const moved = late.map((at) => this.items[at])
    for (const at of [...late].reverse()) this.items.splice(at, 1)
    this.items.splice(place, 0, ...moved)
    this.findPlaces()
  }

  private findPlaces(): void {
    for (const [at, item] of this.items.entries())
      for (const leaf of leavesOf(item)) this.places.set(leaf.nest.def, at)
  }

  /** New loops around the leaf, from the given depth of the nest. */
  private wrap(nest: Nest, depth: number, at: ReadonlyMap<Index, Expr>): TreeNode {
    const inner = new Map(at)
    const loops: LoopNode[] = []
    for (let level = depth; level < nest.loops.length; level++) {
      const own = nest.loops[level]
      const index = this.graph.freshIndex(this.extent(own, inner), nameOf(nest.def, own))
      inner.set(own, index)
      const range = this.rangeOf(nest, own)
      const loop: LoopNode = { kind: 'loop', index, descending: false, sequential: false, ...(range && { range }), items: [] } // prettier-ignore
      loops.at(-1)?.items.push(loop)
      loops.push(loop)
    }
    const leaf: LeafNode = { kind: 'leaf', nest, at: inner }
    if (loops.length === 0) return leaf
    loops[loops.length - 1].items.push(leaf)
    return loops[0]
  }

  private rangeOf({ def }: Nest, own: Index): LoopNode['range'] {
    if (this.rows?.own.get(def) !== own) return undefined
    const { start, count } = this.rows.blocks
    return { from: start, to: this.graph.add(start, count) }
  }

  private extent(own: Index, at: ReadonlyMap<Index, Expr>): Expr {
    return substitute(this.graph, own.extent, at)
  }

  /** Whether the loop may run the nest's loop at this depth too, at the end of each step. */
  private mayJoin(
    loop: LoopNode,
    nest: Nest,
    depth: number,
    reads: readonly Read[],
    at: ReadonlyMap<Index, Expr>,
  ): boolean {
    const own = nest.loops[depth]
    if (loop.sequential || loop.descending) return false
    // The rows of a product are computed before all else in their loop.
    if (nest.form.kind === 'block' && depth === nest.loops.length - 1) return false
    if (loop.index.extent !== this.extent(own, at)) return false
    if (this.rows && (loop.range !== undefined) !== (this.rows.own.get(nest.def) === own)) return false
    const { inside, data, isHeavy } = this.contentsOf(loop)
    if ((nest.heavy && isHeavy) || inside.size >= LOOP_DEFINITIONS) return false
    let related = false
    for (const read of reads) {
      const producer = read.def.kind === 'computed' ? inside.get(read.def) : undefined
      if (!producer) continue
      related = true
      const axis = axisAlong(producer, loop.index)
      // What a row or a scatter makes is complete only after its own loops.
      if (axis < 0 || read.args[axis] !== own) return false
    }
    return related || reads.some((read) => read.args.length > 0 && data.has(read.def))
  }

  private contentsOf(loop: LoopNode): Contents {
    let contents = this.contents.get(loop)
    if (!contents) {
      this.contents.set(loop, (contents = { inside: new Map(), data: new Set(), isHeavy: false }))
      for (const leaf of leavesOf(loop)) this.note(loop, leaf)
    }
    return contents
  }

  /** Tells a loop what it computes from now on. */
  private note(loop: LoopNode, leaf: LeafNode): void {
    const contents = this.contents.get(loop)
    if (!contents) return
    const { def, heavy } = leaf.nest
    contents.inside.set(def, leaf)
    contents.isHeavy ||= heavy
    for (const read of this.storage.effectiveReads(def)) contents.data.add(read.def)
  }

  /** Adds the nest to the loop. Gives the leaf that it became. */
  private join(
    loop: LoopNode,
    nest: Nest,
    depth: number,
    reads: readonly Read[],
    at: ReadonlyMap<Index, Expr>,
  ): LeafNode {
    const inner = new Map(at).set(nest.loops[depth], loop.index)
    const next = depth + 1
    const last = loop.items.at(-1)
    const joins =
      next < nest.loops.length && last?.kind === 'loop' && this.mayJoin(last, nest, next, reads, inner)
    const leaf = joins
      ? this.join(last, nest, next, reads, inner)
      : this.append(loop, this.wrap(nest, next, inner))
    this.note(loop, leaf)
    return leaf
  }

  private append(loop: LoopNode, node: TreeNode): LeafNode {
    loop.items.push(node)
    return leavesOf(node)[0]
  }
}

/** The axis of what a leaf computes that follows a loop index, or -1. */
const axisAlong = (leaf: LeafNode, index: Index): number =>
  leaf.nest.def.idx.findIndex((own) => leaf.at.get(own) === index)

export function leavesOf(node: TreeNode): LeafNode[] {
  const leaves: LeafNode[] = []
  const pending: TreeNode[] = [node]
  for (let next = pending.pop(); next; next = pending.pop())
    if (next.kind === 'leaf') leaves.push(next)
    else if (next.kind !== 'remark') pending.push(...[...next.items].reverse())
  return leaves
}

/** The user's name of an index of a definition. */
export function nameOf(def: ComputedDef, index: Index): string {
  const all = [...def.idx, ...(def.reduction?.idx ?? [])]
  return def.indexNames[all.indexOf(index)] ?? 'i'
}
