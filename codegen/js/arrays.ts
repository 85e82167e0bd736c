/** Where the arrays of a kernel live: arrays of JavaScript, or memory of WebAssembly, where kernels get addresses. */
import type { Expr } from '../../src/ir/expr.js'
import type { Buffer, ElementType, Lifetime } from '../../src/schedule/loop-program.js'
import { scalarsIn } from './extent.js'
import { ARRAY_TYPES, type Argument, type Kernel, bufferHints } from './kernel.js'
import type { Names } from './names.js'
import type { ModuleParts } from './parts.js'
import { type Js, call, create, member, name, number, string } from './syntax.js'
import type { Writer } from './writer.js'

/** What the statements around a kernel are written with. */
export interface Ground {
  readonly writer: Writer
  readonly parts: ModuleParts
  readonly names: Names
  readonly kernel: Kernel
  /** The number of elements of an array. */
  count(extents: readonly Expr[]): Js
}

type Array = Extract<Argument, { kind: 'buffer' | 'state' | 'scalars' }>

export interface Arrays {
  /** Before the arguments are read: what sizes alone say how long it is. Optional ones are made when they are first asked for. */
  allocate(isOptional: (buffer: Buffer) => boolean): void
  /** When scalar arguments have been read: what is as long as they say. */
  allocateByScalars(): void
  /** Whether the array is made when it is first asked for. */
  isLate(buffer: Buffer): boolean
  /** Names an argument that is read by `value`; what its name stands for are the numbers. */
  take(buffer: Buffer, label: string, value: Js): string
  /** All arguments have been read. */
  settle(): void
  /** What the kernel gets. */
  argument(arg: Exclude<Argument, { kind: 'size' | 'scalar' | 'flag' }>): Js
  /** The kernel, as it is called. */
  kernel(): Js
  /** An array of results after the call. */
  result(buffer: Buffer): Js
  /** The array of scalar results after the call. */
  scalars(): Js
}

/** Whether a method's arrays are as long as scalar arguments say: then none can last from call to call. */
export const isSizedByScalars = ({ args, method }: Kernel): boolean =>
  args.some((arg) => arg.kind === 'buffer' && dependsOnScalars(arg.buffer)) ||
  method.results.some(({ like }) => like.idx.flatMap(({ extent }) => scalarsIn(extent)).length > 0)

const dependsOnScalars = ({ extents }: Buffer): boolean => extents.flatMap(scalarsIn).length > 0

const isMade = ({ role }: Buffer): boolean => role === 'temp' || role === 'result'

const arraysOf = ({ args }: Kernel): Array[] =>
  args.flatMap((arg) =>
    arg.kind === 'buffer' || arg.kind === 'state' || arg.kind === 'scalars' ? [arg] : [],
  )

abstract class Placed {
  protected readonly buffers = new Map<Buffer, string>()
  protected readonly special = new Map<'state' | 'scalars', string>()
  protected readonly hintOf: (buffer: Buffer) => string

  constructor(protected readonly ground: Ground) {
    this.hintOf = bufferHints(ground.kernel.method)
  }

  protected declare(arg: Array, hint?: string): string {
    const { names } = this.ground
    const local = names.create(hint ?? (arg.kind === 'buffer' ? this.hintOf(arg.buffer) : arg.kind))
    if (arg.kind === 'buffer') this.buffers.set(arg.buffer, local)
    else this.special.set(arg.kind, local)
    return local
  }

  protected local(arg: Array): string {
    const local = arg.kind === 'buffer' ? this.buffers.get(arg.buffer) : this.special.get(arg.kind)
    if (local === undefined)
      throw new Error(`'${arg.kind === 'buffer' ? arg.buffer.name : arg.kind}' is not allocated`)
    return local
  }

  protected count(arg: Array): Js {
    return arg.kind === 'buffer' ? this.ground.count(arg.buffer.extents) : number(arg.length)
  }

  protected table(buffer: Buffer): Js {
    if (buffer.def.kind !== 'table') throw new Error(`'${buffer.name}' is no table`)
    return name(this.ground.parts.table(buffer.def, buffer.element))
  }

  isLate(_buffer: Buffer): boolean {
    return false
  }
}

/** Arrays that have names of their own, from call to call: results are what they hold. */
abstract class Named extends Placed {
  kernel(): Js {
    return name(this.ground.kernel.name)
  }

