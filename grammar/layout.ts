import { positionOf, type Source } from '../src/base/source.js'
import type { Message } from '../src/base/messages.js'
import { editDistance } from '../src/base/suggest.js'
import { balanceOf, type Balance } from './balance.js'
import { isName, normaliseName } from './characters.js'
import { messages } from './messages.js'
import { reductionOf } from './reductions.js'
import * as t from './tokens.js'
import * as words from './words.js'

/** What the layout pass hands its result to, piece by piece. */
export interface LayoutSink {
  token(token: t.Token): void
  open(token: t.Token): void
  close(token: t.Token): void
  openBlock(brace: t.Token): void
  closeBlock(brace: t.Token): void
  endStatement(end: number): void
  /** Reports a mistake in the current statement; only its first one is kept. */
  report(message: Message, start: number, end: number): void
}

interface Bracket {
  readonly opener: t.Token
  readonly closer: t.Token['tokenType']
  /** The brackets of `sum[i]`: an operand follows, none has ended. */
  readonly ofReduction: boolean
  thensMissing: number
  elsesMissing: number
}

interface StatementState {
  first: t.Token | undefined
  indent: number
  word: t.Token['tokenType'] | undefined
  /** After `export`, a second word may follow. */
  wordMayFollow: boolean
  /** Behind the `=`, or in a statement that is nothing but an expression. */
  inExpression: boolean
  readonly brackets: Bracket[]
  /** How many of `brackets` are `(`; the others are `[`, or the `{` of an import. */
  parens: number
}

interface BlockState {
  readonly opener: t.Token
  readonly header: StatementState
  /** Whether its contents stand deeper than its header; unknown before the first line. */
  indented: boolean | undefined
}

const CLOSERS = new Map([
  [t.LeftParen, t.RightParen],
  [t.LeftBracket, t.RightBracket],
  [t.LeftBrace, t.RightBrace],
])

const EXPRESSION_WORDS = new Set([t.Loss, t.Return, t.Assume, t.Recur])
/** Declarations that never stand in a block. */
const TOP_LEVEL_WORDS = new Set([t.Import, t.Export, t.Model, t.Optimizer, t.Derivative, t.Const])

const CONTINUES_AFTER = new Set([t.Equals, t.Tilde, t.Comma, t.Colon, t.Dot, t.If, t.Then, t.Else])
// prettier-ignore
const CONTINUES_BEFORE = new Set([
  t.Equals, t.Tilde, t.Comma, t.Colon, t.RightParen, t.RightBracket, t.LeftBrace, t.Foreign,
])
const CONTINUING_WORDS = new Set(['then', 'else', 'and', 'or'])

// prettier-ignore
const FOREIGN_MEANING: Record<string, t.Token['tokenType'] | undefined> = {
  '**': t.Power, '.^': t.Power, '&&': t.And, '&': t.And, '||': t.Or, '|': t.Or, '!': t.Not,
  '===': t.EqualEqual, '!==': t.NotEqual, '%': t.Divide, '.*': t.Times, './': t.Divide,
}
const FOREIGN_ASSIGNMENTS = new Set(['+=', '-=', '*=', '/=', '^=', '**=', ':=', '=>', '->'])

function isOperator(type: t.Token['tokenType']): boolean {
  const categories = type.CATEGORIES
  return categories !== undefined && categories.length > 0
}

function newStatement(): StatementState {
  return {
    first: undefined,
    indent: 1,
    word: undefined,
    wordMayFollow: false,
    inExpression: false,
    brackets: [],
    parens: 0,
  }
}

/**
 * One loop over the tokens: finds where statements end, tells words from names, puts in the product of `3x`,
 * matches brackets, and repairs the mistakes that it can name. Needs no stack of its own but open brackets.
 */
export class Layout {
  private readonly blocks: BlockState[] = []
  private statement = newStatement()
  private readonly balance: Balance
  private previous: t.Token | undefined
  private operandEnded = false
  private lineIndent = 1
  /** `if` … `then` … `else` that are still open outside all brackets. */
  private outside = { thensMissing: 0, elsesMissing: 0 }
  private skipsLine = false
  private at = 0

