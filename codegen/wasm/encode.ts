/** A module as bytes (WebAssembly 2.0, section 5). */
import {
  type Apply,
  type Callee,
  type Code,
  type Constant,
  type Function,
  type Module,
  type Statement,
  type ValueType,
  type Variable,
  instructionOf,
  localsByType,
} from './code.js'

const TYPES: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b }
const NO_VALUE = 0x40
const BLOCK = 0x02
const LOOP = 0x03
const IF = 0x04
const ELSE = 0x05
const END = 0x0b
const BRANCH = 0x0c
const BRANCH_IF = 0x0d
const CALL = 0x10
const GET = 0x20
const SET = 0x21
const I32_EQZ = 0x45
const I32_CONST = 0x41
const I64_CONST = 0x42
const F32_CONST = 0x43
const F64_CONST = 0x44
const MISC = 0xfc
const SIMD = 0xfd
const MEMORY_COPY = 10
const MEMORY_FILL = 11
const V128_CONST = 12
const SHUFFLE = 13

/** What the memory is imported as. */
export const MEMORY = { module: 'nnc', name: 'memory' }

/** Sections: their numbers. */
const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 }

export function encodeModule({ imports, functions }: Module): Uint8Array<ArrayBuffer> {
  const callees: readonly Callee[] = [...imports, ...functions]
  const indices = new Map(callees.map((callee, at) => [callee, at]))
  const types = new Map<string, { readonly at: number; readonly callee: Callee }>()
  const typeOf = (callee: Callee): number => {
    const key = `${callee.takes.join()}>${callee.gives}`
    const known = types.get(key)
    if (known) return known.at
    types.set(key, { at: types.size, callee })
    return types.size - 1
  }
  const typeIndices = callees.map(typeOf)

  const out = new Bytes()
  out.raw(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
  out.section(SECTION.type, [...types.values()], (bytes, { callee: { takes, gives } }) => {
    bytes.byte(0x60)
    bytes.unsigned(takes.length)
    for (const type of takes) bytes.byte(TYPES[type])
    if (gives === 'nothing') bytes.byte(0)
    else bytes.raw(1, TYPES[gives])
  })
  out.section(SECTION.import, [undefined, ...imports], (bytes, callee) => {
    bytes.text(MEMORY.module)
    bytes.text(callee?.name ?? MEMORY.name)
    if (callee) {
      bytes.byte(0x00)
      bytes.unsigned(typeOf(callee))
    } else bytes.raw(0x02, 0x00, 0x01)
  })
  out.section(SECTION.function, typeIndices.slice(imports.length), (bytes, at) => bytes.unsigned(at))
  const exported = functions.filter((each) => each.exported)
  out.section(SECTION.export, exported, (bytes, each) => {
    bytes.text(each.name)
    bytes.byte(0x00)
    bytes.unsigned(indices.get(each) ?? 0)
  })
  out.section(SECTION.code, functions, (bytes, each) => {
    const body = new Bytes()
    new FunctionEncoder(body, each, indices).write()
    bytes.bytes(body)
  })
  return out.done()
}

class FunctionEncoder {
  private readonly variables = new Map<Variable, number>()

  constructor(
    private readonly out: Bytes,
    private readonly own: Function,
    private readonly callees: ReadonlyMap<Callee, number>,
  ) {}

  write(): void {
    const { out, own, variables } = this
    for (const variable of own.params) variables.set(variable, variables.size)
    const groups = localsByType(own)
    out.unsigned(groups.size)
    for (const [type, locals] of groups) {
      out.unsigned(locals.length)
      out.byte(TYPES[type])
      for (const variable of locals) variables.set(variable, variables.size)
    }
    this.block(own.body)
    if (own.result) this.code(own.result)
    out.byte(END)
  }

  private block(statements: readonly Statement[]): void {
    for (const statement of statements) this.statement(statement)
  }

  private statement(statement: Statement): void {
    const { out } = this
    switch (statement.kind) {
      case 'set':
        this.code(statement.value)
        out.byte(SET)
        out.unsigned(this.variable(statement.variable))
        return
      case 'store':
        for (const arg of statement.args) this.code(arg)
        this.instruction(statement)
        return
      case 'fill':
        this.code(statement.at)
        out.raw(I32_CONST, 0)
        this.code(statement.bytes)
        out.raw(MISC, MEMORY_FILL, 0)
        return
      case 'copy':
        this.code(statement.to)
        this.code(statement.from)
        this.code(statement.bytes)
        out.raw(MISC, MEMORY_COPY, 0, 0)
        return
      case 'while':
        out.raw(BLOCK, NO_VALUE, LOOP, NO_VALUE)
        this.code(statement.condition)
        out.raw(I32_EQZ, BRANCH_IF, 1)
        this.block(statement.body)
        out.raw(BRANCH, 0, END, END)
        return
      case 'if':
        this.code(statement.condition)
        out.raw(IF, NO_VALUE)
        this.block(statement.yes)
        if (statement.no.length > 0) out.byte(ELSE)
        this.block(statement.no)
        out.byte(END)
        return
      case 'call':
        for (const arg of statement.args) this.code(arg)
        this.call(statement.callee)
        return
      case 'comment':
        return
    }
  }

  private variable(variable: Variable): number {
    const known = this.variables.get(this.own.places.get(variable) ?? variable)
    if (known === undefined) throw new Error(`'${variable.name}' is no variable of ${this.own.name}`)
    return known
  }

  private call(callee: Callee): void {
    const known = this.callees.get(callee)
    if (known === undefined) throw new Error(`${callee.name} is not in the module`)
    this.out.byte(CALL)
    this.out.unsigned(known)
  }

  private code(code: Code): void {
    const { out } = this
    switch (code.kind) {
      case 'constant':
        this.constant(code.type, code.value)
        return
      case 'vector':
        out.raw(SIMD, V128_CONST)
        for (const lane of code.lanes) out.lane(code.shape, lane)
        return
      case 'get':
        out.byte(GET)
        out.unsigned(this.variable(code.variable))
        return
      case 'shuffle':
        for (const arg of code.args) this.code(arg)
        out.raw(SIMD, SHUFFLE, ...code.bytes)
        return
      case 'apply':
        for (const arg of code.args) this.code(arg)
        this.instruction(code)
        return
      case 'choose':
        this.code(code.condition)
        out.raw(IF, TYPES[code.type])
        this.code(code.yes)
        out.byte(ELSE)
        this.code(code.no)
        out.byte(END)
        return
      case 'invoke':
        for (const arg of code.args) this.code(arg)
        this.call(code.callee)
    }
  }

  private constant(type: Constant['type'], value: number): void {
    const { out } = this
    switch (type) {
      case 'i32':
        out.byte(I32_CONST)
        out.signed(value | 0)
        return
      case 'i64':
        out.byte(I64_CONST)
        out.signed64(BigInt(value))
        return
      case 'f32':
        out.byte(F32_CONST)
        out.lane('f32x4', value)
        return
      case 'f64':
        out.byte(F64_CONST)
        out.lane('f64x2', value)
    }
  }

  private instruction({ instruction, offset, lane }: Pick<Apply, 'instruction' | 'offset' | 'lane'>): void {
    const { out } = this
    const { code, align, lanes } = instructionOf(instruction)
    if (typeof code === 'number') out.byte(code)
    else {
      out.byte(code[0])
      out.unsigned(code[1])
    }
    if (align !== undefined) {
      // Arrays of f32 begin anywhere: no more than their own alignment is promised.
      out.unsigned(Math.min(align, 2))
      out.unsigned(offset)
    }
    if (lanes !== undefined) out.byte(lane)
  }
}

/** Bytes that grow. */
class Bytes {
  private list = new Uint8Array(256)
  private readonly view = new DataView(new ArrayBuffer(8))
  private length = 0

  private grow(count: number): void {
    const longer = new Uint8Array(Math.max(2 * this.list.length, this.length + count))
    longer.set(this.list)
    this.list = longer
  }

  byte(value: number): void {
    if (this.length === this.list.length) this.grow(1)
    this.list[this.length++] = value
  }

  raw(...bytes: readonly number[]): void {
    for (let at = 0; at < bytes.length; at++) this.byte(bytes[at])
  }

  /** LEB128. */
  unsigned(value: number): void {
    let rest = value
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.byte((rest % 0x80) | 0x80)
    this.byte(rest)
  }

  /** LEB128 of a number with a sign, of 32 bits. */
  signed(value: number): void {
    let rest = value
    for (; rest < -0x40 || rest >= 0x40; rest >>= 7) this.byte((rest & 0x7f) | 0x80)
    this.byte(rest & 0x7f)
  }

  /** LEB128 of a number with a sign, of 64 bits. */
  signed64(value: bigint): void {
    let rest = value
    for (; rest < -0x40n || rest >= 0x40n; rest >>= 7n) this.byte(Number(rest & 0x7fn) | 0x80)
    this.byte(Number(rest & 0x7fn))
  }

  text(value: string): void {
    const encoded = new TextEncoder().encode(value)
    this.unsigned(encoded.length)
    this.raw(...encoded)
  }

  lane(shape: 'i32x4' | 'f32x4' | 'f64x2' | 'i64x2', value: number): void {
    const { view } = this
    const size = shape.endsWith('4') ? 4 : 8
    if (shape === 'f32x4') view.setFloat32(0, value, true)
    else if (shape === 'f64x2') view.setFloat64(0, value, true)
    else if (shape === 'i32x4') view.setInt32(0, value, true)
    else view.setBigInt64(0, BigInt(value), true)
    for (let at = 0; at < size; at++) this.byte(view.getUint8(at))
  }

  /** Another list of bytes, its length first. */
  bytes(inner: Bytes): void {
    this.unsigned(inner.length)
    if (this.length + inner.length > this.list.length) this.grow(inner.length)
    this.list.set(inner.list.subarray(0, inner.length), this.length)
    this.length += inner.length
  }

  section<T>(id: number, items: readonly T[], write: (bytes: Bytes, item: T) => void): void {
    const inner = new Bytes()
    inner.unsigned(items.length)
    for (const item of items) write(inner, item)
    this.byte(id)
    this.bytes(inner)
  }

  done(): Uint8Array<ArrayBuffer> {
    return this.list.slice(0, this.length)
  }
}
