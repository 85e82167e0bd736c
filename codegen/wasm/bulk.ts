/** Statements that work on whole stretches of memory: zeros, copies, routines on matrices, products. */
import type {
  AddProduct,
  Buffer,
  Copy,
  Fill,
  Local,
  Loop,
  MatrixPlace,
  RunRoutine,
  Statement,
} from '../../src/schedule/loop-program.js'
import { isNumber } from '../../src/schedule/scalars.js'
import { lengthOf } from '../js/statements.js'
import { sumCode } from './affine.js'
import type { Body } from './body.js'
import { type Code, type Variable, get, i32, op, plus, scaled } from './code.js'
import { type ProductNest, productNestOf } from './product-loops.js'
import { type Places, SIZES, type ScalarLowering } from './scalar.js'
import type { Unit } from './unit.js'

/** What such statements are written into. */
export interface BulkContext extends Places {
  readonly body: Body
  readonly scalars: ScalarLowering
  readonly unit: Unit
  /** The memory that a buffer lies in. */
  shared(buffer: Buffer): Buffer
  /** Of a buffer whose length is passed. */
  passedLength(buffer: Buffer): Code
  /** The index of a loop. */
  index(local: Local): Variable
  block(statements: readonly Statement[]): void
}

export class Bulk {
  constructor(private readonly context: BulkContext) {}

  private length(buffer: Buffer): Code {
    const known = lengthOf(buffer)
    return known === undefined ? this.context.passedLength(buffer) : i32(known)
  }

  fill({ buffer, range }: Fill): void {
    const { body, scalars } = this.context
    const size = SIZES[buffer.element]
    const count = range ? scalars.whole(range.count) : this.length(buffer)
    const from = range ? scalars.whole(range.from) : i32(0)
    body.fill(plus(this.context.address(buffer), scaled(from, size)), scaled(count, size))
  }

  /** Of another element type one by one, rounded. */
  copy({ from, to }: Copy): void {
    const { context } = this
    const { body } = context
    if (context.shared(from) === context.shared(to)) return
    const length = this.length(to)
    if (from.element === to.element) {
      body.copy(context.address(to), context.address(from), scaled(length, SIZES[to.element]))
      return
    }
    const index = body.variable('i32', 'at')
    body.count(index, i32(0), length, 1, () => {
      const source = plus(context.address(from), scaled(get(index), SIZES[from.element]))
      const target = plus(context.address(to), scaled(get(index), SIZES[to.element]))
      const value =
        from.element === 'f64'
          ? op('f64.load', source)
          : from.element === 'f32'
            ? op('f64.promote_f32', op('f32.load', source))
            : op('f64.convert_i32_s', op('i32.load', source))
      if (to.element === 'f64') body.store('f64.store', {}, target, value)
      else if (to.element === 'f32') body.store('f32.store', {}, target, op('f32.demote_f64', value))
      else body.store('i32.store', {}, target, op('i32.trunc_sat_f64_s', value))
    })
  }

  private place({ buffer, offset }: MatrixPlace): Code {
    const place = this.context.scalars.address(buffer, offset)
    return plus(place.at, i32(place.offset))
  }

  routine({ routine, on, rows, columns, factors, subject }: RunRoutine): void {
    const { body, scalars, unit } = this.context
    const callee = unit.routine(routine, subject)
    const size = scalars.whole(rows)
    const more = factors ? [scalars.whole(columns), this.place(factors)] : []
    body.call(callee, this.place(on), size, ...more)
  }

  product(product: AddProduct): void {
    const { left, right, panel } = product
    const { body, scalars, unit } = this.context
    if (!isNumber(right.columnStep, 1) && right.buffer.element !== panel.buffer.element)
      throw new Error(
        `${right.buffer.name} has another type than ${panel.buffer.name}, and its rows are apart`,
      )
    const callee = unit.product(left.buffer.element, right.buffer.element, panel.buffer.element)
    body.call(callee, ...this.operands(product), scalars.whole(right.columnStep), ...this.extents(product))
  }

  private operands({ panel, left, right }: AddProduct): readonly Code[] {
    const { scalars } = this.context
    return [
      this.place(panel),
      scalars.whole(panel.rowStep),
      this.place(left),
      scalars.whole(left.rowStep),
      scalars.whole(left.depthStep),
      this.place(right),
      scalars.whole(right.depthStep),
    ]
  }

  private extents({ rows, depth, columns }: AddProduct): readonly Code[] {
    return [rows, depth, columns].map((extent) => this.context.scalars.whole(extent))
  }

  /** Loops around a small product, as one call. */
  productLoops(loop: Loop): boolean {
    const nest = productNestOf(loop)
    if (!nest) return false
    this.nest(nest)
    return true
  }

  private nest({ levels, product }: ProductNest): void {
    const { context } = this
    const { body, scalars, unit } = context
    const steps = levels.flatMap(({ loop, constants, left, right }) => {
      const from = body.let(scalars.whole(loop.from), 'from')
      const count = op('i32.sub', scalars.whole(loop.to), from)
      const step = (position: typeof left): Code => sumCode(position, ({ index }) => index, scalars, body)
      const own = [body.let(count, 'count'), body.let(step(left)), body.let(step(right))]
      body.set(context.index(loop.index), from)
      context.block(constants)
      return own
    })
    const inner = steps.length > 3 ? [...steps.slice(3), ...steps.slice(0, 3)] : [...steps, i32(1), i32(0), i32(0)] // prettier-ignore
    const { left, right, panel } = product
    const callee = unit.productNest(left.buffer.element, right.buffer.element, panel.buffer.element)
    body.call(callee, ...this.operands(product), ...this.extents(product), ...inner)
  }
}
