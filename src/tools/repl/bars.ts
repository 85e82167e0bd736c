/** `|x - 1| + |y|`: bars as calls of `abs`. */
import { KEYWORDS } from './keywords.js'
import type { Token } from './scan.js'

/**
 * A bar opens where an operand is expected or no bar is open at its depth, and closes otherwise. Where that does not come
 * out even, as in `a | b`, all stay what they are.
 */
export function barsAsCalls(tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some(({ text }) => text === '|')) return tokens
  const open: ('bar' | 'bracket')[] = []
  const written: Token[] = []
  for (const token of tokens) {
    const { start, end } = token
    if (token.kind === 'open') open.push('bracket')
    if (token.kind === 'close' && open.pop() !== 'bracket') return tokens
    if (token.text !== '|') written.push(token)
    else if (open.at(-1) === 'bar' && endsOperand(written.at(-1))) {
      open.pop()
      written.push({ kind: 'close', text: ')', start, end, spaceBefore: false })
    } else {
      open.push('bar')
      // Behind an operand it is a factor.
      const spaceBefore = token.spaceBefore || endsOperand(written.at(-1))
      written.push({ kind: 'name', text: 'abs', start, end: start, spaceBefore })
      written.push({ kind: 'open', text: '(', start, end, spaceBefore: false })
    }
  }
  return open.length === 0 ? written : tokens
}

const endsOperand = (token: Token | undefined): boolean => {
  if (!token) return false
  const { kind, text } = token
  return kind === 'name' ? !KEYWORDS.has(text) : kind === 'number' || kind === 'superscript' || kind === 'prime' || kind === 'close' // prettier-ignore
}
