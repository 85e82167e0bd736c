/**
 * Gradients of a batch block by block: what lies along the samples is computed for some samples at a time, forwards and backwards, and each
 * block adds its part to the sums over all samples. Of values and cotangents only those of one block are in memory.
 */
import type { ComputedDef, Def, Expr, Index, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { stronglyConnected } from '../ir/scc.js'
import { isScatter } from './scatter.js'
import type { Storage } from './storage.js'
import type { RowBlocks } from './tree.js'

export interface SampleLoop {
  readonly blocks: RowBlocks
  /** The number of samples in a block. */
  readonly length: Expr
  /** The axes along samples of what is computed in the loop. */
  readonly axes: ReadonlyMap<ComputedDef, number>
  /** The indices of samples of the sums that the loop adds up. */
  readonly sums: ReadonlyMap<ComputedDef, Index>
  /** Copies of operands that only the loop reads: made for each block, they need no memory in between. */
  readonly copies: ReadonlySet<ComputedDef>
  /** What needs such a sum, or something of all samples. */
  readonly after: ReadonlySet<ComputedDef>
}

/** The loop that computes most, if there is one. */
export function findSamples(graph: Graph, storage: Storage): SampleLoop | undefined {
  const extents = new Set(storage.stored.flatMap((def) => def.idx.map(({ extent }) => extent)))
  let best: SampleLoop | undefined
  for (const extent of extents) {
    if (extent.kind !== 'size') continue
    const found = new SampleFinder(graph, storage, extent).find()
    if (found && found.axes.size > (best?.axes.size ?? 1)) best = found
  }
  return best
}

class SampleFinder {
  private readonly axes = new Map<ComputedDef, number>()
  private readonly sums = new Map<ComputedDef, Index>()
  private readonly after = new Set<ComputedDef>()

  constructor(
    private readonly graph: Graph,
    private readonly storage: Storage,
    private readonly extent: Expr,
  ) {}

  find(): SampleLoop | undefined {
    const { graph, storage, extent, axes, sums, after } = this
    const stored = new Set(storage.stored)
    let isRecurrent = false
    const sources = (def: ComputedDef): ComputedDef[] =>
      storage.effectiveReads(def).flatMap((read) => (read.def.kind === 'computed' && stored.has(read.def) ? [read.def] : [])) // prettier-ignore
    for (const defs of stronglyConnected(storage.stored, sources)) {
      const read = defs.flatMap(sources)
      const isLate = read.some((source) => sums.has(source) || after.has(source))
      const found = isLate ? undefined : this.axesOf(defs)
      if (found) {
        for (const [def, axis] of found) axes.set(def, axis)
        isRecurrent ||= defs.length > 1 || sources(defs[0]).includes(defs[0])
      }
      if (!found && (isLate || read.some((source) => axes.has(source)))) {
        const index = isLate || defs.length > 1 ? undefined : this.summed(defs[0])
        if (index) sums.set(defs[0], index)
        else for (const def of defs) after.add(def)
      }
    }
    const { plain, recurrent } = storage.machine.samples
    const length = isRecurrent ? recurrent : plain
    if (length === undefined || [...axes].some(([def, axis]) => this.isAlongVectors(def, axis)))
      return undefined
    const start = graph.freshIndex(extent, 'start')
    const count = graph.freshIndex(graph.num(length + 1), 'rows')
    return {
      blocks: { extent, start, count, length },
      length: graph.apply('min', [graph.num(length), extent]),
      axes,
      sums,
      copies: this.copies(),
      after,
    }
  }

  /** Samples that lie side by side, and too few entries of each to fill vectors instead. */
  private isAlongVectors(def: ComputedDef, axis: number): boolean {
    const { machine } = this.storage
    if (def.idx.length < 2 || this.storage.order(def).at(-1) !== axis) return false
    const others = this.graph.mulAll(def.idx.flatMap(({ extent }, at) => (at === axis ? [] : [extent])))
    return others.kind === 'num' && others.value.toNumber() < machine.lanes
  }

  private copies(): Set<ComputedDef> {
    const { storage, axes, sums, after } = this
    const copies = new Set<ComputedDef>()
    const readElsewhere = new Set<Def>()
    for (const def of storage.stored.toReversed()) {
      const isPlain = !axes.has(def) && !sums.has(def) && !after.has(def)
      const isCopy = isPlain && storage.isCopy(def) && !readElsewhere.has(def)
      if (isCopy) copies.add(def)
      if (!isCopy && !axes.has(def) && !sums.has(def))
        for (const read of storage.effectiveReads(def)) readElsewhere.add(read.def)
    }
    return copies
  }

  /** The axes along samples, if each definition has one and reads what belongs to the same sample. */
  private axesOf(defs: readonly ComputedDef[]): ReadonlyMap<ComputedDef, number> | undefined {
    const { storage, extent } = this
    const own = new Map<ComputedDef, number>()
    for (const def of defs) {
      const along = def.idx.flatMap((index, axis) => (index.extent === extent ? [axis] : []))
      if (along.length !== 1 || def.routine) return undefined
      if (!this.mayBeInBlocks(def, along[0])) return undefined
      own.set(def, along[0])
    }
    const isSame = (def: ComputedDef, { def: source, args }: Read): boolean => {
      const axis = source.kind === 'computed' ? (own.get(source) ?? this.axes.get(source)) : undefined
      return axis === undefined || args[axis] === def.idx[own.get(def) ?? 0]
    }
    return defs.every((def) => storage.effectiveReads(def).every((read) => isSame(def, read)))
      ? own
      : undefined
  }

  /** What is scattered fills whole rows of memory, so that the axis of an outer loop lies outermost. */
  private mayBeInBlocks(def: ComputedDef, axis: number): boolean {
    const { graph, storage } = this
    const isScattered = (own: readonly Index[]): boolean =>
      def.reduction !== undefined && isScatter(graph, storage.bodyOf(def), storage.boundOf(def), own)
    if (!isScattered(def.idx)) return true
    return storage.order(def)[0] === axis && isScattered(def.idx.filter((_, at) => at !== axis))
  }

  /** The summed index that all reads along samples are at. */
  private summed(def: ComputedDef): Index | undefined {
    const { storage, extent } = this
    if (def.reduction?.kind !== 'sum' || def.integer || def.nominal) return undefined
    return storage.boundOf(def).find(
      (index) =>
        index.extent === extent &&
        storage.effectiveReads(def).every(({ def: source, args }) => {
          const axis = source.kind === 'computed' ? this.axes.get(source) : undefined
          return axis === undefined || args[axis] === index
        }),
    )
  }
}
