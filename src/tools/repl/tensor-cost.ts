/** Operations of tensor programs, as polynomials of their sizes. */
import { countOperations, type Operations } from '../../expression/operations.js'
import { Dependencies } from '../../ir/dependencies.js'
import type { ComputedDef, Def, Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { runPasses } from '../../ir/pass.js'
import { printExpr } from '../../ir/print.js'
import type { Program } from '../../ir/program.js'
import { Rational } from '../../ir/rational.js'
import { pipeline } from '../../pipeline.js'

export const KINDS = ['additions', 'products', 'quotients', 'functions', 'comparisons', 'all'] as const
type Kind = (typeof KINDS)[number]

export interface TensorCost {
  readonly value: Readonly<Record<Kind, string>>
  readonly together: Readonly<Record<Kind, string>>
  /** Conditions on indices, such as triangles, leave some of it out. */
  readonly isBound: boolean
}

/** What the first entry of a checked program costs, and with it the gradient, or the pullback of a tensor. */
export function tensorCost(checked: Program): TensorCost {
  const { graph, entries } = runPasses(checked, pipeline())
  const [{ outputs, backward }] = entries
  const results = outputs.map(({ def }) => def)
  const gradients = (backward?.gradients ?? []).flatMap(({ def }) => def ?? [])
  const all = computedBelow([...results, ...gradients])
  return {
    value: totals(graph, computedBelow(results)),
    together: totals(graph, all),
    isBound: all.some(hasIndexConditions),
  }
}

const computedBelow = (roots: readonly Def[]): ComputedDef[] =>
  new Dependencies().components(roots).flat().filter((def) => def.kind === 'computed') // prettier-ignore

const hasIndexConditions = (def: ComputedDef): boolean =>
  (def.reduction?.filter.length ?? 0) > 0 || (def.body?.kind === 'guard' && def.idx.length > 0)

function totals(graph: Graph, defs: readonly ComputedDef[]): Record<Kind, string> {
  const terms = defs.flatMap((def) => costOf(graph, def))
  const total = (kind: Kind): string =>
    printExpr(graph.addAll(terms.map(({ times, operations }) => graph.scale(operations[kind], times))))
  return {
    additions: total('additions'),
    products: total('products'),
    quotients: total('quotients'),
    functions: total('functions'),
    comparisons: total('comparisons'),
    all: total('all'),
  }
}

interface Term {
  readonly times: Expr
  readonly operations: Readonly<Record<Kind, Rational>>
}

function costOf(graph: Graph, def: ComputedDef): Term[] {
  const { body, idx, reduction, routine } = def
  if (!body) return []
  const entries = graph.mulAll(idx.map(({ extent }) => extent))
  const inner = reduction ? graph.mulAll([entries, ...reduction.idx.map(({ extent }) => extent)]) : entries
  const terms: Term[] = [{ times: inner, operations: perEntry(countOperations([body])) }]
  if (reduction) {
    const isExtreme = reduction.kind === 'max' || reduction.kind === 'min'
    terms.push({ times: inner, operations: only(reduction.kind === 'prod' ? 'products' : isExtreme ? 'comparisons' : 'additions', 1) }) // prettier-ignore
    if (reduction.kind === 'logsumexp')
      terms.push(
        { times: inner, operations: only('functions', 1) },
        { times: entries, operations: only('functions', 1) },
      )
  }
  if (routine) {
    // n³/3 products for a factorisation, whose matrix may have a row for the pivots; n² for each column that is solved for.
    const order = idx[idx.length - 1].extent
    const calls = graph.mulAll(idx.slice(0, idx.length - routine.rank).map(({ extent }) => extent))
    const work = routine.rank === 2 && routine.factors === undefined ? [order, order, order] : [order, ...idx.slice(-routine.rank).map(({ extent }) => extent)] // prettier-ignore
    const share = routine.name === 'factorise' ? 3 : routine.name === 'choleskyFactor' ? 6 : 1
    for (const kind of ['products', 'additions'] as const)
      terms.push({ times: graph.mulAll([calls, ...work]), operations: only(kind, 1, share) })
  }
  return terms
}

const ZERO = Rational.of(0)
const NOTHING: Record<Kind, Rational> = { additions: ZERO, products: ZERO, quotients: ZERO, functions: ZERO, comparisons: ZERO, all: ZERO } // prettier-ignore

const only = (kind: Kind, numerator: number, denominator = 1): Record<Kind, Rational> => {
  const value = Rational.of(numerator, denominator)
  return { ...NOTHING, [kind]: value, all: value }
}

const perEntry = (counted: Operations): Record<Kind, Rational> => ({
  additions: Rational.of(counted.additions),
  products: Rational.of(counted.products),
  quotients: Rational.of(counted.quotients),
  functions: Rational.of(counted.functions),
  comparisons: Rational.of(counted.comparisons),
  all: Rational.of(counted.all),
})