  result(buffer: Buffer): Js {
    return name(this.local({ kind: 'buffer', buffer }))
  }

  scalars(): Js {
    return name(this.special.get('scalars') ?? 'scalars')
  }
}

const typeOf = (arg: Array): string => ARRAY_TYPES[arg.kind === 'buffer' ? arg.buffer.element : 'f64']

export const fresh = (element: ElementType, count: Js): Js => create(ARRAY_TYPES[element], count)

/** Results first: they lend their memory to what is computed before they are. */
function inOrderOfUse(kernel: Kernel): Array[] {
  const from = (arg: Array): number =>
    arg.kind === 'buffer' && arg.buffer.role === 'temp' ? lifetimeIn(kernel, arg.buffer).from : -1
  return arraysOf(kernel).sort((a, b) => from(a) - from(b))
}

function lifetimeIn({ method }: Kernel, buffer: Buffer): Lifetime {
  const lifetime = method.lifetimes.get(buffer)
  if (!lifetime) throw new Error(`'${buffer.name}' is never used`)
  return lifetime
}

/**
 * A part of memory that is shared by what is used one after the other. A gradient by parameters lends its own until it is written: nobody
 * takes it for data of the call that makes it.
 */
function makeInTurn({ writer, kernel, count }: Ground, memory: string, local: string, buffer: Buffer): void {
  const made = kernel.method.results.find(({ value }) => value.kind === 'buffer' && value.buffer === buffer)
  const args = [name(ARRAY_TYPES[buffer.element]), count(buffer.extents)]
  if (!made) {
    const { from, until } = lifetimeIn(kernel, buffer)
    args.push(number(from), number(until))
  } else if (made.kind === 'gradient' && made.like.kind === 'param')
    args.push(number(lifetimeIn(kernel, buffer).from))
  writer.constant(local, call(member(name(memory), made ? 'result' : 'array'), ...args))
}

/** Arrays of JavaScript, those of the caller among them. */
export class HeapArrays extends Named implements Arrays {
  private readonly late = new Set<Buffer>()

  constructor(
    ground: Ground,
    /** What the methods of a binding share. */
    private readonly memory?: string,
  ) {
    super(ground)
  }

  allocate(isOptional: (buffer: Buffer) => boolean): void {
    const { kernel, writer } = this.ground
    for (const arg of this.memory === undefined ? arraysOf(kernel) : inOrderOfUse(kernel)) {
      if (arg.kind === 'buffer' && (!isMade(arg.buffer) || dependsOnScalars(arg.buffer))) continue
      if (arg.kind === 'buffer' && isOptional(arg.buffer)) {
        writer.doc(`let ${this.declare(arg)};`)
        this.late.add(arg.buffer)
      } else if (arg.kind === 'buffer' && this.memory !== undefined)
        makeInTurn(this.ground, this.memory, this.declare(arg), arg.buffer)
      else this.make(arg)
    }
  }

  allocateByScalars(): void {
    for (const arg of arraysOf(this.ground.kernel))
      if (arg.kind === 'buffer' && isMade(arg.buffer) && dependsOnScalars(arg.buffer)) this.make(arg)
  }

  private make(arg: Array): void {
    this.ground.writer.constant(this.declare(arg), create(typeOf(arg), this.count(arg)))
  }

  override isLate(buffer: Buffer): boolean {
    return this.late.has(buffer)
  }

  take(buffer: Buffer, label: string, value: Js): string {
    const local = this.declare({ kind: 'buffer', buffer }, label)
    this.ground.writer.constant(local, value)
    return local
  }

  settle(): void {
    // They are where they are.
  }

  argument(arg: Exclude<Argument, { kind: 'size' | 'scalar' | 'flag' }>): Js {
    if (arg.kind === 'length')
      return member(name(this.local({ kind: 'buffer', buffer: arg.buffer })), 'length')
    return name(this.local(arg))
  }
}

/** Views of the memory of one `bind`, where they stay: arguments are copied in, results are views. */
export class BoundArrays extends Named implements Arrays {
  constructor(
    ground: Ground,
    private readonly memory: string,
    /** By what the methods of a binding share the copy of an argument. */
    private readonly labelOf: (buffer: Buffer) => string,
  ) {
    super(ground)
  }

