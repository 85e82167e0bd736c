/**
 * Between the caller and the kernels: what a generated function reads from its arguments, checks and allocates, once per
 * call or once per `bind`.
 */
import type { Def, Expr, InputDef, Size } from '../../src/ir/expr.js'
import { printExpr } from '../../src/ir/print.js'
import type { Check, Entry } from '../../src/ir/program.js'
import type { Buffer, ElementType } from '../../src/schedule/loop-program.js'
import { expressionsOf, writeDemand } from './demand.js'
import { type ExtentNames, countJs, extentJs, scalarsIn, sizesIn, tableJs } from './extent.js'
import { ARRAY_TYPES, type Kernel, bufferHints } from './kernel.js'
import type { Names } from './names.js'
import type { ModuleParts } from './parts.js'
import { type Js, array, binary, call, create, member, name, number, object, string } from './syntax.js'
import type { Writer } from './writer.js'

/** Where the data of an input, parameter or seed come from. */
export interface Source {
  /** What messages call it, and the key of its shape. */
  readonly label: string
  readonly value: Js
  readonly default: number | undefined
  readonly whole: boolean
  readonly bounds: readonly Expr[]
}

export const boundsOf = (def: InputDef): readonly Expr[] => def.bounds

export const extentsOf = (def: Def): readonly Expr[] => def.idx.map((index) => index.extent)

/** `{ x: ["n", 784], … }`: the shapes that checks and messages read. */
export function shapesJs(
  tensors: readonly { readonly label: string; readonly def: Def }[],
  parts: ModuleParts,
): Js {
  return object(
    tensors.map(({ label, def }) => ({
      key: label,
      value: array(extentsOf(def).map((e) => shapeExtent(e, parts))),
    })),
  )
}

function shapeExtent(e: Expr, parts: ModuleParts): Js {
  if (e.kind === 'num') return number(e.value.toNumber())
  if (e.kind === 'size') return string(e.name)
  const names: ExtentNames = {
    size: (size) => member(name('sizes'), size.name),
    scalar: (def) => member(name('sizes'), def.name),
    runtime: (part) => parts.use(part),
  }
  const of = [...new Set(sizesIn(e).map((size) => size.name))]
  return object([
    { key: 'text', value: string(printExpr(e)) },
    { key: 'of', value: array(of.map(string)) },
    { key: 'at', value: { kind: 'arrow', parameter: 'sizes', body: extentJs(e, names) } },
  ])
}

/** The names of sizes that these expressions mention, in order. */
export const sizeNames = (expressions: readonly Expr[]): string[] => [
  ...new Set(expressions.flatMap(sizesIn).map((size) => size.name)),
]

/** The statements of one generated function that calls a kernel. */
export class Boundary {
  private readonly sizes = new Map<string, string>()
  private readonly values = new Map<Def, Js>()
  private readonly buffers = new Map<Buffer, string>()
  private readonly special = new Map<'state' | 'scalars', string>()

  constructor(
    private readonly writer: Writer,
    private readonly parts: ModuleParts,
    readonly names: Names,
    private readonly entry: Entry,
    private readonly kernel: Kernel,
    private readonly sources: ReadonlyMap<Def, Source>,
    private readonly shapes: string,
  ) {}

  private readonly extents: ExtentNames = {
    size: (size) => name(this.sizeLocal(size)),
    scalar: (def, at) =>
      def.kind === 'table'
        ? tableJs(def, at, this.extents, this.parts.table(def, def.integer ? 'i32' : 'f64'))
        : this.scalar(def),
    runtime: (part) => this.parts.use(part),
  }

  private scalar(def: Def): Js {
    const value = this.values.get(def)
    if (!value) throw new Error(`'${def.name}' is not read yet`)
    return value
  }

  private sizeLocal(size: Size): string {
    return this.sizes.get(size.name) ?? size.name
  }

  /** `const { n } = sizes;` for the sizes that the function mentions. */
  unpackSizes(wanted: readonly string[]): void {
    if (wanted.length === 0) return
    const fields = wanted.map((size) => {
      const local = this.names.create(size)
      this.sizes.set(size, local)
      return local === size ? size : `${size}: ${local}`
    })
    this.writer.doc(`const { ${fields.join(', ')} } = sizes;`)
  }

  /** The conditions of the entry on sizes, or on scalar inputs too. */
  demand(onScalars: boolean): void {
    const needsScalars = (check: Check): boolean => expressionsOf(check).flatMap(scalarsIn).length > 0
    const wanted = this.entry.checks.filter((check) => needsScalars(check) === onScalars)
    for (const check of wanted)
      if (this.isKnown(check)) writeDemand(check, this.writer, this.extents, this.names, this.parts)
  }

  private isKnown(check: Check): boolean {
    const parts = expressionsOf(check)
    return (
      parts.flatMap(sizesIn).every((size) => this.sizes.has(size.name)) &&
      parts.flatMap(scalarsIn).every((def) => this.values.has(def))
    )
  }

