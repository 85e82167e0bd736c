/** Statements of the loop program as statements of JavaScript. */
import type {
  Branch,
  AddProduct,
  Buffer,
  Local,
  Method,
  Part,
  MatrixPlace,
  RunRoutine,
  Scalar,
  Statement,
} from '../../src/schedule/loop-program.js'
import { isNumber } from '../../src/schedule/scalars.js'
import type { ModuleParts } from './parts.js'
import { Names } from './names.js'
import { preciseIn } from './precision.js'
import { kernelFor } from './product-kernels.js'
import { type Spelling, numericJs, scalarJs } from './scalar.js'
import { type Js, before, binary, call, element, math, member, name, number, string } from './syntax.js'
import type { Writer } from './writer.js'

/** Up to so many elements a loop is faster than the call of `fill`. */
const SHORT_FILL = 64

/** Writes the statements of a method; what its parameters are called it is told before. */
export class StatementWriter implements Spelling {
  readonly names: Names
  private scope: Names
  private readonly locals = new Map<Local, string>()
  private readonly buffers = new Map<Buffer, string>()
  /** The parts written so far: what they are called, and with which parameters. */
  private readonly functions = new Map<Part, { name: string; parameters: readonly string[] }>()
  /** Found when it is first asked for: only functions in loops ask. */
  private precise: ReadonlySet<Scalar> | undefined
  /** The array that holds what several parts share. */
  state = ''

  constructor(
    private readonly writer: Writer,
    private readonly method: Method,
    private readonly parts: ModuleParts,
  ) {
    for (const { role, def, element } of method.buffers)
      if (role === 'table' && def.kind === 'table') parts.table(def, element)
    this.names = parts.localNames()
    this.scope = this.names
  }

  nameLocal(local: Local, text: string): void {
    this.locals.set(local, text)
  }

  nameBuffer(buffer: Buffer, text: string): void {
    this.buffers.set(buffer, text)
  }

  namePart(part: Part, text: string, parameters: readonly string[]): void {
    this.functions.set(part, { name: text, parameters })
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
    this.precise ??= preciseIn(this.method)
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

  /** A block of its own. */
  body(statements: readonly Statement[], end?: () => void): void {
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
        this.branch(statement)
        return
      case 'title':
        writer.blank()
        writer.from(statement.def.origin.span ?? this.method.entry.span)
        writer.comment(this.parts.title(statement.def))
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

  private branch({ condition, consequent, alternate }: Branch): void {
    const others: Branch[] = []
    let last = alternate
    for (let next = alone(last); next; next = alone(last)) {
      others.push(next)
      last = next.alternate
    }
    this.writer.choose(
      scalarJs(condition, this),
      () => this.body(consequent),
      last.length > 0 ? () => this.body(last) : undefined,
      others.map((other) => ({
        condition: scalarJs(other.condition, this),
        body: () => this.body(other.consequent),
      })),
    )
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
    const kernel = kernelFor(numberOf(rows), numberOf(depth), !isNumber(right.columnStep, 1))
    const place = ({ buffer, offset }: MatrixPlace): Js[] => [
      name(this.buffer(buffer)),
      scalarJs(offset, this),
    ]
    const scalarsOf = (...of: readonly Scalar[]): Js[] => of.map((step) => scalarJs(step, this))
    const operands = [
      ...place(panel),
      ...place(left),
      ...scalarsOf(left.rowStep, left.depthStep),
      ...place(right),
      ...scalarsOf(right.depthStep, ...(kernel.transposed ? [right.columnStep] : [])),
    ]
    const sizes = [
      ...(kernel.rows === undefined ? [rows] : []),
      ...(kernel.depth === undefined ? [depth] : []),
      columns,
    ]
    const called = this.parts.product(left.buffer.element, right.buffer.element, kernel)
    this.writer.expression(call(called, ...operands, ...scalarsOf(...sizes)))
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

const isZero = (e: Js): boolean => e.kind === 'number' && e.value === 0

/** The only statement, if that is a branch. */
function alone(statements: readonly Statement[]): Branch | undefined {
  const [only] = statements
  return statements.length === 1 && only.kind === 'branch' ? only : undefined
}
