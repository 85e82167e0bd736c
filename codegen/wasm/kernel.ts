/** A method of the loop program as a WebAssembly function over memory: sizes, scalars and addresses in, a number out. */
import type {
  Accumulate,
  Buffer,
  Local,
  Loop,
  Method,
  Part,
  Scalar,
  Statement,
} from '../../src/schedule/loop-program.js'
import { printDefinition } from '../../src/ir/print.js'
import type { Argument } from '../js/kernel.js'
import { LONGEST_TITLE } from '../js/parts.js'
import { argumentsOf, isTouchedBy } from './arguments.js'
import { Body } from './body.js'
import { Bulk } from './bulk.js'
import { type Code, type Function, type Variable, get, op, opAt } from './code.js'
import { Loops } from './loops.js'
import type { NestSum } from './nest-sums.js'
import { type Places, ScalarLowering } from './scalar.js'
import type { Unit } from './unit.js'
import { vectorise } from './vector.js'

/** How a kernel is called. */
export interface WasmKernel {
  readonly name: string
  readonly args: readonly Argument[]
  /** `scalars`: several scalar results are stored there. */
  readonly returns: 'nothing' | 'number' | 'scalars'
}

export function lowerMethod(method: Method, name: string, unit: Unit): WasmKernel {
  const values = method.results.flatMap(({ value }) => (value.kind === 'scalar' ? [value.value] : []))
  const args = argumentsOf(method, values.length > 1 ? values.length : 0)
  const parts = new Map<Part, PartFunction>()
  for (const [at, part] of method.parts.entries()) {
    const lowering = new FunctionLowering(method, unit, args.filter(isTouchedBy(method, part)), parts)
    lowering.block(part.body)
    const made = lowering.body.finish(`${name} part ${at + 1}`, '', undefined)
    parts.set(part, { made: unit.add(made), args: lowering.args })
  }
  const lowering = new FunctionLowering(method, unit, args, parts)
  lowering.block(method.body)
  const result = lowering.results(values)
  unit.add(lowering.body.finish(name, '', result, true))
  const returns = values.length === 0 ? 'nothing' : values.length === 1 ? 'number' : 'scalars'
  return { name, args, returns }
}

interface PartFunction {
  readonly made: Function
  readonly args: readonly Argument[]
}

/** Lowers statements into the body of one function. */
export class FunctionLowering implements Places {
  readonly body = new Body()
  readonly scalars: ScalarLowering
  private readonly bulk: Bulk
  private readonly loops: Loops
  private readonly locals = new Map<Local, Variable>()
  private readonly addresses = new Map<Buffer, Variable>()
  private readonly lengths = new Map<Buffer, Variable>()
  private state: Variable | undefined
  private scalarsAt: Variable | undefined

  constructor(
    private readonly method: Method,
    readonly unit: Unit,
    readonly args: readonly Argument[],
    private readonly parts: ReadonlyMap<Part, PartFunction>,
  ) {
    this.scalars = new ScalarLowering(this.body, this, unit)
    this.bulk = new Bulk(this)
    this.loops = new Loops(this)
    for (const arg of args) this.parameter(arg)
  }

  private parameter(arg: Argument): void {
    const { body, method } = this
    switch (arg.kind) {
      case 'size': {
        const local = method.sizes.find(({ size }) => size === arg.size)?.local
        if (local) this.locals.set(local, body.param('i32', local.name))
        return
      }
      case 'scalar': {
        const local = method.scalars.find(({ def }) => def === arg.def)?.local
        if (local) this.locals.set(local, body.param('f64', local.name))
        return
      }
      case 'flag':
        this.locals.set(arg.local, body.param('i32', arg.local.name))
        return
      case 'buffer':
        this.addresses.set(arg.buffer, body.param('i32', arg.buffer.name))
        return
      case 'length':
        this.lengths.set(arg.buffer, body.param('i32', `${arg.buffer.name}Length`))
        return
      case 'state':
        this.state = body.param('i32', 'state')
        return
      case 'scalars':
        this.scalarsAt = body.param('i32', 'scalars')
    }
  }

  // ── What scalars refer to ────────────────────────────────────────────────────────────────────────────────

  variable(local: Local): Variable {
    const known = this.locals.get(local)
    if (known) return known
    const slot = this.method.state.get(local)
    if (slot === undefined || !this.state) throw new Error(`'${local.name}' is used before it is declared`)
    // Read anew where it is used: another part may have changed it.
    const variable = this.body.variable(typeOf(local), local.name)
    const at = get(this.state)
    const offset = 8 * slot
    this.body.set(
      variable,
      variable.type === 'f64' ? opAt({ offset }, 'f64.load', at) : opAt({ offset }, 'i32.load', at),
    )
    return variable
  }

  shared(buffer: Buffer): Buffer {
    return this.method.sharing.get(buffer) ?? buffer
  }

  address(buffer: Buffer): Code {
    const known = this.addresses.get(this.shared(buffer))
    if (!known) throw new Error(`'${buffer.name}' is no buffer of the method`)
    return get(known)
  }

  sumAround(local: Local): NestSum | undefined {
    return this.loops.sumAround(local)
  }

  passedLength(buffer: Buffer): Code {
    const variable = this.lengths.get(this.shared(buffer))
    if (!variable) throw new Error(`the length of '${buffer.name}' is not passed`)
    return get(variable)
  }

