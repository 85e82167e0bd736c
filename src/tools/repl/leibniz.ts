/** Derivatives as Leibniz wrote them: `d/dx`, `d²/dx²`, `∂²/∂x∂y`, `∂z/∂x`, `dz/dx`. */
import { superscriptText } from '../../../grammar/characters.js'
import { KEYWORDS } from './keywords.js'
import type { Token } from './scan.js'

/** What the names of the session are. */
export interface KnownNames {
  isFunction(name: string): boolean
  isValue(name: string): boolean
}

export interface Leibniz {
  /** Behind the last token of the operator. */
  readonly end: number
  readonly variables: readonly string[]
  /** What is differentiated, where it stands in the numerator: `∂z/∂x`. */
  readonly subject: string | undefined
}

export class LeibnizReader {
  constructor(
    private readonly source: string,
    private readonly tokens: readonly Token[],
    private readonly partner: ReadonlyMap<number, number>,
    private readonly known: KnownNames,
    private readonly translated: (text: string) => string,
  ) {}

  /** `d/dx`, `d²/dx²`, `∂²/∂x∂y`, `∂z/∂x`, `dz/dx` that begins at a token. */
  at(start: number): Leibniz | undefined {
    const head = this.tokens[start]
    if (!head || head.kind === 'prime') return undefined
    const isRound = head.text === '∂'
    const [, digits, fused] = isRound ? ['', '', ''] : (/^d(\d?)(\p{L}?)$/u.exec(head.text) ?? [])
    if (digits === undefined) return undefined
    let at = start + 1
    let order = digits === '' ? 1 : Number(digits)
    const written = this.power(at)
    if (written) [order, at] = [written.value, written.end]
    let subject: string | undefined = fused === '' ? undefined : fused
    const next = this.tokens[at]
    if (subject === undefined && next && next.text !== '/' && !next.spaceBefore) {
      if (next.kind === 'name') [subject, at] = [next.text, at + 1]
      else if (next.text === '(' && isRound) {
        const closing = this.partner.get(at)
        if (closing === undefined) return undefined
        subject = this.inside(at, closing)
        at = closing + 1
      }
    }
    if (this.tokens[at]?.text !== '/') return undefined
    const variables = this.denominator(at + 1, isRound, order)
    if (!variables || (!isRound && this.known.isValue(`d${variables.names[0]}`))) return undefined
    const { names, end } = variables
    if (names.length !== order) return undefined
    if (subject === undefined) return this.startsOperand(end) || /^(?:[-−+√]|if)$/.test(this.tokens[end]?.text ?? '') ? { end, variables: names, subject } : undefined // prettier-ignore
    const isKnown = isRound || this.known.isValue(subject) || this.known.isFunction(subject)
    return isKnown ? { end, variables: names, subject: this.called(subject, names) } : undefined
  }

  /** `y` and `x` of `dy/dx` where nothing is called `y`, `dy` or `dx`: a quotient of two variables. */
  unknownSubject(start: number): { readonly subject: string; readonly variable: string } | undefined {
    const [above, slash, below] = this.tokens.slice(start, start + 3)
    const [subject, variable] = [above, below].map((token) => /^d(\p{L})$/u.exec(token?.text ?? '')?.[1])
    if (slash?.text !== '/' || subject === undefined || variable === undefined) return undefined
    const isNamed = (name: string): boolean => this.known.isValue(name) || this.known.isFunction(name)
    return [subject, above.text, below.text].some(isNamed) ? undefined : { subject, variable }
  }

  /** A function in a numerator is meant at the variable: `df/dx` is `d(f(x), x)`. */
  private called(subject: string, variables: readonly string[]): string {
    const isName = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(subject)
    if (!isName || this.known.isValue(subject) || !this.known.isFunction(subject)) return subject
    return `${subject}(${[...new Set(variables)].join(', ')})`
  }

  private inside(opening: number, closing: number): string {
    const text = this.source.slice(this.tokens[opening].start, this.tokens[closing].end)
    return this.translated(text)
  }

  private power(at: number): { readonly value: number; readonly end: number } | undefined {
    const token = this.tokens[at]
    if (token?.kind === 'superscript') return { value: Number(superscriptText(token.text)), end: at + 1 }
    if (token?.text !== '^' || this.tokens[at + 1]?.kind !== 'number') return undefined
    return { value: Number(this.tokens[at + 1].text), end: at + 2 }
  }

  /** `dx`, `dx²`, `∂x∂y`. */
  private denominator(from: number, isRound: boolean, order: number) {
    const names: string[] = []
    let at = from
    for (let token = this.tokens[at]; token; token = this.tokens[at]) {
      if (names.length > 0 && token.spaceBefore && !(isRound && token.text === '∂' && names.length < order))
        break
      let name: string
      if (isRound && token.text === '∂' && this.tokens[at + 1]?.kind === 'name') {
        name = this.tokens[at + 1].text
        at += 2
      } else if (!isRound && token.kind === 'name' && /^d./u.test(token.text) && names.length < order) {
        const whole = token.text.slice(1)
        name = order > 1 && whole.endsWith(String(order)) ? whole.slice(0, -1) : whole
        at++
        if (name !== whole) {
          for (let n = 0; n < order; n++) names.push(name)
          break
        }
      } else break
      const power = this.power(at)
      for (let n = 0; n < (power?.value ?? 1); n++) names.push(name)
      if (power) at = power.end
    }
    return names.length === 0 ? undefined : { names, end: at }
  }

  private startsOperand(at: number): boolean {
    return startsOperand(this.tokens[at])
  }
}

export function startsOperand(token: Token | undefined): boolean {
  if (!token) return false
  const { kind, text } = token
  if (kind === 'name') return !KEYWORDS.has(text) && text !== 'wrt'
  return kind === 'number' || text === '(' || text === '√' || text === '∂'
}
