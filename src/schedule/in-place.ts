/** Results that may be written over the data they replace: nothing old is read after its place is written. */
import type { Buffer, Local, Method, Scalar, Statement } from './loop-program.js'
import { nodesOf } from './scalars.js'
import { scalarsOf, statementsIn, touchedBy, writtenBy } from './split.js'

/**
 * By result, the data that it may overwrite: those it is the new value of, as `replaced` says. A loop may do it entry by
 * entry; where anything else reads the old values later, the result keeps memory of its own.
 */
export function overwritable(
  { body, parts, results }: Method,
  replaced: ReadonlyMap<Buffer, Buffer>,
): ReadonlyMap<Buffer, Buffer> {
  if (parts.length > 0) return new Map()
  const last = results.flatMap(({ value }) => (value.kind === 'scalar' ? [value.value] : []))
  return new Map([...replaced].filter(([made, old]) => isSafe(body, last, made, old)))
}

function isSafe(body: readonly Statement[], last: readonly Scalar[], made: Buffer, old: Buffer): boolean {
  const first = body.findIndex((statement) => writes(statement, made))
  if (first < 0) return false
  const isReadLater = body.slice(first + 1).some((statement) => reads(statement, old)) || loads(last, old)
  return !isReadLater && (!reads(body[first], old) || isEntryByEntry(body[first], made, old))
}

/** A loop that reads and writes one entry in each step, and writes it last. */
function isEntryByEntry(statement: Statement, made: Buffer, old: Buffer): boolean {
  // What keeps its value is not written at all.
  if (statement.kind === 'copy') return statement.from === old
  if (statement.kind !== 'loop') return false
  const { index, body } = statement
  let written = false
  for (const inner of body) {
    if (reads(inner, old) && (written || !loadsOnly(scalarsOf(inner), old, index))) return false
    if (!writes(inner, made)) continue
    if (inner.kind !== 'store' || inner.accumulate || !isIndex(inner.offset, index)) return false
    written = true
  }
  return true
}

const isIndex = (e: Scalar, index: Local): boolean => e.kind === 'local' && e.local === index

const loads = (roots: readonly Scalar[], buffer: Buffer): boolean =>
  nodesOf(roots).some((node) => node.kind === 'load' && node.buffer === buffer)

/** Whether these scalars alone read the buffer, and there only the entry at the index. */
const loadsOnly = (roots: readonly Scalar[], buffer: Buffer, index: Local): boolean =>
  loads(roots, buffer) &&
  nodesOf(roots).every(
    (node) => node.kind !== 'load' || node.buffer !== buffer || isIndex(node.offset, index),
  )

const writes = (statement: Statement, buffer: Buffer): boolean =>
  statementsIn(statement).some((inner) => writtenBy(inner) === buffer)

/** Whether a statement, or one inside it, mentions a buffer that it does not write. */
const reads = (statement: Statement, buffer: Buffer): boolean => touchedBy([statement]).buffers.has(buffer)
