/**
 * Products that contain the body of a stored definition are read from it: the gradients of all parameters of a layer are
 * contractions with one cotangent, `Σ_t c[t] d_i[t] i[t] (1 - i[t])` with the `d_i i (1 - i)` that others read.
 */
import type { ComputedDef, Def, Expr, Factor, Index, Read } from '../ir/expr.js'
import { Dependencies } from '../ir/dependencies.js'
import type { Graph } from '../ir/graph.js'
import { mapEntries, rootsOf } from '../ir/program-map.js'
import type { Program } from '../ir/program.js'
import { isInRange, linearIn } from '../ir/prove.js'
import { powersOf } from '../ir/term.js'
import { readsIn, substitute } from '../ir/walk.js'
import { redefine } from './inline.js'

/** Definitions with one factor in common that are tried for one product. */
const CANDIDATES = 8

/** A stored product, found by a factor that names all its indices. */
interface Candidate {
  readonly def: ComputedDef
  readonly body: Expr
  readonly anchor: Read
}

export function shareProducts(program: Program): Program {
  const { graph } = program
  const roots = program.entries.flatMap(rootsOf)
  const dependencies = new Dependencies()
  const reachable = dependencies.components(roots).flat()
  const candidates = findCandidates(reachable, new Set(roots))
  if (candidates.size === 0) return program
  // What no candidate depends on may read all of them.
  const all = [...candidates.values()].flat().map(({ def }) => def)
  const below = new Set(dependencies.components(all).flat())
  return mapEntries(program, {
    replace: (def, rebuilt) => {
      if (def.kind !== 'computed' || def.reduction?.kind !== 'sum' || !def.body || below.has(def))
        return undefined
      const body = rebuilt.expr(def.body)
      const shared = shareIn(graph, body, candidates)
      if (shared === body) return undefined
      return redefine(
        graph,
        def,
        shared,
        def.reduction.filter.map((condition) => rebuilt.expr(condition)),
      )
    },
  })
}

/** Products that sums read: they are stored whatever happens here. Results may be optional. */
function findCandidates(reachable: readonly Def[], roots: ReadonlySet<Def>): ReadonlyMap<Def, Candidate[]> {
  const stored = new Set<Def>()
  for (const def of reachable)
    if (def.kind === 'computed' && def.reduction && def.body)
      for (const read of readsIn(def.body)) stored.add(read.def)
  const found = new Map<Def, Candidate[]>()
  for (const def of reachable) {
    if (def.kind !== 'computed' || def.reduction || def.nominal || !stored.has(def) || roots.has(def))
      continue
    if (def.body?.kind !== 'mul') continue
    for (const { base, exponent } of def.body.factors) {
      if (base.kind !== 'read' || !exponent.isOne || !def.idx.every((index) => base.free.includes(index)))
        continue
      const filed = found.get(base.def)
      if (!filed) found.set(base.def, [{ def, body: def.body, anchor: base }])
      else if (filed.length < CANDIDATES) filed.push({ def, body: def.body, anchor: base })
      break
    }
  }
  return found
}

function shareIn(graph: Graph, body: Expr, candidates: ReadonlyMap<Def, Candidate[]>): Expr {
  const conditions = body.kind === 'guard' ? body.conditions : []
  const product = body.kind === 'guard' ? body.body : body
  if (product.kind !== 'mul') return body
  for (const { base } of product.factors) {
    if (base.kind !== 'read') continue
    for (const candidate of candidates.get(base.def) ?? []) {
      const args = argumentsAt(graph, candidate, base)
      if (!args?.every((arg, axis) => isInRange(graph, arg, candidate.def.idx[axis].extent, conditions)))
        continue
      const at = new Map<Index, Expr>(candidate.def.idx.map((index, axis) => [index, args[axis]]))
      const rest = without(product.factors, substitute(graph, candidate.body, at))
      if (!rest) continue
      const powers = powersOf(graph, rest)
      return graph.guard(conditions, graph.mulAll([graph.read(candidate.def, args), ...powers]))
    }
  }
  return body
}

/** Where the candidate is read if its anchor is to be that read: `anchor[t + 1]` at `read[e]` says `t = e - 1`. */
function argumentsAt(graph: Graph, { def, anchor }: Candidate, read: Read): Expr[] | undefined {
  const args = def.idx.map((index): Expr | undefined => {
    const axis = anchor.args.findIndex((arg) => arg.free.includes(index))
    const linear = linearIn(graph, anchor.args[axis], index)
    if (linear?.coefficient !== graph.one || linear.rest.free.length > 0) return undefined
    return graph.sub(read.args[axis], linear.rest)
  })
  return args.every((arg) => arg !== undefined) ? args.flatMap((arg) => arg ?? []) : undefined
}

/** The factors that are left without those of the other product, if it has them all. */
export function without(factors: readonly Factor[], other: Expr): readonly Factor[] | undefined {
  if (other.kind !== 'mul') return undefined
  const rest = [...factors]
  for (const { base, exponent } of other.factors) {
    const at = rest.findIndex((factor) => factor.base === base && factor.exponent.equals(exponent))
    if (at < 0) return undefined
    rest.splice(at, 1)
  }
  return rest
}
