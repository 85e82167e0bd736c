/** Reverse mode by the rules that the file states. */
import { Dependencies, expressionsOf } from '../ir/dependencies.js'
import type { ComputedDef, Def, Expr, Index, Mul, OwnRule, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { rewrite, substitute, substituteAt } from '../ir/walk.js'
import { freshFor } from './reduction.js'
import { passed } from './support.js'

/** What flows to a read of the argument, summed over indices. */
export interface RuleFlow {
  readonly over: readonly Index[]
  readonly read: Read
  readonly cotangent: Expr
}

/** Reverse mode through one rule: the cotangent of the result is over its indices `idx` (and `batch`). */
export function ruleCotangent(
  graph: Graph,
  rule: OwnRule,
  idx: readonly Index[],
  cotangent: Expr,
  batch: readonly Index[],
): RuleFlow {
  const { def, given, argument, at, outer } = rule
  const own = given ? freshFor(graph, def.idx.slice(outer), def.indexNames.slice(outer)) : []
  const over = given ? [...idx.slice(0, outer), ...own] : idx
  const renaming = new Map(def.idx.map((index, axis) => [index, over[axis]]))
  const read = graph.read(argument, at.map((place) => substitute(graph, place, renaming))) // prettier-ignore
  if (!given) return { over, read, cotangent: passed(graph, graph.read(def, over), cotangent) }
  const flow = (args: readonly Expr[]): Expr => substituteAt(graph, cotangent, idx, args)
  return { over, read, cotangent: new Instance(graph, given, batch, flow).of(def, over) }
}

/** Definitions of a pullback with the cotangent put in for its stand-in: those that depend on it, once for each batch. */
class Instance {
  private readonly dependencies = new Dependencies()
  private readonly made = new Map<Def, Def>()

  constructor(
    private readonly graph: Graph,
    private readonly given: Def,
    private readonly batch: readonly Index[],
    private readonly cotangent: (args: readonly Expr[]) => Expr,
  ) {}

  of(def: Def, args: readonly Expr[]): Expr {
    const dependent = new Set<Def>([this.given])
    for (const component of this.dependencies.components([def])) {
      if (!component.some((each) => this.dependencies.of(each).some((read) => dependent.has(read)))) continue
      for (const each of component) dependent.add(each)
      if (this.dependencies.isRecurrence(component)) this.recurrence(component)
      else this.made.set(component[0], this.definition(component[0]))
    }
    return this.read(this.graph.read(def, args))
  }

  private read(read: Read): Expr {
    const { graph, batch } = this
    if (read.def === this.given) return this.cotangent(read.args)
    const made = this.made.get(read.def)
    return made ? graph.read(made, [...batch, ...read.args]) : read
  }

  private expr(e: Expr): Expr {
    const rebuilt = new Map<Expr, Expr>()
    /** What is linear in the cotangent. */
    const flows = new Set<Expr>()
    const replace = (original: Expr, own: Expr): Expr => {
      if (own.kind === 'read') {
        const value = this.read(own)
        if (value !== own) flows.add(original)
        return value
      }
      if (!original.operands.some((operand) => flows.has(operand))) return own
      flows.add(original)
      return original.kind === 'mul' ? this.product(original, flows, rebuilt) : own
    }
    return rewrite(this.graph, e, replace, undefined, rebuilt)
  }

  /** Where nothing flows, the factors beside the cotangent do not count. */
  private product({ factors }: Mul, flows: ReadonlySet<Expr>, rebuilt: ReadonlyMap<Expr, Expr>): Expr {
    const { graph } = this
    const powers = factors.map(({ base, exponent }) => graph.power(rebuilt.get(base) ?? base, exponent))
    const flow = factors.findIndex(({ base }) => flows.has(base))
    return passed(graph, graph.mulAll(powers.toSpliced(flow, 1)), powers[flow])
  }

  private definition(def: Def): Def {
    const { graph, batch } = this
    const { name, origin } = def
    if (def.kind === 'matrix') {
      const operands = def.operands.map(({ idx, value }) => ({ idx, value: this.expr(value) }))
      const all = [...batch, ...def.idx.slice(0, def.batch)]
      return graph.matrix({ name, operator: def.operator, batch: all, operands, subject: def.subject, origin, auto: true }) // prettier-ignore
    }
    if (def.kind !== 'computed' || !def.body) throw new Error(`'${name}' cannot stand in a rule here`)
    const { reduction, idx } = def
    const fresh = freshFor(graph, [...idx, ...(reduction?.idx ?? [])], def.indexNames)
    const renaming = new Map([...idx, ...(reduction?.idx ?? [])].map((index, axis) => [index, fresh[axis]]))
    const [body, ...filter] = expressionsOf(def).map((e) => substitute(graph, this.expr(e), renaming))
    const own = fresh.slice(0, idx.length)
    const bound = fresh.slice(idx.length)
    const spec = { name, idx: [...batch, ...own], origin, auto: true }
    if (!reduction) return graph.define({ ...spec, body })
    if (reduction.kind === 'sum') return graph.define({ ...spec, body: graph.sum(bound, body) })
    return graph.define({ ...spec, body, reduction: { kind: reduction.kind, idx: bound, filter } })
  }

  private recurrence(component: readonly Def[]): void {
    const { graph, batch } = this
    const nominal = component.filter((def): def is ComputedDef => def.kind === 'computed' && def.nominal)
    const made = nominal.map((def) => {
      const { name, origin, facts } = def
      const shape = [...batch, ...def.idx].map((index) => index.extent)
      const target = graph.nominal({ name, shape, origin, facts, auto: true })
      this.made.set(def, target)
      return target
    })
    const rest = new Set(component.filter((def) => !this.made.has(def)))
    for (let left = rest.size; left > 0; left = rest.size) {
      for (const def of rest)
        if (!this.dependencies.of(def).some((read) => rest.has(read))) {
          this.made.set(def, this.definition(def))
          rest.delete(def)
        }
      if (rest.size === left) throw new Error('a circle of definitions has no recurrence in it')
    }
    for (const [at, def] of nominal.entries())
      if (def.body) graph.setBody(made[at], [...batch, ...def.idx], this.expr(def.body))
  }
}
