/** A model of the `.nn` file: `init`, `forward`, `loss`, `backward`, and `bind` for given sizes. */
import type { Def } from '../../src/ir/expr.js'
import type { Entry } from '../../src/ir/program.js'
import type { Buffer, ElementType, Method, ScheduledEntry } from '../../src/schedule/loop-program.js'
import {
  type Arrays,
  BoundArrays,
  type Ground,
  HeapArrays,
  ScratchArrays,
  isSizedByScalars,
} from './arrays.js'
import { Boundary, extentsOf, shapesJs, sizeNames } from './boundary.js'
import { scalarsIn } from './extent.js'
import { writeInit } from './initial.js'
import type { Kernel, KernelMaker } from './kernel.js'
import type { ModuleParts } from './parts.js'
import { ResultWriter } from './model-results.js'
import { sourcesOf } from './model-sources.js'
import { type ModelMethod, access } from './results.js'
import type { Kernels, Surroundings } from './surroundings.js'
import { type Js, type Property, array, call, member, name, not, object, string } from './syntax.js'
import { pure } from './webassembly.js'
import type { Writer } from './writer.js'

/** The method as callers know it: a model without loss is differentiated with cotangents, by `backward` too. */
export function modelMethod({ name: method }: Method): ModelMethod | undefined {
  switch (method) {
    case 'forward':
    case 'loss':
    case 'backward':
      return method
    case 'vjp':
      return 'backward'
    case 'value':
    case 'grad':
    case 'valueAndGrad':
    case 'jvp':
      return undefined
  }
}

export const modelMethods = ({ methods }: ScheduledEntry): ModelMethod[] =>
  methods.flatMap((m) => modelMethod(m) ?? [])

export const modelNames = (scheduled: ScheduledEntry): string[] => {
  const { name: own } = scheduled.entry
  return [own, ...['init', ...modelMethods(scheduled), 'bind'].map((method) => `${method}${own}`)]
}

export const modelKernels = ({ methods, entry }: ScheduledEntry, make: KernelMaker): Kernel[] =>
  methods.map((method) => make(method, `${modelMethod(method) ?? method.name}${entry.name}Kernel`))

export const writeModel = (scheduled: ScheduledEntry, kernels: Kernels, surroundings: Surroundings): void =>
  new ModelWriter(scheduled, kernels, surroundings).write()

/** What allocates for given sizes: one method, and what stands in for it. */
interface Binder {
  readonly name: string
  readonly fallback: string | undefined
  /** Arrays and results stay where they are from call to call. */
  readonly lasts: boolean
  /** What it computes on the way in JavaScript lies in memory that methods share. */
  readonly sharesInJavaScript: boolean
}

class ModelWriter {
  private readonly entry: Entry
  private readonly shapes: string
  private readonly inputs: string
  private readonly params: string
  private readonly findSizes: string
  private readonly sizes: readonly string[]
  private readonly elements = new Map<Def, ElementType>()

  private readonly writer: Writer
  private readonly parts: ModuleParts
  private readonly dtype: ElementType
  private readonly isWasm: boolean

  constructor(
    scheduled: ScheduledEntry,
    private readonly kernels: Kernels,
    private readonly surroundings: Surroundings,
  ) {
    const { writer, parts, dtype = 'f32' } = surroundings
    this.writer = writer
    this.parts = parts
    this.dtype = dtype
    this.isWasm = kernels.own.some(({ target }) => target === 'wasm')
    this.entry = scheduled.entry
    const own = this.entry.name
    const first = own.slice(0, 1).toLowerCase() + own.slice(1)
    this.shapes = parts.names.create(`${first}Shapes`)
    this.inputs = parts.names.create(`${first}Inputs`)
    this.params = parts.names.create(`${first}Params`)
    this.findSizes = parts.names.create(`findSizesOf${own}`)
    const all = [...kernels.own, ...(kernels.fallback ?? [])]
    for (const { method } of all)
      for (const { def, element } of method.buffers) this.elements.set(def, element)
    this.sizes = sizeNames([
      ...[...this.entry.inputs, ...this.entry.params].flatMap(({ def }) => extentsOf(def)),
      ...all.flatMap(({ method }) => method.sizes.map(({ size }) => size)),
    ])
  }

  private local(wanted: string): string {
    return this.surroundings.local(wanted)
  }

  private exported(text: string): string {
    return this.local(text) === text ? 'export ' : ''
  }

