/**
 * Store or inline: which definitions get memory of their own, and in which order their axes lie there.
 *
 * A pointwise definition is inlined if it costs about a load, or if its one reader evaluates it exactly once per element.
 * What is stored may still shrink to a row or a scalar once loops are fused (`contract.ts`).
 */
import type { ComputedDef, Def, Expr, Index, Read } from '../ir/expr.js'
import { mentionedIn } from '../ir/dependencies.js'
import type { Graph } from '../ir/graph.js'
import { substitute } from '../ir/walk.js'
import { chooseOrder } from './axes.js'
import { CHEAP, costOfExpr, INLINE_DEPTH } from './cost.js'
import type { SegmentLoop } from './segments.js'
import type { Machine } from './machine.js'

interface Site {
  readonly consumer: ComputedDef
  readonly read: Read
}

/** Copies of operands, which are stored in any case, and the bodies that read them instead. */
export interface Replaced {
  readonly bodies: ReadonlyMap<ComputedDef, Expr>
  readonly made: ReadonlyMap<ComputedDef, readonly ComputedDef[]>
}

/** The expressions of a computed definition, those in its extents included. */
export function expressionsIn(def: ComputedDef, body = def.body): readonly Expr[] {
  if (!body) throw new Error(`'${def.name}' has no body`)
  const factors = def.routine?.factors
  return [body, ...(def.reduction?.filter ?? []), ...(factors ? [factors] : [])]
}

function extentsIn(def: ComputedDef): readonly Expr[] {
  return [...def.idx, ...(def.reduction?.idx ?? [])].map((index) => index.extent)
}

function readsOf(roots: readonly Expr[]): readonly Read[] {
  const lists = roots.map((root) => mentionedIn(root).reads).filter((reads) => reads.length > 0)
  return lists.length === 1 ? lists[0] : [...new Set(lists.flat())]
}

export class Storage {
  private readonly sites = new Map<Def, Site[]>()
  private readonly inlined = new Set<Def>()
  private readonly costs = new Map<Def, number>()
  private readonly depths = new Map<Def, number>()
  private readonly reads = new Map<Def, readonly Read[]>()
  private readonly orders = new Map<Def, readonly number[]>()
  private readonly restored = new Set<Def>()
  private readonly parts = new Set<Def>()

  /** `live`: all definitions needed, dependencies first. */
  constructor(
    private readonly graph: Graph,
    live: readonly Def[],
    private readonly roots: ReadonlySet<Def>,
    readonly machine: Machine,
    segments: readonly SegmentLoop[] = [],
    private readonly operands: Replaced = { bodies: new Map(), made: new Map() },
    before?: Storage,
    /** Axes of what is computed for some samples at a time: rows lie one after another. */
    samples: ReadonlyMap<Def, number> = new Map(),
  ) {
    const outermost = new Map<Def, number>()
    for (const { tiles, perSegment, restores } of segments) {
      for (const [def, { kind }] of perSegment) if (kind === 'part') this.parts.add(def)
      for (const [def, { axis }] of tiles) outermost.set(def, axis)
      for (const def of restores.keys()) this.restored.add(def)
    }
    const computed = live.filter((def): def is ComputedDef => def.kind === 'computed')
    for (const consumer of computed)
      for (const read of readsOf([...this.expressionsIn(consumer), ...extentsIn(consumer)])) {
        const sites = this.sites.get(read.def)
        if (sites) sites.push({ consumer, read })
        else this.sites.set(read.def, [{ consumer, read }])
      }
    for (const def of computed) this.decide(def)
    this.stored = computed.filter((def) => !this.inlined.has(def))
    const sources = {
      orderOf: (def: Def) => this.knownOrder(def),
      readsOf: (def: ComputedDef) => this.effectiveReads(def),
    }
    for (const def of this.stored) {
      if (def.idx.length < 2) continue
      const sample = samples.get(def)
      // Terms of a sum are no operand that kernels want as it is written.
      if (sample !== undefined && this.isCopy(def) && def.reduction)
        this.orders.set(def, outermostFirst(def, sample))
      if (this.isFixed(def)) continue
      const settled = before?.orders.get(def)
      if (settled) {
        this.orders.set(def, settled)
        continue
      }
      const consumers = new Set((this.sites.get(def) ?? []).map((site) => site.consumer))
      const first = outermost.get(def)
      const order = chooseOrder(def, consumers, sources)
      const outer = first ?? (sample !== undefined && isOutermost(def, order, sample) ? sample : undefined)
      this.orders.set(def, outer === undefined ? order : [outer, ...order.filter((axis) => axis !== outer)])
    }
  }

  /** The computed definitions with memory of their own, dependencies first. */
  readonly stored: readonly ComputedDef[]

  /** The body, with copies of operands in the place of operands. */
  bodyOf(def: ComputedDef): Expr {
    const body = this.operands.bodies.get(def) ?? def.body
    if (!body) throw new Error(`'${def.name}' has no body`)
    return body
  }

  /** Whether it was made as an operand. */
  isCopy(def: ComputedDef): boolean {
    return this.operands.made.has(def)
  }

  /** What is summed over: a body that reads sums has fewer indices. */
  boundOf(def: ComputedDef): readonly Index[] {
    const body = this.operands.bodies.get(def)
    const bound = def.reduction?.idx ?? []
    return body ? bound.filter((index) => body.free.includes(index)) : bound
  }

  private expressionsIn(def: ComputedDef): readonly Expr[] {
    return expressionsIn(def, this.operands.bodies.get(def))
  }

