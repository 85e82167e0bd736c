import type { IRecognitionException } from 'chevrotain'
import type { Message } from '../src/base/messages.js'
import { messages } from './messages.js'
import * as t from './tokens.js'

const OPERAND_STARTS = new Set([t.Name, t.NumberToken, t.Reduction, t.ReductionCall, t.DoubleString])

function isBinary(type: t.Token['tokenType']): boolean {
  return type.CATEGORIES?.includes(t.BinaryOperator) ?? false
}

/** A token as a message shows it; brackets that were parsed on their own by their bracket. */
function shown(token: t.Token | undefined): string {
  switch (token?.tokenType) {
    case undefined:
    case t.End:
      return ''
    case t.NestedParens:
      return '('
    case t.NestedBrackets:
      return '['
    case t.Block:
      return '{'
    case t.ImplicitTimes:
      return '*'
    default:
      return token?.image || (token?.tokenType.name ?? '')
  }
}

/** How a token behind which something is missing is shown: by its end. */
function shownEnd(token: t.Token | undefined): string {
  switch (token?.tokenType) {
    case t.NestedParens:
      return ')'
    case t.NestedBrackets:
      return ']'
    case t.Block:
      return '}'
    default:
      return shown(token)
  }
}

export interface Explained {
  readonly message: Message
  readonly start: number
  readonly end: number
}

/** Says in words what the parser's first error in a statement means. */
export function explain(error: IRecognitionException, tokens: readonly t.Token[], text: string): Explained {
  const found = tokens.find((token) => token === error.token) ?? tokens[tokens.length - 1]
  const previous = tokens[tokens.indexOf(found) - 1]
  const message = wordsFor(error, found, previous, tokens, text)
  const isWhole = message.code === 'expression-statement'
  const [start, end] = isWhole
    ? [tokens[0].startOffset, tokens[tokens.length - 1].end]
    : [found.startOffset, found.end]
  return { message, start, end }
}

function wordsFor(
  error: IRecognitionException,
  found: t.Token,
  previous: t.Token | undefined,
  tokens: readonly t.Token[],
  text: string,
): Message {
  const expected = error.message
  const rules = error.context.ruleStack
  const rule = rules[rules.length - 1]
  const before = shownEnd(previous)
  const type = found.tokenType
  switch (rule) {
    case 'operand':
      if (type === t.If) return messages.nestedIf()
      return missingOperand(found, previous)
    case 'item':
    case 'nested':
      return missingOperand(found, previous)
    case 'type':
      return messages.missingShape()
    case 'functionBody':
      return messages.expected("'=' or '{'", before, shown(found))
    case 'declaration':
      if (expected === '')
        return messages.expected("'fn', 'model', 'optimizer' or 'const'", before, shown(found))
      break
    case 'statement':
      if (expected === '') return noStatement(tokens, text)
      break
  }
  switch (expected) {
    case 'else':
      return messages.missingElse()
    case 'Name':
      return messages.missingName(before)
    case 'Block':
      return messages.expected("'{'", before, shown(found))
    case 'String':
      return messages.expected('a file in quotes', before, shown(found))
    case '=':
      if (rule === 'definition') return noEquation(found, before, tokens, text)
      break
    case 'End':
    case ')':
    case ']':
      if (type === t.Equals) return messages.equalsCompares()
      if (type === t.If && rules.includes('plain')) return messages.nestedIf()
      return messages.unexpected(shown(found), before)
  }
  return expected === ''
    ? messages.unexpected(shown(found), before)
    : messages.expected(`'${expected}'`, before, shown(found))
}

function missingOperand(found: t.Token, previous: t.Token | undefined): Message {
  const type = found.tokenType
  if (isBinary(type)) return messages.missingOperandBefore(shown(found))
  const after = previous?.tokenType
  if (after === t.Equals || after === t.Tilde) return messages.missingRightSide(shownEnd(previous))
  if (!previous) return messages.unexpected(shown(found), '')
  return messages.missingOperandAfter(shownEnd(previous))
}

/** Says what is wrong with a statement that starts like none. */
export function explainStart(tokens: readonly t.Token[], text: string): Explained {
  const message = noStatement(tokens, text)
  const last = message.code === 'expression-statement' ? tokens.length - 1 : 0
  return { message, start: tokens[0].startOffset, end: tokens[last].end }
}

function noStatement(tokens: readonly t.Token[], text: string): Message {
  if (tokens.some((token) => token.tokenType === t.Equals)) {
    return messages.expected('a name', '', shown(tokens[0]))
  }
  return messages.expressionStatement(excerpt(tokens, text))
}

/** A name at the start of a line, and then no `=`. */
function noEquation(found: t.Token, before: string, tokens: readonly t.Token[], text: string): Message {
  if (OPERAND_STARTS.has(found.tokenType)) return messages.missingEquals(before)
  if (tokens.some((token) => token.tokenType === t.Equals)) {
    return messages.expected("'='", before, shown(found))
  }
  return messages.expressionStatement(excerpt(tokens, text))
}

/** The text of a statement, short enough for a message. */
function excerpt(tokens: readonly t.Token[], text: string): string {
  const whole = text.slice(tokens[0].startOffset, tokens[tokens.length - 1].end)
  const line = whole.split(/[\r\n]/, 1)[0].trimEnd()
  return line.length > 40 || line.length < whole.trimEnd().length ? line.slice(0, 40) + '…' : line
}
