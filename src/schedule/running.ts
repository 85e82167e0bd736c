/**
 * Sums that are numbers, or a few, and grow along the loop that computes what they add up: variables before it, added to in each of its steps. What
 * they read is in a variable still, and is not stored if nothing else reads it later.
 */
import type { ComputedDef, Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { RUNNING_MOST } from './cost.js'
import { type Emission, plainName } from './emission.js'
import type { Scalar, Statement } from './loop-program.js'
import type { Frame } from './lower.js'
import type { Storage } from './storage.js'
import type { LeafNode, NestForm } from './tree.js'

type Form = Extract<NestForm, { kind: 'running' }>

/** The indices along which a sum may grow. */
export function runningAlong(graph: Graph, storage: Storage, def: ComputedDef): readonly Index[] | undefined {
  const { reduction, idx } = def
  if (reduction?.kind !== 'sum' || storage.bodyOf(def).kind === 'guard') return undefined
  const entries = graph.mulAll(idx.map(({ extent }) => extent))
  if (entries.kind !== 'num' || entries.value.toNumber() > RUNNING_MOST) return undefined
  const along = storage.boundOf(def).filter((index) => index.extent !== graph.one)
  return along.length > 0 ? along : undefined
}

export function emitRunning(
  emission: Emission,
  { nest: { def }, at }: LeafNode,
  { part }: Form,
  depth: number,
  store: (at: Frame, value: Scalar) => Statement[],
): Statement[] {
  const { graph, scalars, storage } = emission
  const entries = def.idx.reduce<readonly Map<Index, Expr>[]>(
    (all, own) =>
      at.has(own) ? all : all.flatMap((entry) => positionsOf(graph, own).map((to) => new Map(entry).set(own, to))), // prettier-ignore
    [new Map(at)],
  )
  if (part === 'start') {
    const name = plainName(def)
    const locals = entries.map((_, n) => emission.local(entries.length > 1 ? `${name}_${n}` : name, 'real', depth)) // prettier-ignore
    emission.running.set(def, locals)
    return locals.map((local) => ({ kind: 'variable', local, value: scalars.zero }))
  }
  const locals = emission.runningSums(def)
  if (part === 'end') return entries.flatMap((entry, n) => store(entry, scalars.local(locals[n])))
  return entries.map((entry, n) => ({ kind: 'accumulate', local: locals[n], operator: 'add', value: emission.value(storage.bodyOf(def), entry) })) // prettier-ignore
}

const positionsOf = (graph: Graph, { extent }: Index): Expr[] =>
  Array.from({ length: extent.kind === 'num' ? extent.value.toNumber() : 0 }, (_, n) => graph.num(n))