  write(): void {
    const { entry, writer, parts, kernels } = this
    const tensors = kernels.own.flatMap((kernel) =>
      [...sourcesOf(this.entry, kernel.method)].map(([def, { label }]) => ({ label, def })),
    )
    const unique = new Map(
      tensors.filter(({ def }) => def.idx.length > 0).map((tensor) => [tensor.label, tensor]),
    )
    writer.blank()
    writer.constant(this.shapes, shapesJs([...unique.values()], parts))
    writer.constant(this.inputs, array(entry.inputs.map((input) => string(input.name))))
    writer.constant(this.params, array([...new Set(entry.params.map(({ path }) => path[0]))].map(string)))
    this.writeFindSizes([...unique.values()])
    const init = `init${entry.name}`
    writeInit(
      writer,
      entry,
      this.local(init),
      this.exported(init),
      (def) => this.elementOf(def),
      this.shapes,
      parts,
    )
    const binders = new Map<ModelMethod, Binder>()
    for (const kernel of kernels.own) {
      const method = modelMethod(kernel.method)
      if (!method) continue
      const instead = kernels.fallback?.find((other) => modelMethod(other.method) === method)
      const wanted = `bind${method[0].toUpperCase()}${method.slice(1)}${entry.name}`
      const binder: Binder = {
        name: parts.names.create(wanted),
        fallback: instead && parts.names.create(`${wanted}InJavaScript`),
        lasts: !isSizedByScalars(kernel),
        sharesInJavaScript: [kernel, instead].some((one) => one?.target === 'js' && this.sharesMemory(one)),
      }
      binders.set(method, binder)
      this.writeBinder(kernel, method, binder.name)
      if (instead && binder.fallback !== undefined) this.writeBinder(instead, method, binder.fallback)
      this.writeUnbound(method, binder)
    }
    this.writeBind(binders)
    this.writeObject([...binders.keys()])
  }

  private elementOf(def: Def): ElementType {
    return this.elements.get(def) ?? this.dtype
  }

  /** The sizes of one unbound call. */
  private writeFindSizes(tensors: readonly { readonly label: string; readonly def: Def }[]): void {
    const { writer, parts, entry } = this
    writer.blank()
    writer.about(`The sizes that the data of one call say.`)
    writer.function('', this.findSizes, ['params', 'data', 'options'], () => {
      this.checkArguments()
      const known = tensors.filter(
        ({ def, label }) =>
          sizeNames(extentsOf(def)).length > 0 &&
          extentsOf(def).flatMap(scalarsIn).length === 0 &&
          !label.startsWith('cotangents.'),
      )
      const paths = new Map<string, readonly string[]>(entry.params.map(({ path }) => [path.join('.'), path]))
      const values = known.map(({ label }) => {
        const path = paths.get(label)
        return { key: label, value: path ? access(name('params'), path) : access(name('data'), [label]) }
      })
      const given = member(name('options'), 'sizes', true)
      const list = array(this.sizes.map(string))
      writer.return(call(parts.use('findSizes'), list, name(this.shapes), object(values), given))
    })
  }

  private checkArguments(): void {
    const check = this.parts.use('checkNames')
    this.writer.expression(call(check, string('params'), name('params'), name(this.params)))
    this.writer.expression(call(check, string('data'), name('data'), name(this.inputs)))
  }

  /** Whether what a method computes on the way lies in memory that the methods of a binding share. */
  private sharesMemory(kernel: Kernel): boolean {
    if (isSizedByScalars(kernel)) return false
    const { buffers, lifetimes } = kernel.method
    const isAlwaysUsed = (buffer: Buffer): boolean => lifetimes.get(buffer)?.flags.length === 0
    return (
      kernel.target === 'wasm' || buffers.some((buffer) => buffer.role === 'temp' && isAlwaysUsed(buffer))
    )
  }

  /** A function that allocates and returns the method for given sizes. */
  private writeBinder(kernel: Kernel, method: ModelMethod, binder: string): void {
    const { writer, parts } = this
    const sources = sourcesOf(this.entry, kernel.method)
    const names = parts.localNames()
    for (const taken of ['sizes', 'params', 'data', 'options', 'cotangents', 'result', 'grads'])
      names.create(taken)
    const inMemory = this.sharesMemory(kernel)
    const memory = inMemory ? names.create('memory') : ''
    const labelOf = ({ def }: Buffer): string => sources.get(def)?.label ?? def.name
    const arrays = (ground: Ground): Arrays =>
      kernel.target === 'js'
        ? new HeapArrays(ground, inMemory ? memory : undefined)
        : inMemory
          ? new BoundArrays(ground, memory, labelOf)
          : new ScratchArrays(ground, this.surroundings.wasm)
    const { lifetimes } = kernel.method
    const boundary = new Boundary(writer, parts, names, this.entry, kernel, sources, this.shapes, arrays)
    writer.blank()
    writer.function('', binder, inMemory ? ['sizes', memory] : ['sizes'], () => {
      if (boundary.scalarsInShapes().size > 0) writer.doc('sizes = { ...sizes };')
      boundary.unpackSizes(this.sizes)
      boundary.demand(false)
      boundary.allocate((buffer) => (lifetimes.get(buffer)?.flags.length ?? 0) > 0)
      const results = new ResultWriter(writer, kernel, method, boundary, names, this.dtype)
      results.prepare()
      writer.block(
        'return (params, data, options) =>',
        () => {
          this.checkArguments()
          this.checkOptions(kernel, method)
          results.flags()
          boundary.read()
          results.finish()
        },
        '};',
      )
    })
  }

