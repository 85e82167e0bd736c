/**
 * Memory that is needed for a while only, panels of sums and copies of operands, is shared: what is used one after the other lies in one
 * buffer. Statements of the body are looked at as wholes, so that what a loop uses together stays apart.
 */
import type { Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { isNonNegative } from '../ir/prove.js'
import type { Buffer, Statement } from './loop-program.js'
import { touchedBy } from './split.js'

/** The buffer in whose memory another one lies; its extents are those of the largest. */
export type Sharing = ReadonlyMap<Buffer, Buffer>

interface Shared {
  readonly members: Buffer[]
  count: Expr
  extents: readonly Expr[]
  /** The last statement that uses it. */
  until: number
}

export function shareScratch(graph: Graph, body: readonly Statement[]): Sharing {
  const uses = new Map<Buffer, { from: number; until: number }>()
  for (const [at, statement] of body.entries())
    for (const buffer of touchedBy([statement]).buffers) {
      if (buffer.scratch === undefined) continue
      const use = uses.get(buffer)
      if (use) use.until = at
      else uses.set(buffer, { from: at, until: at })
    }
  const groups = new Map<string, Shared[]>()
  for (const [buffer, { from, until }] of uses) {
    const key = `${buffer.scratch} ${buffer.element}`
    const all = groups.get(key) ?? []
    groups.set(key, all)
    const count = graph.mulAll(buffer.extents)
    const free = all.find((shared) => shared.until < from && larger(graph, shared.count, count) !== undefined)
    if (!free) {
      all.push({ members: [buffer], count, extents: buffer.extents, until })
      continue
    }
    if (larger(graph, free.count, count) === count) free.extents = buffer.extents
    free.count = larger(graph, free.count, count) ?? count
    free.members.push(buffer)
    free.until = until
  }
  const sharing = new Map<Buffer, Buffer>()
  for (const { members, extents } of [...groups.values()].flat()) {
    if (members.length === 1) continue
    const whole: Buffer = { ...members[0], name: members[0].scratch ?? 'scratch', extents }
    for (const member of members) sharing.set(member, whole)
  }
  return sharing
}

function larger(graph: Graph, a: Expr, b: Expr): Expr | undefined {
  if (isNonNegative(graph, graph.sub(a, b))) return a
  return isNonNegative(graph, graph.sub(b, a)) ? b : undefined
}