  allocate(): void {
    const { writer, kernel } = this.ground
    for (const arg of inOrderOfUse(kernel)) {
      const isTable = arg.kind === 'buffer' && arg.buffer.role === 'table'
      if (isTable) writer.constant(this.declare(arg), this.of('table', this.table(arg.buffer)))
      else if (arg.kind !== 'buffer')
        writer.constant(this.declare(arg), this.of('own', name(typeOf(arg)), this.count(arg)))
      else if (isMade(arg.buffer)) makeInTurn(this.ground, this.memory, this.declare(arg), arg.buffer)
      else {
        const label = this.labelOf(arg.buffer)
        const key = string(label)
        writer.constant(this.declare(arg, label), this.of('shared', key, name(typeOf(arg)), this.count(arg)))
      }
    }
    writer.doc(`const { ${kernel.name} } = ${this.memory}.kernels;`)
  }

  private of(method: string, ...args: readonly Js[]): Js {
    return call(member(name(this.memory), method), ...args)
  }

  allocateByScalars(): void {
    // There is nothing: see `isSizedByScalars`.
  }

  take(buffer: Buffer, _label: string, value: Js): string {
    const local = this.local({ kind: 'buffer', buffer })
    this.ground.writer.expression(call(this.ground.parts.use('copyInto'), name(local), value))
    return local
  }

  settle(): void {
    // Each argument went to its place as it was read.
  }

  argument(arg: Exclude<Argument, { kind: 'size' | 'scalar' | 'flag' }>): Js {
    if (arg.kind === 'length')
      return member(name(this.local({ kind: 'buffer', buffer: arg.buffer })), 'length')
    return member(name(this.local(arg)), 'byteOffset')
  }
}

/** Places in memory that any call may use: all is copied in when all has been read, and results are copied out. */
export class ScratchArrays extends Placed implements Arrays {
  private memory = 'memory'
  /** Arguments that have been read. */
  private readonly taken = new Map<Buffer, string>()

  constructor(
    ground: Ground,
    /** The constant of the module that has the memory. */
    private readonly wasm: string,
  ) {
    super(ground)
  }

  allocate(): void {
    // Memory may be used by other calls until all arguments have been read.
  }

  allocateByScalars(): void {
    // See `allocate`.
  }

  take(buffer: Buffer, label: string, value: Js): string {
    const { names, writer } = this.ground
    const local = names.create(label)
    this.taken.set(buffer, local)
    writer.constant(local, value)
    return local
  }

  settle(): void {
    const { writer, names, kernel } = this.ground
    this.memory = names.create('memory')
    writer.constant(this.memory, call(member(name(this.wasm), 'scratch')))
    for (const arg of arraysOf(kernel)) {
      const taken = arg.kind === 'buffer' ? this.taken.get(arg.buffer) : undefined
      const source = taken !== undefined ? name(taken) : arg.kind === 'buffer' && arg.buffer.role === 'table' ? this.table(arg.buffer) : undefined // prettier-ignore
      const hint = `${taken ?? (arg.kind === 'buffer' ? this.hintOf(arg.buffer) : arg.kind)}At`
      const place = source ? this.of('write', source) : this.of('reserve', name(typeOf(arg)), this.count(arg))
      writer.constant(this.declare(arg, hint), place)
    }
  }

  private of(method: string, ...args: readonly Js[]): Js {
    return call(member(name(this.memory), method), ...args)
  }

  argument(arg: Exclude<Argument, { kind: 'size' | 'scalar' | 'flag' }>): Js {
    if (arg.kind === 'length') return this.ground.count(arg.buffer.extents)
    return name(this.local(arg))
  }

  kernel(): Js {
    return member(member(name(this.memory), 'kernels'), this.ground.kernel.name)
  }

  result(buffer: Buffer): Js {
    return this.read({ kind: 'buffer', buffer })
  }

  scalars(): Js {
    const own = this.ground.kernel.args.find((arg) => arg.kind === 'scalars')
    if (own?.kind !== 'scalars') throw new Error('there are no scalar results')
    return this.read(own)
  }

  private read(arg: Array): Js {
    return this.of('read', name(typeOf(arg)), name(this.local(arg)), this.count(arg))
  }
}