  constructor(
    private readonly source: Source,
    private readonly tokens: readonly t.Token[],
    private readonly sink: LayoutSink,
    /** The whole text is one expression. */
    private readonly expressionOnly = false,
  ) {
    this.balance = balanceOf(tokens)
  }

  run(truncatedByComment: boolean): void {
    for (this.at = 0; this.at < this.tokens.length; this.at++) this.step(this.tokens[this.at])
    this.finish(truncatedByComment)
  }

  private step(token: t.Token): void {
    if (token.breakBefore) {
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

  // ── Lines and statements ─────────────────────────────────────────────────────────────────────────────────

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

  private endStatement(): void {
    if (this.statement.first) this.sink.endStatement(this.previous?.end ?? this.statement.first.startOffset)
    this.statement = newStatement()
    this.outside = { thensMissing: 0, elsesMissing: 0 }
    this.operandEnded = false
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

  // ── Tokens ───────────────────────────────────────────────────────────────────────────────────────────────

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

  private placeWord(token: t.Token): void {
    const { image } = token
    const reserved = t.reservedWords.get(image)
    if (reserved) return this.placeReserved(token, reserved)
    const contextual = this.contextualWord(token)
    if (contextual) {
      token.retag(contextual)
      return this.emit(token)
    }
    if (this.mendConditional(token)) return
    this.checkAdjacent(token)
    if (reductionOf(image)) return this.placeReduction(token)
    if (image === '∂' && this.tokens[this.at + 1]?.tokenType !== t.LeftParen)
      this.report(messages.partialWithoutParens(), token)
    const name = normaliseName(image)
    if (image !== name && !isName(name)) this.report(messages.strangeName(image), token)
    token.retag(t.Name)
    this.emit(token, true)
  }

  private placeReserved(token: t.Token, type: t.Token['tokenType']): void {
    const level = this.statement.brackets.at(-1) ?? this.outside
    const next = this.tokens[this.at + 1]
    if (next?.tokenType === t.Equals && this.depth === 0 && !this.statement.inExpression) {
      this.report(messages.reservedName(token.image), token)
      return this.emit(token, true)
    }
    token.retag(type)
    if (type === t.If && !this.operandEnded) level.thensMissing++
    if (type === t.Then) {
      level.thensMissing--
      level.elsesMissing++
    }
    if (type === t.Else) level.elsesMissing--
    this.emit(token)
  }

  private placeReduction(token: t.Token): void {
    const next = this.tokens[this.at + 1]?.tokenType
    const { statement } = this
    const defines = this.depth === 0 && !statement.inExpression && this.definesAt(token)
    if (next === t.LeftBracket && !defines) {
      token.retag(t.Reduction)
      return this.emit(token)
    }
    if (next === t.LeftParen && !defines) {
      token.retag(t.ReductionCall)
      return this.emit(token, true)
    }
    this.report(messages.reservedReduction(token.image), token)
    token.retag(t.Name)
    this.emit(token, true)
  }

  /** Whether a word before the `=` is what the statement defines. */
  private definesAt(token: t.Token): boolean {
    const { first, word } = this.statement
    if (word !== undefined && this.previous?.tokenType === word) return true
    if (first !== token) return false
    const behind = this.tokens[words.behindBrackets(this.tokens, this.at + 1)]?.tokenType
    return behind === t.Equals || behind === t.Colon || behind === t.LeftBrace
  }

  /** `of by given` of a derivative rule, `as from` of an import. */
  private contextualWord(token: t.Token): t.Token['tokenType'] | undefined {
    const previous = this.previous?.tokenType
    const { word, inExpression } = this.statement
    if (word === t.Import) {
      if (this.depth > 0) return token.image === 'as' && previous === t.Name ? t.As : undefined
      return token.image === 'from' ? t.From : undefined
    }
    if (word !== t.Derivative || this.depth > 0 || inExpression) return undefined
    if (token.image === 'of' && previous === t.Derivative) return t.Of
    if (token.image === 'by' && previous === t.RightParen) return t.By
    const mayBeGiven = previous === t.RightParen || previous === t.Name
    return token.image === 'given' && mayBeGiven ? t.Given : undefined
  }

  /** Reads `than` as `then`, and `elif` as `else if`, where that word is due. */
  private mendConditional(token: t.Token): boolean {
    const level = this.statement.brackets.at(-1) ?? this.outside
    if (!this.operandEnded || !this.previous || token.image.length < 3) return false
    const near = (word: string) => editDistance(token.image, word, 1) === 1
    if (level.thensMissing > 0 && near('then')) {
      this.report(messages.expected("'then'", this.previous.image, token.image), token)
      this.placeReserved(token, t.Then)
      return true
    }
    if (level.elsesMissing > 0 && (near('else') || /^el(?:se)?if$/.test(token.image))) {
      this.report(messages.expected("'else'", this.previous.image, token.image), token)
      this.placeReserved(token, t.Else)
      if (token.image.endsWith('if')) this.placeReserved(new t.Token(t.If, 'if', token.end, token.end), t.If)
      return true
    }
    return false
  }

  private placeForeign(token: t.Token): void {
    this.report(messages.foreignOperator(token.image), token)
    const meaning = FOREIGN_MEANING[token.image]
    if (meaning) {
      token.retag(meaning)
      return this.emit(token)
    }
    if (!FOREIGN_ASSIGNMENTS.has(token.image) || this.statement.inExpression) return
    token.retag(t.Equals)
    this.placeEquals(token)
  }

  private placeEquals(token: t.Token): void {
    if (this.depth === 0 && this.statement.inExpression) {
      this.report(messages.equalsCompares(), token)
      token.retag(t.EqualEqual)
    } else if (this.depth === 0) this.statement.inExpression = true
    this.emit(token)
  }

  /** Two operands side by side: the product of `3x`, or a mistake. */
  private checkAdjacent(token: t.Token): void {
    const { previous } = this
    if (!this.operandEnded || !previous) return
    const afterNumber = previous.tokenType === t.NumberToken
    if (token.tokenType === t.LeftParen) {
      // After anything else `(` is a call.
      if (!afterNumber && previous.tokenType !== t.RightParen) return
      const callsGroup = !afterNumber && (this.depth > 0 || this.statement.inExpression)
      if (!afterNumber && !callsGroup) return
    } else if (this.depth === 0 && !this.statement.inExpression && !afterNumber) return
    if (this.statement.word === t.Import) return
    const implicit = afterNumber && !token.spaceBefore && token.tokenType !== t.NumberToken
    if (!implicit) {
      const isProduct = afterNumber && token.tokenType !== t.NumberToken
      this.report(
        isProduct
          ? messages.adjacentProduct(previous.image, token.image)
          : token.tokenType === t.LeftParen
            ? messages.adjacentParens()
            : messages.adjacent(previous.image, token.image),
        token,
      )
    }
    this.emit(new t.Token(t.ImplicitTimes, '', token.startOffset, token.startOffset))
  }

  private emit(token: t.Token, endsOperand = false): void {
    this.sink.token(token)
    this.previous = token
    this.operandEnded = endsOperand
  }

  // ── Brackets ─────────────────────────────────────────────────────────────────────────────────────────────

  private get depth(): number {
    return this.statement.brackets.length
  }

  private openBracket(token: t.Token): void {
    const closer = CLOSERS.get(token.tokenType)
    if (!closer) return
    const ofReduction = this.previous?.tokenType === t.Reduction
    this.statement.brackets.push({ opener: token, closer, ofReduction, thensMissing: 0, elsesMissing: 0 })
    if (token.tokenType === t.LeftParen) this.statement.parens++
    if (token.tokenType === t.LeftBrace) this.sink.token(token)
    else this.sink.open(token)
    this.previous = token
    this.operandEnded = false
  }

  private closeBracket(token: t.Token): void {
    const { brackets, parens } = this.statement
    const top = brackets.at(-1)
    if (!top) return this.report(messages.strayCloser(token.image), token)
    if (top.closer === token.tokenType) return this.popBracket(token)
    const matching = token.tokenType === t.RightParen ? parens : brackets.length - parens
    if (matching === 0 || this.balancesAsCloserOf(brackets.length - 1)) {
      this.report(messages.wrongCloser(top.closer.name, token.image), token)
      return this.popBracket(token)
    }
    this.report(messages.unclosed(top.opener.image), top.opener)
    while (brackets.length > 0 && brackets.at(-1)?.closer !== token.tokenType) this.popBracket()
    this.popBracket(token)
  }

  /** Whether the rest of the line balances if the current token closes the bracket at `top`. */
  private balancesAsCloserOf(top: number): boolean {
    let below = top - 1
    const { brackets } = this.statement
    const local: t.Token['tokenType'][] = []
    for (let i = this.at + 1; i < this.tokens.length && i < this.at + 200; i++) {
      const { tokenType: type, breakBefore } = this.tokens[i]
      if (breakBefore) break
      const closer = type === t.LeftBrace ? undefined : CLOSERS.get(type)
      if (closer) local.push(closer)
      else if (type === t.RightParen || type === t.RightBracket) {
        const expected = local.pop() ?? brackets[below--]?.closer
        if (expected !== type) return false
      }
    }
    return local.length === 0 && below < 0
  }

  /** Closes the innermost bracket with a token, or with one made up where it is missing. */
  private popBracket(token?: t.Token): void {
    const top = this.statement.brackets.pop()
    if (!top) return
    if (top.closer === t.RightParen) this.statement.parens--
    let closer = token
    if (!closer) closer = new t.Token(top.closer, '', this.previousEnd(), this.previousEnd())
    else if (closer.tokenType !== top.closer) closer.retag(top.closer)
    if (top.closer === t.RightBrace) this.sink.token(closer)
    else this.sink.close(closer)
    this.previous = closer
    this.operandEnded = !top.ofReduction
  }

  /** Closes all brackets of a statement that ends. */
  private closeBrackets(): void {
    const top = this.statement.brackets.at(-1)
    if (!top) return
    this.report(messages.unclosed(top.opener.image), top.opener)
    while (this.depth > 0) this.popBracket()
  }

  private openBrace(token: t.Token): void {
    if (this.expressionOnly) return this.report(messages.unexpectedCharacter(token.image), token)
    if (this.previous?.tokenType === t.Import && this.statement.word === t.Import)
      return this.openBracket(token)
    this.closeBrackets()
    this.sink.openBlock(token)
    this.blocks.push({ opener: token, header: this.statement, indented: undefined })
    this.statement = newStatement()
    this.previous = token
    this.operandEnded = false
  }

  private closeBrace(token: t.Token): void {
    const { brackets } = this.statement
    if (brackets[0]?.closer === t.RightBrace) {
      while (brackets.length > 1) this.closeBracketOf(brackets.length - 1)
      return this.popBracket(token)
    }
    const block = this.blocks.at(-1)
    const tooDeep =
      this.balance.strayBraces > 0 &&
      token.breakBefore &&
      block?.indented === true &&
      this.lineIndent > block.header.indent
    if (!block || tooDeep) {
      this.report(messages.strayCloser(token.image), token)
      if (!this.statement.first) this.sink.endStatement(token.end)
      return
    }
    this.closeBrackets()
    this.closeBlock(token, false)
  }

  private closeBracketOf(index: number): void {
    const { opener } = this.statement.brackets[index]
    this.report(messages.unclosed(opener.image), opener)
    this.popBracket()
  }

  private closeBlock(token: t.Token, missing: boolean): void {
    this.endStatement()
    const block = this.blocks.pop()
    if (!block) return
    this.sink.closeBlock(token)
    this.statement = block.header
    if (missing) this.report(messages.unclosed(block.opener.image), block.opener)
    this.previous = token
    this.endStatement()
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

  private previousEnd(): number {
    return this.previous?.end ?? 0
  }

  private report(message: Message, token: t.Token): void {
    this.sink.report(message, token.startOffset, token.end)
  }
}
