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
  private readonly lasting: readonly Expr[]
  private readonly shared: readonly Index[]
  private readonly steps = new Map<ComputedDef, ComputedDef>()

  /** `inflows` come from outside; `batch` are the first indices of all cotangents. */
  constructor(
    private readonly graph: Graph,
    members: readonly Def[],
    inflows: readonly Inflow[],
    private readonly batch: readonly Index[],
  ) {
    this.axes = axesOf(members)
    const supports = inflows.map(({ place, value }) => ({
      idx: this.along('lasting', [...batch, ...place]),
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
      const found = within(this.along('kept', idx), supportOf(this.graph, value))
      return found.every((condition) => stated.has(condition))
    })
  }

  /** States of each cotangent that something flows at its step: a definition that gets its body from `closeSteps`. */
  stateSteps(cotangents: readonly ComputedDef[]): void {
    const { graph } = this
    for (const def of cotangents) {
      const idx = this.along('kept', def.idx)
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
      const idx = this.along('kept', [...this.batch, ...place])
      const flows = this.steps.get(cotangent)
      if (flows) graph.setBody(flows, idx, truth(graph, within(idx, supportOf(graph, value))))
    }
  }

  private lastingAt(idx: readonly Index[]): readonly Expr[] {
    const renamed = renaming(this.shared, this.along('lasting', idx))
    return this.lasting.map((condition) => substitute(this.graph, condition, renamed))
  }

  /** Of the indices of a cotangent, the batch first. */
  private along(which: 'lasting' | 'kept', idx: readonly Index[]): readonly Index[] {
    const first = this.batch.length
    return [...idx.slice(0, first), ...this.axes[which].map((axis) => idx[first + axis])]
  }
}

/** 1 where all conditions hold, else 0: a choice that one of them asks for says so itself. */
function truth(graph: Graph, conditions: readonly Expr[]): Expr {
  const choices = conditions.map(choiceOf)
  const at = choices.findIndex((choice) => choice !== undefined)
  return graph.guard(conditions.filter((_, other) => other !== at), choices[at] ?? graph.one) // prettier-ignore
}

/** `e` of `e != 0` where that is 0 or 1. */
function choiceOf(condition: Expr): Expr | undefined {
  if (condition.kind !== 'apply' || condition.operator !== 'not') return undefined
  const [equation] = condition.args
  if (equation.kind !== 'test' || equation.test !== 'eq0') return undefined
  const { operand } = equation
  return operand.kind === 'apply' && operand.operator === 'select' && operand.facts.low >= 0 && operand.facts.high <= 1 ? operand : undefined // prettier-ignore
}

/** What is said of these indices alone: what else is said is left out. */
const within = (indices: readonly Index[], support: Expr): readonly Expr[] =>
  conjuncts(support).filter(
    (condition) => !isTrue(condition) && condition.free.every((index) => indices.includes(index)),
  )

const renaming = (from: readonly Index[], to: readonly Index[]): ReadonlyMap<Index, Index> =>
  new Map(from.map((index, at) => [index, to[at]]))

interface Axes {
  /** Along them each member reads the others where it stands itself, as along those of samples. */
  readonly lasting: readonly number[]
  /** Along them the place that is read depends on the place of the reader alone, as from step to step. */
  readonly kept: readonly number[]
  /** Whether places along the kept axes alone tell the steps apart. */
  readonly canStep: boolean
}

function axesOf(members: readonly Def[]): Axes {
  const present = new Set(members)
  const inner = new Map<Def, readonly Read[]>()
  for (const def of members)
    if (def.kind === 'computed' && def.body)
      inner.set(def, readsIn(def.body).filter((read) => present.has(read.def))) // prettier-ignore
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
  return { lasting, kept, canStep: kept.length > 0 && !stronglyConnected(members, staying).some(isCircle) }
}
