import { positionOf, type Source } from '../src/base/source.js'
import { CLOSERS } from './balance.js'
import type { LayoutSink } from './layout-brackets.js'
import { WordLayout } from './layout-words.js'
import { messages } from './messages.js'
import * as t from './tokens.js'
import * as words from './words.js'

const EXPRESSION_WORDS = new Set([t.Loss, t.Return, t.Assume, t.Recur])
/** Declarations that never stand in a block. */
const TOP_LEVEL_WORDS = new Set([t.Import, t.Export, t.Model, t.Optimizer, t.Derivative, t.Const])

const CONTINUES_AFTER = new Set([t.Equals, t.Tilde, t.Comma, t.Colon, t.Dot, t.If, t.Then, t.Else])
// prettier-ignore
const CONTINUES_BEFORE = new Set([
  t.Equals, t.Tilde, t.Comma, t.Colon, t.RightParen, t.RightBracket, t.LeftBrace, t.Foreign,
])
const CONTINUING_WORDS = new Set(['then', 'else', 'and', 'or'])

function isOperator(type: t.Token['tokenType']): boolean {
  const categories = type.CATEGORIES
  return categories !== undefined && categories.length > 0
}

/**
 * One loop over the tokens: finds where statements end, tells words from names, puts in the product of `3x`,
 * matches brackets, and repairs the mistakes that it can name. Needs no stack of its own but open brackets.
 */
export class Layout extends WordLayout {
  private skipsLine = false

  constructor(
    private readonly source: Source,
    tokens: readonly t.Token[],
    sink: LayoutSink,
    expressionOnly = false,
  ) {
    super(tokens, sink, expressionOnly)
  }

  run(truncatedByComment: boolean): void {
    for (this.at = 0; this.at < this.tokens.length; this.at++) this.step(this.tokens[this.at])
    this.finish(truncatedByComment)
  }

  private step(token: t.Token): void {
    if (token.breakBefore) {
      this.line++
      this.lineIndent = positionOf(this.source, token.startOffset).column
      this.startLine(token)
    }
    if (this.skipsLine) {
      if (token.tokenType !== t.LeftBrace && token.tokenType !== t.RightBrace) return
      this.skipsLine = false
    }
    if (!this.statement.first || this.statement.wordMayFollow) {
      if (!this.startStatement(token)) return
    }
    this.place(token)
  }

  private startLine(token: t.Token): void {
    if (this.skipsLine) {
      this.skipsLine = false
      this.endStatement()
    } else if (this.statement.first && !this.expressionOnly) {
      if (!this.endsBefore(token)) return
      this.closeBrackets()
      this.endStatement()
    }
    this.closeDedentedBlocks(token)
  }

  /** Whether the current statement ends before a token that begins a line. */
  private endsBefore(token: t.Token): boolean {
    const { brackets, indent } = this.statement
    const previous = this.previous?.tokenType ?? t.End
    if (brackets.length === 0) {
      if (words.surelyStarts(this.tokens, this.at)) return true
      if (CONTINUES_AFTER.has(previous) || isOperator(previous)) return false
      const type = token.tokenType
      return !(CONTINUES_BEFORE.has(type) || isOperator(type) || CONTINUING_WORDS.has(token.image))
    }
    if (!this.balance.balanced && this.lineIndent <= indent && words.probablyStarts(this.tokens, this.at))
      return true
    if (previous === t.Comma || CLOSERS.has(previous)) return false
    return words.surelyStarts(this.tokens, this.at)
  }

  /** Where braces do not balance, a block ends before a line that stands no deeper than its header. */
  private closeDedentedBlocks(token: t.Token): void {
    for (let block = this.blocks.at(-1); block; block = this.blocks.at(-1)) {
      const indent = block.header.indent
      block.indented ??= this.lineIndent > indent
      if (this.balance.openBraces === 0) return
      const ends =
        token.tokenType === t.RightBrace
          ? block.indented && this.lineIndent < indent
          : block.indented
            ? this.lineIndent <= indent
            : this.isTopLevelWord()
      if (!ends) return
      this.closeBlock(new t.Token(t.RightBrace, '', this.previousEnd(), this.previousEnd()), true)
    }
  }

  private isTopLevelWord(): boolean {
    const type = words.statementWord(this.tokens, this.at)
    return type !== undefined && TOP_LEVEL_WORDS.has(type)
  }

