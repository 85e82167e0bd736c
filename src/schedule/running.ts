/**
 * Sums that are numbers and grow along the loop that computes what they add up: a variable before it, added to in each of its steps. What
 * they read is in a variable still, and is not stored if nothing else reads it later.
 */
import type { ComputedDef, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { type Emission, plainName } from './emission.js'
import type { Statement } from './loop-program.js'
import type { Storage } from './storage.js'
import type { LeafNode, NestForm } from './tree.js'

type Form = Extract<NestForm, { kind: 'running' }>

/** The indices along which a sum may grow. */
export function runningAlong(graph: Graph, storage: Storage, def: ComputedDef): readonly Index[] | undefined {
  const { reduction, idx } = def
  if (reduction?.kind !== 'sum' || storage.bodyOf(def).kind === 'guard') return undefined
  if (idx.some((own) => own.extent !== graph.one)) return undefined
  const along = storage.boundOf(def).filter((index) => index.extent !== graph.one)
  return along.length > 0 ? along : undefined
}

export function emitRunning(
  emission: Emission,
  { nest: { def }, at }: LeafNode,
  { part }: Form,
  depth: number,
): Statement[] {
  if (part === 'start') {
    const local = emission.local(plainName(def), 'real', depth)
    emission.running.set(def, local)
    return [{ kind: 'variable', local, value: emission.scalars.zero }]
  }
  const local = emission.runningSum(def)
  const value = emission.value(emission.storage.bodyOf(def), at)
  return [{ kind: 'accumulate', local, operator: 'add', value }]
}
