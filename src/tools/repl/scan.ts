/** A line cut into words for people's eyes: what notation, highlighting and completion need, without the parser. */

export type TokenKind =
  | 'name'
  | 'number'
  | 'superscript'
  | 'prime'
  | 'open'
  | 'close'
  | 'comma'
  | 'operator'
  | 'comment'
  | 'string'
  | 'other'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
  readonly start: number
  readonly end: number
  readonly spaceBefore: boolean
}

const PATTERNS: readonly (readonly [TokenKind | 'space', RegExp])[] = [
  ['space', /\s+/y],
  ['comment', /\/\/[^\n]*/y],
  ['string', /"[^"\n]*"?/y],
  ['name', /(?!ᵀ)[\p{L}_](?:(?!ᵀ)[\p{L}\p{Nd}\p{Mn}\p{Mc}_₀-₉])*/uy],
  ['number', /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['superscript', /⁻?[⁰¹²³⁴-⁹]+/y],
  ['prime', /['ᵀ]/y],
  ['open', /[([{]/y],
  ['close', /[)\]}]/y],
  ['comma', /[,;]/y],
  ['operator', /\.\.|[<>=!]=|[-−+*·×⊙∙⋅/÷^@<>=≤≥≠~∂√:.]/y],
  ['other', /./suy],
]

export function scan(text: string): Token[] {
  const tokens: Token[] = []
  let spaceBefore = false
  for (let at = 0; at < text.length;) {
    for (const [kind, pattern] of PATTERNS) {
      pattern.lastIndex = at
      const found = pattern.exec(text)
      if (!found) continue
      const end = at + found[0].length
      if (kind === 'space') spaceBefore = true
      else {
        tokens.push({ kind, text: found[0], start: at, end, spaceBefore })
        spaceBefore = false
      }
      at = end
      break
    }
  }
  return tokens
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** For each bracket the position among the tokens of the one that it belongs to; brackets without one are missing. */
export function matchBrackets(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const partner = new Map<number, number>()
  const open: number[] = []
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind === 'open') open.push(at)
    if (kind !== 'close') continue
    const last = open.at(-1)
    if (last === undefined || CLOSING[tokens[last].text] !== text) continue
    open.pop()
    partner.set(last, at).set(at, last)
  }
  return partner
}

/** The stretches between separators that stand outside all brackets. */
export function splitOutside(
  text: string,
  isSeparator: (token: Token) => boolean,
): { readonly text: string; readonly start: number }[] {
  const parts: { text: string; start: number }[] = []
  let depth = 0
  let start = 0
  for (const token of scan(text)) {
    if (token.kind === 'open') depth++
    else if (token.kind === 'close') depth--
    else if (depth <= 0 && isSeparator(token)) {
      parts.push({ text: text.slice(start, token.start), start })
      start = token.end
    }
  }
  parts.push({ text: text.slice(start), start })
  return parts
}

/** Whether a text waits for more lines: a bracket is open, or its end asks for an operand. */
export function isIncomplete(text: string): boolean {
  const tokens = scan(text).filter(({ kind }) => kind !== 'comment')
  const depth = tokens.reduce((all, { kind }) => all + (kind === 'open' ? 1 : kind === 'close' ? -1 : 0), 0)
  if (depth > 0) return true
  const last = tokens.at(-1)
  return last !== undefined && !text.startsWith(':') && /^(?:[-−+*·×/^@=,]|[<>!=]=)$/.test(last.text)
}
