/**
 * Sums over several indices are read from sums over some of these that are there: of `Σ_j W[i,j] d[s,j]`, which a gradient hands on, also
 * `Σ_s,j W[i,j] d[s,j] e[s,i]` is made, in one loop less. Gradients of gradients are full of them.
 */
import type { ComputedDef, Def, Expr, Index, Mul, Read } from '../ir/expr.js'
import { Dependencies } from '../ir/dependencies.js'
import type { Graph } from '../ir/graph.js'
import { mapEntries, rootsOf } from '../ir/program-map.js'
import type { Program } from '../ir/program.js'
import { powersOf } from '../ir/term.js'
import { readsIn, substitute } from '../ir/walk.js'
import { redefine } from './inline.js'
import { without } from './share.js'

/** Sums that hold the same definition as a factor that are tried for one sum, and ways to see one in another. */
const CANDIDATES = 8
const WAYS = 32

/** A sum of products without conditions. */
interface Sum {
  readonly def: ComputedDef
  readonly bound: readonly Index[]
  readonly product: Mul
}

interface Match {
  readonly inner: ComputedDef
  readonly bound: readonly Index[]
  readonly body: Expr
}

export function shareSums(program: Program): Program {
  const { graph } = program
  const dependencies = new Dependencies()
  const sums = dependencies
    .components(program.entries.flatMap(rootsOf))
    .flat()
    .flatMap((def) => sumOf(def) ?? [])
  const long = sums.filter(({ bound }) => bound.length > 1)
  if (long.length === 0) return program
  const filed = fileByFactor(sums)
  const matches = new Map<Def, Match>()
  for (const sum of long) {
    const match = findMatch(graph, sum, filed)
    if (match) matches.set(sum.def, match)
  }
  // What is read stays as it is, and so depends on none of its readers.
  const below = new Set(dependencies.components([...matches.values()].map(({ inner }) => inner)).flat())
  for (const def of matches.keys()) if (below.has(def)) matches.delete(def)
  if (matches.size === 0) return program
  return mapEntries(program, {
    replace: (def, rebuilt) => {
      const match = def.kind === 'computed' ? matches.get(def) : undefined
      if (def.kind !== 'computed' || !match) return undefined
      const { name, idx, origin, auto } = def
      const { bound } = match
      const body = rebuilt.expr(match.body)
      const reduction = { kind: 'sum', idx: bound, filter: [] } as const
      const shorter = graph.define({ name, idx, reduction, body, origin, auto })
      const before = def.reduction?.idx ?? []
      shorter.indexNames = [...idx.keys(), ...bound.map((index) => idx.length + before.indexOf(index))].map((at) => def.indexNames[at]) // prettier-ignore
      // Indices count those of the same extent: with fewer of them they are others.
      return redefine(graph, shorter, shorter.body ?? body, [])
    },
  })
}

function sumOf(def: Def): Sum | undefined {
  if (def.kind !== 'computed' || def.nominal || def.body?.kind !== 'mul') return undefined
  const { reduction, body } = def
  if (reduction?.kind !== 'sum' || reduction.filter.length > 0) return undefined
  return { def, bound: reduction.idx, product: body }
}

/** By one of the definitions that are factors, the one with the fewest sums if that can be told. */
function fileByFactor(sums: readonly Sum[]): ReadonlyMap<Def, Sum[]> {
  const counts = new Map<Def, number>()
  for (const { product } of sums)
    for (const { def } of factorsRead(product)) counts.set(def, (counts.get(def) ?? 0) + 1)
  const filed = new Map<Def, Sum[]>()
  for (const sum of sums) {
    const [anchor] = factorsRead(sum.product).toSorted((a, b) => (counts.get(a.def) ?? 0) - (counts.get(b.def) ?? 0)) // prettier-ignore
    if (!anchor) continue
    const own = filed.get(anchor.def)
    if (!own) filed.set(anchor.def, [sum])
    else if (own.length < CANDIDATES) own.push(sum)
  }
  return filed
}

const factorsRead = ({ factors }: Mul): Read[] =>
  factors.flatMap(({ base, exponent }) => (base.kind === 'read' && exponent.isOne ? [base] : []))

/** The sum inside that leaves the fewest indices. */
function findMatch(graph: Graph, sum: Sum, filed: ReadonlyMap<Def, readonly Sum[]>): Match | undefined {
  let best: Match | undefined
  for (const { def } of factorsRead(sum.product))
    for (const inner of filed.get(def) ?? []) {
      if (inner.def === sum.def || inner.bound.length >= sum.bound.length) continue
      const match = matchIn(graph, sum, inner)
      if (match && (!best || match.bound.length < best.bound.length)) best = match
    }
  return best
}

/** The outer sum with a read of the inner one: the indices of the inner one follow from which read of it is which of the outer one. */
function matchIn(graph: Graph, { bound, product }: Sum, inner: Sum): Match | undefined {
  const indices = [...inner.def.idx, ...inner.bound]
  for (const at of waysToSee(readsIn(inner.product), readsIn(product), indices)) {
    const summed = inner.bound.map((index) => at.get(index))
    const rest = without(product.factors, substitute(graph, inner.product, at))
    if (!rest || !summed.every((index) => index && bound.includes(index))) continue
    if (new Set(summed).size < summed.length || rest.some(({ base }) => base.free.some((index) => summed.includes(index)))) continue // prettier-ignore
    const args = inner.def.idx.map((index) => at.get(index) ?? index)
    if (args.some((arg) => summed.includes(arg))) continue
    const powers = powersOf(graph, rest)
    return {
      inner: inner.def,
      bound: bound.filter((index) => !summed.includes(index)),
      body: graph.mulAll([graph.read(inner.def, args), ...powers]),
    }
  }
  return undefined
}

/** What the indices may stand for: reads that name all of them are laid over reads of the same definitions. */
function waysToSee(
  own: readonly Read[],
  others: readonly Read[],
  indices: readonly Index[],
): readonly ReadonlyMap<Index, Index>[] {
  let ways: ReadonlyMap<Index, Index>[] = [new Map()]
  const named = new Set<Index>()
  for (const read of own) {
    const open = read.args.filter((arg) => arg.kind === 'index' && indices.includes(arg) && !named.has(arg))
    if (open.length === 0) continue
    ways = ways.flatMap((way) => others.flatMap((other) => laidOver(way, read, other) ?? []))
    if (ways.length > WAYS) return []
    for (const arg of open) if (arg.kind === 'index') named.add(arg)
  }
  return indices.every((index) => named.has(index)) ? ways : []
}

function laidOver(
  way: ReadonlyMap<Index, Index>,
  read: Read,
  other: Read,
): ReadonlyMap<Index, Index> | undefined {
  if (read.def !== other.def) return undefined
  const all = new Map(way)
  for (const [axis, arg] of read.args.entries()) {
    const to = other.args[axis]
    if (arg.kind !== 'index') continue
    if (to.kind !== 'index' || to.extent !== arg.extent || (all.get(arg) ?? to) !== to) return undefined
    all.set(arg, to)
  }
  return all
}
