import { Lexer } from 'chevrotain'
import type { Comment } from './ast.js'
import type { Source } from '../src/base/source.js'
import {
  BlockComment,
  DocComment,
  lexerTokens,
  LineBreak,
  LineComment,
  OpenComment,
  RightBrace,
  Space,
  Token,
} from './tokens.js'

const lexer = new Lexer(lexerTokens, {
  positionTracking: 'onlyOffset',
  lineTerminatorsPattern: /\r\n?|\n/g,
  lineTerminatorCharacters: ['\n', '\r'],
  skipValidations: true,
})

export interface Lexed {
  /** Without space and comments; every token knows what stood before it. */
  readonly tokens: Token[]
  readonly comments: readonly Comment[]
  /** The comment that runs to the end of the file, if one does. */
  readonly openComment?: Token
}

/** From one place in a text to another one. */
export interface Part {
  readonly start: number
  readonly end: number
}

/** Cuts a text, or a part of it, into tokens. Never fails: a character that starts nothing is a token of its own. */
export function lex(source: Source, part: Part = { start: 0, end: source.text.length }): Lexed {
  const tokens: Token[] = []
  const comments: Comment[] = []
  let openComment: Token | undefined
  let breakBefore = true
  let spaceBefore = true
  let docs: Comment[] = []
  const whole = source.text.startsWith('\ufeff') ? ' ' + source.text.slice(1) : source.text
  const text = whole.slice(part.start, part.end)
  for (const lexed of lexer.tokenize(text).tokens) {
    const { image, tokenType: type } = lexed
    const start = part.start + lexed.startOffset
    switch (type) {
      case LineBreak:
        breakBefore = true
        break
      case Space:
        break
      case DocComment:
        docs.push({ text: image, span: { source, start, end: start + image.length } })
        break
      case LineComment:
      case BlockComment:
        comments.push({ text: image, span: { source, start, end: start + image.length } })
        break
      case OpenComment:
        openComment = new Token(type, image, start, start + 2)
        break
      default: {
        const token = new Token(type, image, start, start + image.length)
        token.breakBefore = breakBefore
        token.spaceBefore = spaceBefore
        // Documentation of nothing is a comment like others.
        if (type === RightBrace) comments.push(...docs)
        else if (docs.length > 0) token.doc = docs.map(docText).join('\n')
        tokens.push(token)
        docs = []
        breakBefore = false
        spaceBefore = false
        continue
      }
    }
    spaceBefore = true
  }
  comments.push(...docs)
  return { tokens, comments, openComment }
}

function docText({ text }: Comment): string {
  return text.slice(3).replace(/^ /, '').trimEnd()
}
