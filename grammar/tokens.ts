import { createToken, Lexer, type CustomPatternMatcherFunc, type IToken, type TokenType } from 'chevrotain'
import type { Statement } from './ast.js'
import { followsOperand, nameAt } from './characters.js'
import type { Items } from './items.js'

/** A token with what the layout pass needs to know of its surroundings, or with an already parsed part. */
export class Token implements IToken {
  readonly image: string
  readonly startOffset: number
  /** Offset behind the last character; `endOffset`, which names the last one, is chevrotain's. */
  readonly end: number
  tokenTypeIdx: number
  tokenType: TokenType
  breakBefore = false
  spaceBefore = false
  /** Of an opening bracket: where among the tokens its closing one stands; -1 if there is none. */
  closedAt = -1
  /** The documentation that stands directly above. */
  doc: string | undefined
  /** The statements of a `Block`. */
  statements: readonly Statement[] | undefined
  /** The contents of brackets that were parsed on their own. */
  items: Items | undefined

  constructor(type: TokenType, image: string, start: number, end: number) {
    this.image = image
    this.startOffset = start
    this.end = end
    this.tokenType = type
    this.tokenTypeIdx = typeIndex(type)
  }

  get endOffset(): number {
    return this.end - 1
  }

  retag(type: TokenType): void {
    this.tokenType = type
    this.tokenTypeIdx = typeIndex(type)
  }
}

function typeIndex(type: TokenType): number {
  if (type.tokenTypeIdx === undefined) throw new Error(`token type ${type.name} is not registered`)
  return type.tokenTypeIdx
}

// chevrotain groups custom patterns by their first character, one code for each block of 64 suffices.
const ANYWHERE: number[] = []
for (let code = 0; code < 0x10000; code += code < 256 ? 1 : 64) ANYWHERE.push(code)
const LETTERS = ANYWHERE.filter((code) => code >= 128 || /[A-Za-z_]/.test(String.fromCharCode(code)))

/** chevrotain drops the flag `u` of a pattern, hence a function wherever `\p{…}` or surrogates matter. */
function custom(
  name: string,
  startCharacters: (string | number)[],
  match: (text: string, at: number) => string,
): TokenType {
  const exec: CustomPatternMatcherFunc = (text, at) => {
    const image = match(text, at)
    return image === '' ? null : [image]
  }
  return createToken({ name, pattern: { exec }, start_chars_hint: startCharacters, line_breaks: false })
}

// ── Categories ─────────────────────────────────────────────────────────────────────────────────────────────

export const BinaryOperator = createToken({ name: 'BinaryOperator', pattern: Lexer.NA })
export const PrefixOperator = createToken({ name: 'PrefixOperator', pattern: Lexer.NA })

// ── Space and comments ─────────────────────────────────────────────────────────────────────────────────────

export const LineBreak = createToken({ name: 'LineBreak', pattern: /\r\n?|\n/, line_breaks: true })
export const Space = custom(
  'Space',
  [' ', '\t', '\v', '\f', ...ANYWHERE.filter((code) => code > 127)],
  spaceAt,
)
export const DocComment = createToken({ name: 'DocComment', pattern: /\/\/\/(?!\/)[^\r\n]*/ })
export const LineComment = createToken({ name: 'LineComment', pattern: /\/\/[^\r\n]*/ })
export const BlockComment = custom('BlockComment', ['/'], (text, at) => {
  const end = text.startsWith('/*', at) ? text.indexOf('*/', at + 2) : -1
  return end < 0 ? '' : text.slice(at, end + 2)
})
export const OpenComment = custom('OpenComment', ['/'], (text, at) =>
  text.startsWith('/*', at) ? text.slice(at) : '',
)

const SPACE = /[^\S\r\n]+/y
function spaceAt(text: string, at: number): string {
  SPACE.lastIndex = at
  return SPACE.exec(text)?.[0] ?? ''
}

// ── Operands ───────────────────────────────────────────────────────────────────────────────────────────────

