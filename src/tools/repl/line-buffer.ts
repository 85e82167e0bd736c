/** The text being typed and its cursor, as values: every key gives another one. */

export interface Buffer {
  readonly text: string
  /** An offset into the text, never inside a character. */
  readonly cursor: number
}

export const EMPTY: Buffer = { text: '', cursor: 0 }

export const bufferOf = (text: string): Buffer => ({ text, cursor: text.length })

export function insert({ text, cursor }: Buffer, typed: string): Buffer {
  return { text: text.slice(0, cursor) + typed + text.slice(cursor), cursor: cursor + typed.length }
}

export function replace({ text, cursor }: Buffer, from: number, typed: string): Buffer {
  return { text: text.slice(0, from) + typed + text.slice(cursor), cursor: from + typed.length }
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

export function leftOf({ text, cursor }: Buffer): number {
  const segments = [...segmenter.segment(text.slice(0, cursor))]
  return segments.at(-1)?.index ?? 0
}

export function rightOf({ text, cursor }: Buffer): number {
  const [first] = segmenter.segment(text.slice(cursor))
  return cursor + (first?.segment.length ?? 0)
}

export function wordLeftOf({ text, cursor }: Buffer): number {
  const [found] = /[\p{L}\p{N}_]*[^\p{L}\p{N}_]*$/u.exec(text.slice(0, cursor)) ?? ['']
  return cursor - found.length
}

export function wordRightOf({ text, cursor }: Buffer): number {
  const [found] = /^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(text.slice(cursor)) ?? ['']
  return cursor + found.length
}

export const lineStart = ({ text, cursor }: Buffer): number => text.lastIndexOf('\n', cursor - 1) + 1

export function lineEnd({ text, cursor }: Buffer): number {
  const end = text.indexOf('\n', cursor)
  return end < 0 ? text.length : end
}

/** The text between the cursor and another offset is taken out. */
export function cut(
  { text, cursor }: Buffer,
  to: number,
): { readonly buffer: Buffer; readonly taken: string } {
  const [from, until] = to < cursor ? [to, cursor] : [cursor, to]
  return {
    buffer: { text: text.slice(0, from) + text.slice(until), cursor: from },
    taken: text.slice(from, until),
  }
}

export const moved = (buffer: Buffer, cursor: number): Buffer => ({ ...buffer, cursor })

/** The same column in the line above or below; undefined where there is none. */
export function vertical(buffer: Buffer, direction: -1 | 1): Buffer | undefined {
  const start = lineStart(buffer)
  const column = buffer.cursor - start
  if (direction < 0) {
    if (start === 0) return undefined
    const above = lineStart(moved(buffer, start - 1))
    return moved(buffer, Math.min(above + column, start - 1))
  }
  const end = lineEnd(buffer)
  if (end === buffer.text.length) return undefined
  return moved(buffer, Math.min(end + 1 + column, lineEnd(moved(buffer, end + 1))))
}
