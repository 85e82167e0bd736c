/**
 * Between the caller and the kernels: what a generated function reads from its arguments, checks and allocates, once per
 * call or once per `bind`.
 */
import type { Def, Expr, InputDef, Size } from '../../src/ir/expr.js'
import { printExpr } from '../../src/ir/print.js'
import type { Check, Entry } from '../../src/ir/program.js'
import type { Buffer, ElementType } from '../../src/schedule/loop-program.js'
import { elementOf } from '../../src/schedule/words.js'
import { type Arrays, type Ground, fresh } from './arrays.js'
import { expressionsOf, writeDemand } from './demand.js'
import { type ExtentNames, countJs, extentJs, scalarsIn, sizesIn, tableJs } from './extent.js'
import { ARRAY_TYPES, type Kernel } from './kernel.js'
import type { Names } from './names.js'
import type { ModuleParts } from './parts.js'
import { type Js, array, binary, call, member, name, number, object, string } from './syntax.js'
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
  private readonly arrays: Arrays

  constructor(
    private readonly writer: Writer,
    private readonly parts: ModuleParts,
    readonly names: Names,
    private readonly entry: Entry,
    private readonly kernel: Kernel,
    private readonly sources: ReadonlyMap<Def, Source>,
    private readonly shapes: string,
    arrays: (ground: Ground) => Arrays,
  ) {
    const count = (extents: readonly Expr[]) => countJs(extents, this.extents)
    this.arrays = arrays({ writer, parts, names, kernel, count })
  }

  private readonly extents: ExtentNames = {
    size: (size) => name(this.sizeLocal(size)),
    scalar: (def, at) =>
      def.kind === 'table'
        ? tableJs(def, at, this.extents, this.parts.table(def, elementOf(def, 'f64')))
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

  /** Arrays whose lengths the sizes give. */
  allocate(isOptional: (buffer: Buffer) => boolean = () => false): void {
    this.arrays.allocate(isOptional)
  }

  /** Whether the array is made when it is first asked for. */
  isLate(buffer: Buffer): boolean {
    return this.arrays.isLate(buffer)
  }

  fresh(extents: readonly Expr[], element: ElementType): Js {
    return fresh(element, countJs(extents, this.extents))
  }

  /** An array of results; after the call, unless it is there from the beginning. */
  result(buffer: Buffer): Js {
    return this.arrays.result(buffer)
  }

  /** The array of scalar results after the call. */
  scalarResults(): Js {
    return this.arrays.scalars()
  }

  /** Reads and checks the arguments: scalars, which extents may depend on, before arrays. */
  read(): void {
    const { args } = this.kernel
    for (const arg of args) if (arg.kind === 'scalar') this.readScalar(arg.def)
    // What is not computed with may be a length.
    const lengths = this.kernel.method.results.flatMap(({ like }) => extentsOf(like)).flatMap(scalarsIn)
    for (const def of new Set(lengths)) if (!this.values.has(def)) this.readScalar(def)
    this.demand(true)
    this.arrays.allocateByScalars()
    for (const arg of args)
      if (arg.kind === 'buffer' && (arg.buffer.role === 'input' || arg.buffer.role === 'param'))
        this.readTensor(arg.buffer)
    this.arrays.settle()
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
    const place = [name(this.shapes), string(label), name('sizes')]
    const [shapes, own, sizes] = place
    const count = countJs(buffer.extents, this.extents)
    const read = call(
      this.parts.use('readTensor'),
      value,
      name(ARRAY_TYPES[buffer.element]),
      count,
      own,
      shapes,
      sizes,
    )
    const local = this.arrays.take(buffer, label, read)
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
        case 'length':
        case 'state':
        case 'scalars':
          return this.arrays.argument(arg)
      }
    })
    return call(this.arrays.kernel(), ...args)
  }
}
