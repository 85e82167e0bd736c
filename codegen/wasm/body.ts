/** Writes the body of one function: statements in order, fresh locals, loops and branches as nested bodies. */
import {
  type ArgumentsOf,
  type Callee,
  type Code,
  type Function,
  type Get,
  type Immediates,
  type Statement,
  type ValueType,
  type Variable,
  checkOperands,
  get,
  i32,
  instructionOf,
  op,
  plus,
} from './code.js'
import type { InstructionName } from './instructions.js'
import { substituteOnce } from './substitute.js'

export class Body {
  readonly params: Variable[] = []
  private readonly locals: Variable[] = []
  private statements: Statement[] = []

  param(type: ValueType, name: string): Variable {
    const variable = { type, name }
    this.params.push(variable)
    return variable
  }

  /** A local; it is 0 at first. */
  variable(type: ValueType, name: string): Variable {
    const variable = { type, name }
    this.locals.push(variable)
    return variable
  }

  /** The value, computed once: what is used twice must have a name. */
  let(value: Code, name = 't'): Get {
    if (value.kind === 'get') return value
    const variable = this.variable(value.type, name)
    this.set(variable, value)
    return get(variable)
  }

  set(variable: Variable, value: Code): void {
    if (variable.type !== value.type)
      throw new Error(`'${variable.name}' is ${variable.type}, not ${value.type}`)
    this.statements.push({ kind: 'set', variable, value })
  }

  /** An instruction without result. */
  store<N extends InstructionName>(
    instruction: N,
    { offset = 0, lane = 0 }: Immediates,
    ...args: ArgumentsOf<N>
  ): void {
    const list: readonly Code[] = args
    checkOperands(instruction, instructionOf(instruction).takes, list)
    this.statements.push({ kind: 'store', instruction, args: list, offset, lane })
  }

  /** Zeros. */
  fill(at: Code, bytes: Code): void {
    this.statements.push({ kind: 'fill', at, bytes })
  }

  copy(to: Code, from: Code, bytes: Code): void {
    this.statements.push({ kind: 'copy', to, from, bytes })
  }

  call(callee: Callee, ...args: readonly Code[]): void {
    this.statements.push({ kind: 'call', callee, args })
  }

  comment(text: () => string): void {
    this.statements.push({ kind: 'comment', text })
  }

  /** The statements that `write` adds, apart. */
  private within(write: () => void): Statement[] {
    const outer = this.statements
    this.statements = []
    write()
    const inner = this.statements
    this.statements = outer
    return inner
  }

  /** A value, and the statements that lead to it, which are not written yet. */
  capture(write: () => Code): { readonly statements: readonly Statement[]; readonly value: Code } {
    let value: Code | undefined
    const statements = this.within(() => {
      value = write()
    })
    if (!value) throw new Error('nothing was captured')
    return { statements, value }
  }

  append(statements: readonly Statement[]): void {
    this.statements.push(...statements)
  }

  while(condition: Code, write: () => void): void {
    this.statements.push({ kind: 'while', condition, body: this.within(write) })
  }

  if(condition: Code, yes: () => void, no: () => void = () => undefined): void {
    this.statements.push({ kind: 'if', condition, yes: this.within(yes), no: this.within(no) })
  }

  /** `from <= index < to` in steps; the index is set to where the loop ended. */
  count(index: Variable, from: Code, to: Code, step: number, write: () => void): void {
    this.set(index, from)
    this.while(op('i32.lt_s', get(index), to), () => {
      write()
      this.set(index, plus(get(index), i32(step)))
    })
  }

  /** The function as it has been written. */
  finish(name: string, doc: string, result: Code | undefined, exported = false): Function {
    return substituteOnce({
      kind: 'function',
      name,
      doc,
      takes: this.params.map(({ type }) => type),
      gives: result?.type ?? 'nothing',
      params: this.params,
      locals: this.locals,
      places: new Map(),
      body: this.statements,
      result,
      exported,
    })
  }
}
