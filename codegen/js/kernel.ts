/** A method of the loop program as a function that fills the arrays it is given. */
import type { Def } from '../../src/ir/expr.js'
import { printDefinition } from '../../src/ir/print.js'
import type {
  AddProduct,
  Buffer,
  ElementType,
  Local,
  Method,
  Part,
  MatrixPlace,
  RunRoutine,
  Scalar,
  Statement,
} from '../../src/schedule/loop-program.js'
import { isNumber } from '../../src/schedule/scalars.js'
import { touchedBy } from '../../src/schedule/split.js'
import { fewRows } from './few-rows.js'
import type { ModuleParts } from './parts.js'
import { Names } from './names.js'
import { preciseIn } from './precision.js'
import { type Spelling, numericJs, scalarJs } from './scalar.js'
import {
  type Js,
  array,
  before,
  binary,
  call,
  element,
  math,
  member,
  name,
  number,
  string,
} from './syntax.js'
import type { Writer } from './writer.js'

/** What a kernel is called with, in order. */
export type Argument =
  | { readonly kind: 'size'; readonly size: Method['sizes'][number]['size'] }
  | { readonly kind: 'scalar'; readonly def: Def }
  | { readonly kind: 'flag'; readonly local: Local }
  | { readonly kind: 'buffer'; readonly buffer: Buffer }
  /** The number of elements of a buffer, where the kernel cannot tell. */
  | { readonly kind: 'length'; readonly buffer: Buffer }
  /** 64-bit numbers: locals that several parts share. */
  | { readonly kind: 'state'; readonly length: number }
  /** 64-bit numbers: scalar results, where there are several. */
  | { readonly kind: 'scalars'; readonly length: number }

interface Parameter {
  readonly name: string
  readonly is: Local | Buffer | 'state' | 'scalars'
}

export interface Kernel {
  readonly method: Method
  readonly name: string
  readonly args: readonly Argument[]
  /** Kernels in WebAssembly get addresses. */
  readonly target: 'js' | 'wasm'
  /** How scalar results come back. */
  readonly returns: 'nothing' | 'number' | 'array' | 'scalars'
}

export const ARRAY_TYPES: Readonly<Record<ElementType, string>> = {
  f32: 'Float32Array',
  f64: 'Float64Array',
  i32: 'Int32Array',
}

const ROLES: readonly Buffer['role'][] = ['input', 'param', 'temp', 'result']

/** Up to so many elements a loop is faster than the call of `fill`. */
const SHORT_FILL = 64

/** The longest equation that stands above a loop as it is. */
export const LONGEST_TITLE = 400

/** Makes the kernel of a method; results in `overwrites` are written over the data that they replace. */
export type KernelMaker = (method: Method, wanted: string, overwrites?: ReadonlyMap<Buffer, Buffer>) => Kernel

/** Writes the function, its parts before it. Results in `overwrites` are written over the data that they replace. */
export function writeKernel(
  writer: Writer,
  method: Method,
  wanted: string,
  parts: ModuleParts,
  overwrites: ReadonlyMap<Buffer, Buffer> = new Map(),
): Kernel {
  return new KernelWriter(writer, method, parts, overwrites).write(wanted)
}

class KernelWriter implements Spelling {
  private readonly names: Names
  private scope: Names
  private readonly locals = new Map<Local, string>()
  private readonly buffers = new Map<Buffer, string>()
  /** The parts written so far: what they are called, and with which parameters. */
  private readonly functions = new Map<Part, { name: string; parameters: readonly string[] }>()
  private readonly parameters: Parameter[] = []
  private readonly precise: ReadonlySet<Scalar>
  private state = ''

  constructor(
    private readonly writer: Writer,
    private readonly method: Method,
    private readonly parts: ModuleParts,
    private readonly overwrites: ReadonlyMap<Buffer, Buffer>,
  ) {
    for (const { role, def, element } of method.buffers)
      if (role === 'table' && def.kind === 'table') parts.table(def, element)
    this.precise = preciseIn(method)
    this.names = parts.localNames()
    this.scope = this.names
  }

