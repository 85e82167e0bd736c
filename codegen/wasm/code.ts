/**
 * WebAssembly as a tree: expressions with their types, statements, functions. Structured and without a stack, so that lowering composes values;
 * the encoder and the text flatten it.
 */
import { INSTRUCTIONS, type Instruction, type InstructionName, type ValueType } from './instructions.js'

export type { ValueType }

/** A parameter or local of a function. Identity counts; the name is for the text. */
export interface Variable {
  readonly type: ValueType
  readonly name: string
}

// ── Expressions ────────────────────────────────────────────────────────────────────────────────────────────

export type Code = Constant | Vector | Shuffle | Get | Apply | Choose | Invoke

export interface Constant {
  readonly kind: 'constant'
  readonly type: 'i32' | 'i64' | 'f32' | 'f64'
  /** Of `i64` whole; beyond 53 bits only what a number holds exactly. */
  readonly value: number
}

/** The lanes of a `v128.const`. */
export interface Vector {
  readonly kind: 'vector'
  readonly type: 'v128'
  readonly shape: 'i32x4' | 'f32x4' | 'f64x2' | 'i64x2'
  /** Of `i64x2` as of constants. */
  readonly lanes: readonly number[]
}

/** Sixteen bytes, chosen from those of both operands. */
export interface Shuffle {
  readonly kind: 'shuffle'
  readonly type: 'v128'
  readonly args: readonly [Code, Code]
  readonly bytes: readonly number[]
}

export interface Get {
  readonly kind: 'get'
  readonly type: ValueType
  readonly variable: Variable
}

/** An instruction; of those that touch memory with a constant offset in bytes. */
export interface Apply {
  readonly kind: 'apply'
  readonly type: ValueType
  readonly instruction: InstructionName
  readonly args: readonly Code[]
  readonly offset: number
  readonly lane: number
}

/** `if … else …` with a value: only the arm that is taken is evaluated. */
export interface Choose {
  readonly kind: 'choose'
  readonly type: ValueType
  readonly condition: Code
  readonly yes: Code
  readonly no: Code
}

export interface Invoke {
  readonly kind: 'invoke'
  readonly type: ValueType
  readonly callee: Callee
  readonly args: readonly Code[]
}

// ── Statements ─────────────────────────────────────────────────────────────────────────────────────────────

export type Statement =
  | { readonly kind: 'set'; readonly variable: Variable; readonly value: Code }
  | {
      readonly kind: 'store'
      readonly instruction: InstructionName
      readonly args: readonly Code[]
      readonly offset: number
      readonly lane: number
    }
  | { readonly kind: 'fill'; readonly at: Code; readonly bytes: Code }
  | { readonly kind: 'copy'; readonly to: Code; readonly from: Code; readonly bytes: Code }
  /** Runs the body while the condition, tested before each time, holds. */
  | { readonly kind: 'while'; readonly condition: Code; readonly body: readonly Statement[] }
  | {
      readonly kind: 'if'
      readonly condition: Code
      readonly yes: readonly Statement[]
      readonly no: readonly Statement[]
    }
  | { readonly kind: 'call'; readonly callee: Callee; readonly args: readonly Code[] }
  /** Printed only where somebody reads it. */
  | { readonly kind: 'comment'; readonly text: () => string }

// ── Functions ──────────────────────────────────────────────────────────────────────────────────────────────

interface Signature {
  readonly name: string
  readonly takes: readonly ValueType[]
  readonly gives: ValueType | 'nothing'
}

/** A function of the surroundings. */
export interface Import extends Signature {
  readonly kind: 'import'
}

export interface Function extends Signature {
  readonly kind: 'function'
  readonly doc: string
  readonly params: readonly Variable[]
  readonly locals: readonly Variable[]
  /** For locals that share places the one that has it. */
  readonly places: ReadonlyMap<Variable, Variable>
  readonly body: readonly Statement[]
  /** The value; absent where it gives nothing. */
  readonly result: Code | undefined
  readonly exported: boolean
}

export type Callee = Import | Function

/** The locals as modules list them: those of one type together. */
export function localsByType({ locals }: Function): ReadonlyMap<ValueType, readonly Variable[]> {
  const groups = new Map<ValueType, Variable[]>()
  for (const variable of locals) {
    const group = groups.get(variable.type)
    if (group) group.push(variable)
    else groups.set(variable.type, [variable])
  }
  return groups
}

export interface Module {
  readonly imports: readonly Import[]
  readonly functions: readonly Function[]
}

// ── Walking them ───────────────────────────────────────────────────────────────────────────────────────────

/** The statements inside. */
export const blocksOf = (statement: Statement): readonly (readonly Statement[])[] => {
  if (statement.kind === 'while') return [statement.body]
  return statement.kind === 'if' ? [statement.yes, statement.no] : []
}

