/**
 * What only some results want is computed as soon as all that it reads is there: nothing is kept for it that nobody else needs any more.
 */
import type { Buffer, Local, Statement } from './loop-program.js'
import { statementsIn, touchedBy, writtenBy } from './split.js'

/** `optional`: what hangs on flags. It stands last but where that would keep a temporary; never among the statements under one title. */
export function placeEarly(body: readonly Statement[], optional: readonly Statement[]): Statement[] {
  if (optional.length === 0) return [...body]
  const written = new Map<Buffer | Local, number>()
  const used = new Map<Buffer, number>()
  for (const [at, statement] of body.entries()) {
    for (const what of allWrittenBy(statement)) written.set(what, at + 1)
    for (const buffer of touchedBy([statement]).buffers) used.set(buffer, at)
  }
  const starts = body.flatMap(({ kind }, at) => (kind === 'title' || kind === 'remark' ? [at] : []))
  const last = starts.at(-1) ?? 0
  const before: Statement[][] = [...body.map(() => []), []]
  for (const statement of optional) {
    const { buffers, locals } = touchedBy([statement])
    const isKeeping = [...buffers].some(
      (buffer) => buffer.role === 'temp' && (used.get(buffer) ?? last) < last,
    )
    const ready = Math.max(0, ...[...buffers, ...locals].map((what) => written.get(what) ?? 0))
    const at = isKeeping ? (starts.find((start) => start >= ready) ?? body.length) : body.length
    before[at].push(statement)
    for (const what of allWrittenBy(statement)) written.set(what, Math.max(at, written.get(what) ?? 0))
  }
  return before.flatMap((early, at) => [...early, ...body.slice(at, at + 1)])
}

const allWrittenBy = (statement: Statement): (Buffer | Local)[] =>
  statementsIn(statement).flatMap((inner) => writtenBy(inner) ?? [])
