/** Automatic definitions with one reader are written in its place, so that the rules of `sum` see through them. */
import type { ComputedDef, Def, Expr, Index, Read } from '../ir/expr.js'
import { definitionsReadBy, Dependencies, expressionsOf } from '../ir/dependencies.js'
import type { Graph } from '../ir/graph.js'
import { mapEntries, rootsOf } from '../ir/program-map.js'
import type { Program } from '../ir/program.js'
import type { Rebuilt } from '../ir/rebuild.js'
import { postorder, rewrite, substitute, substituteAt, wholeRead } from '../ir/walk.js'
import { Costs } from './cost.js'

/** Operations that may be done again for each step of a loop that the definition does not have. */
const CHEAP = 3

export function inlineDefinitions(program: Program): Program {
  const { graph } = program
  const roots = new Set(program.entries.flatMap(rootsOf))
  const readers = countReaders([...roots])
  const costs = new Costs()
  /** The new definitions that may be written in place of a read. */
  const single = new Set<Def>()

  const inlined = (e: Expr, loops: number): Expr => {
    if (!definitionsReadBy(e).some((def) => single.has(def))) return e
    return rewrite(graph, e, (_, rebuilt) => {
      if (rebuilt.kind !== 'read' || !single.has(rebuilt.def)) return rebuilt
      const { def } = rebuilt
      if (def.kind !== 'computed' || !def.body) return rebuilt
      const repeats = def.idx.length < loops || !isRenaming(rebuilt)
      return repeats && costs.of(def.body) > CHEAP ? rebuilt : bodyAt(graph, def, rebuilt.args)
    })
  }

  const replace = (def: Def, rebuilt: Rebuilt): Def | undefined => {
    if (def.kind !== 'computed' || def.nominal || !def.body) return undefined
    const loops = def.idx.length + (def.reduction?.idx.length ?? 0)
    const body = inlined(rebuilt.expr(def.body), loops)
    const filter = (def.reduction?.filter ?? []).map((condition) => inlined(rebuilt.expr(condition), loops))
    const unchanged = body === def.body && filter.every((c, at) => c === def.reduction?.filter[at])
    const result = unchanged ? def : redefine(graph, def, body, filter)
    const isOwn = def.auto && !roots.has(def) && result.kind === 'computed' && result.auto
    if (isOwn && !result.reduction && !result.nominal && isInlinable(result, readers.get(def) ?? 0))
      single.add(result)
    return result
  }
  return mapEntries(program, { replace, body: (e, def) => inlined(e, def.idx.length) })
}

/** Read once; or nothing but a read or a number, which costs no more in place. */
function isInlinable({ body }: ComputedDef, readers: number): boolean {
  return readers === 1 || body?.kind === 'read' || body?.kind === 'num'
}

function isRenaming(read: Read): boolean {
  return read.args.every((arg, at) => arg.kind === 'index' && read.args.indexOf(arg) === at)
}

const bodyAt = (graph: Graph, def: ComputedDef, args: readonly Expr[]): Expr =>
  def.body ? substituteAt(graph, def.body, def.idx, args) : graph.read(def, args)

/** How many reads there are of each definition, in all that is reachable. */
function countReaders(roots: readonly Def[]): Map<Def, number> {
  const counts = new Map<Def, number>()
  const dependencies = new Dependencies()
  for (const component of dependencies.components(roots))
    for (const def of component)
      for (const node of postorder(expressionsOf(def)))
        if (node.kind === 'read') counts.set(node.def, (counts.get(node.def) ?? 0) + 1)
  return counts
}

/** The definition with another body. A sum is built anew, which may eliminate its indices. */
export function redefine(graph: Graph, def: ComputedDef, body: Expr, filter: readonly Expr[]): ComputedDef {
  const { name, origin, auto, reduction } = def
  if (reduction?.kind !== 'sum') {
    const head = reduction && { kind: reduction.kind, idx: reduction.idx, filter }
    return named(graph.define({ name, idx: def.idx, reduction: head, body, origin, auto }), def)
  }
  const fresh = (indices: readonly Index[], from: number): Index[] =>
    indices.map((index, at) => graph.freshIndex(index.extent, def.indexNames[from + at]))
  const idx = fresh(def.idx, 0)
  const bound = fresh(reduction.idx, idx.length)
  const renaming = new Map([...def.idx, ...reduction.idx].map((index, at) => [index, [...idx, ...bound][at]]))
  const value = graph.sum(bound, substitute(graph, body, renaming))
  const whole = wholeRead(value, idx)
  if (whole?.kind === 'computed' && whole.reduction && whole.body) {
    const { idx: own, reduction: head, body: summand } = whole
    return named(graph.define({ name, idx: own, reduction: head, body: summand, origin, auto }), def)
  }
  return graph.define({ name, idx, body: value, origin, auto })
}

function named(made: ComputedDef, def: ComputedDef): ComputedDef {
  if (made.indexNames.length === def.indexNames.length) made.indexNames = def.indexNames
  return made
}
