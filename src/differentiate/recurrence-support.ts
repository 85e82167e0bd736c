/**
 * Where the cotangents of a recurrence flow. They need each other, so it is stated of them before they are made: what holds for all
 * steps, and where that is too little a recurrence of conditions that runs beside them. Behind the end of a sequence nothing flows,
 * and what the partials of the steps are there must not count.
 */
import { anyOf } from '../ir/any-of.js'
import type { ComputedDef, Def, Expr, Index, Read } from '../ir/expr.js'
import { CONDITION } from '../ir/facts.js'
import type { Graph } from '../ir/graph.js'
import { conjuncts, isTrue } from '../ir/normal/condition.js'
import { stronglyConnected } from '../ir/scc.js'
import { summandsOf } from '../ir/term.js'
import { readsIn, substitute } from '../ir/walk.js'
import { stateSupport, supportOf } from './support.js'

/** What flows into a member, written over indices in place of its own. */
export interface Inflow {
  readonly place: readonly Index[]
  readonly value: Expr
}

/** All that flows into a member, and the definition that is to hold it. */
export interface Total extends Inflow {
  readonly def: Def
  readonly cotangent: ComputedDef
}

export class RecurrenceSupport {
  private readonly axes: Axes
  /** What holds for all steps, over the lasting indices `shared`. */
  private readonly lasting: readonly Expr[]
  private readonly shared: readonly Index[]
  /** On which positions it depends whether anything flows at a step. */
  private said: readonly number[] = []
  private readonly steps = new Map<ComputedDef, ComputedDef>()

  /** `inflows` come from outside; `batch` are the first indices of all cotangents. */
  constructor(
    private readonly graph: Graph,
    members: readonly Def[],
    inflows: readonly Inflow[],
    private readonly batch: readonly Index[],
  ) {
    this.axes = axesOf(members, batch.length)
    const supports = inflows.map(({ place, value }) => ({
      idx: at([...batch, ...place], this.axes.lasting),
      support: supportOf(graph, value),
    }))
    this.shared = supports[0].idx
    const renamed = supports.map(({ idx, support }) => substitute(graph, support, renaming(idx, this.shared)))
    this.lasting = within(this.shared, anyOf(graph, renamed))
  }

  /** States what holds for all steps of each cotangent. */
  stateLasting(cotangents: readonly ComputedDef[]): void {
    for (const def of cotangents) stateSupport(def, this.graph.and(this.lastingAt(def.idx)))
  }

  /** Whether that is all there is to say of what flows, by induction over the steps: it was made with nothing else stated. */
  isAllStated(totals: readonly Total[]): boolean {
    if (!this.axes.canStep) return true
    return totals.every(({ place, value }) => {
      const idx = [...this.batch, ...place]
      const stated = new Set(this.lastingAt(idx))
      return this.saidOf(idx, value).every((condition) => stated.has(condition))
    })
  }

  /**
   * States of each cotangent that something flows at its step: a definition that gets its body from `closeSteps`. On which positions
   * that depends, what was made without it tells.
   */
  stateSteps(cotangents: readonly ComputedDef[], before: readonly Total[]): void {
    const { graph } = this
    this.said = this.positionsIn(before)
    for (const def of cotangents) {
      const idx = at(def.idx, this.said)
      const shape = idx.map((index) => index.extent)
      const spec = { name: `flows_${def.name}`, shape, integer: true, facts: CONDITION, auto: true }
      const flows = graph.nominal({ ...spec, origin: def.origin })
      this.steps.set(def, flows)
      stateSupport(def, graph.apply('ne', [graph.read(flows, idx), graph.zero]))
    }
  }

  closeSteps(totals: readonly Total[]): void {
    const { graph } = this
    for (const { cotangent, place, value } of totals) {
      const idx = at([...this.batch, ...place], this.said)
      const flows = this.steps.get(cotangent)
      if (flows) graph.setBody(flows, idx, graph.guard(within(idx, supportOf(graph, value)), graph.one))
    }
  }

  /** The positions of steps, and those that conditions speak of. */
  private positionsIn(totals: readonly Total[]): readonly number[] {
    const { lasting, kept } = this.axes
    const said = new Set(kept.filter((position) => !lasting.includes(position)))
    for (const { place, value } of totals) {
      const idx = [...this.batch, ...place]
      // Term by term: that something flows from the next step for all that is known here may make other conditions needless.
      for (const term of summandsOf(this.graph, value))
        for (const { free } of this.saidOf(idx, term)) for (const index of free) said.add(idx.indexOf(index))
    }
    return [...said].sort((a, b) => a - b)
  }

  /** What holds wherever `e` is not 0, of positions that are kept. */
  private saidOf(idx: readonly Index[], e: Expr): readonly Expr[] {
    return within(at(idx, this.axes.kept), supportOf(this.graph, e))
  }

  private lastingAt(idx: readonly Index[]): readonly Expr[] {
    const renamed = renaming(this.shared, at(idx, this.axes.lasting))
    return this.lasting.map((condition) => substitute(this.graph, condition, renamed))
  }
}

const at = (idx: readonly Index[], positions: readonly number[]): readonly Index[] =>
  positions.map((position) => idx[position])

/** What is said of these indices alone: what else is said is left out. */
const within = (indices: readonly Index[], support: Expr): readonly Expr[] =>
  conjuncts(support).filter(
    (condition) => !isTrue(condition) && condition.free.every((index) => indices.includes(index)),
  )

const renaming = (from: readonly Index[], to: readonly Index[]): ReadonlyMap<Index, Index> =>
  new Map(from.map((index, at) => [index, to[at]]))

/** Positions among the indices of a cotangent: those of the batch, then those of each member's axes. */
interface Axes {
  /** Along them each member reads the others where it stands itself, as along those of samples. */
  readonly lasting: readonly number[]
  /** Along them the place that is read depends on the place of the reader alone, as from step to step. */
  readonly kept: readonly number[]
  /** Whether the axes that are kept and do not last tell the steps apart. */
  readonly canStep: boolean
}

function axesOf(members: readonly Def[], batch: number): Axes {
  const present = new Set(members)
  const inner = new Map<Def, readonly Read[]>()
  for (const def of members)
    if (def.kind === 'computed' && def.body)
      inner.set(
        def,
        readsIn(def.body).filter((read) => present.has(read.def)),
      )
  const rank = inner.size < members.length ? 0 : Math.min(...members.map(({ idx }) => idx.length))
  const axes = Array.from({ length: rank }, (_, axis) => axis)
  const everyPlace = (axis: number, holds: (place: Expr, own: Index) => boolean): boolean =>
    [...inner].every(([{ idx }, reads]) => reads.every(({ args }) => holds(args[axis], idx[axis])))
  const lasting = axes.filter((axis) => everyPlace(axis, (place, own) => place === own))
  const kept = axes.filter((axis) =>
    everyPlace(axis, ({ free }, own) => free.every((index) => index === own)),
  )
  const staying = (def: Def): readonly Def[] =>
    (inner.get(def) ?? [])
      .filter(({ args }) => kept.every((axis) => args[axis] === def.idx[axis]))
      .map((read) => read.def)
  const isCircle = (component: readonly Def[]): boolean =>
    component.length > 1 || staying(component[0]).includes(component[0])
  const positions = (own: readonly number[]): readonly number[] => [
    ...Array(batch).keys(),
    ...own.map((axis) => batch + axis),
  ]
  return {
    lasting: positions(lasting),
    kept: positions(kept),
    canStep: rank > 0 && !stronglyConnected(members, staying).some(isCircle),
  }
}