  write(wanted: string): Kernel {
    const { method, writer } = this
    const results = method.results.filter(({ value }) => value.kind === 'scalar')
    const inArray = results.length > 1 && method.entry.kind !== 'function'
    const args = this.arguments(inArray ? results.length : 0)
    const kernel = this.parts.names.create(wanted)
    for (const [at, part] of method.parts.entries()) {
      const partName = this.parts.names.create(`${wanted}Part${at + 1}`)
      const parameters = this.parametersOf(part)
      this.functions.set(part, { name: partName, parameters })
      writer.blank()
      writer.function('', partName, parameters, () => this.body(part.body))
    }
    writer.blank()
    writer.from(method.entry.span)
    const parameters = this.parameters.map((parameter) => parameter.name)
    writer.function('', kernel, parameters, () => {
      this.body(method.body, () => this.finish(inArray))
    })
    writer.from(undefined)
    return {
      method,
      name: kernel,
      args,
      target: 'js',
      returns: inArray
        ? 'scalars'
        : results.length > 1
          ? 'array'
          : results.length === 1
            ? 'number'
            : 'nothing',
    }
  }

  /** A part gets what it touches, so that the text grows with the program. */
  private parametersOf(part: Part): string[] {
    const { locals, buffers: touched } = touchedBy(part.body)
    const buffers = new Set([...touched].map((buffer) => this.method.sharing.get(buffer) ?? buffer))
    const hasState = [...locals, ...declaredIn(part)].some((local) => this.method.state.has(local))
    const isTouched = ({ is }: Parameter): boolean =>
      is === 'state' ? hasState : is !== 'scalars' && ('type' in is ? locals.has(is) : buffers.has(is))
    return this.parameters.filter(isTouched).map((parameter) => parameter.name)
  }

  /** Declares the parameters. */
  private arguments(scalars: number): Argument[] {
    const { method, names } = this
    const declare = (hint: string, is: Parameter['is']): string => {
      const parameter = names.create(hint)
      this.parameters.push({ name: parameter, is })
      return parameter
    }
    const local = (at: Local, hint: string) => this.locals.set(at, declare(hint, at))
    const args: Argument[] = []
    for (const { size, local: at } of method.sizes) {
      local(at, at.name)
      args.push({ kind: 'size', size })
    }
    for (const { def, local: at } of method.scalars) {
      local(at, at.name)
      args.push({ kind: 'scalar', def })
    }
    for (const { flag } of method.optional) {
      local(flag, flag.name)
      args.push({ kind: 'flag', local: flag })
    }
    const hintOf = bufferHints(method)
    for (const role of ROLES)
      for (const buffer of method.buffers.filter((other) => other.role === role)) {
        const old = this.overwrites.get(buffer)
        if (old) {
          this.buffers.set(buffer, this.buffer(old))
          continue
        }
        this.buffers.set(buffer, declare(hintOf(buffer), buffer))
        args.push({ kind: 'buffer', buffer })
      }
    if (method.state.size > 0) {
      this.state = declare('state', 'state')
      args.push({ kind: 'state', length: Math.max(...method.state.values()) + 1 })
    }
    if (scalars > 0) {
      declare('scalars', 'scalars')
      args.push({ kind: 'scalars', length: scalars })
    }
    return args
  }

  /** Returns the scalar results, or stores them. */
  private finish(inArray: boolean): void {
    const values = this.method.results.flatMap(({ value }) =>
      value.kind === 'scalar' ? [numericJs(value.value, this)] : [],
    )
    if (values.length === 0) return
    if (inArray) {
      const target = this.parameters[this.parameters.length - 1].name
      for (const [at, value] of values.entries())
        this.writer.assign(element(name(target), number(at)), '=', value)
    } else this.writer.return(values.length === 1 ? values[0] : array(values))
  }

  local(local: Local): Js {
    const slot = this.method.state.get(local)
    if (slot !== undefined) return element(name(this.state), number(slot))
    const known = this.locals.get(local)
    if (known === undefined) throw new Error(`'${local.name}' is used before it is declared`)
    return name(known)
  }

