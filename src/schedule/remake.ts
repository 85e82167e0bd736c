/** Definitions made again with other reads. */
import type { ComputedDef, Def, Expr, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { stronglyConnected } from '../ir/scc.js'
import { rewrite } from '../ir/walk.js'
import type { Component, Definitions } from './time-axes.js'

/** What stands for the definition that a read is of. */
export type Redirect = (reader: ComputedDef, read: Read) => Def

/** The members of a component with their reads redirected, those of each other included. `again`: as new definitions. */
export function remake(
  definitions: Definitions,
  { defs, recurrent }: Component,
  redirect: Redirect,
  again: boolean,
): Map<ComputedDef, ComputedDef> {
  const { graph } = definitions
  const made = new Map<ComputedDef, ComputedDef>()
  const to: Redirect = (reader, read) =>
    (read.def.kind === 'computed' ? made.get(read.def) : undefined) ?? redirect(reader, read)
  const nominal = defs.filter((def) => def.nominal)
  for (const def of nominal) {
    const { name, indexNames, origin, auto, integer, facts } = def
    const like = def.like ?? def.id
    const shape = def.idx.map((index) => index.extent)
    made.set(def, graph.nominal({ name, shape, indexNames, origin, auto, integer, facts, like }))
  }
  const structural = new Set(defs.filter((def) => !def.nominal))
  const inside = (def: ComputedDef): ComputedDef[] =>
    definitions.readsOf(def).flatMap((read) => (read.def.kind === 'computed' && structural.has(read.def) ? [read.def] : [])) // prettier-ignore
  const ordered = recurrent ? stronglyConnected([...structural], inside).flat() : [...structural]
  for (const def of ordered) made.set(def, remadeOne(graph, def, to, again))
  for (const def of nominal) {
    const target = made.get(def)
    if (target && def.body) graph.setBody(target, def.idx, redirected(graph, def, def.body, to))
  }
  return made
}

function remadeOne(graph: Graph, def: ComputedDef, to: Redirect, again: boolean): ComputedDef {
  const { name, idx, body, origin, auto, reduction, routine, integer } = def
  if (!body) throw new Error(`'${name}' has no body`)
  const factors = routine?.factors && redirected(graph, def, routine.factors, to)
  if (factors && factors.kind !== 'read') throw new Error(`the factors of '${name}' were rewritten`)
  const made = graph.define({
    name,
    idx,
    reduction: reduction && {
      ...reduction,
      filter: reduction.filter.map((condition) => redirected(graph, def, condition, to)),
    },
    body: redirected(graph, def, body, to),
    origin,
    auto,
    real: !integer,
    again,
    like: def.like ?? def.id,
    ...(routine && { routine: { ...routine, factors } }),
  })
  made.indexNames = def.indexNames
  return made
}

export const redirected = (graph: Graph, reader: ComputedDef, e: Expr, to: Redirect): Expr =>
  rewrite(graph, e, (original, rebuilt) => {
    if (original.kind !== 'read' || rebuilt.kind !== 'read') return rebuilt
    const target = to(reader, original)
    return target === rebuilt.def ? rebuilt : graph.read(target, rebuilt.args)
  })
