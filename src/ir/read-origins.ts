/**
 * Places in source files. A dump says which lines and columns, but not what stands there: the sources made here
 * are blank, and only their lines and columns are right.
 */
import type { Source, Span } from '../base/source.js'
import type { Origin } from './expr.js'
import type { Token, TokenReader } from './read-tokens.js'

const MOST_LINES = 10_000_000

export class OriginReader {
  private readonly sources = new Map<
    string,
    { readonly source: Source; readonly starts: readonly number[] }
  >()

  constructor(tokens: readonly Token[]) {
    const widths = new Map<string, number[]>()
    for (const [at, { kind, value: filename }] of tokens.entries()) {
      if (kind !== 'string' || tokens[at + 1].kind !== 'number' || tokens[at + 2].text !== ':') continue
      const lines = widths.get(filename) ?? []
      widths.set(filename, lines)
      for (const [line, column] of [[1, 3], [5, 7]]) widen(lines, tokens[at + line], tokens[at + column]) // prettier-ignore
    }
    for (const [filename, lines] of widths) {
      const starts: number[] = []
      let text = ''
      for (const width of lines) {
        starts.push(text.length)
        text += `${' '.repeat(width)}\n`
      }
      this.sources.set(filename, { source: { filename, text }, starts })
    }
  }

  /** `"mlp.nn" 4:3-4:20`. */
  span(tokens: TokenReader): Span {
    const filename = tokens.takeKind('string').value
    const { source, starts } = this.sources.get(filename) ?? tokens.fail(`a place in ${filename} expected`)
    const offset = (): number => {
      const line = Number(tokens.takeKind('number').text)
      tokens.expect(':')
      return starts[line - 1] + Number(tokens.takeKind('number').text) - 1
    }
    const start = offset()
    tokens.expect('-')
    return { source, start, end: offset() }
  }

  /** `//@ "mlp.nn" 4:3-4:20 by "rule"`, both parts optional. */
  origin(tokens: TokenReader): Origin {
    if (!tokens.accept('//@')) return {}
    const span = tokens.next.kind === 'string' ? this.span(tokens) : undefined
    const rule = tokens.accept('by') ? tokens.takeKind('string').value : undefined
    return { ...(span && { span }), ...(rule !== undefined && { rule }) }
  }
}

/** Makes room for a column in a line. */
function widen(lines: number[], line: Token | undefined, column: Token | undefined): void {
  const at = Number(line?.text)
  const width = Number(column?.text)
  if (!(at >= 1 && at <= MOST_LINES && width >= 1 && width <= MOST_LINES)) return
  while (lines.length < at) lines.push(0)
  lines[at - 1] = Math.max(lines[at - 1], width - 1)
}
