/** An optimizer of the `.nn` file: `init` makes the states of parameters, `step` updates both in place. */
import type { Def } from '../../src/ir/expr.js'
import { type Entry, type Input, type OptimizerInputs, optimizerInputs } from '../../src/ir/program.js'
import { overwritable } from '../../src/schedule/in-place.js'
import type { Buffer, Method, ScheduledEntry } from '../../src/schedule/loop-program.js'
import { writeDemand } from './demand.js'
import { boundsOf } from './boundary.js'
import { type ExtentNames, countJs, extentJs } from './extent.js'
import type { Kernels, Surroundings } from './surroundings.js'
import { ARRAY_TYPES, type Argument, type Kernel, type KernelMaker, bufferHints } from './kernel.js'
import type { Names } from './names.js'
import type { ModuleParts } from './parts.js'
import {
  type Js,
  array,
  binary,
  call,
  create,
  element,
  math,
  member,
  name,
  number,
  object,
  string,
} from './syntax.js'
import type { Writer } from './writer.js'

export const optimizerNames = ({ entry }: ScheduledEntry): string[] => [
  entry.name,
  `${entry.name}_init`,
  `${entry.name}_step`,
]

export const optimizerKernels = ({ methods, entry }: ScheduledEntry, make: KernelMaker): Kernel[] =>
  methods.map((method) => make(method, `${entry.name}_kernel`, overwritable(method, replacedBy(method))))

/** By result, what it is the new value of, where the kernel reads that. */
function replacedBy({ entry, buffers, results }: Method): Map<Buffer, Buffer> {
  const { updated } = optimizerInputs(entry)
  const replaced = new Map<Buffer, Buffer>()
  for (const [at, { value }] of results.entries()) {
    const old = buffers.find(({ role, def }) => role === 'input' && def === updated[at].def)
    if (value.kind === 'buffer' && old) replaced.set(value.buffer, old)
  }
  return replaced
}

export function writeOptimizer(
  { entry }: ScheduledEntry,
  { own: [kernel] }: Kernels,
  { writer, parts, local }: Surroundings,
): void {
  new OptimizerWriter(writer, entry, kernel, parts, local).write()
}

class OptimizerWriter {
  private readonly inputs: OptimizerInputs
  private readonly states: string
  private readonly values = new Map<Def, Js>()

  constructor(
    private readonly writer: Writer,
    private readonly entry: Entry,
    private readonly kernel: Kernel,
    private readonly parts: ModuleParts,
    private readonly local: (name: string) => string,
  ) {
    this.inputs = optimizerInputs(entry)
    this.states = parts.names.create(`${entry.name}_states`)
  }

  write(): void {
    const { writer, entry, parts, inputs } = this
    const kinds = inputs.states.map((input) => ({
      key: input.name,
      value: string(input.def.idx.length > 0 ? 'array' : 'number'),
    }))
    writer.blank()
    writer.constant(this.states, object(kinds))
    writer.blank()
    writer.about(
      `The states of \`${entry.name}\` before the first step, for each array of nested parameters.`,
    )
    this.function('init', ['params'], () =>
      writer.return(call(parts.use('statesOf'), name('params'), name(this.states))),
    )
    writer.blank()
    writer.about(`One step of \`${entry.name}\`: parameters and states are updated in place.`)
    this.function('step', ['params', 'grads', 'state', 'settings = {}'], () => this.step())
    writer.blank()
    writer.about(entry.doc ?? `The optimizer \`${entry.name}\`.`)
    const methods = ['init', 'step'].map((key) => ({ key, value: name(this.local(`${entry.name}_${key}`)) }))
    const frozen = call(member(name('Object'), 'freeze'), object(methods))
    if (frozen.kind !== 'call') return
    const own = this.local(entry.name)
    writer.constant(own, { ...frozen, prefix: '/* @__PURE__ */ ' }, own === entry.name ? 'export ' : '')
  }

  private function(suffix: string, parameters: readonly string[], body: () => void): void {
    const flat = `${this.entry.name}_${suffix}`
    this.writer.function(this.local(flat) === flat ? 'export ' : '', this.local(flat), parameters, body)
  }

  private step(): void {
    const { writer, parts, inputs, kernel } = this
    const names = parts.localNames()
    for (const taken of ['params', 'grads', 'state', 'settings', 'update']) names.create(taken)
    const known = array(inputs.settings.map((setting) => string(setting.name)))
    writer.expression(call(parts.use('checkNames'), string('settings'), name('settings'), known))
    for (const setting of inputs.settings) this.readSetting(setting, names)
    if (kernel.returns === 'scalars')
      writer.constant('scalars', create('Float64Array', number(scalarsOf(kernel))))
    names.create('scalars')
    const [own, gradient] = [inputs.parameters, inputs.gradient].map((input) => {
      const spelled = names.create(input.name)
      this.values.set(input.def, name(spelled))
      return spelled
    })
    const state = names.create('own')
    for (const input of inputs.states) this.values.set(input.def, member(name(state), input.name))
    writer.function('', 'update', [own, gradient, state], () => this.update(names))
    const args = ['params', 'grads', 'state', this.states, 'update'].map(name)
    writer.return(call(parts.use('updateEach'), ...args))
  }

