/** The tokens of a dump. What stands in the first column starts a statement. `//` starts a comment, but `//@` an origin. */

export interface Token {
  readonly kind: 'name' | 'let' | 'number' | 'string' | 'symbol' | 'end'
  /** Of a name, without its quotes and its number; of a string, its value. */
  readonly value: string
  readonly text: string
  readonly line: number
  readonly startsLine: boolean
}

const NAME = String.raw`(?:\x60(?:[^\x60\\]|\\.)*\x60|[\p{L}_][\p{L}\p{M}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{M}\p{N}_]*)*)(?:%\d+)?`
const TOKEN = new RegExp(
  [
    String.raw`(?<space>\s+|//(?!@)[^\n]*)`,
    `(?<name>${NAME})`,
    String.raw`(?<let>%\d+)`,
    String.raw`(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)`,
    String.raw`(?<string>"(?:[^"\\]|\\.)*")`,
    String.raw`(?<symbol>//@|<=|==|!=|[-+*/^<>=~:,()[\]{}])`,
  ].join('|'),
  'uy',
)

export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let line = 1
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(text)
    if (!match) throw new ReadError(line, `unexpected '${text.slice(at, at + 10)}'`)
    const [found] = match
    const groups = match.groups ?? {}
    for (const kind of ['name', 'let', 'number', 'string', 'symbol'] as const)
      if (groups[kind] !== undefined)
        tokens.push({
          kind,
          value: valueOf(kind, found),
          text: found,
          line,
          startsLine: at === 0 || text[at - 1] === '\n',
        })
    line += found.split('\n').length - 1
  }
  tokens.push({ kind: 'end', value: '', text: 'the end', line, startsLine: true })
  return tokens
}

function valueOf(kind: Token['kind'], text: string): string {
  if (kind === 'string') return unquoted(text.slice(1, -1))
  if (kind !== 'name') return text
  const plain = text.replace(/%\d+$/, '')
  return plain.startsWith('`') ? unquoted(plain.slice(1, -1)) : plain
}

const unquoted = (inside: string): string => String(JSON.parse(`"${inside}"`))

export class ReadError extends Error {
  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`)
    this.name = 'ReadError'
  }
}

/** A place in a list of tokens. */
export class TokenReader {
  private at = 0

  constructor(private readonly tokens: readonly Token[]) {}

  get next(): Token {
    return this.tokens[this.at]
  }

  take(): Token {
    const token = this.next
    if (token.kind !== 'end') this.at++
    return token
  }

  /** Whether the next token is this symbol or word. */
  sees(text: string): boolean {
    return (this.next.kind === 'symbol' || this.next.kind === 'name') && this.next.text === text
  }

  accept(text: string): boolean {
    const found = this.sees(text)
    if (found) this.at++
    return found
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail(`'${text}' expected, found '${this.next.text}'`)
  }

  takeKind(kind: Token['kind']): Token {
    if (this.next.kind !== kind) this.fail(`a ${kind} expected, found '${this.next.text}'`)
    return this.take()
  }

  /** Items separated by commas up to the closing symbol, which is taken too. */
  list<T>(close: string, item: () => T): T[] {
    const items: T[] = []
    while (!this.accept(close)) {
      if (items.length > 0) this.expect(',')
      items.push(item())
    }
    return items
  }

  /** Where to come back to. */
  mark(): number {
    return this.at
  }

  reset(mark: number): void {
    this.at = mark
  }

  fail(message: string): never {
    throw new ReadError(this.next.line, message)
  }
}
