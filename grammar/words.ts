import { closest } from '../src/base/suggest.js'
import { reductionOf } from './reductions.js'
import * as t from './tokens.js'

/** Words of other languages that start a statement. */
const FOREIGN_WORDS: ReadonlyMap<string, string> = new Map([
  ...['def', 'function', 'func', 'fun', 'define', 'proc'].map((word): [string, string] => [word, 'fn']),
  ...['class', 'layer', 'module', 'network', 'struct'].map((word): [string, string] => [word, 'model']),
  ...['parameter', 'weight', 'weights'].map((word): [string, string] => [word, 'param']),
  ['constant', 'const'],
  ['output', 'out'],
])

export const letWords: ReadonlySet<string> = new Set(['let', 'var', 'val', 'auto', 'local', 'set'])
export const loopWords: ReadonlySet<string> = new Set(['for', 'while', 'foreach', 'repeat', 'do', 'until'])

/** A word that is not reserved; reductions count if asked for. */
function isWord(token: t.Token | undefined, reductions: boolean): boolean {
  if (token?.tokenType !== t.Name && token?.tokenType !== t.SymbolName) return false
  return !t.reservedWords.has(token.image) && (reductions || !reductionOf(token.image))
}

/** The index behind the bracket that closes the one at `at`; -1 if none does. */
export function behindBrackets(tokens: readonly t.Token[], at: number): number {
  const closedAt = tokens[at]?.closedAt ?? -1
  return closedAt < 0 ? -1 : closedAt + 1
}

/** Whether an `=` outside brackets follows on the same line. */
function hasEqualsOnLine(tokens: readonly t.Token[], at: number): boolean {
  for (let i = at; i < tokens.length && !tokens[i].breakBefore; i++) {
    const type = tokens[i].tokenType
    if (type === t.Equals) return true
    if (type === t.Semicolon || type === t.RightBrace) return false
    if (tokens[i].closedAt > i) i = tokens[i].closedAt
  }
  return false
}

const takesExpression: ReadonlySet<t.Token['tokenType']> = new Set([t.Return, t.Loss, t.Assume, t.Recur])

/** The statement word at `at`, where a statement starts; undefined if it is a name there. */
export function statementWord(tokens: readonly t.Token[], at: number): t.Token['tokenType'] | undefined {
  const type = tokens[at].tokenType === t.Name ? t.statementWords.get(tokens[at].image) : undefined
  if (!type) return undefined
  const next = tokens[at + 1]
  switch (next?.tokenType) {
    case t.Equals:
    case t.Colon:
    case t.Comma:
      return undefined
    case t.LeftBracket: {
      // `return [a, b]` gives a value, `return[i] = a` defines one.
      if (!takesExpression.has(type)) return undefined
      const behind = behindBrackets(tokens, at + 1)
      switch (tokens[behind]?.tokenType) {
        case t.Equals:
        case t.Colon:
          return undefined
        case t.Comma:
          return hasEqualsOnLine(tokens, behind) ? undefined : type
        default:
          return type
      }
    }
    default:
      return type
  }
}

/** Whether a line that begins at `at` cannot be anything but a new statement. */
export function surelyStarts(tokens: readonly t.Token[], at: number): boolean {
  const token = tokens[at]
  const next = tokens[at + 1]
  if (!isWord(token, true) || !next) return false
  if (next.tokenType === t.Equals) return true
  if (next.tokenType === t.LeftBracket) {
    const behind = behindBrackets(tokens, at + 1)
    if (behind >= 0 && tokens[behind]?.tokenType === t.Equals) return true
  }
  if (next.breakBefore || !t.statementWords.has(token.image)) return false
  return isWord(next, true) || (token.image === 'import' && next.tokenType === t.LeftBrace)
}

/** Whether a line that begins at `at` looks like a statement; believed only where brackets do not balance. */
export function probablyStarts(tokens: readonly t.Token[], at: number): boolean {
  return surelyStarts(tokens, at) || statementWord(tokens, at) !== undefined
}

/** The statement word that was meant by the first of two names side by side. */
export function meantWord(tokens: readonly t.Token[], at: number): string | undefined {
  const token = tokens[at]
  const next = tokens[at + 1]
  if (token.tokenType !== t.Name || !next || next.breakBefore || !isWord(next, true)) return undefined
  return FOREIGN_WORDS.get(token.image) ?? closest(token.image, t.statementWords.keys())
}

/** `f(x) = …` or `f(x) { … }` without `fn`. */
export function isBareFunction(tokens: readonly t.Token[], at: number): boolean {
  if (!isWord(tokens[at], false) || tokens[at + 1]?.tokenType !== t.LeftParen) return false
  const behind = behindBrackets(tokens, at + 1)
  if (behind < 0) return false
  const type = tokens[behind]?.tokenType
  return type === t.Equals || type === t.LeftBrace
}

/** `for …` and `while …`. */
export function isLoop(tokens: readonly t.Token[], at: number): boolean {
  const next = tokens[at + 1]
  if (!loopWords.has(tokens[at].image) || !next || next.breakBefore) return false
  return isWord(next, true) || (next.tokenType === t.LeftParen && !isBareFunction(tokens, at))
}

/** `let x = …`. */
export function isLet(tokens: readonly t.Token[], at: number): boolean {
  return letWords.has(tokens[at].image) && isWord(tokens[at + 1], true)
}
