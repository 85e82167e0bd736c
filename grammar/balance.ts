import {
  LeftBrace,
  LeftBracket,
  LeftParen,
  RightBrace,
  RightBracket,
  RightParen,
  type Token,
} from './tokens.js'

/** What is wrong with the brackets of a file; indentation is looked at only where something is. */
export interface Balance {
  readonly balanced: boolean
  /** Braces that are never closed, brackets aside. */
  readonly openBraces: number
  /** Closing braces that close nothing. */
  readonly strayBraces: number
}

/** Matches the brackets of a whole file. */
export function balanceOf(tokens: readonly Token[]): Balance {
  const open: Token['tokenType'][] = []
  let balanced = true
  let openBraces = 0
  let strayBraces = 0
  for (const { tokenType } of tokens) {
    switch (tokenType) {
      case LeftBrace:
        openBraces++
        open.push(RightBrace)
        break
      case LeftParen:
        open.push(RightParen)
        break
      case LeftBracket:
        open.push(RightBracket)
        break
      case RightBrace:
        if (openBraces > 0) openBraces--
        else strayBraces++
        balanced &&= open.pop() === RightBrace
        break
      case RightParen:
      case RightBracket:
        balanced &&= open.pop() === tokenType
        break
    }
  }
  return { balanced: balanced && open.length === 0, openBraces, strayBraces }
}
