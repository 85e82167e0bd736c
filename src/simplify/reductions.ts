/** Sums and products of a known number of terms, for people: `sum[k < 3] k x = 3x`. */
import type { ComputedDef, Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { rewriteWhere, substituteAt } from '../ir/walk.js'
import type { NodeCounts } from './count.js'

/** Longer ones stay as they are. */
const TERMS = 64

const isReduction = (e: Expr): boolean =>
  e.kind === 'read' && e.def.kind === 'computed' && e.def.reduction !== undefined

/** The reductions that are shorter written out. */
export function withoutShortReductions(graph: Graph, e: Expr, counts: NodeCounts): Expr {
  return rewriteWhere(graph, e, isReduction, (part) => {
    if (part.kind !== 'read' || part.def.kind !== 'computed') return part
    const written = writtenOut(graph, part.def, part.args, TERMS)
    return written && counts.of(written) < counts.of(part) ? written : part
  })
}

/** Products of at most so many factors are differentiated as products. */
const FACTORS = 8

/** Products of few factors written out: their derivatives are products again. */
export function withProductsWrittenOut(graph: Graph, e: Expr): Expr {
  return rewriteWhere(graph, e, isReduction, (part) => {
    if (part.kind !== 'read' || part.def.kind !== 'computed' || part.def.reduction?.kind !== 'prod')
      return part
    return writtenOut(graph, part.def, part.args, FACTORS) ?? part
  })
}

/** A sum or a product over ranges of known length, term by term. */
function writtenOut(
  graph: Graph,
  { idx, reduction, body, nominal }: ComputedDef,
  args: readonly Expr[],
  most: number,
): Expr | undefined {
  if (!reduction || !body || nominal || (reduction.kind !== 'sum' && reduction.kind !== 'prod'))
    return undefined
  let places: (readonly Expr[])[] = [[]]
  for (const { extent } of reduction.idx) {
    const length = extent.kind === 'num' ? extent.value.toNumber() : Infinity
    if (places.length * length > most) return undefined
    const positions = Array.from({ length }, (_, at) => graph.num(at))
    places = places.flatMap((place) => positions.map((position) => [...place, position]))
  }
  const at = (e: Expr, place: readonly Expr[]): Expr => substituteAt(graph, e, [...idx, ...reduction.idx], [...args, ...place]) // prettier-ignore
  const terms: Expr[] = []
  for (const place of places) {
    const conditions = reduction.filter.map((condition) => at(condition, place))
    if (!conditions.every(({ kind }) => kind === 'num')) return undefined
    if (conditions.every((condition) => condition === graph.one)) terms.push(at(body, place))
  }
  return reduction.kind === 'sum' ? graph.addAll(terms) : graph.mulAll(terms)
}
