/** A module in the text form (WebAssembly 2.0, section 6): what people read, and what tests compare the bytes with. */
import {
  type Callee,
  type Code,
  type Function,
  type Module,
  type Statement,
  type Variable,
  instructionOf,
  localsByType,
} from './code.js'
import { MEMORY } from './encode.js'
import type { InstructionName } from './instructions.js'

/** What is no longer than this stands on one line. */
const LINE = 100

export function printModule({ imports, functions }: Module): string {
  const lines = ['(module', `  (import "${MEMORY.module}" "${MEMORY.name}" (memory 1))`]
  for (const { name, takes, gives } of imports) {
    const type = [...takes.map((each) => `(param ${each})`), ...(gives === 'nothing' ? [] : [`(result ${gives})`])] // prettier-ignore
    lines.push(`  (import "${MEMORY.module}" "${name}" (func ${id(name)}${type.map((each) => ` ${each}`).join('')}))`) // prettier-ignore
  }
  for (const own of functions) lines.push('', ...new FunctionPrinter(own).lines())
  lines.push(')')
  return `${lines.join('\n')}\n`
}

const id = (name: string): string =>
  `$${name.replaceAll(/[^\w.]/g, (char) => `~${char.codePointAt(0)?.toString(16)}`)}`

class FunctionPrinter {
  private readonly names = new Map<Variable, string>()
  private readonly taken = new Set<string>()
  private readonly out: string[] = []
  private labels = 0

  constructor(private readonly own: Function) {
    for (const variable of [...own.params, ...own.locals]) {
      let name = variable.name
      for (let count = 2; this.taken.has(name); count++) name = `${variable.name}${count}`
      this.taken.add(name)
      this.names.set(variable, id(name))
    }
  }

  lines(): readonly string[] {
    const { own, out } = this
    for (const line of own.doc === '' ? [] : own.doc.split('\n')) out.push(`  ;; ${line}`)
    const header = [`  (func ${id(own.name)}`]
    if (own.exported) header.push(`(export ${JSON.stringify(own.name)})`)
    for (const each of own.params) header.push(`(param ${this.variable(each)} ${each.type})`)
    if (own.gives !== 'nothing') header.push(`(result ${own.gives})`)
    out.push(header.join(' '))
    for (const [type, group] of localsByType(own))
      for (const each of group) out.push(`    (local ${this.variable(each)} ${type})`)
    this.block(own.body, '    ')
    if (own.result) this.line(this.code(own.result), '    ')
    out.push('  )')
    return out
  }

  private variable(variable: Variable): string {
    return this.names.get(this.own.places.get(variable) ?? variable) ?? id(variable.name)
  }

  private block(statements: readonly Statement[], indent: string): void {
    for (const statement of statements) this.statement(statement, indent)
  }

  private statement(statement: Statement, indent: string): void {
    const { out } = this
    switch (statement.kind) {
      case 'set':
        this.line(tree(`local.set ${this.variable(statement.variable)}`, this.code(statement.value)), indent)
        return
      case 'store':
        this.line(tree(instructionText(statement), ...statement.args.map((arg) => this.code(arg))), indent)
        return
      case 'fill':
        this.line(
          tree('memory.fill', this.code(statement.at), tree('i32.const 0'), this.code(statement.bytes)),
          indent,
        )
        return
      case 'copy': {
        const args = [statement.to, statement.from, statement.bytes]
        this.line(tree('memory.copy', ...args.map((arg) => this.code(arg))), indent)
        return
      }
      case 'while': {
        const label = ++this.labels
        out.push(`${indent}(block $done${label} (loop $next${label}`)
        this.line(tree(`br_if $done${label}`, tree('i32.eqz', this.code(statement.condition))), `${indent}  `)
        this.block(statement.body, `${indent}  `)
        out.push(`${indent}  (br $next${label})`, `${indent}))`)
        return
      }
      case 'if':
        out.push(`${indent}(if`)
        this.line(this.code(statement.condition), `${indent}  `)
        out.push(`${indent}  (then`)
        this.block(statement.yes, `${indent}    `)
        out.push(`${indent}  )`)
        if (statement.no.length > 0) {
          out.push(`${indent}  (else`)
          this.block(statement.no, `${indent}    `)
          out.push(`${indent}  )`)
        }
        out.push(`${indent})`)
        return
      case 'call':
        this.line(
          tree(`call ${callText(statement.callee)}`, ...statement.args.map((arg) => this.code(arg))),
          indent,
        )
        return
      case 'comment':
        for (const line of statement.text().split('\n')) out.push(`${indent};; ${line}`)
    }
  }

  private code(code: Code): Tree {
    switch (code.kind) {
      case 'constant':
        return tree(`${code.type}.const ${numberText(code.value, code.type)}`)
      case 'vector':
        return tree(
          `v128.const ${code.shape} ${code.lanes.map((lane) => numberText(lane, code.shape)).join(' ')}`,
        )
      case 'get':
        return tree(`local.get ${this.variable(code.variable)}`)
      case 'shuffle':
        return tree(`i8x16.shuffle ${code.bytes.join(' ')}`, ...code.args.map((arg) => this.code(arg)))
      case 'apply':
        return tree(instructionText(code), ...code.args.map((arg) => this.code(arg)))
      case 'choose':
        return tree(
          `if (result ${code.type})`,
          this.code(code.condition),
          tree('then', this.code(code.yes)),
          tree('else', this.code(code.no)),
        )
      case 'invoke':
        return tree(`call ${callText(code.callee)}`, ...code.args.map((arg) => this.code(arg)))
    }
  }

  /** On one line where it fits, else an operand a line. */
  private line(whole: Tree, indent: string): void {
    const flat = flatten(whole)
    if (indent.length + flat.length <= LINE) {
      this.out.push(indent + flat)
      return
    }
    const { head, args } = whole
    this.out.push(`${indent}(${head}`)
    for (const arg of args) this.line(arg, `${indent}  `)
    this.out.push(`${indent})`)
  }
}

interface Tree {
  readonly head: string
  readonly args: readonly Tree[]
}

const tree = (head: string, ...args: readonly Tree[]): Tree => ({ head, args })

const flatten = ({ head, args }: Tree): string => `(${[head, ...args.map(flatten)].join(' ')})`

const callText = ({ name }: Callee): string => id(name)

function instructionText(code: {
  readonly instruction: InstructionName
  readonly offset: number
  readonly lane: number
}): string {
  const { align, lanes, text } = instructionOf(code.instruction)
  const parts = [text ?? code.instruction]
  if (align !== undefined) {
    if (code.offset !== 0) parts.push(`offset=${code.offset}`)
    if (align > 2) parts.push('align=4')
  }
  if (lanes !== undefined) parts.push(String(code.lane))
  return parts.join(' ')
}

function numberText(value: number, type: string): string {
  if (type.startsWith('i')) return String(BigInt(value))
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return Object.is(value, -0) ? '-0' : String(value)
}
