/** Keys as names: `left`, `ctrl-a`, `alt-return`. */
import type { Key } from 'node:readline'

export interface Pressed {
  readonly key: string
  /** The text that the key types, if it does. */
  readonly typed: string | undefined
}

export function pressed(text: string | undefined, { name, ctrl, meta, shift }: Key): Pressed {
  const prefix = `${ctrl ? 'ctrl-' : ''}${meta ? 'alt-' : ''}${shift && name === 'tab' ? 'shift-' : ''}`
  const printable = text !== undefined && !ctrl && !meta && !/^\p{Cc}/u.test(text)
  return { key: prefix + (name ?? ''), typed: printable ? text : undefined }
}
