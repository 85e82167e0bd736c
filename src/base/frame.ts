import picocolors from 'picocolors'
import type { Diagnostic, Note, Severity } from './diagnostic.js'
import { lineText, positionOf, type Span } from './source.js'

const TAB = '    '
/** Longer lines are cut to a window around the marked place. */
const WIDEST = 160

type Paint = (text: string) => string

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u

/** How many columns of a terminal a text takes: combining marks none, wide characters two. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) {
    if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) continue
    width += WIDE.test(character) ? 2 : 1
  }
  return width
}

/** A line as a terminal shows it: no tabs, and no control characters that would move the cursor. */
function shown(text: string): string {
  return text.replaceAll('\t', TAB).replace(/\p{Cc}/gu, '·')
}

/** The marked line with its underline. */
function frame(span: Span, mark: string, paint: Paint, dim: Paint, gutter: number): string[] {
  const { line, column } = positionOf(span.source, span.start)
  const text = lineText(span.source, line)
  const start = Math.min(column - 1, text.length)
  const end = Math.max(start, Math.min(text.length, start + span.end - span.start))
  const cut = displayWidth(text) > WIDEST ? Math.max(0, start - WIDEST / 4) : 0
  const clipped = (cut > 0 ? '…' : '') + shown(text.slice(cut, cut + WIDEST))
  const before = displayWidth((cut > 0 ? '…' : '') + shown(text.slice(cut, start)))
  const length = Math.max(1, displayWidth(shown(text.slice(start, Math.min(end, cut + WIDEST)))))
  const number = String(line).padStart(gutter)
  return [
    `${dim(`${number} |`)} ${clipped}`.trimEnd(),
    `${dim(`${' '.repeat(gutter)} |`)} ${' '.repeat(before)}${paint(mark.repeat(length))}`,
  ]
}

/** The marked line with its underline, without colours. */
export function caretFrame(span: Span): string {
  const plain: Paint = (text) => text
  const { line } = positionOf(span.source, span.start)
  return frame(span, '^', plain, plain, String(line).length).join('\n')
}

function place(span: Span): string {
  const { line, column } = positionOf(span.source, span.start)
  return `${span.source.filename}:${line}:${column}`
}

/**
 * A diagnostic for people: place, severity, code and message, the marked line, then the notes with lines of
 * their own, and the way out.
 *
 *     mlp.nn:3:9 error[expected]: 'then' expected after '0', found 'than'
 *     3 |   y = if x > 0 than x else 0
 *       |                ^^^^
 *       = help: …
 */
export function renderDiagnostic(diagnostic: Diagnostic, { color }: { color: boolean }): string {
  const paint = picocolors.createColors(color)
  const loud: Record<Severity, Paint> = { error: paint.red, warning: paint.yellow }
  const { severity, code, message, span, notes, suggestion } = diagnostic
  const spans = [span, ...notes.map((note) => note.span)].filter((some) => some !== undefined)
  const gutter = Math.max(1, ...spans.map((some) => String(positionOf(some.source, some.start).line).length))
  const where = span ? `${paint.bold(place(span))} ` : ''
  const lines = [`${where}${loud[severity](`${severity}[${code}]`)}: ${paint.bold(message)}`]
  if (span) lines.push(...frame(span, '^', loud[severity], paint.dim, gutter))
  for (const note of notes) lines.push(...renderNote(note, span, paint.blue, paint.dim, gutter))
  if (suggestion) lines.push(`${' '.repeat(gutter)} ${paint.dim('=')} ${paint.green('help')}: ${suggestion}`)
  return lines.join('\n')
}

function renderNote(
  { message, span }: Note,
  main: Span | undefined,
  paint: Paint,
  dim: Paint,
  gutter: number,
): string[] {
  const indent = ' '.repeat(gutter)
  if (!span) return [`${indent} ${dim('=')} ${paint('note')}: ${message}`]
  const elsewhere = span.source !== main?.source ? ` (${place(span)})` : ''
  return [
    `${indent} ${dim('=')} ${paint('note')}: ${message}${elsewhere}`,
    ...frame(span, '-', paint, dim, gutter),
  ]
}
