/** A function of the `.nn` file: `f(x, …)` and its derivatives. */
import type { Def } from '../../src/ir/expr.js'
import type { Entry, Input } from '../../src/ir/program.js'
import type { ElementType, Method, MethodResult, ScheduledEntry } from '../../src/schedule/loop-program.js'
import { elementOf } from '../../src/schedule/words.js'
import { expressionsOf } from './demand.js'
import { type Arrays, type Ground, HeapArrays, ScratchArrays } from './arrays.js'
import { Boundary, type Source, boundsOf, extentsOf, shapesJs, sizeNames } from './boundary.js'
import { scalarsIn } from './extent.js'
import type { Kernel, KernelMaker } from './kernel.js'
import type { Names } from './names.js'
import type { Kernels, Surroundings } from './surroundings.js'
import { type Js, array, call, element, member, name, number, object, string } from './syntax.js'
import { pure } from './webassembly.js'

export const isReal = ({ type, def }: Input): boolean => type === 'real' && !def.integer

export const functionKernels = ({ methods, entry }: ScheduledEntry, make: KernelMaker): Kernel[] =>
  methods.map((method) =>
    make(method, `${entry.name}${method.name === 'value' ? '' : `_${method.name}`}_kernel`),
  )

/** Which functions a caller gets, flat: `f_value` only where `f` carries others. */
export function functionNames({ entry, methods }: ScheduledEntry): string[] {
  const offered = offeredOf(methods)
  return offered.length === 1
    ? [entry.name]
    : [entry.name, ...offered.map((method) => `${entry.name}_${method}`)]
}

type Offered = 'value' | 'grad' | 'valueAndGrad' | 'vjp' | 'jvp'

export function offeredOf(methods: readonly Method[]): Offered[] {
  return methods.flatMap((method): Offered[] => variantsOf(method, methods))
}

/** Without a method of its own the gradient comes from that which computes the value too. */
function variantsOf({ name: method }: Method, methods: readonly Method[]): Offered[] {
  switch (method) {
    case 'value':
    case 'grad':
    case 'vjp':
    case 'jvp':
      return [method]
    case 'valueAndGrad':
      return methods.some(({ name: other }) => other === 'grad') ? [method] : ['grad', method]
    case 'forward':
    case 'loss':
    case 'backward':
      return []
  }
}

export function writeFunction({ entry }: ScheduledEntry, kernels: Kernels, surroundings: Surroundings): void {
  const { writer, parts, local } = surroundings
  const methods = kernels.own.map((kernel) => kernel.method)
  const offered = offeredOf(methods)
  const tensors = [
    ...entry.inputs.map(({ name: label, def }) => ({ label, def })),
    ...kernels.own.flatMap(({ method }) => [...seedLabels(method)].map(([def, label]) => ({ label, def }))),
  ].filter(({ def }) => def.idx.length > 0)
  const shapes = parts.names.create(`${entry.name}_shapes`)
  if (tensors.length > 0) {
    writer.blank()
    writer.constant(shapes, shapesJs(tensors, parts))
  }
  const single = offered.length === 1
  const isWasm = kernels.own.some(({ target }) => target === 'wasm')
  const ready = (methods: Js): Js =>
    isWasm ? call(parts.use('withReady'), methods, name(surroundings.wasm)) : methods
  /** What the module calls the one function that it offers, before it has its promise. */
  const inner = single && isWasm ? parts.names.create(`${entry.name}_${offered[0]}`) : undefined
  for (const kernel of kernels.own) {
    for (const variant of variantsOf(kernel.method, methods)) {
      const flat = single ? entry.name : `${entry.name}_${variant}`
      const own = inner ?? local(flat)
      const exported = own === flat
      const about = aboutOf(entry, variant, single)
      const write = (of: Kernel, name: string, isExported: boolean): readonly string[] =>
        new FunctionWriter(entry, of, shapes, surroundings).write(variant, name, isExported)
      const instead = kernels.fallback?.find(({ method }) => method.name === kernel.method.name)
      writer.blank()
      if (instead) {
        const [first, second] = ['InWebAssembly', 'InJavaScript'].map((kind) =>
          parts.names.create(flat + kind),
        )
        write(kernel, first, false)
        writer.blank()
        const parameters = write(instead, second, false)
        writer.blank()
        writer.about(about)
        writer.function(exported ? 'export ' : '', own, parameters, () => {
          const test = call(member(name(surroundings.wasm), 'isReady'))
          const [yes, no] = [first, second].map((of) => call(of, ...parameters.map(name)))
          writer.return({ kind: 'conditional', test, yes, no })
        })
      } else {
        writer.about(about)
        write(kernel, own, exported)
      }
    }
  }
  const own = local(entry.name)
  const prefix = own === entry.name ? 'export ' : ''
  if (inner !== undefined) {
    writer.blank()
    writer.about(aboutOf(entry, offered[0], true))
    writer.constant(own, pure(ready(name(inner))), prefix)
  }
  if (single) return
  writer.blank()
  if (entry.doc !== undefined) writer.about(entry.doc)
  const properties = offered
    .filter((variant) => variant !== 'value')
    .map((variant) => ({ key: variant, value: name(local(`${entry.name}_${variant}`)) }))
  const all = call(member(name('Object'), 'assign'), name(local(`${entry.name}_value`)), object(properties))
  writer.constant(own, pure(ready(all)), prefix)
}

