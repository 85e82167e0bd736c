/** What a bound method of a model returns: one object, filled anew by each call. */
import type { Buffer, ElementType, Local, MethodResult } from '../../src/schedule/loop-program.js'
import { isSizedByScalars } from './arrays.js'
import type { Boundary } from './boundary.js'
import { zeroJs } from './function.js'
import type { Kernel } from './kernel.js'
import type { Names } from './names.js'
import { type Leaf, type ModelMethod, access, nested } from './results.js'
import { type Js, array, call, element, isIdentifier, member, name, not, number, string } from './syntax.js'
import type { Writer } from './writer.js'

/** The object that a bound method returns, and what fills it. */
export class ResultWriter {
  private readonly flagNames = new Map<object, string>()

  constructor(
    private readonly writer: Writer,
    private readonly kernel: Kernel,
    private readonly method: ModelMethod,
    private readonly boundary: Boundary,
    private readonly names: Names,
    private readonly dtype: ElementType,
  ) {}

  private get results(): readonly MethodResult[] {
    return this.kernel.method.results
  }

  private place({ kind, path }: MethodResult): readonly string[] {
    switch (kind) {
      case 'gradient':
        return ['grads', ...path]
      case 'loss':
        return ['loss']
      case 'output':
      case 'tangent':
        return path
    }
  }

  private hasNumber(): boolean {
    return this.method === 'loss'
  }

  /** The result object, once. */
  prepare(): void {
    if (!this.hasNumber() && !this.isMadeAnew) this.result((result) => this.initial(result))
  }

  /** Arrays as long as scalar arguments say belong to one call, and so does the object. */
  private get isMadeAnew(): boolean {
    return isSizedByScalars(this.kernel)
  }

  private result(valueOf: (result: MethodResult) => Js): void {
    const leaves = this.results
      .filter(({ flag }) => !flag)
      .map((result): Leaf => ({ path: this.place(result), value: valueOf(result) }))
    const grads: Js = { kind: 'object', properties: [] }
    const all = this.method === 'backward' && !leaves.some(({ path }) => path[0] === 'grads')
    const value = nested(all ? [...leaves, { path: ['grads'], value: grads }] : leaves)
    this.writer.constant('result', value)
  }

  private initial(result: MethodResult): Js {
    switch (result.value.kind) {
      case 'buffer':
        return this.boundary.result(result.value.buffer)
      case 'scalar':
        return number(0)
      case 'zero':
        return zeroJs(result.like, this.dtype, this.boundary)
    }
  }

  /** Which gradients by data the caller asks for; their arrays are made at the first request. */
  flags(): void {
    const { method } = this.kernel
    if (this.method !== 'backward' || method.optional.length === 0) return
    const { writer } = this
    const allowed = method.optional.map(({ input }) => string(input.name))
    const wrt = this.names.create('wrt')
    writer.doc(`const ${wrt} = options?.wrt;`)
    const isGiven: Js = { kind: 'binary', operator: '!==', left: name(wrt), right: name('undefined') }
    const check = call(this.boundary.use('checkChoices'), string('wrt'), name(wrt), array(allowed))
    writer.choose(isGiven, () => writer.expression(check), undefined)
    for (const { input, flag } of method.optional) {
      const local = this.names.create(`wants_${input.name}`)
      this.flagNames.set(flag, local)
      const asks = call(member(name(wrt), 'includes'), string(input.name))
      writer.constant(local, { kind: 'binary', operator: '&&', left: isGiven, right: asks })
    }
    for (const [buffer, { flags }] of method.lifetimes) this.makeLate(buffer, flags)
  }

  /** Makes an array when a flag under which it is used is first set. */
  private makeLate(buffer: Buffer, flags: readonly Local[]): void {
    if (flags.length === 0 || !this.boundary.isLate(buffer)) return
    const { writer } = this
    const array = this.boundary.result(buffer)
    const asked = flags.map((flag): Js => name(this.flagNames.get(flag) ?? 'false'))
    const isAsked = asked.reduce((left, right): Js => ({ kind: 'binary', operator: '||', left, right }))
    const missing: Js = { kind: 'binary', operator: '&&', left: isAsked, right: not(array) }
    writer.choose(
      missing,
      () => writer.assign(array, '=', this.boundary.fresh(buffer.extents, buffer.element)),
      undefined,
    )
  }

  finish(): void {
    const { writer, kernel, results } = this
    const call = this.boundary.call((flag) => name(this.flagNames.get(flag) ?? 'false'))
    const scalars = results.filter(({ value }) => value.kind === 'scalar')
    if (this.hasNumber()) {
      const [loss] = results
      if (loss?.value.kind === 'zero') writer.return(number(0))
      else writer.return(call)
      return
    }
    const scalar = this.call(call, scalars)
    if (this.isMadeAnew)
      this.result((result) => (result.value.kind === 'scalar' ? scalar(result) : this.initial(result)))
    else if (kernel.returns === 'scalars')
      for (const result of scalars) if (!result.flag) writer.assign(this.target(result), '=', scalar(result))
    this.returnOptional(scalar)
    writer.return(name('result'))
  }

  /** Calls the kernel; gives what the scalar results are then called. */
  private call(call: Js, scalars: readonly MethodResult[]): (result: MethodResult) => Js {
    const { writer, kernel } = this
    const [only] = scalars
    if (kernel.returns === 'number' && (only.flag || this.isMadeAnew)) writer.constant('value', call)
    else if (kernel.returns === 'number') writer.assign(this.target(only), '=', call)
    else writer.expression(call)
    if (kernel.returns !== 'scalars') return () => name('value')
    const all = this.boundary.scalarResults()
    const array = all.kind === 'name' ? all : name('scalars')
    if (all.kind !== 'name') writer.constant('scalars', all)
    return (result) => element(array, number(scalars.indexOf(result)))
  }

  private target(result: MethodResult): Js {
    return this.place(result).reduce(
      (object, part) => (isIdentifier(part) ? member(object, part) : element(object, string(part))),
      name('result'),
    )
  }

  private returnOptional(scalar: (result: MethodResult) => Js): void {
    const { writer } = this
    const flagged = this.results.filter(({ flag }) => flag)
    if (flagged.length === 0) return
    const wrt = [...this.flagNames.values()]
    const any = wrt.map(name).reduce((left, right): Js => ({ kind: 'binary', operator: '||', left, right }))
    writer.choose(
      any,
      () => {
        writer.doc('const grads = { ...result.grads };')
        for (const result of flagged) {
          const flag = result.flag && this.flagNames.get(result.flag)
          const value = result.value.kind === 'scalar' ? scalar(result) : this.initial(result)
          const target = result.path.reduce((object, part) => access(object, [part]), name('grads'))
          writer.choose(name(flag ?? 'false'), () => writer.assign(target, '=', value), undefined)
        }
        writer.doc('return { ...result, grads };')
      },
      undefined,
    )
  }
}
