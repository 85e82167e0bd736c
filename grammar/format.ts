/** The standard form of a text, as `nnc fmt` and the Prettier plugin write it. */
import { type Diagnostic, Diagnostics } from '../src/base/diagnostic.js'
import { error } from '../src/base/messages.js'
import type { Source } from '../src/base/source.js'
import type { File, Statement } from './ast.js'
import { CLOSERS } from './balance.js'
import { sameSyntax } from './equal.js'
import { lex } from './lexer.js'
import { messages } from './messages.js'
import { parseFile } from './parse.js'
import { type AsWritten, printFile } from './print.js'

/** Deeper brackets are no equation of a person. */
const DEEPEST = 500

export interface Formatted {
  /** Absent after a mistake. */
  readonly text: string | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Statements on one line each where they fit; one that was written over several lines and does not fit, or has comments
 * inside, keeps its lines and is only moved. So does one after the comment `prettier-ignore`.
 */
export function formatSource(source: Source, { width = 100 }: { readonly width?: number } = {}): Formatted {
  const deep = tooDeep(source)
  if (deep) return { text: undefined, diagnostics: [deep] }
  const diagnostics = new Diagnostics()
  const file = parseFile(source, diagnostics)
  if (diagnostics.hasErrors) return { text: undefined, diagnostics: diagnostics.list }
  const spelled = parseFile(source, new Diagnostics())
  spellAsWritten(spelled)
  const text = printFile(spelled, asWritten(file, width))
  const again = parseFile({ filename: source.filename, text }, new Diagnostics())
  if (!sameSyntax(file, again)) throw new Error(`formatting changes the meaning of ${source.filename}`)
  return { text, diagnostics: diagnostics.list }
}

/** `x₁` and `x1` are one name, of which the tree holds the second: it is given the one that its author chose. */
function spellAsWritten(file: File): void {
  const { text } = file.span.source
  const nodes: object[] = [...file.statements]
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const span: unknown = Reflect.get(node, 'span')
    const name: unknown = Reflect.get(node, 'name')
    if (typeof name === 'string' && isPlace(span)) {
      const written = text.slice(span.start, span.end)
      if (written !== name && written.normalize('NFKC') === name) Reflect.set(node, 'name', written)
    }
    for (const [key, value] of Object.entries(node))
      if (key !== 'span' && typeof value === 'object' && value !== null) nodes.push(value)
  }
}

const isPlace = (span: unknown): span is { start: number; end: number } =>
  typeof span === 'object' && span !== null && 'start' in span && 'end' in span

function tooDeep(source: Source): Diagnostic | undefined {
  const closers = new Set(CLOSERS.values())
  let depth = 0
  for (const { tokenType, startOffset } of lex(source).tokens) {
    if (CLOSERS.has(tokenType)) depth++
    else if (closers.has(tokenType)) depth--
    if (depth > DEEPEST)
      return error(messages.tooDeep(DEEPEST), { source, start: startOffset, end: startOffset + 1 })
  }
  return undefined
}

function asWritten({ comments, span: { source } }: File, width: number): AsWritten {
  return (statement, printed, indent, last) => {
    const { start, end } = statement.span
    const ignored =
      last !== undefined && isIgnore(last.text) && isBlank(source.text.slice(last.span.end, start))
    const hasBlock = isBlock(statement)
    if (!ignored && hasBlock) return undefined
    const text = source.text.slice(start, end)
    const broken = /[\r\n]/.test(text)
    const commented = broken && comments.some(({ span }) => start < span.start && span.end < end)
    if (!ignored && !commented && !(broken && printed.length > width)) return undefined
    return moved(text, columnOf(source.text, start), indent)
  }
}

const isIgnore = (comment: string): boolean => /^(?:\/\/|\/\*)\s*prettier-ignore\b/.test(comment)

/** Nothing but the documentation of the statement stands between. */
const isBlank = (text: string): boolean => text.replace(/^\s*\/\/\/.*$/gm, '').trim() === ''

const isBlock = (statement: Statement): boolean =>
  statement.kind === 'model' ||
  statement.kind === 'recur' ||
  (statement.kind === 'function' && !statement.short)

const columnOf = (text: string, offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1)

/** All lines by as much as the first. */
function moved(text: string, from: number, indent: string): string[] {
  const by = indent.length - from
  return text.split(/\r\n?|\n/).map((line, at) => {
    const content = line.trim()
    if (at === 0) return indent + content
    const column = line.length - line.trimStart().length
    return content === '' ? '' : ' '.repeat(Math.max(0, column + by)) + content
  })
}
