/**
 * Temporaries that are written over others, entry by entry, where these are read for the last time: cotangents over the values that they
 * are of. `d_z[i] = d_y[i] * (1 - y[i]²)` needs no memory of its own if nothing reads `y` later.
 */
import type { Buffer, Local, Loop, Scalar, Statement } from './loop-program.js'
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
    const { uses, constants } = usesIn(statement, new Set([...begin, ...end]))
    const free = new Set(end)
    for (const heir of begin)
      for (const owner of free) {
        if (!isAlike(heir, owner) || !isEntryByEntry(uses.get(heir), uses.get(owner), constants)) continue
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

/** Statements, and the loops that they are in, the outermost first. */
interface Block {
  readonly statements: readonly Statement[]
  readonly loops: readonly Loop[]
}

/** A use of one entry by a statement: which one of its block it is. */
interface Use {
  readonly block: Block
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
 * If each entry is stored once, and each load stands in the block of a store to the same entry, and not after it, nothing that was
 * overwritten is loaded.
 */
function isEntryByEntry(
  heir: Uses | undefined,
  owner: Uses | undefined,
  constants: ReadonlyMap<Local, Scalar>,
): boolean {
  if (!heir || !owner || heir.isOther || owner.isOther || owner.stores.length > 0) return false
  if (!heir.stores.every((store) => isStoredOnce(store, constants))) return false
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

/** Whether each turn of the loops around it stores another entry: not so where only one row is kept, or the last few steps. */
function isStoredOnce({ block, offset }: Use, constants: ReadonlyMap<Local, Scalar>): boolean {
  const mentioned = new Set<Local>()
  let wraps = false
  const mention = (scalars: readonly Scalar[]): void => {
    for (const node of nodesOf(scalars)) {
      wraps ||= node.kind === 'apply' && node.operator === 'mod'
      if (node.kind !== 'local' || mentioned.has(node.local)) continue
      mentioned.add(node.local)
      const value = constants.get(node.local)
      if (value) mention([value])
    }
  }
  mention([offset])
  if (wraps) return false
  return block.loops.toReversed().every(({ index, from, to }) => {
    if (!mentioned.has(index)) return false
    // Where an inner loop starts says which tile it is in.
    mention([from, to])
    return true
  })
}

function usesIn(
  root: Statement,
  wanted: ReadonlySet<Buffer>,
): { readonly uses: ReadonlyMap<Buffer, Uses>; readonly constants: ReadonlyMap<Local, Scalar> } {
  const constants = new Map<Local, Scalar>()
  const uses = new Map([...wanted].map((buffer): [Buffer, Uses] => [buffer, { loads: [], stores: [], isOther: false }])) // prettier-ignore
  const isOther = (buffer: Buffer): void => {
    const own = uses.get(buffer)
    if (own) own.isOther = true
  }
  const pending: Block[] = [{ statements: [root], loops: [] }]
  for (let block = pending.pop(); block; block = pending.pop()) {
    const { loops } = block
    for (const [at, statement] of block.statements.entries()) {
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
          pending.push({ statements: statement.body, loops: [...loops, statement] })
          break
        case 'branch':
          pending.push(
            { statements: statement.consequent, loops },
            { statements: statement.alternate, loops },
          )
          break
        case 'call':
          pending.push({ statements: statement.part.body, loops })
          break
        case 'constant':
          constants.set(statement.local, statement.value)
          break
        case 'variable':
        case 'assign':
        case 'accumulate':
        case 'title':
        case 'remark':
      }
    }
  }
  return { uses, constants }
}
