import type { Expression, File } from './ast.js'
import type { Diagnostic, Diagnostics } from '../src/base/diagnostic.js'
import { error } from '../src/base/messages.js'
import type { Source } from '../src/base/source.js'
import { Assembler } from './assemble.js'
import { Layout } from './layout.js'
import { lex, type Lexed, type Part } from './lexer.js'
import { messages } from './messages.js'

function openComment(source: Source, lexed: Lexed): Diagnostic[] {
  const token = lexed.openComment
  if (!token) return []
  return [error(messages.unclosedComment(), { source, start: token.startOffset, end: token.end })]
}

function addInOrder(found: Diagnostic[], diagnostics: Diagnostics): void {
  const start = (diagnostic: Diagnostic) => diagnostic.span?.start ?? 0
  for (const diagnostic of found.sort((a, b) => start(a) - start(b))) diagnostics.add(diagnostic)
}

/**
 * Parses a file, or whole statements of it. Never throws, whatever the text: mistakes become diagnostics, one for each statement, and
 * what can be understood is in the result. There, a name without letters stands for a missing operand; its
 * mistake is already reported.
 */
export function parseFile(
  source: Source,
  diagnostics: Diagnostics,
  part: Part = { start: 0, end: source.text.length },
): File {
  const lexed = lex(source, part)
  const assembler = new Assembler(source)
  new Layout(source, lexed.tokens, assembler).run(lexed.openComment !== undefined)
  addInOrder([...assembler.diagnostics, ...openComment(source, lexed)], diagnostics)
  return {
    statements: assembler.statements,
    comments: lexed.comments,
    span: { source, ...part },
  }
}

/** Parses a text, or a part of it, that is one expression, over as many lines as it likes; undefined after a mistake. */
export function parseExpression(
  source: Source,
  diagnostics: Diagnostics,
  part: Part = { start: 0, end: source.text.length },
): Expression | undefined {
  const lexed = lex(source, part)
  const assembler = new Assembler(source, true)
  if (lexed.tokens.length === 0) assembler.report(messages.emptyExpression(), part.start, part.end)
  new Layout(source, lexed.tokens, assembler, true).run(lexed.openComment !== undefined)
  const found = [...assembler.diagnostics, ...openComment(source, lexed)]
  addInOrder(found, diagnostics)
  return found.length === 0 ? assembler.expression : undefined
}

/** A name for a part of an expression. */
export interface NamedPart {
  readonly name: string
  readonly value: Expression
}

export interface DefinedExpression {
  /** Each may read those before it. */
  readonly parts: readonly NamedPart[]
  readonly expression: Expression
}

const NAMED_PART = /[^\S\n]*([\p{L}_][\p{L}\p{N}\p{M}_]*)[^\S\n]*=(?!=)([^\n]*)(?:\n\s*|$)/guy

/** Parses an expression as large ones are printed: lines such as `t1 = x + 1`, and what reads them last; undefined after a mistake. */
export function parseDefinedExpression(
  source: Source,
  diagnostics: Diagnostics,
): DefinedExpression | undefined {
  const parts: NamedPart[] = []
  let start = 0
  const lines = [...source.text.matchAll(NAMED_PART)]
  // Of an equation alone no value is asked for.
  const last = lines.at(-1)
  const isDefined = last !== undefined && last.index + last[0].length < source.text.length
  for (const match of isDefined ? lines : []) {
    const [line, name, value] = match
    const from = match.index + line.indexOf('=') + 1
    const part = parseExpression(source, diagnostics, { start: from, end: from + value.length })
    if (part) parts.push({ name: name.normalize('NFKC'), value: part })
    start = match.index + line.length
  }
  const expression = parseExpression(source, diagnostics, { start, end: source.text.length })
  return expression && !diagnostics.hasErrors ? { parts, expression } : undefined
}