  /** Arrays whose lengths the sizes give, or also scalar inputs. */
  allocate(onScalars: boolean, isOptional: (buffer: Buffer) => boolean = () => false): void {
    const hintOf = bufferHints(this.kernel.method)
    for (const arg of this.kernel.args) {
      if (arg.kind === 'buffer') {
        const { buffer } = arg
        if (buffer.role !== 'temp' && buffer.role !== 'result') continue
        if (buffer.extents.flatMap(scalarsIn).length > 0 !== onScalars) continue
        const local = this.names.create(hintOf(buffer))
        this.buffers.set(buffer, local)
        if (isOptional(buffer)) this.writer.doc(`let ${local};`)
        else this.writer.constant(local, this.fresh(buffer.extents, buffer.element))
      } else if ((arg.kind === 'state' || arg.kind === 'scalars') && !onScalars) {
        const local = this.names.create(arg.kind)
        this.special.set(arg.kind, local)
        this.writer.constant(local, create('Float64Array', number(arg.length)))
      }
    }
  }

  fresh(extents: readonly Expr[], element: ElementType): Js {
    return create(ARRAY_TYPES[element], countJs(extents, this.extents))
  }

  bufferLocal(buffer: Buffer): string {
    const local = this.buffers.get(buffer)
    if (local === undefined) throw new Error(`'${buffer.name}' is not allocated`)
    return local
  }

  /** Reads and checks the arguments: scalars, which extents may depend on, before arrays. */
  read(): void {
    const { args } = this.kernel
    for (const arg of args) if (arg.kind === 'scalar') this.readScalar(arg.def)
    this.demand(true)
    this.allocate(true)
    for (const arg of args)
      if (arg.kind === 'buffer' && (arg.buffer.role === 'input' || arg.buffer.role === 'param'))
        this.readTensor(arg.buffer)
  }

  private source(def: Def): Source {
    const source = this.sources.get(def)
    if (!source) throw new Error(`nothing passes '${def.name}'`)
    return source
  }

  private readScalar(def: Def): void {
    const source = this.source(def)
    const value =
      source.default === undefined ? source.value : binary('??', source.value, number(source.default))
    const bounds = source.bounds.map((bound) => extentJs(bound, this.extents))
    const [bound] = bounds.length > 1 ? [call('Math.min', ...bounds)] : bounds
    const label = string(source.label)
    const read = source.whole
      ? call(this.parts.use('readWhole'), label, value, ...(bound ? [bound] : []))
      : call(this.parts.use('readNumber'), label, value)
    if (!this.isMentioned(def)) {
      this.values.set(def, read)
      return
    }
    const local = this.names.create(source.label)
    this.values.set(def, name(local))
    this.writer.constant(local, read)
    if (this.scalarsInShapes().has(def)) this.writer.assign(member(name('sizes'), def.name), '=', name(local))
  }

  /** Whole-numbered inputs that lengths of arrays depend on: with the sizes, they say what is expected. */
  scalarsInShapes(): ReadonlySet<Def> {
    return new Set([...this.sources.keys()].flatMap(extentsOf).flatMap(scalarsIn))
  }

  /** Whether a check, a bound or a length depends on the scalar, so that it needs a name. */
  private isMentioned(def: Def): boolean {
    const expressions = [
      ...this.entry.checks.flatMap(expressionsOf),
      ...[...this.sources.values()].flatMap(({ bounds }) => bounds),
      ...this.kernel.method.buffers.flatMap(({ extents }) => extents),
      ...this.kernel.method.results.flatMap(({ like }) => extentsOf(like)),
    ]
    return expressions.some((e) => scalarsIn(e).includes(def))
  }

  private readTensor(buffer: Buffer): void {
    const { label, value, bounds } = this.source(buffer.def)
    const local = this.names.create(label)
    this.buffers.set(buffer, local)
    const place = [name(this.shapes), string(label), name('sizes')]
    const [shapes, own, sizes] = place
    const count = countJs(buffer.extents, this.extents)
    this.writer.constant(
      local,
      call(this.parts.use('readTensor'), value, name(ARRAY_TYPES[buffer.element]), count, own, shapes, sizes),
    )
    for (const bound of bounds)
      this.writer.expression(
        call(this.parts.use('checkRange'), ...place, name(local), extentJs(bound, this.extents)),
      )
  }

  use(part: string): string {
    return this.parts.use(part)
  }

  /** The call of the kernel; flags by their input. */
  call(flag: (local: object) => Js): Js {
    const args = this.kernel.args.map((arg): Js => {
      switch (arg.kind) {
        case 'size':
          return name(this.sizeLocal(arg.size))
        case 'scalar':
          return this.scalar(arg.def)
        case 'flag':
          return flag(arg.local)
        case 'buffer':
          return name(this.bufferLocal(arg.buffer))
        case 'length':
          return member(name(this.bufferLocal(arg.buffer)), 'length')
        case 'state':
        case 'scalars':
          return name(this.special.get(arg.kind) ?? arg.kind)
      }
    })
    return call(this.kernel.name, ...args)
  }
}