/** What a statement itself computes. */
export function operandsOf(statement: Statement): readonly Code[] {
  switch (statement.kind) {
    case 'set':
      return [statement.value]
    case 'store':
    case 'call':
      return statement.args
    case 'fill':
      return [statement.at, statement.bytes]
    case 'copy':
      return [statement.to, statement.from, statement.bytes]
    case 'while':
    case 'if':
      return [statement.condition]
    case 'comment':
      return []
  }
}

/** What an expression is computed from. */
export function partsOf(code: Code): readonly Code[] {
  switch (code.kind) {
    case 'apply':
    case 'shuffle':
    case 'invoke':
      return code.args
    case 'choose':
      return [code.condition, code.yes, code.no]
    case 'constant':
    case 'vector':
    case 'get':
      return []
  }
}

// ── Making them ────────────────────────────────────────────────────────────────────────────────────────────

type Takes<N extends InstructionName> = (typeof INSTRUCTIONS)[N]['takes']
type Codes<T extends readonly unknown[]> = { readonly [K in keyof T]: Code }
export type ArgumentsOf<N extends InstructionName> = Codes<Takes<N>>

/** The instructions with a result. */
export type Operation = {
  [N in InstructionName]: (typeof INSTRUCTIONS)[N]['gives'] extends 'nothing' ? never : N
}[InstructionName]

export interface Immediates {
  /** In bytes, added to the address. */
  readonly offset?: number
  readonly lane?: number
}

export const instructionOf = (name: InstructionName): Instruction => INSTRUCTIONS[name]

export function checkOperands(
  name: InstructionName,
  takes: readonly ValueType[],
  args: readonly Code[],
): void {
  for (let at = 0; at < takes.length; at++)
    if (args[at]?.type !== takes[at])
      throw new Error(`${name}: operand ${at} is ${args[at]?.type}, not ${takes[at]}`)
}

/** `op('i32.add', a, b)`. */
export const op = <N extends Operation>(instruction: N, ...args: ArgumentsOf<N>): Apply =>
  opAt({}, instruction, ...args)

/** An instruction with a lane, or an offset into memory. */
export function opAt<N extends Operation>(
  { offset = 0, lane = 0 }: Immediates,
  instruction: N,
  ...args: ArgumentsOf<N>
): Apply {
  const { takes, gives } = instructionOf(instruction)
  const list: readonly Code[] = args
  checkOperands(instruction, takes, list)
  if (gives === 'nothing') throw new Error(`${instruction} has no result`)
  return { kind: 'apply', type: gives, instruction, args: list, offset, lane }
}

export const i32 = (value: number): Constant => ({ kind: 'constant', type: 'i32', value })
export const i64 = (value: number): Constant => ({ kind: 'constant', type: 'i64', value })
export const f32 = (value: number): Constant => ({ kind: 'constant', type: 'f32', value })
export const f64 = (value: number): Constant => ({ kind: 'constant', type: 'f64', value })

/** All lanes the same. */
export function vector(shape: Vector['shape'], ...values: readonly number[]): Vector {
  const count = shape.endsWith('4') ? 4 : 2
  const lanes = values.length === 1 ? Array.from({ length: count }, () => values[0]) : values
  return { kind: 'vector', type: 'v128', shape, lanes }
}

export const get = (variable: Variable): Get => ({ kind: 'get', type: variable.type, variable })

export const shuffle = (a: Code, b: Code, bytes: readonly number[]): Shuffle => ({
  kind: 'shuffle',
  type: 'v128',
  args: [a, b],
  bytes,
})

export const choose = (condition: Code, yes: Code, no: Code): Choose => ({
  kind: 'choose',
  type: yes.type,
  condition,
  yes,
  no,
})

/** A call with a value. */
export function invoke(callee: Callee, ...args: readonly Code[]): Invoke {
  if (callee.gives === 'nothing') throw new Error(`${callee.name} has no result`)
  return { kind: 'invoke', type: callee.gives, callee, args }
}

/** Sums of addresses, with what is known put together. */
export function plus(a: Code, b: Code): Code {
  if (a.kind === 'constant' && b.kind === 'constant') return i32(a.value + b.value)
  if (a.kind === 'constant' && a.value === 0) return b
  if (b.kind === 'constant' && b.value === 0) return a
  return op('i32.add', a, b)
}

/** A whole number times a known one. */
export function scaled(a: Code, factor: number): Code {
  if (a.kind === 'constant') return i32(a.value * factor)
  if (factor === 1) return a
  const shift = Math.log2(factor)
  return Number.isInteger(shift) ? op('i32.shl', a, i32(shift)) : op('i32.mul', a, i32(factor))
}
