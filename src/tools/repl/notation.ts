/**
 * The notation of blackboards as `.nn` text: `d/dx sin x²`, `∂z/∂y`, `grad L wrt W, b`, `x y`, `(x + y)z`, `√(2/π)`.
 * What could have been meant otherwise is said in a note. Offsets lead back to what was typed.
 */
import { superscriptText } from '../../../grammar/characters.js'
import { SYNONYMS } from '../../check/synonyms.js'
import { type KnownNames, type Leibniz, LeibnizReader, startsOperand } from './leibniz.js'
import { barsAsCalls } from './bars.js'
import { inverseNames } from './inverse-names.js'
import { KEYWORDS } from './keywords.js'
import { matchBrackets, scan, type Token } from './scan.js'

export interface Translation {
  readonly text: string
  /** For each character of `text` the offset of what it stands for in the text given, and one for its end. */
  readonly offsets: readonly number[]
  readonly notes: readonly string[]
}

/** Other spellings of functions, where they are called. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([...SYNONYMS, ['I', '']])

const REDUCTIONS: ReadonlySet<string> = new Set([
  'sum', 'prod', 'mean', 'max', 'min', 'argmax', 'argmin', 'logsumexp', 'any', 'all', 'Σ', 'Π', '∑', '∏',
]) // prettier-ignore
/** Words that one tries first. */
const COMMANDS: ReadonlySet<string> = new Set(['help', 'quit'])
const DERIVATIVES: ReadonlySet<string> = new Set(['grad', 'jacobian', 'hessian', 'jvp', 'vjp', 'hvp', 'd'])
/** Letters that name functions more often than numbers: `f(x)` without an `f` is a mistake, not a product. */
const FUNCTION_LETTERS: ReadonlySet<string> = new Set(['f', 'g', 'h', 'F', 'G', 'H'])

const isMinus = (token: Token | undefined): boolean => token !== undefined && /^[-−]$/.test(token.text)

export function translate(text: string, known: KnownNames): Translation {
  return new Translator(text, known).run()
}

class Translator {
  private readonly tokens: readonly Token[]
  private readonly partner: ReadonlyMap<number, number>
  private text = ''
  private readonly offsets: number[] = []
  private readonly notes = new Set<string>()
  /** What to write behind a token: the ends of applications without parentheses. */
  private readonly behind = new Map<number, string>()
  /** Ends of operators that take everything to their right, for each bracket that is open. */
  private readonly closers: string[][] = [[]]
  private readonly leibniz: LeibnizReader
  private readonly variables: ReadonlySet<string>
  /** An operator or an opening parenthesis was just written: what follows is no factor. */
  private fresh = true

  constructor(
    private readonly source: string,
    private readonly known: KnownNames,
  ) {
    const written = barsAsCalls(scan(source).filter(({ kind }) => kind !== 'comment'))
    const { tokens, notes } = inverseNames(written, (name) => known.isValue(name))
    this.tokens = tokens
    for (const note of notes) this.notes.add(note)
    this.partner = matchBrackets(this.tokens)
    this.leibniz = new LeibnizReader(
      source,
      this.tokens,
      this.partner,
      known,
      (text) => translate(text, known).text,
    )
    this.variables = new Set(this.tokens.flatMap((_, at) => this.leibniz.at(at)?.variables ?? []))
  }

  run(): Translation {
    let end = 0
    for (let at = 0; at < this.tokens.length;) {
      end = this.tokens[at].end
      at = this.step(at)
    }
    this.close(end, true)
    return { text: this.text, offsets: [...this.offsets, end], notes: [...this.notes] }
  }

  private emit(text: string, offset: number, proportional = false): void {
    for (let at = 0; at < text.length; at++) this.offsets.push(proportional ? offset + at : offset)
    this.text += text
  }

  /** Ends what took everything to its right. */
  private close(offset: number, all: boolean): void {
    const frame = this.closers[this.closers.length - 1]
    for (let closer = frame.at(-1); closer !== undefined; closer = frame.at(-1)) {
      if (closer === ')' && !all) break
      this.emit(closer, offset)
      frame.pop()
    }
  }

