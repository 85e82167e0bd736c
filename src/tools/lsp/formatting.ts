import type { TextEdit } from 'vscode-languageserver-types'
import { formatSource } from '../../../grammar/format.js'
import type { ProjectFile } from './project.js'
import { rangeOf } from './ranges.js'

/** The lines that change between the text and its standard form; nothing where there is a syntax error. */
export function formatting({ text, syntax, document }: ProjectFile): TextEdit[] {
  const { text: formatted } = formatSource(syntax.span.source)
  if (formatted === undefined || formatted === text) return []
  const most = Math.min(text.length, formatted.length)
  let start = 0
  while (start < most && text[start] === formatted[start]) start++
  start = text.lastIndexOf('\n', start - 1) + 1
  let common = 0
  while (common < most - start && text[text.length - 1 - common] === formatted[formatted.length - 1 - common])
    common++
  // Whole lines: a position cannot stand inside of a line break of two characters.
  const lineBreak = text.indexOf('\n', text.length - common)
  common = lineBreak < 0 ? 0 : text.length - lineBreak - 1
  const range = rangeOf(document, { start, end: text.length - common })
  return [{ range, newText: formatted.slice(start, formatted.length - common) }]
}
