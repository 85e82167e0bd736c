/**
 * Derivatives that are zero but where indices meet: `∂σ(x[i])/∂x[j] = [i = j] σ'(x[i])`. Such a definition is written
 * into what reads it, where sums find its deltas, and its entries, over the indices that are left, are stored instead.
 */
import type { ComputedDef, Def, Expr, Index, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { findUnsafeRead } from '../ir/prove.js'
import { ZERO } from '../ir/rational.js'
import { rewrite, substitute, substituteAt } from '../ir/walk.js'
import { Costs } from '../simplify/cost.js'
import { freshFor } from './reduction.js'
import { isDelta } from './support.js'

/** What costs no more than a product of two loads is not worth memory of its own. */
const CHEAP = 5

export class SparseDefinitions {
  private readonly found = new Set<Def>()
  private readonly costs = new Costs()

  constructor(private readonly graph: Graph) {}

  /** The expression with the sparse definitions it reads written out. */
  open(e: Expr): Expr {
    const { graph, found } = this
    if (found.size === 0) return e
    return rewrite(graph, e, (_, rebuilt) => {
      if (rebuilt.kind !== 'read' || !found.has(rebuilt.def)) return rebuilt
      const { def, args } = rebuilt
      if (def.kind !== 'computed' || !def.body) return rebuilt
      const written = substituteAt(graph, def.body, def.idx, args)
      return rewrite(graph, written, (_, node) => (node.kind === 'read' ? this.diagonal(node) : node))
    })
  }

  /** `S[i, i]` of a sum `S` that the compiler made is a sum of its own: a diagonal needs no matrix. */
  private diagonal(read: Read): Expr {
    const { graph } = this
    const { def, args } = read
    if (def.kind !== 'computed' || !def.auto || !def.body || def.reduction?.kind !== 'sum') return read
    if (!args.every((arg) => arg.kind === 'index') || new Set(args).size === args.length) return read
    const bound = freshFor(graph, def.reduction.idx, def.indexNames.slice(def.idx.length))
    const at = new Map<Index, Expr>([
      ...def.idx.map((index, axis) => [index, args[axis]] as const),
      ...def.reduction.idx.map((index, axis) => [index, bound[axis]] as const),
    ])
    const filter = def.reduction.filter.map((condition) => substitute(graph, condition, at))
    return graph.sum(bound, graph.guard(filter, substitute(graph, def.body, at)))
  }

  /** The definition, or if it is sparse one with stored entries, known as sparse from here on. */
  settle(def: ComputedDef): ComputedDef {
    const { graph } = this
    const { body, idx, name, origin, auto } = def
    if (!body || def.reduction || def.nominal) return def
    const terms = body.kind === 'add' ? body.terms : [{ node: body, coefficient: graph.one.value }]
    const deltas = terms.filter(({ node }) => isDelta(node) && node.free.length > 0)
    if (deltas.length === 0) return def
    const dense = terms.filter((term) => !deltas.includes(term))
    const rest = graph.addTerms(body.kind === 'add' ? body.constant : ZERO, dense)
    const parts = deltas.map(({ node, coefficient }) =>
      node.kind === 'guard'
        ? graph.guard(node.conditions, this.stored(def, 'entries', graph.scale(coefficient, node.body)))
        : node,
    )
    const value = graph.addAll([...parts, this.stored(def, 'rest', rest)])
    const made = value === body ? def : graph.define({ name, idx, body: value, origin, auto })
    this.found.add(made)
    return made
  }

  private stored({ name, idx, origin }: ComputedDef, part: string, e: Expr): Expr {
    if (this.costs.of(e) <= CHEAP || findUnsafeRead(this.graph, e)) return e
    const own: Index[] = idx.filter((index) => e.free.includes(index))
    const def = this.graph.define({ name: `${name}_${part}`, idx: own, body: e, origin, auto: true })
    return this.graph.read(def, own)
  }
}