  buffer(buffer: Buffer): string {
    const known = this.buffers.get(this.method.sharing.get(buffer) ?? buffer)
    if (known !== undefined) return known
    if (buffer.role !== 'table' || buffer.def.kind !== 'table')
      throw new Error(`'${buffer.name}' is no buffer of the method`)
    return this.parts.table(buffer.def, buffer.element)
  }

  get fast(): boolean {
    return this.parts.math === 'fast'
  }

  isPrecise(scalar: Scalar): boolean {
    return this.precise.has(scalar)
  }

  get hasSlopes(): boolean {
    return (
      this.method.entry.kind === 'function' && this.method.results.some(({ kind }) => kind === 'gradient')
    )
  }

  runtime(part: string): string {
    return this.parts.use(part)
  }

  private body(statements: readonly Statement[], end?: () => void): void {
    const outer = this.scope
    this.scope = new Names(outer)
    for (const statement of statements) this.statement(statement)
    end?.()
    this.scope = outer
  }

  private declare(local: Local): string {
    const declared = this.scope.create(local.name)
    this.locals.set(local, declared)
    return declared
  }

  private statement(statement: Statement): void {
    const { writer } = this
    switch (statement.kind) {
      case 'constant':
      case 'variable': {
        const { local, value } = statement
        const js = value && (local.type === 'condition' ? scalarJs(value, this) : numericJs(value, this))
        if (this.method.state.has(local)) {
          if (js) writer.assign(this.local(local), '=', js)
        } else if (!js) writer.doc(`let ${this.declare(local)};`)
        else if (statement.kind === 'constant') writer.constant(this.declare(local), js)
        else writer.variable(this.declare(local), js)
        return
      }
      case 'assign': {
        const { local, value } = statement
        writer.assign(
          this.local(local),
          '=',
          local.type === 'condition' ? scalarJs(value, this) : numericJs(value, this),
        )
        return
      }
      case 'accumulate':
        this.accumulate(this.local(statement.local), statement.operator, numericJs(statement.value, this))
        return
      case 'store': {
        const target = element(name(this.buffer(statement.buffer)), scalarJs(statement.offset, this))
        writer.assign(target, statement.accumulate ? '+=' : '=', numericJs(statement.value, this))
        return
      }
      case 'fill': {
        const { range } = statement
        const from = range && scalarJs(range.from, this)
        const count = range && scalarJs(range.count, this)
        const known = lengthOf(statement.buffer)
        const length = count ?? (known === undefined ? undefined : number(known))
        if (length?.kind === 'number' && length.value <= SHORT_FILL && (!from || isZero(from))) {
          const index = new Names(this.scope).create('at')
          const buffer = name(this.buffer(statement.buffer))
          writer.loop(index, number(0), binary('<', name(index), length), `${index}++`, () =>
            writer.assign(element(buffer, name(index)), '=', number(0)),
          )
          return
        }
        const isPart = this.method.sharing.has(statement.buffer)
        const bounds =
          !range && isPart && length
            ? [number(0), length]
            : from && count
              ? [from, isZero(from) ? count : binary('+', from, count)]
              : []
        writer.expression(call(member(name(this.buffer(statement.buffer)), 'fill'), number(0), ...bounds))
        return
      }
      case 'copy': {
        const [to, from] = [this.buffer(statement.to), this.buffer(statement.from)]
        if (to !== from) writer.expression(call(member(name(to), 'set'), name(from)))
        return
      }
      case 'routine':
        this.routine(statement)
        return
      case 'product':
        this.product(statement)
        return
      case 'loop':
        this.loop(statement)
        return
      case 'branch':
        writer.choose(
          scalarJs(statement.condition, this),
          () => this.body(statement.consequent),
          statement.alternate.length > 0 ? () => this.body(statement.alternate) : undefined,
        )
        return
      case 'title':
        writer.blank()
        writer.from(statement.def.origin.span ?? this.method.entry.span)
        writer.comment(printDefinition(statement.def, LONGEST_TITLE))
        return
      case 'remark':
        writer.blank()
        writer.comment(statement.text)
        return
      case 'call': {
        const part = this.functions.get(statement.part)
        if (!part) throw new Error(`'${statement.part.name}' is no part of the method`)
        writer.expression(call(part.name, ...part.parameters.map(name)))
        return
      }
    }
  }