  /** Writes what begins with a token; gives the position behind it. */
  private step(at: number): number {
    const token = this.tokens[at]
    if (token.spaceBefore && !this.fresh) this.emit(' ', token.start)
    if (!this.fresh && this.isProduct(at - 1, at)) {
      this.emit(token.spaceBefore ? '* ' : ' * ', token.start)
      const { kind, text } = this.tokens[at - 1]
      // A function that is misspelt would be a factor.
      if (kind === 'name' && [...text].length > 2 && !this.known.isValue(text) && !this.splits(text))
        this.notes.add(`${text} is read as a variable: there is no function of that name`)
    }
    this.fresh = false
    const leibniz = this.leibniz.at(at)
    if (leibniz) return this.derivative(leibniz, token)
    const quotient = this.leibniz.unknownSubject(at)
    if (quotient) {
      const { subject, variable } = quotient
      this.notes.add(`d${subject}/d${variable} is read as a quotient, for there is no ${subject}; of an expression it is d/d${variable}, or give it a name: ${subject} = …`) // prettier-ignore
    }
    switch (token.kind) {
      case 'name':
        return this.name(at)
      case 'open':
        this.closers.push([])
        break
      case 'close':
        this.close(token.start, true)
        if (this.closers.length > 1) this.closers.pop()
        break
      case 'comma':
        this.close(token.start, false)
        break
      default:
        if (token.text === '√') return this.apply(at, 'sqrt', token)
    }
    return this.plain(at, token.text)
  }

  private plain(at: number, text: string): number {
    const { start, end, text: own } = this.tokens[at]
    this.emit(text, start, text === own && end - start === own.length)
    this.finish(at)
    return at + 1
  }

  private finish(at: number): void {
    const text = this.behind.get(at)
    if (text !== undefined) this.emit(text, this.tokens[at].end)
  }

