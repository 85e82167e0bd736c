/** Fan-in and fan-out of a parameter, from the way it is first read. */
import type { ComputedDef, Def, Expr, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { readsIn } from '../ir/walk.js'

export interface Fans {
  readonly fanIn: Expr
  readonly fanOut: Expr
}

/** Definitions in the order in which they were made that the roots need. */
export function definitionsBelow(roots: readonly Def[]): Def[] {
  const seen = new Set<Def>(roots)
  const pending = [...roots]
  for (let def = pending.pop(); def; def = pending.pop())
    for (const read of readsOf(def))
      if (!seen.has(read.def)) {
        seen.add(read.def)
        pending.push(read.def)
      }
  return [...seen].sort((a, b) => a.id - b.id)
}

function readsOf(def: Def): Read[] {
  switch (def.kind) {
    case 'computed':
      return [def.body, ...(def.reduction?.filter ?? [])].flatMap((e) => (e ? readsIn(e) : []))
    case 'matrix':
      return def.operands.flatMap(({ value }) => readsIn(value))
    case 'derivative':
      return [def.of, ...def.at].flatMap((e) => readsIn(e))
    case 'input':
    case 'param':
    case 'table':
      return []
  }
}

/** The first read of every parameter, in the order of definitions. */
export function firstReads(definitions: readonly Def[]): Map<Def, FirstRead> {
  const found = new Map<Def, FirstRead>()
  for (const def of definitions)
    if (def.kind === 'computed' && def.body)
      for (const read of readsIn(def.body))
        if (read.def.kind === 'param' && !found.has(read.def)) found.set(read.def, { def, read })
  return found
}

export interface FirstRead {
  readonly def: ComputedDef
  readonly read: Read
}

/**
 * Summed indices of the first read multiply to the fan-in, the others to the fan-out; an axis fixed by a number
 * belongs to neither.
 */
export function fansOf(graph: Graph, first: FirstRead | undefined): Fans {
  return first ? fansOfRead(graph, first.def, first.read) : { fanIn: graph.one, fanOut: graph.one }
}

function fansOfRead(graph: Graph, def: ComputedDef, read: Read): Fans {
  const summed = new Set<Expr>(def.reduction?.idx ?? [])
  const fanIn: Expr[] = []
  const fanOut: Expr[] = []
  for (const [at, arg] of read.args.entries()) {
    if (arg.free.length === 0) continue
    const isSummed = arg.free.every((index) => summed.has(index))
    const target = isSummed ? fanIn : fanOut
    target.push(read.def.idx[at].extent)
  }
  return { fanIn: graph.mulAll(fanIn), fanOut: graph.mulAll(fanOut) }
}
