/** Every token of a text with what it is: what editors colour. */
import type { Statement } from '../../../grammar/ast.js'
import { lex } from '../../../grammar/lexer.js'
import { reductionOf } from '../../../grammar/reductions.js'
import * as t from '../../../grammar/tokens.js'
import { everyStatement } from '../../check/syntax.js'
import type { ProjectFile } from './project.js'

export type TokenClass = 'keyword' | 'reduction' | 'number' | 'string' | 'comment' | 'operator' | 'name'

export interface Classified {
  readonly start: number
  readonly end: number
  readonly class: TokenClass
}

const COMMENT = /\/\/[^\r\n]*|\/\*[^]*?(?:\*\/|$)/g
const PUNCTUATION: ReadonlySet<t.Token['tokenType']> = new Set([
  t.Comma, t.Colon, t.Semicolon, t.LeftParen, t.RightParen, t.LeftBracket, t.RightBracket, t.LeftBrace, t.RightBrace, t.Dot,
]) // prettier-ignore

/** Punctuation is left out. */
export function classify({ text, syntax }: Pick<ProjectFile, 'text' | 'syntax'>): Classified[] {
  const { tokens } = lex(syntax.span.source)
  const words = statementWords(syntax.statements, tokens)
  const found: Classified[] = []
  let at = 0
  const comments = (until: number): void => {
    for (const { index, 0: comment } of text.slice(at, until).matchAll(COMMENT))
      found.push({ start: at + index, end: at + index + comment.length, class: 'comment' })
  }
  for (const token of tokens) {
    const { startOffset: start, end } = token
    comments(start)
    at = end
    const kind = words.has(start) ? 'keyword' : classOf(token)
    if (kind) found.push({ start, end, class: kind })
  }
  comments(text.length)
  return found
}

function classOf({ tokenType, image }: t.Token): TokenClass | undefined {
  switch (tokenType) {
    case t.Name:
    case t.SymbolName:
      if (t.reservedWords.has(image)) return 'keyword'
      return reductionOf(image) ? 'reduction' : 'name'
    case t.NumberToken:
      return 'number'
    case t.DoubleString:
    case t.SingleString:
    case t.OpenString:
      return 'string'
    default:
      return PUNCTUATION.has(tokenType) ? undefined : 'operator'
  }
}

/** Where words stand that are words only there. */
function statementWords(statements: readonly Statement[], tokens: readonly t.Token[]): ReadonlySet<number> {
  const byStart = new Map(tokens.map((token, at) => [token.startOffset, at]))
  const words = new Set<number>()
  for (const statement of everyStatement(statements)) {
    const first = byStart.get(statement.span.start)
    if (first === undefined || !t.statementWords.has(tokens[first].image) || statement.kind === 'definition')
      continue
    words.add(tokens[first].startOffset)
    if (tokens[first].image === 'export' && tokens[first + 1]) words.add(tokens[first + 1].startOffset)
    for (const span of innerWords(statement, tokens, first)) words.add(span)
  }
  return words
}

/** `of`, `by`, `given`, `from` and `as`. */
function innerWords(statement: Statement, tokens: readonly t.Token[], first: number): number[] {
  if (statement.kind !== 'derivative' && statement.kind !== 'import') return []
  const wanted = statement.kind === 'derivative' ? ['of', 'by', 'given'] : ['from', 'as']
  const names =
    statement.kind === 'import'
      ? statement.names.flatMap(({ name, as }) => [name, ...(as ? [as] : [])])
      : [
          statement.signature.name,
          ...statement.signature.parameters.map(({ name }) => name),
          statement.by,
          statement.given,
        ]
  const taken = new Set(names.flatMap((name) => (name ? [name.span.start] : [])))
  const end =
    statement.kind === 'import' ? statement.span.end : (statement.values[0]?.span.start ?? statement.span.end)
  const found: number[] = []
  for (let at = first + 1; at < tokens.length && tokens[at].startOffset < end; at++)
    if (wanted.includes(tokens[at].image) && !taken.has(tokens[at].startOffset))
      found.push(tokens[at].startOffset)
  return found
}
