import type { Message } from '../src/base/messages.js'
import { balanceOf, CLOSERS, type Balance } from './balance.js'
import { messages } from './messages.js'
import * as t from './tokens.js'

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

export interface Bracket {
  readonly opener: t.Token
  readonly closer: t.Token['tokenType']
  /** The brackets of `sum[i]`: an operand follows, none has ended. */
  readonly ofReduction: boolean
  thensMissing: number
  elsesMissing: number
}

export interface StatementState {
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

export interface BlockState {
  readonly opener: t.Token
  readonly header: StatementState
  /** The line of the opener, counted in lines that hold tokens. */
  readonly line: number
  /** Whether its contents stand deeper than its header; unknown before the first line. */
  indented: boolean | undefined
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
 * The part of the layout pass that matches brackets and repairs them: the closer that is missing, stray or
 * wrong. Holds what is known of the current statement and of the blocks around it.
 */
export abstract class BracketLayout {
  protected readonly blocks: BlockState[] = []
  protected statement = newStatement()
  protected readonly balance: Balance
  protected previous: t.Token | undefined
  protected operandEnded = false
  /** The column at which the current line begins. */
  protected lineIndent = 1
  protected line = 0
  /** `if` … `then` … `else` that are still open outside all brackets. */
  protected outside = { thensMissing: 0, elsesMissing: 0 }
  protected at = 0

  constructor(
    protected readonly tokens: readonly t.Token[],
    protected readonly sink: LayoutSink,
    /** The whole text is one expression. */
    protected readonly expressionOnly: boolean,
  ) {
    this.balance = balanceOf(tokens)
  }

  protected get depth(): number {
    return this.statement.brackets.length
  }

  protected openBracket(token: t.Token): void {
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

  protected closeBracket(token: t.Token): void {
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
  protected popBracket(token?: t.Token): void {
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
  protected closeBrackets(): void {
    const top = this.statement.brackets.at(-1)
    if (!top) return
    this.report(messages.unclosed(top.opener.image), top.opener)
    while (this.depth > 0) this.popBracket()
  }

  protected openBrace(token: t.Token): void {
    if (this.expressionOnly) return this.report(messages.unexpectedCharacter(token.image), token)
    if (this.previous?.tokenType === t.Import && this.statement.word === t.Import)
      return this.openBracket(token)
    const { inExpression, word } = this.statement
    if (inExpression && word !== t.Recur && this.balance.openBraces > 0) {
      return this.report(messages.unexpectedCharacter(token.image), token)
    }
    this.closeBrackets()
    this.sink.openBlock(token)
    this.blocks.push({ opener: token, header: this.statement, line: this.line, indented: undefined })
    this.statement = newStatement()
    this.previous = token
    this.operandEnded = false
  }

  protected closeBrace(token: t.Token): void {
    const { brackets } = this.statement
    if (brackets[0]?.closer === t.RightBrace) {
      while (brackets.length > 1) this.closeBracketOf(brackets.length - 1)
      return this.popBracket(token)
    }
    const block = this.blocks.at(-1)
    if (!block || (this.balance.strayBraces > 0 && this.isStray(token, block))) {
      const top = brackets.at(-1)
      if (top && !token.breakBefore && this.balancesAsCloserOf(this.depth - 1)) {
        this.report(messages.wrongCloser(top.closer.name, token.image), token)
        return this.popBracket(token)
      }
      this.report(messages.strayCloser(token.image), token)
      if (!this.statement.first) this.sink.endStatement(token.end)
      return
    }
    this.closeBrackets()
    this.closeBlock(token, false)
  }

  /** Where there is a brace too many: whether it is this one, by its place. */
  private isStray(token: t.Token, block: BlockState): boolean {
    if (token.breakBefore) return block.indented === true && this.lineIndent > block.header.indent
    if (this.depth > 0) return true
    const endsLine = this.tokens[this.at + 1]?.breakBefore ?? true
    return !endsLine && block.line !== this.line
  }

  private closeBracketOf(index: number): void {
    const { opener } = this.statement.brackets[index]
    this.report(messages.unclosed(opener.image), opener)
    this.popBracket()
  }

  protected closeBlock(token: t.Token, missing: boolean): void {
    this.endStatement()
    const block = this.blocks.pop()
    if (!block) return
    this.sink.closeBlock(token)
    this.statement = block.header
    if (missing) this.report(messages.unclosed(block.opener.image), block.opener)
    this.previous = token
    this.endStatement()
  }

  protected endStatement(): void {
    if (this.statement.first) this.sink.endStatement(this.previous?.end ?? this.statement.first.startOffset)
    this.statement = newStatement()
    this.outside = { thensMissing: 0, elsesMissing: 0 }
    this.operandEnded = false
  }

  protected emit(token: t.Token, endsOperand = false): void {
    this.sink.token(token)
    this.previous = token
    this.operandEnded = endsOperand
  }

  protected previousEnd(): number {
    return this.previous?.end ?? 0
  }

  protected report(message: Message, token: t.Token): void {
    this.sink.report(message, token.startOffset, token.end)
  }
}