function aboutOf(entry: Entry, variant: Offered, single: boolean): string {
  const real = entry.inputs.filter(isReal).map((input) => input.name)
  const by = real.join(', ')
  switch (variant) {
    case 'value':
      return entry.doc ?? (single ? `The function \`${entry.name}\`.` : `The value of \`${entry.name}\`.`)
    case 'grad':
      return `The gradient of \`${entry.name}\`: the derivatives by ${by}.`
    case 'valueAndGrad':
      return `The value of \`${entry.name}\` and the derivatives by ${by}.`
    case 'vjp':
      return `The derivatives by ${by} of the results of \`${entry.name}\`, weighted with cotangents.`
    case 'jvp':
      return `The change of the results of \`${entry.name}\` along tangents of ${by}.`
  }
}

/** What messages call the cotangents or tangents. */
function seedLabels({ name: method, seeds, entry }: Method): Map<Def, string> {
  const what = method === 'jvp' ? 'tangents' : 'cotangents'
  const isOnly = method !== 'jvp' && entry.outputs.length === 1
  return new Map(seeds.map((def, at) => [def, isOnly ? what : `${what}[${at}]`]))
}

/** The results of a kernel that a function hands out. */
const READ: Readonly<Record<Offered, readonly MethodResult['kind'][]>> = {
  value: ['output'],
  grad: ['gradient'],
  valueAndGrad: ['output', 'loss', 'gradient'],
  vjp: ['gradient'],
  jvp: ['tangent'],
}

class FunctionWriter {
  private readonly names: Names

  constructor(
    private readonly entry: Entry,
    private readonly kernel: Kernel,
    private readonly shapes: string,
    private readonly surroundings: Surroundings,
  ) {
    this.names = surroundings.parts.localNames()
  }

  /** Gives the names of the parameters. */
  write(variant: Offered, own: string, exported: boolean): readonly string[] {
    const { entry, kernel, names } = this
    const { writer, parts, wasm } = this.surroundings
    const { method } = kernel
    names.create('sizes')
    names.create('options')
    const takesLists = variant === 'vjp' || variant === 'jvp'
    const lists = takesLists
      ? ['args', variant === 'vjp' ? 'cotangents' : 'tangents'].map((list) => names.create(list))
      : []
    const inputs = entry.inputs.map((input) => (takesLists ? input.name : names.create(`${input.name}`)))
    const sources = this.sources(lists, inputs)
    const known = [...entry.inputs.map(({ def }) => def), ...method.seeds]
    const wanted = sizeNames([
      ...known.flatMap(extentsOf),
      ...entry.checks.flatMap(expressionsOf),
      ...method.buffers.flatMap(({ extents }) => extents),
      ...method.sizes.map(({ size }) => size),
      ...method.results.flatMap(({ like }) => extentsOf(like)),
    ])
    const tensors = known.filter((def) => def.idx.length > 0)
    const parameters = [
      ...(takesLists ? lists : entry.inputs.map((input, at) => withDefault(input, inputs[at]))),
      ...(wanted.length > 0 ? ['options'] : []),
    ]
    const arrays = (ground: Ground): Arrays =>
      kernel.target === 'js' ? new HeapArrays(ground) : new ScratchArrays(ground, wasm)
    const boundary = new Boundary(writer, parts, names, entry, kernel, sources, this.shapes, arrays)
    writer.function(exported ? 'export ' : '', own, parameters, () => {
      if (wanted.length > 0) {
        const telling = tensors.filter((def) => extentsOf(def).flatMap(scalarsIn).length === 0)
        const values = telling.flatMap((def) => {
          const source = sources.get(def)
          return source ? [{ key: source.label, value: source.value }] : []
        })
        const given = member(name('options'), 'sizes', true)
        const list = array(wanted.map(string))
        writer.constant('sizes', call(parts.use('findSizes'), list, name(this.shapes), object(values), given))
        boundary.unpackSizes(wanted)
      } else if (tensors.length > 0) writer.constant('sizes', object([]))
      boundary.demand(false)
      boundary.read()
      boundary.allocate()
      this.finish(variant, boundary)
    })
    return [...(takesLists ? lists : inputs), ...(wanted.length > 0 ? ['options'] : [])]
  }