  // ── Statements ───────────────────────────────────────────────────────────────────────────────────────────

  block(statements: readonly Statement[]): void {
    for (const statement of statements) this.statement(statement)
  }

  statement(statement: Statement): void {
    const { body } = this
    switch (statement.kind) {
      case 'constant':
      case 'variable':
        this.declare(statement.local)
        if (statement.value) this.assign(statement.local, this.valueFor(statement.local, statement.value))
        return
      case 'assign':
        this.assign(statement.local, this.valueFor(statement.local, statement.value))
        return
      case 'accumulate':
        this.accumulate(statement)
        return
      case 'store':
        this.store(statement.buffer, statement.offset, statement.value, statement.accumulate)
        return
      case 'fill':
        this.bulk.fill(statement)
        return
      case 'copy':
        this.bulk.copy(statement)
        return
      case 'routine':
        this.bulk.routine(statement)
        return
      case 'product':
        this.bulk.product(statement)
        return
      case 'loop':
        if (this.bulk.productLoops(statement)) return
        if (!this.unit.vectors || !vectorise(this, statement)) this.loops.loop(statement)
        return
      case 'branch':
        body.if(
          this.scalars.condition(statement.condition),
          () => this.block(statement.consequent),
          () => this.block(statement.alternate),
        )
        return
      case 'title':
        body.comment(() => printDefinition(statement.def, LONGEST_TITLE))
        return
      case 'remark':
        body.comment(() => statement.text)
        return
      case 'call': {
        const part = this.parts.get(statement.part)
        if (!part) throw new Error(`'${statement.part.name}' is no part of the method`)
        body.call(part.made, ...part.args.map((arg) => this.passed(arg)))
      }
    }
  }

  /** An own argument, for a part. */
  private passed(arg: Argument): Code {
    const at = this.args.indexOf(arg)
    return get(this.body.params[at])
  }

  private declare(local: Local): void {
    if (!this.method.state.has(local)) this.locals.set(local, this.body.variable(typeOf(local), local.name))
  }

  private valueFor(local: Local, value: Scalar): Code {
    if (local.type === 'condition') return this.scalars.condition(value)
    return local.natural === true ? this.scalars.whole(value) : this.scalars.real(value)
  }

  private assign(local: Local, value: Code): void {
    const slot = this.method.state.get(local)
    if (slot === undefined) {
      this.body.set(this.variable(local), value)
      return
    }
    if (!this.state) throw new Error(`'${local.name}' has no place`)
    const at = get(this.state)
    this.body.store(value.type === 'f64' ? 'f64.store' : 'i32.store', { offset: 8 * slot }, at, value)
  }

  update(local: Local, operator: Accumulate['operator'], value: Code): void {
    this.assign(local, op(`f64.${operator}`, get(this.variable(local)), value))
  }

  private accumulate({ local, operator, value }: Accumulate): void {
    const old = get(this.variable(local))
    if (old.type === 'f64') {
      this.update(local, operator, this.scalars.real(value))
      return
    }
    if (operator !== 'add' && operator !== 'mul') throw new Error(`'${local.name}' is a whole number`)
    this.assign(local, op(`i32.${operator}`, old, this.scalars.whole(value)))
  }

  store(buffer: Buffer, position: Scalar, value: Scalar, accumulate: boolean): void {
    const { body, scalars } = this
    const place = scalars.address(buffer, position)
    const at = accumulate ? body.let(place.at, 'at') : place.at
    const { offset } = place
    switch (buffer.element) {
      case 'f64': {
        const own = scalars.real(value)
        const sum = accumulate ? op('f64.add', opAt({ offset }, 'f64.load', at), own) : own
        body.store('f64.store', { offset }, at, sum)
        return
      }
      case 'f32': {
        const own = scalars.real(value)
        const old = op('f64.promote_f32', opAt({ offset }, 'f32.load', at))
        body.store(
          'f32.store',
          { offset },
          at,
          op('f32.demote_f64', accumulate ? op('f64.add', old, own) : own),
        )
        return
      }
      case 'i32': {
        const own = scalars.stored(value)
        body.store('i32.store', { offset }, at, accumulate ? op('i32.add', opAt({ offset }, 'i32.load', at), own) : own) // prettier-ignore
      }
    }
  }

  /** The index of a loop. */
  index(local: Local): Variable {
    const variable = this.body.variable('i32', local.name)
    this.locals.set(local, variable)
    return variable
  }

  plainLoop(loop: Loop, from: Code, to: Code): void {
    this.loops.counted(loop, from, to, () => this.block(loop.body))
  }

  uniformLoop(loop: Loop, write: () => void): void {
    this.loops.short(loop, write)
  }

  /** The scalar result; several are stored. */
  results(values: readonly Scalar[]): Code | undefined {
    if (values.length === 0) return undefined
    if (values.length === 1) return this.scalars.real(values[0])
    if (!this.scalarsAt) throw new Error('scalar results have no place')
    const at = get(this.scalarsAt)
    for (const [index, value] of values.entries())
      this.body.store('f64.store', { offset: 8 * index }, at, this.scalars.real(value))
    return undefined
  }
}

const typeOf = (local: Local): 'i32' | 'f64' =>
  local.natural === true || local.type === 'condition' ? 'i32' : 'f64'
