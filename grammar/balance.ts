import {
  LeftBrace,
  LeftBracket,
  LeftParen,
  RightBrace,
  RightBracket,
  RightParen,
  type Token,
} from './tokens.js'

/** The closing bracket that belongs to an opening one. */
export const CLOSERS = new Map([
  [LeftParen, RightParen],
  [LeftBracket, RightBracket],
  [LeftBrace, RightBrace],
])

/** What is wrong with the brackets of a file; indentation is looked at only where something is. */
export interface Balance {
  readonly balanced: boolean
  /** Braces that are never closed, brackets aside. */
  readonly openBraces: number
  /** Closing braces that close nothing. */
  readonly strayBraces: number
}

/** Matches the brackets of a whole file, and notes at each opening one where it is closed. */
export function balanceOf(tokens: readonly Token[]): Balance {
  const open: { readonly token: Token; readonly closer: Token['tokenType'] }[] = []
  let balanced = true
  let openBraces = 0
  let strayBraces = 0
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    const type = token.tokenType
    const closer = CLOSERS.get(type)
    if (closer) {
      open.push({ token, closer })
      if (type === LeftBrace) openBraces++
    } else if (type === RightBrace || type === RightParen || type === RightBracket) {
      const opener = open.pop()
      if (opener?.closer === type) opener.token.closedAt = at
      else balanced = false
      if (type === RightBrace && openBraces > 0) openBraces--
      else if (type === RightBrace) strayBraces++
    }
  }
  return { balanced: balanced && open.length === 0, openBraces, strayBraces }
}
