/** A method of the loop program as a function that fills the arrays it is given. */
import type { Def } from '../../src/ir/expr.js'
import type { Buffer, ElementType, Local, Method, Part } from '../../src/schedule/loop-program.js'
import { touchedBy } from '../../src/schedule/split.js'
import type { ModuleParts } from './parts.js'
import { numericJs } from './scalar.js'
import { StatementWriter } from './statements.js'
import { array, element, name, number } from './syntax.js'
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

class KernelWriter {
  private readonly statements: StatementWriter
  private readonly parameters: Parameter[] = []

  constructor(
    private readonly writer: Writer,
    private readonly method: Method,
    private readonly parts: ModuleParts,
    private readonly overwrites: ReadonlyMap<Buffer, Buffer>,
  ) {
    this.statements = new StatementWriter(writer, method, parts)
  }

  write(wanted: string): Kernel {
    const { method, writer, statements } = this
    const results = method.results.filter(({ value }) => value.kind === 'scalar')
    const inArray = results.length > 1 && method.entry.kind !== 'function'
    const args = this.arguments(inArray ? results.length : 0)
    const kernel = this.parts.names.create(wanted)
    for (const [at, part] of method.parts.entries()) {
      const partName = this.parts.names.create(`${wanted}Part${at + 1}`)
      const parameters = this.parametersOf(part)
      statements.namePart(part, partName, parameters)
      writer.blank()
      writer.function('', partName, parameters, () => statements.body(part.body))
    }
    writer.blank()
    writer.from(method.entry.span)
    const parameters = this.parameters.map((parameter) => parameter.name)
    writer.function('', kernel, parameters, () => {
      statements.body(method.body, () => this.finish(inArray))
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
    const { method, statements } = this
    const declare = (hint: string, is: Parameter['is']): string => {
      const parameter = statements.names.create(hint)
      this.parameters.push({ name: parameter, is })
      return parameter
    }
    const local = (at: Local, hint: string) => statements.nameLocal(at, declare(hint, at))
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
          statements.nameBuffer(buffer, statements.buffer(old))
          continue
        }
        statements.nameBuffer(buffer, declare(hintOf(buffer), buffer))
        args.push({ kind: 'buffer', buffer })
      }
    if (method.state.size > 0) {
      statements.state = declare('state', 'state')
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
      value.kind === 'scalar' ? [numericJs(value.value, this.statements)] : [],
    )
    if (values.length === 0) return
    if (inArray) {
      const target = this.parameters[this.parameters.length - 1].name
      for (const [at, value] of values.entries())
        this.writer.assign(element(name(target), number(at)), '=', value)
    } else this.writer.return(values.length === 1 ? values[0] : array(values))
  }
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