  private derivative({ end, variables, subject }: Leibniz, token: Token): number {
    const last = this.tokens[end - 1]
    this.emit('d('.repeat(variables.length), token.start)
    const closing = [...variables].reverse().map((variable) => `, ${variable})`)
    if (subject !== undefined) {
      this.emit(subject + closing.join(''), token.start)
      this.finish(end - 1)
    } else {
      const rest = this.source.slice(last.end)
      if (/^[^([{]*[\w)\]²³] *[-+]/u.test(rest) && this.closers.length === 1)
        this.notes.add(`${this.source.slice(token.start, last.end)} takes everything to its right`)
      this.closers[this.closers.length - 1].push(...closing.reverse())
      this.fresh = true
    }
    return end
  }

  private name(at: number): number {
    const token = this.tokens[at]
    const next = this.tokens[at + 1]
    const name = token.text
    if (name === 'wrt' && !this.known.isValue(name)) {
      this.text = this.text.trimEnd()
      this.offsets.length = this.text.length
      return this.plain(at, ',')
    }
    if (DERIVATIVES.has(name) && name !== 'd' && next && this.takesAll(at)) {
      this.emit(`${name}(`, token.start)
      this.closers[this.closers.length - 1].push(')')
      this.fresh = true
      return at + 1
    }
    if (this.isApplied(at)) {
      const written = this.known.isFunction(name) ? name : (SPELLINGS.get(name) ?? name)
      if (next.text === '(' || next.kind === 'prime' || next.text === '[') return this.plain(at, written)
      return this.apply(at, written, token)
    }
    const letters = this.letters(at)
    if (letters) {
      this.notes.add(`${name} is read as the product ${letters.join(' * ')}`)
      const isLastCalled = next?.text === '(' && this.isCallable(letters[letters.length - 1])
      const spelled = letters.map((letter, n) =>
        n === letters.length - 1 && isLastCalled ? (SPELLINGS.get(letter) ?? letter) : letter,
      )
      return this.plain(at, spelled.join(' * '))
    }
    if (this.tokens.length === 1 && COMMANDS.has(name) && !this.known.isValue(name))
      this.notes.add(`${name} is read as a variable; the command is :${name}`)
    if (name === 'e' && next?.text === '^' && !this.known.isValue(name))
      this.notes.add('e is a variable like any other; the exponential of x is exp(x)')
    return this.plain(at, name)
  }

  /** `grad L wrt W, b`, `hessian f`: without parentheses, or with an expression that goes on behind them. */
  private takesAll(at: number): boolean {
    const next = this.tokens[at + 1]
    if (next.text !== '(') return next.spaceBefore && this.startsOperand(at + 1)
    const closing = this.partner.get(at + 1)
    if (closing === undefined || closing === this.tokens.length - 1) return false
    let depth = 0
    return this.tokens.slice(closing + 1).some(({ kind, text }) => {
      depth += kind === 'open' ? 1 : kind === 'close' ? -1 : 0
      return depth === 0 && text === 'wrt'
    })
  }

  /** `exp x`, `sin 2x²`, `√x`, `sin² x`: the argument is the next number, name or bracket with its powers. */
  private apply(at: number, written: string, token: Token): number {
    let from = at + 1
    let power = ''
    const exponent = this.tokens[from]
    if (exponent?.kind === 'superscript') power = superscriptText(exponent.text)
    else if (exponent?.text === '^') {
      const [first, second] = this.tokens.slice(from + 1, from + 3)
      if (first?.kind === 'number') power = first.text
      else if (isMinus(first) && second?.kind === 'number') power = `(-${second.text})`
    }
    if (power !== '') from += exponent.kind === 'superscript' ? 1 : power.startsWith('(') ? 3 : 2
    const end = this.tightEnd(from)
    const called = this.tokens[from]?.text === '(' && this.partner.get(from) === end
    if (end < from) return this.plain(at, written)
    const closing = (called ? '' : ')') + (power === '' ? '' : `^${power}`)
    this.emit(written + (called ? '' : '('), token.start)
    if (closing !== '') this.behind.set(end, closing + (this.behind.get(end) ?? ''))
    this.fresh = !called
    return from
  }

  /** The position of the last token of the operand that begins at a token; before it if none does. */
  private tightEnd(from: number): number {
    let at = from
    while (this.isApplied(at) || this.tokens[at]?.text === '√') {
      if (this.tokens[at + 1]?.text === '(') break
      at++
    }
    const first = this.tokens[at]
    if (!first || !this.startsOperand(at)) return from - 1
    const next = this.tokens[at + 1]
    if (first.kind === 'number' && next && !next.spaceBefore && (next.kind === 'name' || next.text === '('))
      at++
    let end = this.tokens[at].kind === 'open' ? (this.partner.get(at) ?? at) : at
    for (;;) {
      const after = this.tokens[end + 1]
      if (!after) return end
      const isCall = !after.spaceBefore && after.kind === 'open' && (after.text === '[' || this.isCallable(this.tokens[end].text)) // prettier-ignore
      if (after.kind === 'superscript' || after.kind === 'prime') end++
      else if (isCall) end = this.partner.get(end + 1) ?? end + 1
      else if (after.text === '^') {
        let exponent = end + 2
        if (/^[-−+]$/.test(this.tokens[exponent]?.text ?? '')) exponent++
        if (!this.tokens[exponent]) return end
        end = this.tokens[exponent].kind === 'open' ? (this.partner.get(exponent) ?? exponent) : exponent
      } else return end
    }
  }

  private isCallable(name: string): boolean {
    if (this.known.isFunction(name)) return true
    return !this.known.isValue(name) && (SPELLINGS.has(name) || REDUCTIONS.has(name) || name === '∂')
  }

  /** A function with an argument, in parentheses or not. */
  private isApplied(at: number): boolean {
    const token = this.tokens[at]
    const next = this.tokens[at + 1]
    if (token?.kind !== 'name' || !next || !this.isCallable(token.text)) return false
    if (next.text === '(' || (next.kind === 'prime' && this.tokens[at + 2]?.kind !== undefined)) return true
    if (REDUCTIONS.has(token.text) || DERIVATIVES.has(token.text)) return next.text === '['
    if (next.kind === 'superscript' || next.text === '^') {
      const behind = at + (next.kind === 'superscript' ? 2 : isMinus(this.tokens[at + 2]) ? 4 : 3)
      return (
        !this.known.isValue(token.text) && this.tokens[behind] !== undefined && this.startsOperand(behind)
      )
    }
    return (
      next.spaceBefore && this.startsOperand(at + 1) && token.text !== 'I' && !this.known.isValue(token.text)
    )
  }

  private startsOperand(at: number): boolean {
    return startsOperand(this.tokens[at])
  }

  /** Whether two tokens side by side are factors. */
  private isProduct(left: number, right: number): boolean {
    const a = this.tokens[left]
    const b = this.tokens[right]
    if (!this.startsOperand(right) || (b.text === '∂' && !this.leibniz.at(right))) return false
    switch (a.kind) {
      case 'number':
        return (b.spaceBefore && b.kind !== 'number') || b.text === '√'
      case 'superscript':
        return !(this.tokens[left - 1]?.kind === 'name' && this.isApplied(left - 1))
      case 'close':
        return !this.isBinder(left)
      case 'name':
        if (KEYWORDS.has(a.text) || a.text === 'wrt' || this.isApplied(left)) return false
        if (b.text !== '(')
          return !(DERIVATIVES.has(a.text) && this.takesAll(left)) && (b.spaceBefore || b.text === '√')
        return this.multiplies(a.text, b, this.tokens[left - 1]?.kind === 'number')
      case 'prime':
        return b.text === '(' ? !this.isCallable(this.tokens[left - 1]?.text ?? '') && this.known.isValue(this.tokens[left - 1]?.text ?? '') : b.spaceBefore // prettier-ignore
      default:
        return false
    }
  }

  /** `x(x + 1)`: a letter, or the name of a value, that is no function. */
  private multiplies(name: string, { spaceBefore }: Token, scaled: boolean): boolean {
    if (this.isCallable(name) || DERIVATIVES.has(name)) return false
    if (this.known.isValue(name)) return true
    if ([...name].length > 1 ? !this.splits(name) : FUNCTION_LETTERS.has(name) && !this.variables.has(name)) return false // prettier-ignore
    const last = this.splits(name)?.at(-1)
    if (last !== undefined && this.isCallable(last)) return false
    if (!spaceBefore && !scaled && [...name].length === 1)
      this.notes.add(`${name}(…) is read as the product ${name} * (…)`)
    return true
  }

  /** The bracket that closes `sum[…]`: its body follows. */
  private isBinder(closing: number): boolean {
    const opening = this.partner.get(closing)
    return opening !== undefined && REDUCTIONS.has(this.tokens[opening - 1]?.text ?? '') && this.tokens[opening].text === '[' // prettier-ignore
  }

  private letters(at: number): readonly string[] | undefined {
    const { text } = this.tokens[at]
    if (this.known.isValue(text) || this.isCallable(text) || KEYWORDS.has(text)) return undefined
    return this.splits(text)
  }

  /** `xy`, `βx`, `wx`: letters of two alphabets, Greek ones, and those that stand for variables everywhere. */
  private splits(name: string): readonly string[] | undefined {
    const letters = [...name]
    if (letters.length < 2 || letters.length > 3 || /[^\p{L}]/u.test(name)) return undefined
    if (this.known.isFunction(name) || this.known.isValue(name) || this.variables.has(name)) return undefined
    const isGreek = (letter: string): boolean => /\p{Script=Greek}/u.test(letter)
    const areVariables = letters.every((letter) => /[u-z]/.test(letter) || this.known.isValue(letter))
    return letters.some(isGreek) || areVariables ? letters : undefined
  }
}
