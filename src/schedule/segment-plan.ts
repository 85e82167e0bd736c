/**
 * Definitions for two loops over segments of time. What runs backwards reads copies, which are computed again segment by
 * segment; sums over time become sums over segments; the steps before each segment are kept.
 */
import type { ComputedDef, Def, Expr, Index, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { isNonNegative } from '../ir/prove.js'
import { offsetsOf, type Offsets } from './offsets.js'
import { redirected, type Redirect, remake } from './remake.js'
import type { PerSegment, SegmentLoop, Tile } from './segments.js'
import type { Sides } from './sides.js'
import type { Component, Definitions, TimeAxes } from './time-axes.js'

export class SegmentPlan {
  readonly loops: readonly SegmentLoop[]
  private readonly graph: Graph
  private readonly offsets: Offsets
  /** The number of segments and of the times in each. */
  private readonly count: Expr
  private readonly length: Expr
  /** How many steps before a segment its first steps read. */
  private readonly kept: number
  /** What is read of earlier steps in a recurrence that is computed again. */
  private readonly carried: ReadonlySet<ComputedDef>
  private readonly made = new Map<Def, ComputedDef>()
  private readonly copies = new Map<Def, ComputedDef>()
  private readonly forwardParts = new Map<ComputedDef, PerSegment>()
  private readonly backwardParts = new Map<ComputedDef, PerSegment>()
  private readonly restores = new Map<ComputedDef, ComputedDef>()
  private readonly titles = new Map<ComputedDef, Def | string>()

  constructor(
    private readonly definitions: Definitions,
    private readonly axes: TimeAxes,
    private readonly sides: Sides,
  ) {
    this.graph = definitions.graph
    this.offsets = offsetsOf(definitions, axes, sides)
    const { kept, carried } = this.findCarried()
    this.kept = kept
    this.carried = carried
    const { count, length } = this.cut()
    this.count = count
    this.length = length
    for (const component of definitions.components) this.pass(component)
    const forward = this.loop(false, this.tiles(sides.forward, this.offsets.forward, this.made))
    const copied = this.tiles(sides.copied, this.offsets.backward, this.copies)
    const backward = this.tiles(sides.backward, this.offsets.backward, this.made)
    this.loops = [forward, this.loop(true, new Map([...copied, ...backward]))]
  }

  /** What stands for a definition now. */
  current = (def: Def): Def => this.made.get(def) ?? def
  computed = (def: ComputedDef): ComputedDef => this.made.get(def) ?? def

  original(def: ComputedDef): Def {
    for (const map of [this.made, this.copies]) for (const [from, to] of map) if (to === def) return from
    return def
  }

  dependsOnForward(component: Component): boolean {
    const pending = [component]
    const seen = new Set(pending)
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (next.recurrent && next.defs.some((def) => this.sides.forward.has(def))) return true
      for (const source of this.definitions.sourcesOf(next)) {
        const below = this.definitions.componentOf.get(source)
        if (!below || seen.has(below)) continue
        seen.add(below)
        pending.push(below)
      }
    }
    return false
  }

  private loop(descending: boolean, tiles: ReadonlyMap<ComputedDef, Tile>): SegmentLoop {
    const { count, length, kept } = this
    const perSegment = descending ? this.backwardParts : this.forwardParts
    const restores = descending ? this.restores : new Map<ComputedDef, ComputedDef>()
    return { descending, count, length, tiles, perSegment, restores, titles: this.titles, kept }
  }

  private tiles(
    defs: ReadonlySet<Def>,
    offsets: ReadonlyMap<Def, number>,
    stand: ReadonlyMap<Def, ComputedDef>,
  ): Map<ComputedDef, Tile> {
    const tiles = new Map<ComputedDef, Tile>()
    for (const def of defs) {
      const axis = this.axes.of(def)
      const offset = offsets.get(def)
      const made = stand.get(def) ?? def
      if (axis === undefined || offset === undefined || made.kind !== 'computed') throw new Error(`'${def.name}' has no place in time`) // prettier-ignore
      const descending = this.definitions.componentOf.get(def)?.dimension?.descending ?? false
      // What merely copies another is that one: the later time is that of its own computation.
      const present = tiles.get(made)
      if (!present || present.offset < offset) tiles.set(made, { axis, offset, descending })
    }
    return tiles
  }

  // ── Segments ─────────────────────────────────────────────────────────────────────────────────────────────

  private findCarried(): { kept: number; carried: Set<ComputedDef> } {
    const { definitions, sides, axes, offsets } = this
    const carried = new Set<ComputedDef>()
    let kept = 1
    for (const { defs, recurrent } of definitions.components) {
      if (!recurrent || !sides.copied.has(defs[0])) continue
      const inside = new Set<Def>(defs)
      for (const def of defs)
        for (const read of definitions.readsOf(def)) {
          if (!inside.has(read.def) || read.def.kind !== 'computed') continue
          const lag = axes.lag(def, read) ?? 0
          const distance = lag + (offsets.backward.get(read.def) ?? 0) - (offsets.backward.get(def) ?? 0)
          if (distance >= 0) continue
          carried.add(read.def)
          kept = Math.max(kept, -distance)
        }
    }
    return { kept, carried }
  }

  /** About as many segments as times in each. */
  private cut(): { count: Expr; length: Expr } {
    const { graph, offsets, axes } = this
    const ends: Expr[] = []
    for (const [def, offset] of [...offsets.forward, ...offsets.backward]) {
      const axis = axes.of(def)
      const index = axis === undefined ? this.summedIndex(def) : def.idx[axis]
      ends.push(graph.add(index.extent, graph.num(offset)))
    }
    const times = ends.reduce((most, end) => {
      if (isNonNegative(graph, graph.sub(most, end))) return most
      return isNonNegative(graph, graph.sub(end, most)) ? end : graph.apply('max', [most, end])
    })
    const apart = [...this.carried].map((def) => this.lead(def))
    const least = graph.num(Math.max(this.kept, ...apart, 1))
    const root =
      times.kind === 'num'
        ? graph.num(Math.ceil(Math.sqrt(times.value.toNumber())))
        : graph.apply('ceil', [graph.apply('sqrt', [times])])
    const length = isNonNegative(graph, graph.sub(root, least)) ? root : graph.apply('max', [root, least])
    const count = graph.apply('idiv', [graph.add(times, length, graph.num(-1)), length])
    return { count, length }
  }

  private summedIndex(def: Def): Index {
    const { forwardSums, backwardSums } = this.sides
    const index = def.kind === 'computed' ? (forwardSums.get(def) ?? backwardSums.get(def)) : undefined
    if (!index) throw new Error(`'${def.name}' is no sum over time`)
    return index
  }

  /** How much later a definition lies in the forward loop. */
  private lead(def: Def): number {
    return (this.offsets.forward.get(def) ?? 0) - (this.offsets.backward.get(def) ?? 0)
  }

  // ── Definitions ──────────────────────────────────────────────────────────────────────────────────────────

  private readonly toCurrent: Redirect = (_, { def }) => this.current(def)

  /** In the loop backwards what is near in time is what was computed again. */
  private readonly toCopies: Redirect = (reader, read) => {
    const copy = this.copies.get(read.def)
    return copy && this.isNear(reader, read) ? copy : this.current(read.def)
  }

  private isNear(reader: ComputedDef, read: Read): boolean {
    return this.sides.backwardSums.has(reader) || this.axes.lag(reader, read) !== undefined
  }

  private pass(component: Component): void {
    const { definitions, sides } = this
    const [first] = component.defs
    const forwardIndex = sides.forwardSums.get(first)
    const backwardIndex = sides.backwardSums.get(first)
    if (forwardIndex) this.made.set(first, this.split(first, forwardIndex, false))
    else if (backwardIndex) this.made.set(first, this.split(first, backwardIndex, true))
    else this.remakeIfChanged(component, sides.backward.has(first) ? this.toCopies : this.toCurrent)
    if (!sides.copied.has(first)) return
    for (const [def, copy] of remake(definitions, component, this.toCopies, true)) this.copies.set(def, copy)
    for (const def of component.defs) {
      const copy = this.copies.get(def)
      if (copy && this.carried.has(def)) this.restores.set(copy, this.keep(this.computed(def), def))
    }
  }

  private remakeIfChanged(component: Component, redirect: Redirect): void {
    const changed = component.defs.some((def) => this.definitions.readsOf(def).some((read) => redirect(def, read) !== read.def)) // prettier-ignore
    if (!changed) return
    for (const [def, made] of remake(this.definitions, component, redirect, false)) this.made.set(def, made)
  }

  private segmentIndex(): Index {
    return this.graph.freshIndex(this.count, 'segment')
  }

  /** `Σ_t e(t)` as the total of its parts over the segments. */
  private split(def: ComputedDef, time: Index, descending: boolean): ComputedDef {
    const { graph, count, length } = this
    const { name, idx, body, reduction, origin } = def
    if (!body || !reduction) throw new Error(`'${name}' is no sum`)
    const redirect = descending ? this.toCopies : this.toCurrent
    const offset = (descending ? this.offsets.backward : this.offsets.forward).get(def) ?? 0
    const parts = descending ? this.backwardParts : this.forwardParts
    const segment = this.segmentIndex()
    const into = graph.sub(graph.add(time, graph.num(offset)), graph.mul(segment, length))
    const within = [graph.ge0(into), graph.ge0(graph.sub(graph.sub(length, graph.one), into))]
    const moved = [...within, ...reduction.filter.map((condition) => redirected(graph, def, condition, redirect))] // prettier-ignore
    const part = graph.define({
      name,
      idx: [segment, ...idx],
      reduction: { kind: 'sum', idx: reduction.idx, filter: [] },
      body: graph.guard(moved, redirected(graph, def, body, redirect)),
      origin,
      auto: true,
      real: !def.integer,
    })
    part.indexNames = ['segment', ...def.indexNames]
    const index = part.reduction?.idx[reduction.idx.indexOf(time)]
    if (!index) throw new Error(`'${name}' is not summed over time`)
    parts.set(part, { kind: 'part', index, offset })
    this.titles.set(part, def)
    const shape = idx.map((own) => own.extent)
    const total = graph.nominal({ name, shape: [count, ...shape], indexNames: ['segment', ...def.indexNames.slice(0, idx.length)], auto: true }) // prettier-ignore
    const [at, ...rest] = total.idx
    const before = descending ? graph.add(at, graph.one) : graph.sub(at, graph.one)
    const isThere = descending ? graph.sub(graph.sub(count, graph.one), before) : before
    const sofar = graph.guard([graph.ge0(isThere)], graph.read(total, [before, ...rest]))
    graph.setBody(total, total.idx, graph.add(sofar, graph.read(part, total.idx)))
    parts.set(total, { kind: 'total' })
    this.titles.set(total, '')
    const last = descending ? graph.zero : graph.sub(count, graph.one)
    const made = graph.define({ name, idx, body: graph.read(total, [last, ...idx]), origin, auto: def.auto, real: !def.integer }) // prettier-ignore
    made.indexNames = def.indexNames.slice(0, idx.length)
    this.titles.set(made, `${name}: the sum over all segments`)
    return made
  }

  /** `kept[s, l]`: the steps before segment `s`. */
  private keep(state: ComputedDef, original: ComputedDef): ComputedDef {
    const { graph, kept, count, length } = this
    const axis = this.axes.of(original) ?? 0
    const offset = this.offsets.backward.get(original) ?? 0
    const others = state.idx.filter((_, at) => at !== axis)
    const names = state.indexNames.filter((_, at) => at !== axis && at < state.idx.length)
    const made = graph.nominal({
      name: `${state.name}Kept`,
      shape: [count, ...(kept > 1 ? [graph.num(kept)] : []), ...others.map((index) => index.extent)],
      indexNames: ['segment', ...(kept > 1 ? ['l'] : []), ...names],
      integer: state.integer,
      auto: true,
    })
    const [segment, ...below] = made.idx
    const step = kept > 1 ? below[0] : graph.zero
    const position = graph.add(graph.mul(segment, length), step, graph.num(-kept - offset))
    const args: Expr[] = kept > 1 ? below.slice(1) : [...below]
    args.splice(axis, 0, position)
    const last = graph.sub(state.idx[axis].extent, graph.one)
    const inside = [position, graph.sub(last, position)].map((e) => graph.ge0(e))
    graph.setBody(made, made.idx, graph.guard(inside, graph.read(state, args)))
    this.titles.set(made, `${state.name} before the segment`)
    this.forwardParts.set(made, { kind: 'kept', before: Math.max(0, kept - this.lead(original)) })
    return made
  }
}