  isInlined(def: Def): boolean {
    return this.inlined.has(def)
  }

  isRoot(def: Def): boolean {
    return this.roots.has(def)
  }

  /** The axes of a definition as they lie in memory, outermost first. */
  order(def: Def): readonly number[] {
    return this.orders.get(def) ?? def.idx.map((_, axis) => axis)
  }

  /** Results are row-major, as routines and products want it; the slabs of a recurrence keep its dimension outermost. */
  private isFixed(def: ComputedDef): boolean {
    return this.roots.has(def) || def.nominal || def.routine !== undefined || this.operands.made.has(def)
  }

  /** The order of axes if it is settled by now. */
  private knownOrder(def: Def): readonly number[] | undefined {
    if (def.kind !== 'computed' || def.idx.length < 2 || this.isFixed(def)) return this.order(def)
    return this.orders.get(def)
  }

  /** One evaluation of the body, inlined definitions included. */
  cost(def: ComputedDef): number {
    return this.costs.get(def) ?? 0
  }

  /** The reads of stored definitions and data, over the definition's own indices, once inlined ones are put in. */
  effectiveReads(def: ComputedDef): readonly Read[] {
    let found = this.reads.get(def)
    if (!found) {
      found = this.through(readsOf([...this.expressionsIn(def), ...extentsIn(def)]))
      this.reads.set(def, found)
    }
    return found
  }

  /** The same for single expressions over indices of a definition. */
  effectiveReadsIn(roots: readonly Expr[]): readonly Read[] {
    return this.through(readsOf(roots))
  }

  private through(reads: readonly Read[]): readonly Read[] {
    const seen = new Set<Expr>(reads)
    const pending = [...reads]
    const found: Read[] = []
    for (let read = pending.pop(); read; read = pending.pop()) {
      const { def, args } = read
      if (def.kind !== 'computed' || !this.inlined.has(def)) {
        found.push(read)
        continue
      }
      const at = new Map(def.idx.map((index, axis) => [index, args[axis]]))
      for (const inner of this.effectiveReads(def)) {
        const moved = substitute(this.graph, inner, at)
        if (moved.kind !== 'read' || seen.has(moved)) continue
        seen.add(moved)
        pending.push(moved)
      }
    }
    return found
  }

  private decide(def: ComputedDef): void {
    let depth = 0
    // That the part of a sum lies in a segment is a bound of its loop.
    const body = this.parts.has(def) && def.body?.kind === 'guard' ? def.body.body : this.bodyOf(def)
    const cost = costOfExpr(body, (read) => {
      if (!this.inlined.has(read)) return 1
      depth = Math.max(depth, this.depths.get(read) ?? 0)
      return this.costs.get(read) ?? 1
    })
    this.costs.set(def, cost)
    this.depths.set(def, depth + 1)
    if (
      def.reduction ||
      def.routine ||
      def.nominal ||
      this.restored.has(def) ||
      this.roots.has(def) ||
      this.operands.made.has(def) ||
      depth >= INLINE_DEPTH
    )
      return
    if (this.mayInline(def, cost)) this.inlined.add(def)
  }

  /** Storing it needs no more memory than storing the reduction it is made from. */
  private finishesReduction(def: ComputedDef): boolean {
    const sites = this.sites.get(def) ?? []
    if (sites.length === 1 && readsOnce(sites[0])) return false
    return readsOf(this.expressionsIn(def)).some(
      (read) =>
        read.def.kind === 'computed' &&
        read.def.reduction !== undefined &&
        read.def.idx.length === def.idx.length &&
        read.args.every((arg) => arg.kind === 'index') &&
        this.sites.get(read.def)?.length === 1,
    )
  }

  private mayInline(def: ComputedDef, cost: number): boolean {
    const sites = this.sites.get(def) ?? []
    if (cost === 0 || def.body?.kind === 'read') return true
    if (def.idx.length === 0 || this.finishesReduction(def)) return false
    if (sites.some(isInWindow)) return false
    if (cost <= CHEAP && sites.length <= 3) return true
    return sites.length === 1 && readsOnce(sites[0])
  }
}

/** Whether samples are to lie one after another: outside of them stands no time then, that the steps of a recurrence run along. */
const isOutermost = ({ idx }: ComputedDef, order: readonly number[], sample: number): boolean =>
  order.at(-1) === sample ||
  order.slice(0, order.indexOf(sample)).every((axis) => idx[axis].extent.kind === 'num')

const outermostFirst = ({ idx }: ComputedDef, axis: number): number[] => [
  axis,
  ...[...idx.keys()].filter((other) => other !== axis),
]

/** Whether the windows of a convolution read it, each element as often as they are long. */
const isInWindow = ({ consumer: { reduction }, read }: Site): boolean =>
  reduction !== undefined &&
  read.args.some((arg) => arg.free.length > 1 && reduction.idx.some((index) => arg.free.includes(index)))

/** Whether the reader runs over exactly the elements of what it reads. */
function readsOnce({ consumer, read }: Site): boolean {
  const indices: readonly Index[] = [...consumer.idx, ...(consumer.reduction?.idx ?? [])]
  const free = new Set(read.args.flatMap((arg) => arg.free))
  return (
    consumer.reduction?.kind !== 'logsumexp' &&
    read.args.every((arg) => arg.kind === 'index') &&
    free.size === read.args.length &&
    indices.every((index) => free.has(index))
  )
}
