/**
 * Temporaries that are written over others, entry by entry, where these are read for the last time: cotangents over the values that they
 * are of. `d_z[i] = d_y[i] * (1 - y[i]²)` needs no memory of its own if nothing reads `y` later.
 */
import type { Buffer, Scalar, Statement } from './loop-program.js'
import { isOverBlocks } from './lifetimes.js'
import { nodesOf } from './scalars.js'
import { placesOf, scalarsOf, touchedBy } from './split.js'

/** By temporary, the one whose memory it takes over. */
export type TakeOvers = ReadonlyMap<Buffer, Buffer>

/** `results` are read after the last statement. */
export function findTakeOvers(body: readonly Statement[], results: readonly Scalar[]): TakeOvers {
  const read = touchedBy([], results).buffers
  const found = takeOversIn(body, read)
  // Of a block of rows nothing is left for the next one, but what is used elsewhere too.
  for (const loop of body.filter(isOverBlocks)) {
    const elsewhere = touchedBy(body.filter((statement) => statement !== loop)).buffers
    for (const [heir, owner] of takeOversIn(loop.body, new Set([...elsewhere, ...read])))
      found.set(heir, owner)
  }
  return found
}

/** `kept`: what is needed as it is. */
function takeOversIn(body: readonly Statement[], kept: ReadonlySet<Buffer>): Map<Buffer, Buffer> {
  const first = new Map<Buffer, Statement>()
  const last = new Map<Buffer, Statement>()
  for (const statement of body)
    for (const buffer of touchedBy([statement]).buffers) {
      if (buffer.role !== 'temp' || buffer.scratch !== undefined || kept.has(buffer)) continue
      if (!first.has(buffer)) first.set(buffer, statement)
      last.set(buffer, statement)
    }
  const found = new Map<Buffer, Buffer>()
  for (const statement of body) {
    if (statement.kind !== 'loop') continue
    const { buffers } = touchedBy([statement])
    const begin = [...buffers].filter((buffer) => first.get(buffer) === statement)
    const end = [...buffers].filter((buffer) => last.get(buffer) === statement && first.get(buffer) !== statement) // prettier-ignore
    if (begin.length === 0 || end.length === 0) continue
    const uses = usesIn(statement, new Set([...begin, ...end]))
    const free = new Set(end)
    for (const heir of begin)
      for (const owner of free) {
        if (!isAlike(heir, owner) || !isEntryByEntry(uses.get(heir), uses.get(owner))) continue
        found.set(heir, found.get(owner) ?? owner)
        free.delete(owner)
        break
      }
  }
  return found
}

const isAlike = (a: Buffer, b: Buffer): boolean =>
  a.element === b.element &&
  a.extents.length === b.extents.length &&
  a.extents.every((extent, axis) => extent === b.extents[axis])

/** A use of one entry by a statement: which one of its block it is. */
interface Use {
  readonly block: readonly Statement[]
  readonly at: number
  readonly offset: Scalar
}

interface Uses {
  readonly loads: Use[]
  readonly stores: Use[]
  /** Used otherwise too: added to, filled, copied, in products and routines. */
  isOther: boolean
}

/**
 * Each entry is stored once. So if each load stands in the block of a store to the same entry, and not after it, nothing that was
 * overwritten is loaded.
 */
function isEntryByEntry(heir: Uses | undefined, owner: Uses | undefined): boolean {
  if (!heir || !owner || heir.isOther || owner.isOther || owner.stores.length > 0) return false
  const stored = new Map<Scalar, Use[]>()
  for (const store of heir.stores) {
    const same = stored.get(store.offset)
    if (same) same.push(store)
    else stored.set(store.offset, [store])
  }
  return owner.loads.every(({ block, at, offset }) =>
    stored.get(offset)?.some((store) => store.block === block && at <= store.at),
  )
}

function usesIn(root: Statement, wanted: ReadonlySet<Buffer>): ReadonlyMap<Buffer, Uses> {
  const uses = new Map([...wanted].map((buffer): [Buffer, Uses] => [buffer, { loads: [], stores: [], isOther: false }])) // prettier-ignore
  const isOther = (buffer: Buffer): void => {
    const own = uses.get(buffer)
    if (own) own.isOther = true
  }
  const pending: (readonly Statement[])[] = [[root]]
  for (let block = pending.pop(); block; block = pending.pop())
    for (const [at, statement] of block.entries()) {
      for (const node of nodesOf(scalarsOf(statement)))
        if (node.kind === 'load') uses.get(node.buffer)?.loads.push({ block, at, offset: node.offset })
      switch (statement.kind) {
        case 'store':
          if (statement.accumulate) isOther(statement.buffer)
          else uses.get(statement.buffer)?.stores.push({ block, at, offset: statement.offset })
          break
        case 'fill':
          isOther(statement.buffer)
          break
        case 'copy':
          isOther(statement.from)
          isOther(statement.to)
          break
        case 'routine':
        case 'product':
          for (const { buffer } of placesOf(statement)) isOther(buffer)
          break
        case 'loop':
          pending.push(statement.body)
          break
        case 'branch':
          pending.push(statement.consequent, statement.alternate)
          break
        case 'call':
          pending.push(statement.part.body)
          break
        case 'constant':
        case 'variable':
        case 'assign':
        case 'accumulate':
        case 'title':
        case 'remark':
      }
    }
  return uses
}
