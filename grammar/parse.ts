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

/** Parses a text that is one expression, over as many lines as it likes; undefined after a mistake. */
export function parseExpression(source: Source, diagnostics: Diagnostics): Expression | undefined {
  const lexed = lex(source)
  const assembler = new Assembler(source, true)
  if (lexed.tokens.length === 0) assembler.report(messages.emptyExpression(), 0, source.text.length)
  new Layout(source, lexed.tokens, assembler, true).run(lexed.openComment !== undefined)
  const found = [...assembler.diagnostics, ...openComment(source, lexed)]
  addInOrder(found, diagnostics)
  return found.length === 0 ? assembler.expression : undefined
}