  private sources(lists: readonly string[], inputs: readonly string[]): Map<Def, Source> {
    const sources = new Map<Def, Source>()
    for (const [at, input] of this.entry.inputs.entries())
      sources.set(input.def, {
        label: input.name,
        value: lists.length > 0 ? element(name(lists[0]), number(at)) : name(inputs[at]),
        default: lists.length > 0 ? input.default : undefined,
        whole: input.def.integer,
        bounds: boundsOf(input.def),
      })
    const labels = seedLabels(this.kernel.method)
    for (const [at, def] of this.kernel.method.seeds.entries()) {
      const label = labels.get(def) ?? def.name
      const value = name(lists[1])
      sources.set(def, {
        label,
        value: label.endsWith(']') ? element(value, number(at)) : value,
        default: undefined,
        whole: false,
        bounds: [],
      })
    }
    return sources
  }

  private finish(variant: Offered, boundary: Boundary): void {
    const { kernel } = this
    const { writer } = this.surroundings
    const { name: method, results } = kernel.method
    const call = boundary.call(() => name('true'))
    const scalars = results.filter(({ value }) => value.kind === 'scalar')
    if (method === 'grad' && kernel.returns === 'array' && scalars.length === results.length) {
      writer.return(call)
      return
    }
    const isRead = scalars.some(({ kind }) => READ[variant].includes(kind))
    let returned: (result: MethodResult) => Js = () => call
    if (!isRead) writer.expression(call)
    else if (kernel.returns === 'scalars') {
      writer.expression(call)
      const local = this.names.create('scalars')
      writer.constant(local, boundary.scalarResults())
      returned = (result) => element(name(local), number(scalars.indexOf(result)))
    } else if (!(kernel.returns === 'number' && results.length === 1)) {
      const local = this.names.create(kernel.returns === 'number' ? 'value' : 'scalars')
      writer.constant(local, call)
      returned = (result) =>
        kernel.returns === 'number' ? name(local) : element(name(local), number(scalars.indexOf(result)))
    }
    const value = (result: MethodResult): Js => {
      switch (result.value.kind) {
        case 'buffer':
          return boundary.result(result.value.buffer)
        case 'scalar':
          return returned(result)
        case 'zero':
          return zeroJs(result.like, 'f64', boundary)
      }
    }
    const of = (...kinds: MethodResult['kind'][]) =>
      results.filter(({ kind }) => kinds.includes(kind)).map(value)
    const single = (values: readonly Js[]): Js => (values.length === 1 ? values[0] : array(values))
    switch (variant) {
      case 'value':
        writer.return(single(of('output')))
        return
      case 'grad':
      case 'vjp':
        writer.return(array(of('gradient')))
        return
      case 'valueAndGrad':
        writer.return(
          object([
            { key: 'value', value: single(of('output', 'loss')) },
            { key: 'grads', value: array(of('gradient')) },
          ]),
        )
        return
      case 'jvp':
        writer.return(single(of('tangent')))
    }
  }
}

export function zeroJs(like: Def, element: ElementType, boundary: Boundary): Js {
  return like.idx.length === 0 ? number(0) : boundary.fresh(extentsOf(like), elementOf(like, element))
}

const withDefault = ({ default: value }: Input, parameter: string): string =>
  value === undefined ? parameter : `${parameter} = ${String(value).replace('e+', 'e')}`