  private accumulate(target: Js, operator: 'add' | 'mul' | 'max' | 'min', value: Js): void {
    switch (operator) {
      case 'add':
        this.writer.assign(target, '+=', value)
        return
      case 'mul':
        this.writer.assign(target, '*=', value)
        return
      case 'max':
      case 'min':
        this.writer.assign(target, '=', math(operator, target, value))
    }
  }

  private routine({ routine, on, rows, columns, factors, subject }: RunRoutine): void {
    const place = ({ buffer, offset }: MatrixPlace): Js[] => [
      name(this.buffer(buffer)),
      scalarJs(offset, this),
    ]
    const size = scalarJs(rows, this)
    const matrix = string(subject)
    const args = (): Js[] => {
      switch (routine) {
        case 'factorise':
        case 'cofactorise':
          return [size]
        case 'choleskyFactor':
          return [size, matrix]
        case 'solveFactored':
        case 'solveTransposed':
          return [size, scalarJs(columns, this), ...(factors ? place(factors) : []), matrix]
      }
    }
    this.writer.expression(call(this.runtime(routine), ...place(on), ...args()))
  }

  private product({ panel, left, right, rows, depth, columns }: AddProduct): void {
    if (!isNumber(right.columnStep, 1))
      throw new Error(`the entries of a row of ${right.buffer.name} are apart`)
    const few = fewRows(numberOf(rows), numberOf(depth))
    const kernel = this.parts.product(left.buffer.element, right.buffer.element, few)
    const place = ({ buffer, offset }: MatrixPlace): Js[] => [
      name(this.buffer(buffer)),
      scalarJs(offset, this),
    ]
    const open = few ? (few.depth === undefined ? [depth, columns] : [columns]) : [rows, depth, columns]
    const sizes = open.map((size) => scalarJs(size, this))
    const [rowStep, leftStep, rightStep] = [left.rowStep, left.depthStep, right.depthStep].map((step) =>
      scalarJs(step, this),
    )
    this.writer.expression(
      call(kernel, ...place(panel), ...place(left), rowStep, leftStep, ...place(right), rightStep, ...sizes),
    )
  }

  private loop(loop: Extract<Statement, { kind: 'loop' }>): void {
    const from = scalarJs(loop.from, this)
    const to = scalarJs(loop.to, this)
    const outer = this.scope
    this.scope = new Names(outer)
    const index = this.declare(loop.index)
    if (loop.descending) {
      this.writer.loop(index, before(to), binary('>=', name(index), from), `${index}--`, () =>
        this.body(loop.body),
      )
    } else {
      const step = loop.step === 1 ? `${index}++` : `${index} += ${loop.step}`
      this.writer.loop(index, from, binary('<', name(index), to), step, () => this.body(loop.body))
    }
    this.scope = outer
  }
}

const numberOf = (scalar: Scalar): number | undefined => (scalar.kind === 'number' ? scalar.value : undefined)

/** The number of elements, if it is known when compiling. */
export function lengthOf({ extents }: Buffer): number | undefined {
  const known = extents.map((extent) => (extent.kind === 'num' ? extent.value.toNumber() : NaN))
  const length = known.reduce((product, extent) => product * extent, 1)
  return Number.isNaN(length) ? undefined : length
}

/** Gradients have the names of what they are taken by; `d_` tells them apart. */
export function bufferHints({ results }: Method): (buffer: Buffer) => string {
  const gradients = new Set<Buffer>()
  for (const { kind, value } of results)
    if (kind === 'gradient' && value.kind === 'buffer') gradients.add(value.buffer)
  return (buffer) =>
    gradients.has(buffer) && !buffer.name.startsWith('d_') ? `d_${buffer.name}` : buffer.name
}

/** Locals of the shared state that a part itself declares. */
const declaredIn = ({ body }: Part): Local[] =>
  body.flatMap((statement) =>
    statement.kind === 'constant' || statement.kind === 'variable' ? [statement.local] : [],
  )

const isZero = (e: Js): boolean => e.kind === 'number' && e.value === 0
