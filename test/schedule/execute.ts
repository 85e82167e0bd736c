/** Runs methods of the loop program in numbers, statement by statement: the meaning that every target has to keep. */
import type { Def, Expr, Size } from '../../src/ir/expr.js'
import { evaluate } from '../../src/ops/apply.js'
import { choleskyFactor, cofactorise, factorise, solveFactored, solveTransposed } from '../../src/ops/runtime/matrix.js' // prettier-ignore
import type {
  Buffer,
  Local,
  MatrixPlace,
  Method,
  RunRoutine,
  Scalar,
  Statement,
} from '../../src/schedule/loop-program.js'

export interface Surroundings {
  readonly sizes: ReadonlyMap<Size, number>
  readonly data: ReadonlyMap<Def, readonly number[]>
  /** An expression over sizes. */
  readonly extent: (e: Expr) => number
  readonly flags: boolean
}

type Value = number | boolean

export function execute(method: Method, around: Surroundings): number[][] {
  return new Execution(method, around).run()
}

class Execution {
  private readonly memory = new Map<Buffer, number[] | Float32Array | Float64Array | Int32Array>()
  private readonly values = new Map<Local, Value>()

  constructor(
    private readonly method: Method,
    private readonly around: Surroundings,
  ) {}

  run(): number[][] {
    const { method, around } = this
    for (const { size, local } of method.sizes) this.values.set(local, around.sizes.get(size) ?? NaN)
    for (const { def, local } of method.scalars) this.values.set(local, this.data(def)[0])
    for (const { flag } of method.optional) this.values.set(flag, around.flags)
    for (const buffer of method.buffers) this.memory.set(buffer, this.allocate(buffer))
    this.block(method.body)
    return method.results.map(({ value, like }) => {
      if (value.kind === 'scalar') return [this.number(value.value)]
      if (value.kind === 'buffer') return Array.from(this.at(value.buffer))
      return Array.from({ length: this.count(like.idx.map((index) => index.extent)) }, () => 0)
    })
  }

  private data(def: Def): readonly number[] {
    const values = def.kind === 'table' ? def.values : this.around.data.get(def)
    if (!values) throw new Error(`no data for ${def.name}`)
    return values
  }

  private count(extents: readonly Expr[]): number {
    return extents.reduce((product, extent) => product * Math.max(0, this.around.extent(extent)), 1)
  }

  private allocate(buffer: Buffer) {
    if (buffer.role !== 'temp' && buffer.role !== 'result') return [...this.data(buffer.def)]
    const count = this.count(buffer.extents)
    // What is read before it is written shows.
    if (buffer.element === 'i32') return new Int32Array(count).fill(-77)
    return new { f32: Float32Array, f64: Float64Array }[buffer.element](count).fill(NaN)
  }

  private at(buffer: Buffer) {
    const found = this.memory.get(this.method.sharing.get(buffer) ?? buffer)
    if (!found) throw new Error(`${buffer.name} is not among the buffers of the method`)
    return found
  }

  private position(buffer: Buffer, offset: Scalar): number {
    const at = this.number(offset)
    if (!(Number.isInteger(at) && at >= 0 && at < this.at(buffer).length))
      throw new Error(`${buffer.name}[${at}] is outside its ${this.at(buffer).length} elements`)
    return at
  }

  private block(statements: readonly Statement[]): void {
    for (const statement of statements) this.statement(statement)
  }

