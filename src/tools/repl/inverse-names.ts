/** `sin⁻¹ x` and `tan^-1(x)`: inverse functions, as textbooks have them, and not reciprocals. */
import type { Token } from './scan.js'

const INVERSES: ReadonlyMap<string, string> = new Map(
  ['sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh'].map((name) => [name, `a${name}`]),
)

export interface Inverted {
  readonly tokens: readonly Token[]
  readonly notes: readonly string[]
}

export function inverseNames(tokens: readonly Token[], isValue: (name: string) => boolean): Inverted {
  const notes = new Set<string>()
  const read: Token[] = []
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    const inverse = token.kind === 'name' && !isValue(token.text) ? INVERSES.get(token.text) : undefined
    const length = inverse === undefined ? 0 : minusOneAt(tokens, at + 1)
    if (inverse === undefined || length === 0 || at + length + 1 >= tokens.length) {
      read.push(token)
      continue
    }
    notes.add(
      `${token.text}⁻¹ is read as the inverse function ${inverse}; the reciprocal is 1 / ${token.text}(…)`,
    )
    read.push({ ...token, text: inverse, end: tokens[at + length].end })
    at += length
  }
  return { tokens: read, notes: [...notes] }
}

/** How many tokens write `⁻¹`, `^-1` or `^(-1)` here. */
function minusOneAt(tokens: readonly Token[], at: number): number {
  const texts = tokens.slice(at, at + 5).map(({ text }) => text.replace('−', '-'))
  if (texts[0] === '⁻¹') return 1
  if (texts[0] !== '^') return 0
  if (texts[1] === '-' && texts[2] === '1') return 3
  return texts.slice(1).join('') === '(-1)' ? 5 : 0
}
