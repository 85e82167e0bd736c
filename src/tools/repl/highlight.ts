/** Colours for a line while it is typed. */
import pc from 'picocolors'
import { matchBrackets, scan, type Token } from './scan.js'

const WORDS: ReadonlySet<string> = new Set(['if', 'then', 'else', 'and', 'or', 'not', 'assume', 'wrt', 'at', 'fn', 'model', 'const', 'import', 'param', 'out', 'loss', 'recur', 'return']) // prettier-ignore

/** The text coloured, character by character the same; the bracket at the cursor and its partner stand out. */
export function highlighted(text: string, cursor: number, color: boolean): string {
  if (!color) return text
  const colors = pc.createColors(true)
  const command = /^\s*:\p{L}*/u.exec(text)?.[0] ?? ''
  const tokens = scan(text)
  const partner = matchBrackets(tokens)
  const marked = bracketsAt(tokens, partner, cursor)
  let shown = ''
  let at = 0
  for (const [n, token] of tokens.entries()) {
    shown += text.slice(at, token.start)
    at = token.end
    shown += token.start < command.length ? colors.magenta(token.text) : paint(token, n)
  }
  return shown + text.slice(at)

  function paint({ kind, text: word }: Token, n: number): string {
    switch (kind) {
      case 'number':
      case 'superscript':
        return colors.yellow(word)
      case 'name': {
        if (WORDS.has(word)) return colors.magenta(word)
        const next = tokens[n + 1]
        return next?.text === '(' && !next.spaceBefore ? colors.cyan(word) : word
      }
      case 'open':
      case 'close':
        if (marked.has(n)) return colors.bold(colors.green(word))
        return kind === 'close' && !partner.has(n) ? colors.red(word) : word
      case 'comment':
        return colors.dim(word)
      case 'string':
        return colors.green(word)
      case 'other':
        return colors.red(word)
      case 'prime':
      case 'comma':
      case 'operator':
        return word
    }
  }
}

function bracketsAt(
  tokens: readonly Token[],
  partner: ReadonlyMap<number, number>,
  cursor: number,
): ReadonlySet<number> {
  const isBracket = ({ kind }: Token): boolean => kind === 'open' || kind === 'close'
  const before = tokens.findIndex((token) => token.end === cursor && isBracket(token))
  const at = before >= 0 ? before : tokens.findIndex((token) => token.start === cursor && isBracket(token))
  const other = partner.get(at)
  return other === undefined ? new Set() : new Set([at, other])
}