  private statement(statement: Statement): void {
    switch (statement.kind) {
      case 'title':
        return
      case 'constant':
      case 'assign':
        this.values.set(statement.local, this.value(statement.value))
        return
      case 'variable':
        if (statement.value) this.values.set(statement.local, this.value(statement.value))
        return
      case 'accumulate': {
        const before = this.local(statement.local)
        const value = this.number(statement.value)
        this.values.set(statement.local, evaluate(statement.operator, [Number(before), value]))
        return
      }
      case 'store': {
        const at = this.position(statement.buffer, statement.offset)
        const value = this.number(statement.value)
        const memory = this.at(statement.buffer)
        memory[at] = statement.accumulate ? memory[at] + value : value
        return
      }
      case 'fill': {
        const memory = this.at(statement.buffer)
        const from = statement.range ? this.number(statement.range.from) : 0
        const own = statement.buffer.extents.reduce(
          (product, extent) => product * this.around.extent(extent),
          1,
        )
        const count = statement.range ? this.number(statement.range.count) : own
        if (from + count > memory.length) throw new Error('cleared too far')
        memory.fill(0, from, from + count)
        return
      }
      case 'copy': {
        const [from, to] = [this.at(statement.from), this.at(statement.to)]
        if (from.length !== to.length) throw new Error('copied between different lengths')
        for (let at = 0; at < to.length; at++) to[at] = from[at]
        return
      }
      case 'routine':
        this.routine(statement)
        return
      case 'product': {
        const { panel, left, right } = statement
        const [rows, depth, columns] = [statement.rows, statement.depth, statement.columns].map((n) => this.number(n)) // prettier-ignore
        const steps = [panel.rowStep, panel.columnStep, left.rowStep, left.depthStep, right.depthStep, right.columnStep] // prettier-ignore
        const [panelRow, panelColumn, leftRow, leftDepth, rightDepth, rightColumn] = steps.map((step) => this.number(step)) // prettier-ignore
        const load = ({ buffer, offset }: MatrixPlace, by: number): number => {
          const at = this.number(offset) + by
          const memory = this.at(buffer)
          if (!(at >= 0 && at < memory.length)) throw new Error(`${buffer.name}[${at}] is outside its ${memory.length} elements`) // prettier-ignore
          return memory[at]
        }
        for (let r = 0; r < rows; r++)
          for (let c = 0; c < columns; c++) {
            const at = r * panelRow + c * panelColumn
            let sum = load(panel, at)
            for (let k = 0; k < depth; k++)
              sum += load(left, r * leftRow + k * leftDepth) * load(right, k * rightDepth + c * rightColumn)
            this.at(panel.buffer)[this.number(panel.offset) + at] = sum
          }
        return
      }
      case 'loop': {
        const { index, step, descending, body, ragged } = statement
        const from = this.number(statement.from)
        const to = this.number(statement.to)
        if (step > 1 && !ragged && to > from && (to - from) % step !== 0)
          throw new Error('steps leave a rest')
        for (let n = from; n < to; n += step) {
          this.values.set(index, descending ? to - 1 - (n - from) : n)
          this.block(body)
        }
        return
      }
      case 'branch':
        this.block(this.value(statement.condition) ? statement.consequent : statement.alternate)
        return
      case 'call':
        this.block(statement.part.body)
    }
  }

  private routine({ routine, on, rows, columns, factors, subject }: RunRoutine): void {
    const place = ({ buffer, offset }: MatrixPlace): [Float64Array, number] => {
      const memory = this.at(buffer)
      if (!(memory instanceof Float64Array)) throw new Error(`${buffer.name} is not in 64 bits`)
      return [memory, this.position(buffer, offset)]
    }
    const [matrix, at] = place(on)
    const [n, m] = [this.number(rows), this.number(columns)]
    const by = factors && place(factors)
    if (routine === 'factorise') factorise(matrix, at, n)
    else if (routine === 'cofactorise') cofactorise(matrix, at, n)
    else if (routine === 'choleskyFactor') choleskyFactor(matrix, at, n, subject)
    else if (!by) throw new Error(`${routine} without factors`)
    else if (routine === 'solveFactored') solveFactored(matrix, at, n, m, ...by, subject)
    else solveTransposed(matrix, at, n, m, ...by, subject)
  }

  private local(local: Local): Value {
    const value = this.values.get(local)
    if (value === undefined) throw new Error(`${local.name} is read before it has a value`)
    return value
  }

  private number(scalar: Scalar): number {
    return Number(this.value(scalar))
  }

  private value(scalar: Scalar): Value {
    switch (scalar.kind) {
      case 'number':
        return scalar.value
      case 'local':
        return this.local(scalar.local)
      case 'load':
        return this.at(scalar.buffer)[this.position(scalar.buffer, scalar.offset)]
      case 'apply': {
        const { operator, args } = scalar
        if (operator === 'select') return this.value(args[0]) ? this.value(args[1]) : this.value(args[2])
        if (operator === 'and') return this.value(args[0]) && this.value(args[1])
        if (operator === 'or') return this.value(args[0]) || this.value(args[1])

        return evaluate(
          operator,
          args.map((arg) => this.number(arg)),
        )
      }
    }
  }
}