export const Name = custom('Name', LETTERS, nameAt)
/** `∂`, `∞`, `∑`, `∏`: names that are not letters. */
export const SymbolName = createToken({ name: 'SymbolName', pattern: /[∂∞∑∏]/ })
export const NumberToken = createToken({
  name: 'Number',
  pattern: /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/,
})
export const DoubleString = createToken({ name: 'String', pattern: /"[^"\r\n]*"/ })
export const OpenString = createToken({ name: 'OpenString', pattern: /["'][^\r\n]*/ })
export const SingleString = custom('SingleString', ["'"], (text, at) => {
  if (followsOperand(text, at)) return ''
  const end = text.indexOf("'", at + 1)
  const image = end < 0 ? '' : text.slice(at, end + 1)
  return /[\r\n]/.test(image) ? '' : image
})
export const Transpose = custom('Transpose', ["'", 'ᵀ'], (text, at) =>
  text[at] === 'ᵀ' || (text[at] === "'" && followsOperand(text, at)) ? text[at] : '',
)
export const Superscript = createToken({ name: 'Superscript', pattern: /⁻?[⁰¹²³⁴-⁹]+/ })

// ── Operators and punctuation ──────────────────────────────────────────────────────────────────────────────

const operator = (name: string, pattern: RegExp) =>
  createToken({ name, pattern, categories: [BinaryOperator] })
const sign = (name: string, pattern: RegExp) =>
  createToken({ name, pattern, categories: [BinaryOperator, PrefixOperator] })

export const LessEqual = operator('<=', /<=|≤/)
export const GreaterEqual = operator('>=', />=|≥/)
export const EqualEqual = operator('==', /==/)
export const NotEqual = operator('!=', /!=|≠/)
export const Less = operator('<', /</)
export const Greater = operator('>', />/)
export const Plus = sign('+', /\+/)
export const Minus = sign('-', /[-−]/)
export const Times = operator('*', /[*·×⊙∙⋅]/)
export const MatrixTimes = operator('@', /@/)
export const Divide = operator('/', /[/÷]/)
export const Power = operator('^', /\^/)
/** The product of `3x`, put in by the layout pass. */
export const ImplicitTimes = createToken({
  name: 'ImplicitTimes',
  pattern: Lexer.NA,
  categories: [BinaryOperator],
})
/** Operators of other languages, longest first. */
export const Foreign = createToken({
  name: 'Foreign',
  pattern: /===|!==|\*\*=|\*\*|&&|\|\||\+=|-=|\*=|\/=|\^=|=>|->|:=|\.\*|\.\/|\.\^|%|!(?!=)|&|\||\?|√/,
})

export const Equals = createToken({ name: '=', pattern: /=/ })
export const Tilde = createToken({ name: '~', pattern: /~/ })
export const Comma = createToken({ name: ',', pattern: /,/ })
export const Colon = createToken({ name: ':', pattern: /:/ })
export const Semicolon = createToken({ name: ';', pattern: /;/ })
export const DotDot = createToken({ name: '..', pattern: /\.\./ })
export const Dot = createToken({ name: '.', pattern: /\./ })
export const LeftParen = createToken({ name: '(', pattern: /\(/ })
export const RightParen = createToken({ name: ')', pattern: /\)/ })
export const LeftBracket = createToken({ name: '[', pattern: /\[/ })
export const RightBracket = createToken({ name: ']', pattern: /\]/ })
export const LeftBrace = createToken({ name: '{', pattern: /\{/ })
export const RightBrace = createToken({ name: '}', pattern: /\}/ })
/** Any character that starts nothing else, so that the lexer never fails. */
export const Unknown = custom('Unknown', ANYWHERE, (text, at) =>
  String.fromCodePoint(text.codePointAt(at) ?? 0),
)

// ── Words, which the layout pass tells apart from names ────────────────────────────────────────────────────

const word = (name: string) => createToken({ name, pattern: Lexer.NA })

export const If = word('if')
export const Then = word('then')
export const Else = word('else')
export const And = createToken({ name: 'and', pattern: Lexer.NA, categories: [BinaryOperator] })
export const Or = createToken({ name: 'or', pattern: Lexer.NA, categories: [BinaryOperator] })
export const Not = createToken({ name: 'not', pattern: Lexer.NA, categories: [PrefixOperator] })
/** A reduction with binders, `sum[i] …`, and one in call form, `max(0, x)`. */
export const Reduction = word('Reduction')
export const ReductionCall = word('ReductionCall')
export const Import = word('import')
export const Export = word('export')
export const Const = word('const')
export const Fn = word('fn')
export const Optimizer = word('optimizer')
export const Model = word('model')
export const Derivative = word('derivative')
export const Param = word('param')
export const Out = word('out')
export const Loss = word('loss')
export const Recur = word('recur')
export const Return = word('return')
export const Assume = word('assume')
export const Of = word('of')
export const By = word('by')
export const Given = word('given')
export const From = word('from')
export const As = word('as')

// ── Made by the layout pass ────────────────────────────────────────────────────────────────────────────────

export const End = word('End')
export const Block = word('Block')
export const NestedParens = word('NestedParens')
export const NestedBrackets = word('NestedBrackets')

/** What the lexer may produce, in order of preference. */
// prettier-ignore
export const lexerTokens: TokenType[] = [
  LineBreak, Space, DocComment, LineComment, BlockComment, OpenComment,
  Name, SymbolName, NumberToken, DoubleString, Transpose, SingleString, OpenString, Superscript,
  DotDot, Foreign, LessEqual, GreaterEqual, EqualEqual, NotEqual, Less, Greater,
  Plus, Minus, Times, MatrixTimes, Divide, Power, Equals, Tilde, Comma, Colon, Semicolon, Dot,
  LeftParen, RightParen, LeftBracket, RightBracket, LeftBrace, RightBrace, Unknown,
]

/** The words that start a statement. */
export const statementWords: ReadonlyMap<string, TokenType> = new Map(
  [Import, Export, Const, Fn, Optimizer, Model, Derivative, Param, Out, Loss, Recur, Return, Assume].map(
    (type) => [type.name, type],
  ),
)

/** The words that are never names, except the reductions. */
export const reservedWords: ReadonlyMap<string, TokenType> = new Map(
  [If, Then, Else, And, Or, Not].map((type) => [type.name, type]),
)

/** What the parser has to know. */
// prettier-ignore
export const parserTokens: TokenType[] = [
  BinaryOperator, PrefixOperator, ...lexerTokens, ...statementWords.values(), ...reservedWords.values(),
  ImplicitTimes, Reduction, ReductionCall, Of, By, Given, From, As, End, Block, NestedParens, NestedBrackets,
]