  private readSetting({ name: label, def, default: value = 0 }: Input, names: Names): void {
    const given = binary('??', member(name('settings'), label), number(value))
    const spelled = names.create(label)
    this.values.set(def, name(spelled))
    const read = this.parts.use(def.integer ? 'readWhole' : 'readNumber')
    this.writer.constant(spelled, call(read, string(`settings.${label}`), given))
  }

  /** The step of one array. */
  private update(names: Names): void {
    const { writer, kernel, inputs } = this
    const { method } = kernel
    const length = names.create('n')
    const extents: ExtentNames = {
      size: () => name(length),
      scalar: (def) => this.value(def),
      runtime: (part) => this.parts.use(part),
    }
    const positions = [...inputs.states, ...inputs.settings].filter(({ def }) => boundsOf(def).length > 0)
    const isSized =
      kernel.args.some(({ kind }) => kind === 'size') || this.entry.checks.length + positions.length > 0
    const hintOf = bufferHints(method)
    const made = new Map<Buffer, Js>()
    const copies: { readonly to: Js; readonly from: Js }[] = []
    const fresh = kernel.args.flatMap((arg): (() => void)[] => {
      if (arg.kind !== 'buffer') return []
      const { buffer } = arg
      const replaced = inputs.updated[method.results.findIndex(({ value }) => value.kind === 'buffer' && value.buffer === buffer)] // prettier-ignore
      if (replaced && !method.buffers.some(({ role, def }) => role === 'input' && def === replaced.def)) {
        made.set(buffer, this.value(replaced.def))
        return []
      }
      if (buffer.role !== 'temp' && buffer.role !== 'result') return []
      const spelled = names.create(hintOf(buffer))
      made.set(buffer, name(spelled))
      if (replaced) copies.push({ to: this.value(replaced.def), from: name(spelled) })
      return [
        () => writer.constant(spelled, create(ARRAY_TYPES[buffer.element], countJs(buffer.extents, extents))),
      ]
    })
    if (isSized || fresh.length > 0)
      writer.constant(length, member(this.value(inputs.parameters.def), 'length'))
    for (const input of positions) this.checkPosition(input, extents)
    for (const check of this.entry.checks) writeDemand(check, writer, extents, names, this.parts)
    for (const write of fresh) write()
    this.finish(kernel.args.map((arg) => this.argument(arg, made, length)))
    for (const { to, from } of copies) writer.expression(call(member(to, 'set'), from))
  }

  /** A number that is a subscript is one of the positions of each array. */
  private checkPosition(input: Input, extents: ExtentNames): void {
    const label = `${this.inputs.settings.includes(input) ? 'settings' : 'state'}.${input.name}`
    const bounds = boundsOf(input.def).map((bound) => extentJs(bound, extents))
    const [bound] = bounds.length > 1 ? [math('min', ...bounds)] : bounds
    this.writer.expression(call(this.parts.use('readWhole'), string(label), this.value(input.def), bound))
  }

  private argument(arg: Argument, made: ReadonlyMap<Buffer, Js>, length: string): Js {
    switch (arg.kind) {
      case 'size':
        return name(length)
      case 'scalar':
        return this.value(arg.def)
      case 'buffer':
        return made.get(arg.buffer) ?? this.value(arg.buffer.def)
      case 'state':
        return create('Float64Array', number(arg.length))
      case 'scalars':
        return name('scalars')
      case 'length':
      case 'flag':
        throw new Error(`an optimizer has no ${arg.kind}`)
    }
  }

  /** Calls the kernel and keeps the new states that are numbers. */
  private finish(args: readonly Js[]): void {
    const { writer, kernel, inputs } = this
    const result = call(kernel.name, ...args)
    const numbers = inputs.updated.filter(({ def }) => def.idx.length === 0)
    if (kernel.returns === 'number') {
      writer.assign(this.value(numbers[0].def), '=', result)
      return
    }
    writer.expression(result)
    for (const [at, { def }] of numbers.entries())
      writer.assign(this.value(def), '=', element(name('scalars'), number(at)))
  }

  private value(def: Def): Js {
    const value = this.values.get(def)
    if (!value) throw new Error(`nothing passes '${def.name}'`)
    return value
  }
}

const scalarsOf = ({ args }: Kernel): number =>
  args.reduce((length, arg) => (arg.kind === 'scalars' ? arg.length : length), 0)
