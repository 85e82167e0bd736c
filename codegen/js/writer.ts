/** Statements, one after the other: each is laid out at its indentation, and lines remember the source they compute. */
import type { Span } from '../../src/base/source.js'
import {
  type Doc,
  WIDTH,
  group,
  ifBroken,
  indent,
  isPlain,
  joined,
  layout,
  line,
  softline,
} from './document.js'
import { flatText } from './flat-text.js'
import { assignmentDoc, conditionDoc, expressionDoc, returnDoc } from './print-syntax.js'
import type { Js } from './syntax.js'

/** A generated line (0-based), its first column, and the source it comes from, or that it comes from none. */
export interface Mapping {
  readonly line: number
  readonly column: number
  readonly span: Span | undefined
}

/** Another case of a choice, where those before it do not hold. */
export interface Case {
  readonly condition: Js
  readonly body: () => void
}

const DEEPEST = 16

export class Writer {
  readonly mappings: Mapping[] = []
  private readonly lines: string[] = []
  private depth = 0
  private span: Span | undefined

  text(): string {
    return `${this.lines.join('\n')}\n`
  }

  /** What the next lines are mapped to. */
  get place(): Span | undefined {
    return this.span
  }

  /** Blocks within so many others start no further to the right: the code of a nest is in proportion to its depth. */
  private get indentation(): number {
    return 2 * Math.min(this.depth, DEEPEST)
  }

  /** Maps the lines that follow; nothing, where they have no source. Gives what they were mapped to. */
  from(span: Span | undefined): Span | undefined {
    const before = this.span
    this.span = span
    return before
  }

  doc(doc: Doc): void {
    this.raw(layout(doc, this.indentation))
  }

  /** Text that is laid out already, but for the indentation of its first line. */
  raw(text: string): void {
    const column = this.indentation
    const lines = text.includes('\n') ? text.split('\n') : [text]
    for (let at = 0; at < lines.length; at++) {
      if (this.span) this.mappings.push({ line: this.lines.length, column, span: this.span })
      else if (this.mappings.at(-1)?.span)
        this.mappings.push({ line: this.lines.length, column: 0, span: undefined })
      this.lines.push(at === 0 && lines[at] !== '' ? ' '.repeat(column) + lines[at] : lines[at])
    }
  }

  /** An empty line, unless one stands there already or a block has just been opened. */
  blank(): void {
    const last = this.lines.at(-1)
    if (last !== undefined && last !== '' && !last.endsWith('{')) this.lines.push('')
  }

  comment(text: string): void {
    for (const part of text.split(/\r\n?|[\n\u2028\u2029]/)) this.raw(`// ${part}`.trimEnd())
  }

  /** A JSDoc comment. */
  about(text: string): void {
    const lines = text.replaceAll('*/', '* /').split(/\r\n?|[\n\u2028\u2029]/)
    if (lines.length === 1) this.raw(`/** ${lines[0].trim()} */`)
    else for (const part of ['/**', ...lines.map((at) => ` * ${at}`.trimEnd()), ' */']) this.raw(part)
  }

  /** The line, or the document where there is no room for it. */
  private write(line: string, doc: () => Doc): void {
    if (this.indentation + line.length <= WIDTH && isPlain(line)) this.raw(line)
    else this.doc(doc())
  }

  block(head: string, body: () => void, end = '}', doc: () => Doc = () => head): void {
    this.open(head, doc)
    body()
    this.close(end)
  }

  private open(head: string, doc: () => Doc): void {
    this.write(`${head} {`, () => [doc(), ' {'])
    this.depth++
  }

  private close(end: string): void {
    this.depth--
    if (this.lines.at(-1)?.endsWith('{') && end.startsWith('}'))
      this.lines.push(`${this.lines.pop() ?? ''}${end}`)
    else this.raw(end)
  }

  constant(name: string, value: Js, prefix = ''): void {
    this.set(`${prefix}const ${name}`, '=', value)
  }

  variable(name: string, value: Js): void {
    this.set(`let ${name}`, '=', value)
  }

  assign(target: Js, operator: '=' | '+=' | '*=', value: Js): void {
    this.set(flatText(target), operator, value, () => expressionDoc(target))
  }

  private set(left: string, operator: string, value: Js, doc: () => Doc = () => left): void {
    this.write(`${left} ${operator} ${flatText(value)};`, () => [
      assignmentDoc(doc(), ` ${operator}`, value),
      ';',
    ])
  }

  expression(value: Js): void {
    this.write(`${flatText(value)};`, () => [expressionDoc(value), ';'])
  }

  return(value: Js): void {
    this.write(`return ${flatText(value)};`, () => returnDoc(value))
  }

  choose(
    condition: Js,
    consequent: () => void,
    alternate: (() => void) | undefined,
    others: readonly Case[] = [],
  ): void {
    this.open(`if (${flatText(condition)})`, () => conditionDoc('if', condition))
    consequent()
    for (const other of others) {
      this.depth--
      this.open(`} else if (${flatText(other.condition)})`, () => conditionDoc('} else if', other.condition))
      other.body()
    }
    if (alternate) {
      this.depth--
      this.raw('} else {')
      this.depth++
      alternate()
    }
    this.close('}')
  }

  /** `for (let index = start; test; step)`. */
  loop(index: string, start: Js, test: Js, step: string, body: () => void): void {
    const head = `for (let ${index} = ${flatText(start)}; ${flatText(test)}; ${step})`
    this.block(head, body, '}', () => {
      const parts = [
        [assignmentDoc(`let ${index}`, ' =', start), ';'],
        line,
        [expressionDoc(test, 'test'), ';'],
        line,
        step,
      ]
      return group(['for (', indent([softline, parts]), softline, ')'])
    })
  }

  /** `function name(parameters) {…}`, with `export ` or `return ` before it. */
  function(prefix: string, name: string, parameters: readonly string[], body: () => void, end = '}'): void {
    const head = `${prefix}function ${name}`
    this.block(`${head}(${parameters.join(', ')})`, body, end, () => {
      const list = [indent([softline, joined([',', line], parameters)]), ifBroken(','), softline]
      return [head, group(['(', list, ')'])]
    })
  }

  /** A declaration without body: `head(parameters): type;`. */
  signature(head: string, parameters: readonly string[], type: Doc): void {
    const list = [indent([softline, joined([',', line], parameters)]), ifBroken(','), softline]
    const inner = parameters.length === 0 ? '()' : ['(', list, ')']
    this.doc([head, group([inner, ': ', type]), ';'])
  }
}
