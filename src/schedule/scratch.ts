/**
 * Memory that is needed for a while only, panels of sums and copies of operands, is shared: what is used one after the other lies in one
 * buffer. Statements of the body are looked at as wholes, so that what a loop uses together stays apart.
 */
import type { Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { isNonNegative } from '../ir/prove.js'
import { flagsIn, isOverBlocks, keepThroughBlocks } from './lifetimes.js'
import type { Buffer, Local, Scalar, Statement } from './loop-program.js'
import { operandsOf } from './scalars.js'
import { placesOf, scalarsOf } from './split.js'

/** The buffer in whose memory another one lies; its extents are those of the largest. */
export type Sharing = ReadonlyMap<Buffer, Buffer>

/** In blocks of rows what is used so many steps apart is not shared: other arrays find room in between. */
const NEAR = 4

interface Shared {
  readonly members: Buffer[]
  count: Expr
  extents: readonly Expr[]
  /** The last statement that uses it. */
  until: number
}

/** What is used only if a flag is set is apart from what every call uses: targets make it when it is first needed. */
export function shareScratch(
  graph: Graph,
  body: readonly Statement[],
  flags: ReadonlySet<Local> = new Set(),
): Sharing {
  const uses = new Map<Buffer, { from: number; until: number; under: string }>()
  const steps = body.flatMap((statement) => {
    const blocks = isOverBlocks(statement) ? statement : undefined
    return (blocks?.body ?? [statement]).map((step) => ({ statement: step, blocks }))
  })
  for (const [at, { statement }] of steps.entries()) {
    const isOptional = statement.kind === 'branch' && flagsIn(statement.condition, flags).length > 0
    const under = isOptional ? ` ${statement.condition.id}` : ''
    for (const buffer of scratchIn(statement)) {
      const use = uses.get(buffer)
      if (!use) uses.set(buffer, { from: at, until: at, under })
      else {
        use.until = at
        if (use.under !== under) use.under = ''
      }
    }
  }
  keepThroughBlocks(uses, steps)
  const groups = new Map<string, Shared[]>()
  for (const [buffer, { from, until, under }] of uses) {
    const key = `${buffer.scratch} ${buffer.element}${under}`
    const all = groups.get(key) ?? []
    groups.set(key, all)
    const count = graph.mulAll(buffer.extents)
    const isClose = (last: number): boolean => !steps.at(from)?.blocks || from - last <= NEAR
    const free = all.find(
      (shared) =>
        shared.until < from && isClose(shared.until) && larger(graph, shared.count, count) !== undefined,
    )
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

/** In the time that the statement takes to read, however many there are. */
function scratchIn(statement: Statement): Set<Buffer> {
  const found = new Set<Buffer>()
  const note = (buffer: Buffer): void => {
    if (buffer.scratch !== undefined) found.add(buffer)
  }
  const seen = new Set<Scalar>()
  const scalars: Scalar[] = []
  const pending = [statement]
  for (let next = pending.pop(); next; next = pending.pop()) {
    scalars.push(...scalarsOf(next))
    if (next.kind === 'store' || next.kind === 'fill') note(next.buffer)
    if (next.kind === 'product' || next.kind === 'routine')
      for (const { buffer } of placesOf(next)) note(buffer)
    if (next.kind === 'copy') for (const buffer of [next.from, next.to]) note(buffer)
    if (next.kind === 'loop') pending.push(...next.body)
    if (next.kind === 'branch') pending.push(...next.consequent, ...next.alternate)
  }
  for (let next = scalars.pop(); next; next = scalars.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    if (next.kind === 'load') note(next.buffer)
    scalars.push(...operandsOf(next))
  }
  return found
}

function larger(graph: Graph, a: Expr, b: Expr): Expr | undefined {
  if (isNonNegative(graph, graph.sub(a, b))) return a
  return isNonNegative(graph, graph.sub(b, a)) ? b : undefined
}
