/** The pass that replaces derivatives written in the language by what they stand for. */
import type { Def, Expr } from '../ir/expr.js'
import type { Pass } from '../ir/pass.js'
import type { Program } from '../ir/program.js'
import { definitionsReadBy, Dependencies, expressionsOf } from '../ir/dependencies.js'
import { mapEntries, rootsOf } from '../ir/program-map.js'
import type { Rebuilt } from '../ir/rebuild.js'
import { ruledResults } from '../ir/rules.js'
import { readsIn } from '../ir/walk.js'
import { redefine } from '../simplify/inline.js'
import { expandDerivative } from './expand.js'
import type { Mutation } from './partials.js'
import { expandProduct, type Product, productIn } from './product.js'
import { SparseDefinitions } from './sparse.js'
import { Tidier } from './tidy.js'

export interface ExpandOptions {
  readonly mutation?: Mutation
  /** For people, who read what a textbook writes: numbers by numbers by the chain rule from inside out, in no special spelling. */
  readonly forReading?: boolean
}

export function expandDerivatives({ mutation, forReading = false }: ExpandOptions = {}): Pass {
  return {
    name: 'expand',
    doc: 'replace the derivatives written in the language by their definitions',
    run: (program) => expandAll(program, mutation, forReading),
  }
}

function expandAll(program: Program, mutation: Mutation | undefined, forReading: boolean): Program {
  const { graph } = program
  if (!graph.definitions.all.some((def) => def.kind === 'derivative')) return program
  const entries = program.entries.flatMap(rootsOf)
  const stated = ruledResults(graph, entries).flatMap(({ rules }) => rules.map((rule) => rule.def))
  const roots = [...stated, ...entries]
  const reachable = new Dependencies().components(roots).flat()
  if (!reachable.some((def) => def.kind === 'derivative')) return program
  const products = findProducts(program, roots, reachable)
  const factors = new Set<Def>([...products.values()].map((product) => product.derivative))
  const sparse = new SparseDefinitions(graph)
  const variables = new Set<Def>(reachable.flatMap((def) => (def.kind === 'derivative' ? [def.wrt] : [])))
  const closed = new Set<Def>(variables)
  const tidier = new Tidier(graph, closed)
  const again = differentiatedAgain(reachable)

  const replace = (def: Def, rebuilt: Rebuilt): Def | undefined => {
    const opened: Rebuilt = { expr: (e) => sparse.open(rebuilt.expr(e)), def: (other) => rebuilt.def(other) }
    if (def.kind === 'derivative') {
      // Nothing but products needs it: it is never written out.
      if (factors.has(def)) return def
      const since = graph.definitions.all.length
      const expanded = expandDerivative(graph, def, opened, { mutation, forwards: forReading })
      // Numbers are cheap to tidy, and gradients of functions that return them are derivatives once more.
      const isTidied = !forReading && (again.has(def) || def.idx.length === 0)
      return sparse.settle(isTidied ? tidier.tidy(expanded, since) : expanded)
    }
    if (def.kind !== 'computed' || def.nominal || !def.body) return undefined
    const product = products.get(def)
    if (product) return expandProduct(graph, def, product, opened, mutation)
    const parts: Expr[] = [def.body, ...(def.reduction?.filter ?? [])]
    const before = parts.map((e) => rebuilt.expr(e))
    const [body, ...filter] = before.map((e) => sparse.open(e))
    if ([body, ...filter].every((e, at) => e === before[at])) return undefined
    return sparse.settle(redefine(graph, def, body, filter))
  }
  return mapEntries(program, {
    replace,
    body: (e) => sparse.open(e),
    made: (def, result) => {
      if (variables.has(def)) closed.add(result)
    },
  })
}

/** The derivatives that others are taken of. */
function differentiatedAgain(reachable: readonly Def[]): ReadonlySet<Def> {
  const again = new Set<Def>()
  // What reads a definition comes after it.
  const needed = new Set<Def>()
  for (const def of reachable.toReversed()) {
    if (def.kind !== 'derivative' && !needed.has(def)) continue
    if (def.kind === 'derivative' && needed.has(def)) again.add(def)
    for (const e of expressionsOf(def)) for (const read of definitionsReadBy(e)) needed.add(read)
  }
  return again
}

/** The sums that are products with derivatives which nothing reads otherwise. */
function findProducts(
  { graph }: Program,
  roots: readonly Def[],
  reachable: readonly Def[],
): ReadonlyMap<Def, Product> {
  const found = new Map<Def, Product>()
  const dense = new Set<Def>(roots)
  for (const def of reachable) {
    const product = def.kind === 'computed' ? productIn(graph, def) : undefined
    if (product) found.set(def, product)
    else for (const e of expressionsOf(def)) for (const read of readsIn(e)) dense.add(read.def)
    if (product) for (const read of readsIn(product.weight)) dense.add(read.def)
  }
  return new Map([...found].filter(([, { derivative }]) => !dense.has(derivative)))
}
