/**
 * Reverse mode over definitions: one joint sweep, whatever the number of variables. The cotangent of every read is written
 * `Σ [t = f(i)] · adjoint`; the constructor of sums inverts the index map. Recurrences need no rule: their
 * cotangents refer to each other, and the scheduler finds the reversed loop.
 */
import type { ComputedDef, Def, Expr, Index, MatrixDef, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { stronglyConnected } from '../ir/scc.js'
import { summandsOf } from '../ir/term.js'
import { postorder, readsIn, substitute } from '../ir/walk.js'
import { activeNodes, findActivity, type Activity } from './activity.js'
import { openMatrix, operandCotangent } from './matrix.js'
import { ruleCotangent } from './own-rules.js'
import type { Mutation } from './partials.js'
import { RecurrenceSupport, type Total } from './recurrence-support.js'
import { entryPartial, freshFor, open } from './reduction.js'
import { isDelta, passed } from './support.js'
import { sweep } from './sweep.js'

/** A definition whose cotangent is given: an expression over `idx`, fresh indices in place of its own. */
export interface Seed {
  readonly def: Def
  readonly idx: readonly Index[]
  readonly cotangent: Expr
}

/** A cotangent as an expression over the fresh indices `idx` of its definition (and the batch). */
export interface Cotangent {
  readonly idx: readonly Index[]
  readonly value: Expr
}

/**
 * The cotangents of the variables. Seeds may hold batch indices (one per index of a result whose Jacobian is wanted): they
 * stay free in what is returned. A variable that nothing reaches is absent.
 */
export function pullback(
  graph: Graph,
  seeds: readonly Seed[],
  variables: readonly Def[],
  batch: readonly Index[] = [],
  mutation?: Mutation,
): Map<Def, Cotangent> {
  return new Pullback(graph, new Set(variables), batch, mutation).run(seeds)
}

class Pullback {
  private readonly places = new Map<Def, readonly Index[]>()
  private readonly contributions = new Map<Def, Expr[]>()
  /** To what was contributed since it was emptied. */
  private journal: Def[] = []

  constructor(
    private readonly graph: Graph,
    private readonly variables: ReadonlySet<Def>,
    private readonly batch: readonly Index[],
    private readonly mutation: Mutation | undefined,
  ) {}

  run(seeds: readonly Seed[]): Map<Def, Cotangent> {
    const { graph } = this
    const activity = findActivity([...new Set(seeds.map((seed) => seed.def))], this.variables)
    for (const { def, idx, cotangent } of seeds) {
      if (!activity.isActive(def)) continue
      const place = this.placeOf(def)
      this.contribute(
        def,
        substitute(graph, cotangent, new Map(idx.map((index, axis) => [index, place[axis]]))),
      )
    }
    for (const component of [...activity.components].reverse()) {
      const members = component.filter((def) => activity.isActive(def))
      if (activity.dependencies.isRecurrence(component)) this.passRecurrence(members, activity)
      else this.passDefinition(members[0], activity.isActive)
    }
    const result = new Map<Def, Cotangent>()
    for (const variable of this.variables) {
      const value = this.total(variable)
      if (value !== graph.zero) result.set(variable, { idx: this.placeOf(variable), value })
    }
    return result
  }

  /** One set of fresh indices per definition: all contributions to its cotangent are written over them. */
  private placeOf(def: Def): readonly Index[] {
    let place = this.places.get(def)
    if (!place) this.places.set(def, (place = freshFor(this.graph, def.idx, def.indexNames)))
    return place
  }

  private contribute(def: Def, cotangent: Expr): void {
    this.journal.push(def)
    const present = this.contributions.get(def)
    if (present) present.push(cotangent)
    else this.contributions.set(def, [cotangent])
  }

  private total(def: Def): Expr {
    return this.graph.addAll(this.contributions.get(def) ?? [])
  }

  private passDefinition(def: Def, isActive: (def: Def) => boolean): void {
    // What reaches a variable stays there: derivatives are partial in everything it was computed from.
    if ((def.kind !== 'computed' && def.kind !== 'matrix') || this.variables.has(def)) return
    const cotangent = this.total(def)
    if (cotangent === this.graph.zero) return
    const stored = this.store(def, cotangent)
    if (def.kind === 'matrix') this.passMatrix(def, this.placeOf(def), stored, isActive)
    else this.passThrough(def, this.placeOf(def), stored, isActive)
  }

  /** Where it is not known of itself at which steps anything flows, everything is made again with that stated. */
  private passRecurrence(members: readonly Def[], activity: Activity): void {
    const { graph, batch } = this
    const inflows = members.flatMap((def) =>
      (this.contributions.get(def) ?? []).map((value) => ({ place: this.placeOf(def), value })),
    )
    // Read where nothing passes on: by conditions, by whole numbers.
    if (inflows.length === 0) return
    const support = new RecurrenceSupport(graph, members, inflows, batch)
    this.journal = []
    const first = this.passMembers(members, activity, (cotangents) => support.stateLasting(cotangents))
    let totals = first
    if (!support.isAllStated(first)) {
      for (const def of this.journal) this.contributions.get(def)?.pop()
      totals = this.passMembers(members, activity, (cotangents) => support.stateSteps(cotangents, first))
      support.closeSteps(totals)
    }
    for (const { def, cotangent, place, value } of totals) {
      const idx = [...batch, ...place]
      graph.setBody(cotangent, idx, value)
      if (this.variables.has(def)) this.contributions.set(def, [graph.read(cotangent, idx)])
    }
  }

  /**
   * Cotangents of the nominal members refer to each other, so they are made first and get their bodies last. The members
   * between them (gates, sums) follow consumers first, as outside a recurrence.
   */
  private passMembers(
    members: readonly Def[],
    { dependencies, isActive }: Activity,
    state: (cotangents: readonly ComputedDef[]) => void,
  ): readonly Total[] {
    const { graph, batch } = this
    const nominal = members.filter((def): def is ComputedDef => def.kind === 'computed' && def.nominal)
    const between = new Set(members.filter((def) => !nominal.some((other) => other === def)))
    const cotangents = nominal.map((def) => {
      const shape = [...batch, ...this.placeOf(def)].map((index) => index.extent)
      return graph.nominal({ name: `d_${def.name}`, shape, auto: true, origin: { ...def.origin, rule: 'reverse mode' } }) // prettier-ignore
    })
    state(cotangents)
    for (const [at, def] of nominal.entries()) {
      if (this.variables.has(def)) continue
      // Indices of its own: a member may read itself, and contributions are written over its place.
      const idx = freshFor(graph, def.idx, def.indexNames)
      this.passThrough(def, idx, graph.read(cotangents[at], [...batch, ...idx]), isActive)
    }
    const ordered = stronglyConnected([...between], (def) =>
      dependencies.of(def).filter((other) => between.has(other)),
    )
    for (const [def] of ordered.reverse()) this.passDefinition(def, isActive)
    return nominal.map((def, at) => ({
      def,
      cotangent: cotangents[at],
      place: this.placeOf(def),
      value: this.total(def),
    }))
  }

  /**
   * A cotangent that several operands need becomes a definition. Deltas between indices stay expressions, so that the
   * sums they enter can eliminate them; so does what costs nothing.
   */
  private store(def: Def, cotangent: Expr): Expr {
    const { graph } = this
    const terms = summandsOf(graph, cotangent)
    const deltas = terms.filter(isDelta)
    const dense = graph.addAll(terms.filter((term) => !isDelta(term)))
    if (dense.kind === 'read' || !postorder([dense]).some((node) => node.kind === 'read')) return cotangent
    const idx = [...this.batch, ...this.placeOf(def)].filter((index) => dense.free.includes(index))
    const stored = graph.define({
      name: `d_${def.name}`,
      idx,
      body: dense,
      origin: { ...def.origin, rule: 'reverse mode' },
      auto: true,
    })
    // Where it is known to be 0 it is not read: sums over it stay short, and recurrences that need it causal.
    const bounds =
      dense.kind === 'guard' ? dense.conditions.filter((condition) => readsIn(condition).length === 0) : []
    return graph.addAll([graph.guard(bounds, graph.read(stored, idx)), ...deltas])
  }

  private passThrough(
    def: ComputedDef,
    idx: readonly Index[],
    cotangent: Expr,
    isActive: (def: Def) => boolean,
  ): void {
    const { graph } = this
    if (def.rules.length > 0) {
      this.passRules(def, idx, cotangent, isActive)
      return
    }
    const opened = open(graph, def, idx)
    const head = def.reduction
    const seed = head ? passed(graph, entryPartial(graph, opened, head), cotangent) : cotangent
    const self = head ? undefined : opened.self
    this.passBody(opened.body, [...opened.idx, ...opened.red], seed, self, isActive)
  }

  private passRules(
    def: ComputedDef,
    idx: readonly Index[],
    cotangent: Expr,
    isActive: (def: Def) => boolean,
  ): void {
    for (const rule of def.rules) {
      if (!isActive(rule.argument)) continue
      const { over, read, cotangent: flow } = ruleCotangent(this.graph, rule, idx, cotangent, this.batch)
      this.contributeTo(read, over, flow)
    }
  }

  private passMatrix(
    def: MatrixDef,
    idx: readonly Index[],
    cotangent: Expr,
    isActive: (def: Def) => boolean,
  ): void {
    const { graph, batch } = this
    const opened = openMatrix(graph, def, idx)
    for (const [at, { idx: own, value }] of opened.operands.entries()) {
      if (activeNodes([value], isActive).length === 0) continue
      const seed = operandCotangent(graph, def, opened, at, cotangent, batch)
      this.passBody(value, [...idx.slice(0, def.batch), ...own], seed, undefined, isActive)
    }
  }

  /** The contributions of an expression over some indices to what it reads. */
  private passBody(
    body: Expr,
    over: readonly Index[],
    seed: Expr,
    self: Expr | undefined,
    isActive: (def: Def) => boolean,
  ): void {
    const { graph } = this
    for (const { read, cotangent: g } of sweep(graph, body, seed, self, isActive, this.mutation)) {
      this.contributeTo(read, over, g)
    }
  }

  private contributeTo(read: Read, over: readonly Index[], cotangent: Expr): void {
    const { graph } = this
    const place = this.placeOf(read.def)
    const deltas = read.args.map((arg, axis) => graph.eq0(graph.sub(place[axis], arg)))
    const guarded = graph.guard(this.mutation?.delta?.(deltas) ?? deltas, cotangent)
    this.contribute(read.def, graph.sum(over, guarded))
  }
}
