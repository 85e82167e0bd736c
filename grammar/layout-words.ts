import { editDistance } from '../src/base/suggest.js'
import { isName, normaliseName, STRANGE_NUMBER } from './characters.js'
import { BracketLayout } from './layout-brackets.js'
import { messages } from './messages.js'
import { reductionOf } from './reductions.js'
import * as t from './tokens.js'
import * as words from './words.js'

// prettier-ignore
const FOREIGN_MEANING: Record<string, t.Token['tokenType'] | undefined> = {
  '**': t.Power, '.^': t.Power, '&&': t.And, '&': t.And, '||': t.Or, '|': t.Or, '!': t.Not,
  '===': t.EqualEqual, '!==': t.NotEqual, '%': t.Divide, '.*': t.Times, './': t.Divide,
}
const FOREIGN_ASSIGNMENTS = new Set(['+=', '-=', '*=', '/=', '^=', '**=', ':=', '=>', '->'])

/**
 * The part of the layout pass that tells words from names, puts in the product of `3x`, and names operators
 * and words that are written otherwise here.
 */
export abstract class WordLayout extends BracketLayout {
  protected placeWord(token: t.Token): void {
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

  protected placeForeign(token: t.Token): void {
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

  protected placeEquals(token: t.Token): void {
    if (this.depth === 0 && this.statement.inExpression) {
      this.report(messages.equalsCompares(), token)
      token.retag(t.EqualEqual)
    } else if (this.depth === 0) this.statement.inExpression = true
    this.emit(token)
  }

  /** Two operands side by side: the product of `3x`, or a mistake. */
  protected checkAdjacent(token: t.Token): void {
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
    if (implicit && STRANGE_NUMBER.test(previous.image + token.image)) {
      this.report(messages.strangeNumber(previous.image + token.image), token)
    }
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
}
