/** The loop program as text, for people and golden tests. */
import { OPERATORS } from '../ops/table.js'
import type { Buffer, Local, Method, MatrixPlace, Scalar, Statement } from './loop-program.js'
import { isNumber } from './scalars.js'

export function printMethod(method: Method): string {
  return new Printer().method(method)
}

class Printer {
  private readonly names = new Map<Local | Buffer, string>()
  private readonly used = new Set<string>()
  private readonly lines: string[] = []

  method({ name, entry, body, parts, results, state }: Method): string {
    this.lines.push(`${name} ${entry.name}`)
    this.block(body, 1)
    for (const part of parts) {
      this.lines.push(`${part.name}:`)
      this.block(part.body, 1)
    }
    if (state.size > 0)
      this.lines.push(`state: ${[...state.keys()].map((local) => this.of(local)).join(', ')}`)
    for (const { path, value } of results) {
      const text =
        value.kind === 'zero'
          ? '0'
          : value.kind === 'scalar'
            ? this.scalar(value.value)
            : this.of(value.buffer)
      this.lines.push(`result ${path.join('.')} = ${text}`)
    }
    return this.lines.join('\n') + '\n'
  }

  private of(what: Local | Buffer): string {
    let name = this.names.get(what)
    if (name === undefined) {
      name = what.name
      for (let count = 1; this.used.has(name); count++) name = `${what.name}${count}`
      this.used.add(name)
      this.names.set(what, name)
    }
    return name
  }

  private block(statements: readonly Statement[], indent: number): void {
    for (const statement of statements) this.statement(statement, indent)
  }

  private line(indent: number, text: string): void {
    this.lines.push('  '.repeat(indent) + text)
  }

  private statement(statement: Statement, indent: number): void {
    switch (statement.kind) {
      case 'constant':
        return this.line(indent, `const ${this.of(statement.local)} = ${this.scalar(statement.value)}`)
      case 'variable':
        return this.line(indent, `var ${this.of(statement.local)}${statement.value ? ` = ${this.scalar(statement.value)}` : ''}`) // prettier-ignore
      case 'assign':
        return this.line(indent, `${this.of(statement.local)} = ${this.scalar(statement.value)}`)
      case 'accumulate':
        return this.line(
          indent,
          `${this.of(statement.local)} ${statement.operator}= ${this.scalar(statement.value)}`,
        )
      case 'store': {
        const { buffer, offset, value, accumulate } = statement
        return this.line(indent, `${this.of(buffer)}[${this.scalar(offset)}] ${accumulate ? '+=' : '='} ${this.scalar(value)}`) // prettier-ignore
      }
      case 'fill': {
        const { buffer, range } = statement
        return this.line(indent, `clear ${this.of(buffer)}${range ? ` from ${this.scalar(range.from)} count ${this.scalar(range.count)}` : ''}`) // prettier-ignore
      }
      case 'copy':
        return this.line(indent, `${this.of(statement.to)} = ${this.of(statement.from)}`)
      case 'routine': {
        const { routine, on, factors } = statement
        const at = ({ buffer, offset }: MatrixPlace): string =>
          `${this.of(buffer)} from ${this.scalar(offset)}`
        return this.line(indent, `${routine} ${at(on)}${factors ? ` by ${at(factors)}` : ''}`)
      }
      case 'product': {
        const { panel, left, right, rows, depth, columns } = statement
        const at = ({ buffer, offset }: MatrixPlace): string =>
          `${this.of(buffer)} from ${this.scalar(offset)}`
        const steps = `${this.scalar(left.rowStep)}, ${this.scalar(left.depthStep)}`
        const across = isNumber(right.columnStep, 1) ? '' : `, ${this.scalar(right.columnStep)}` // prettier-ignore
        return this.line(indent, `product ${at(panel)} += ${at(left)} by ${steps} @ ${at(right)} by ${this.scalar(right.depthStep)}${across}: ${this.scalar(rows)} rows, ${this.scalar(depth)} deep, ${this.scalar(columns)} columns`) // prettier-ignore
      }
      case 'loop': {
        const { index, from, to, step, descending, body } = statement
        const by = step === 1 ? '' : ` by ${step}`
        this.line(indent, `for ${this.of(index)} in ${this.scalar(from)} ..< ${this.scalar(to)}${by}${descending ? ' descending' : ''}`) // prettier-ignore
        return this.block(body, indent + 1)
      }
      case 'branch':
        this.line(indent, `if ${this.scalar(statement.condition)}`)
        this.block(statement.consequent, indent + 1)
        if (statement.alternate.length === 0) return
        this.line(indent, 'else')
        return this.block(statement.alternate, indent + 1)
      case 'title':
        return this.line(indent, `# ${statement.name}`)
      case 'remark':
        return this.line(indent, `# ${statement.text}`)
      case 'call':
        return this.line(indent, `call ${statement.part.name}`)
    }
  }

  private scalar(scalar: Scalar): string {
    switch (scalar.kind) {
      case 'number':
        return String(scalar.value)
      case 'local':
        return this.of(scalar.local)
      case 'load':
        return `${this.of(scalar.buffer)}[${this.scalar(scalar.offset)}]`
      case 'apply': {
        const args = scalar.args.map((arg) => this.scalar(arg))
        const { js } = OPERATORS[scalar.operator]
        return js.kind === 'infix'
          ? `(${args.join(` ${js.operator} `)})`
          : `${scalar.operator}(${args.join(', ')})`
      }
    }
  }
}