  /** Gives the first word of a statement its kind; false if the token is used up. */
  private startStatement(token: t.Token): boolean {
    const { statement } = this
    const closes = token.tokenType === t.RightBrace
    if (token.tokenType === t.Semicolon || closes) return true
    const isFirst = !statement.first
    statement.wordMayFollow = false
    statement.first ??= token
    if (isFirst) statement.indent = this.lineIndent
    if (this.expressionOnly) {
      statement.inExpression = true
      return true
    }
    const block = this.blocks.at(-1)
    if (block) block.indented ??= true
    if (token.tokenType !== t.Name) return true
    if (words.isLet(this.tokens, this.at)) {
      this.report(messages.noLet(token.image), token)
      this.tokens[this.at + 1].doc ??= token.doc
      statement.wordMayFollow = true
      return false
    }
    if (words.isLoop(this.tokens, this.at)) {
      this.report(messages.noLoop(), token)
      this.sink.token(token)
      this.previous = token
      this.skipsLine = true
      return false
    }
    let type = words.statementWord(this.tokens, this.at)
    if (!type) {
      const meant = words.meantWord(this.tokens, this.at)
      type = meant === undefined ? undefined : t.statementWords.get(meant)
      if (meant !== undefined) this.report(messages.unknownWord(token.image, meant), token)
    }
    if (!type) {
      if (words.isBareFunction(this.tokens, this.at)) {
        this.report(messages.functionWithoutWord(token.image), token)
        const inserted = new t.Token(t.Fn, '', token.startOffset, token.startOffset)
        inserted.doc = token.doc
        this.emit(inserted)
        statement.word = t.Fn
      }
      return true
    }
    token.retag(type)
    statement.word = type
    statement.wordMayFollow = type === t.Export
    statement.inExpression = EXPRESSION_WORDS.has(type)
    this.emit(token)
    return false
  }

  private place(token: t.Token): void {
    switch (token.tokenType) {
      case t.Name:
      case t.SymbolName:
        return this.placeWord(token)
      case t.NumberToken:
        this.checkAdjacent(token)
        return this.emit(token, true)
      case t.SingleString:
        token.retag(t.DoubleString)
        return this.emit(token)
      case t.OpenString:
        this.report(messages.unclosedString(), token)
        return token.image.length > 1 && this.statement.word === t.Import
          ? (token.retag(t.DoubleString), this.emit(token))
          : undefined
      case t.Transpose:
      case t.Superscript:
        return this.emit(token, true)
      case t.Foreign:
        return this.placeForeign(token)
      case t.Unknown:
        return this.report(messages.unexpectedCharacter(token.image), token)
      case t.Equals:
        return this.placeEquals(token)
      case t.Tilde:
        if (this.depth === 0) this.statement.inExpression = true
        return this.emit(token)
      case t.Comma: {
        const next = this.tokens[this.at + 1]
        const trailing = next?.breakBefore && [t.RightParen, t.RightBracket].includes(next.tokenType)
        return trailing ? undefined : this.emit(token)
      }
      case t.Semicolon:
        if (this.expressionOnly) return this.report(messages.unexpectedCharacter(token.image), token)
        this.closeBrackets()
        return this.endStatement()
      case t.LeftParen:
        this.checkAdjacent(token)
        return this.openBracket(token)
      case t.LeftBracket:
        return this.openBracket(token)
      case t.RightParen:
      case t.RightBracket:
        return this.closeBracket(token)
      case t.LeftBrace:
        return this.openBrace(token)
      case t.RightBrace:
        return this.closeBrace(token)
      default:
        return this.emit(token)
    }
  }

  /** At the end of the file: one message for all that is still open, the innermost. */
  private finish(truncatedByComment: boolean): void {
    const openBracket = this.depth > 0
    this.closeBrackets()
    const last = this.blocks.at(-1)
    const silent = openBracket || truncatedByComment
    if (last && this.statement.first && !silent)
      this.report(messages.unclosed(last.opener.image), last.opener)
    let reported = silent || (last !== undefined && this.statement.first !== undefined)
    if (last) this.endStatement()
    while (this.blocks.length > 0) {
      this.closeBlock(new t.Token(t.RightBrace, '', this.previousEnd(), this.previousEnd()), !reported)
      reported = true
    }
    this.endStatement()
  }
}