  private checkOptions({ method }: Kernel, called: ModelMethod): void {
    const { writer, parts } = this
    const own = called === 'backward' ? ['wrt'] : []
    const allowed = [...own, 'sizes', ...(method.seeds.length > 0 ? ['cotangents'] : [])].map(string)
    const check = call(parts.use('checkNames'), string('options'), name('options'), array(allowed))
    if (method.seeds.length > 0) {
      writer.expression(check)
      writer.doc('const cotangents = options.cotangents ?? {};')
    } else writer.choose(binaryPresent('options'), () => writer.expression(check), undefined)
  }

  private writeUnbound(
    method: ModelMethod,
    { name: binder, fallback, lasts, sharesInJavaScript }: Binder,
  ): void {
    const { writer, entry, isWasm } = this
    const own = `${method}${entry.name}`
    writer.blank()
    writer.about(ABOUT[method](entry))
    writer.function(this.exported(own), this.local(own), ['params', 'data', 'options'], () => {
      writer.constant('sizes', call(this.findSizes, name('params'), name('data'), name('options')))
      const args = [name('params'), name('data'), name('options')]
      const bound = (by: string): Js =>
        sharesInJavaScript
          ? call(member(this.inOneMemory([{ key: method, value: name(by) }]), method), ...args)
          : call(call(by, name('sizes')), ...args)
      this.unlessReady(fallback, (by) => bound(by))
      if (isWasm && lasts) writer.return(call(call(this.wasm('once'), name(binder), name('sizes')), ...args))
      else writer.return(bound(binder))
    })
  }

  /** What the WebAssembly of the module offers. */
  private wasm(method: string): Js {
    return member(name(this.surroundings.wasm), method)
  }

  /** Kernels in JavaScript, where there are any, stand in for what cannot be called yet, or never. */
  private unlessReady<T>(fallback: T | undefined, instead: (fallback: T) => Js): void {
    if (fallback === undefined) return
    const { writer } = this
    writer.choose(not(call(this.wasm('isReady'))), () => writer.return(instead(fallback)), undefined)
  }

  private writeBind(binders: ReadonlyMap<ModelMethod, Binder>): void {
    const { writer, parts, entry, isWasm } = this
    const own = `bind${entry.name}`
    writer.blank()
    writer.about(
      `The methods of \`${entry.name}\` for given sizes. Memory is allocated here, once:\nresults are overwritten by the next call.`,
    )
    const shares = [...binders.values()].some(({ sharesInJavaScript }) => sharesInJavaScript)
    const bound = (of: (binder: Binder) => string): Js => {
      if (shares)
        return this.inOneMemory([...binders].map(([key, binder]) => ({ key, value: name(of(binder)) })))
      return object([...binders].map(([key, binder]) => ({ key, value: call(of(binder), name('sizes')) })))
    }
    writer.function(this.exported(own), this.local(own), ['sizes = {}'], () => {
      writer.expression(call(parts.use('checkSizes'), array(this.sizes.map(string)), name('sizes')))
      this.unlessReady(this.kernels.fallback, () => bound(({ name: binder, fallback }) => fallback ?? binder))
      const all = object([...binders].map(([key, binder]) => ({ key, value: name(binder.name) })))
      if (isWasm) writer.return(call(this.wasm('bind'), name('sizes'), all))
      else writer.return(bound((binder) => binder.name))
    })
  }

  private inOneMemory(binders: readonly Property[]): Js {
    return call(this.parts.use('inOneMemory'), name('sizes'), object(binders))
  }

  private writeObject(methods: readonly ModelMethod[]): void {
    const { writer, entry, parts } = this
    const all = ['init', ...methods, 'bind'].map((key) => ({
      key,
      value: name(this.local(`${key}${entry.name}`)),
    }))
    writer.blank()
    writer.about(entry.doc ?? `The model \`${entry.name}\`.`)
    const made = object(all)
    const offered = this.isWasm ? call(parts.use('withReady'), made, name(this.surroundings.wasm)) : made
    const value = pure(call(member(name('Object'), 'freeze'), offered))
    writer.constant(this.local(entry.name), value, this.exported(entry.name))
  }
}

const ABOUT: Readonly<Record<ModelMethod, (entry: Entry) => string>> = {
  forward: (entry) => `The outputs of \`${entry.name}\`.`,
  loss: (entry) => `The loss of \`${entry.name}\`, a number.`,
  backward: (entry) =>
    entry.loss
      ? `The loss of \`${entry.name}\` and its gradients; \`wrt\` names data to differentiate by too.`
      : `The gradients of the outputs of \`${entry.name}\`, weighted with \`cotangents\`.`,
}

const binaryPresent = (what: string): Js => ({
  kind: 'binary',
  operator: '!==',
  left: name(what),
  right: name('undefined'),
})
