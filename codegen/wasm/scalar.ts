/** Scalars of the loop program one at a time: real numbers as f64, whole numbers and addresses as i32, conditions as i32. */
import type { OperatorName } from '../../src/ops/signatures.js'
import type { Applied, Buffer, ElementType, Load, Local, Scalar } from '../../src/schedule/loop-program.js'
import { fitsInWord, isNatural } from '../../src/schedule/scalars.js'
import { Arithmetic } from './arithmetic.js'
import type { Body } from './body.js'
import { type Code, type Variable, choose, f64, get, i32, invoke, op, opAt, plus, scaled } from './code.js'
import { ELEMENTARY } from './math/elementary.js'
import type { Unit } from './unit.js'

export const SIZES: Readonly<Record<ElementType, number>> = { f32: 4, f64: 8, i32: 4 }

/** What scalars refer to. */
export interface Places {
  variable(local: Local): Variable
  /** Where a buffer begins, in bytes. */
  address(buffer: Buffer): Code
}

/** An address: what is computed, and what is known, in bytes. */
export interface Address {
  readonly at: Code
  readonly offset: number
}

const COMPARE = { lt: 'lt', le: 'le', gt: 'gt', ge: 'ge', eq: 'eq', ne: 'ne' } as const
const COMPARE_WHOLE = { lt: 'lt_s', le: 'le_s', gt: 'gt_s', ge: 'ge_s', eq: 'eq', ne: 'ne' } as const

const isComparison = (operator: OperatorName): operator is keyof typeof COMPARE => operator in COMPARE

/** Operators on whole numbers whose results are addressed by: exact in 32 bits, for what they count lies in memory. */
const WHOLE = { add: 'i32.add', sub: 'i32.sub', mul: 'i32.mul' } as const

const isWholeOperator = (operator: OperatorName): operator is keyof typeof WHOLE => operator in WHOLE

export class ScalarLowering {
  private readonly arithmetic: Arithmetic

  constructor(
    private readonly body: Body,
    private readonly places: Places,
    private readonly unit: Unit,
  ) {
    this.arithmetic = new Arithmetic('f64', body, (operator) => unit.operator(operator))
  }

  // ── Real numbers ─────────────────────────────────────────────────────────────────────────────────────────

  real(scalar: Scalar): Code {
    switch (scalar.kind) {
      case 'number':
        return f64(scalar.value)
      case 'local': {
        const variable = this.places.variable(scalar.local)
        return variable.type === 'f64' ? get(variable) : op('f64.convert_i32_s', get(variable))
      }
      case 'load':
        return this.load(scalar)
      case 'apply':
        return this.apply(scalar)
    }
  }

  private load(scalar: Load): Code {
    const { at, offset } = this.address(scalar.buffer, scalar.offset)
    switch (scalar.buffer.element) {
      case 'f32':
        return op('f64.promote_f32', opAt({ offset }, 'f32.load', at))
      case 'f64':
        return opAt({ offset }, 'f64.load', at)
      case 'i32':
        return op('f64.convert_i32_s', opAt({ offset }, 'i32.load', at))
    }
  }

  private apply(scalar: Applied): Code {
    const { operator, args } = scalar
    if (scalar.type === 'condition') return op('f64.convert_i32_s', this.condition(scalar))
    if (operator === 'select') {
      const [condition, yes, no] = args
      return this.lazily(this.condition(condition), 'f64', () => this.real(yes), () => this.real(no)) // prettier-ignore
    }
    const whole =
      isNatural(scalar) && operator !== 'mul' && fitsInWord(scalar) ? this.inWhole(scalar) : undefined
    if (whole) return op('f64.convert_i32_s', whole)
    const expand = ELEMENTARY[operator]
    const values = args.map((arg) => this.real(arg))
    if (!expand) return invoke(this.unit.operator(operator), ...values)
    return expand(this.arithmetic, ...values.map((value) => this.body.let(value)))
  }

  /** The arm that is not taken is not evaluated. */
  private lazily(condition: Code, type: 'f64' | 'i32', yes: () => Code, no: () => Code): Code {
    const { body } = this
    const first = body.capture(yes)
    const second = body.capture(no)
    if (first.statements.length === 0 && second.statements.length === 0)
      return choose(condition, first.value, second.value)
    const result = body.variable(type, 'chosen')
    body.if(
      condition,
      () => {
        body.append(first.statements)
        body.set(result, first.value)
      },
      () => {
        body.append(second.statements)
        body.set(result, second.value)
      },
    )
    return get(result)
  }

  // ── Conditions ───────────────────────────────────────────────────────────────────────────────────────────

  condition(scalar: Scalar): Code {
    if (scalar.kind === 'number') return i32(scalar.value !== 0 && !Number.isNaN(scalar.value) ? 1 : 0)
    if (scalar.type !== 'condition') {
      if (isNatural(scalar) && fitsInWord(scalar)) return op('i32.ne', this.whole(scalar), i32(0))
      // Neither 0 nor NaN.
      return op('f64.gt', op('f64.abs', this.real(scalar)), f64(0))
    }
    if (scalar.kind === 'local') return get(this.places.variable(scalar.local))
    if (scalar.kind === 'load') throw new Error('conditions are not stored')
    const { operator, args } = scalar
    const [a, b] = args
    if (isComparison(operator)) {
      if (isSmall(a) && isSmall(b)) return op(`i32.${COMPARE_WHOLE[operator]}`, this.whole(a), this.whole(b))
      return op(`f64.${COMPARE[operator]}`, this.real(a), this.real(b))
    }
    switch (operator) {
      case 'and':
        return this.lazily(this.condition(a), 'i32', () => this.condition(b), () => i32(0)) // prettier-ignore
      case 'or':
        return this.lazily(this.condition(a), 'i32', () => i32(1), () => this.condition(b)) // prettier-ignore
      case 'not':
        return op('i32.eqz', this.condition(a))
      default:
        throw new Error(`'${operator}' is no condition`)
    }
  }

  // ── Whole numbers and addresses ──────────────────────────────────────────────────────────────────────────

  /** In 32 bits: positions and counts, which fit. */
  whole(scalar: Scalar): Code {
    switch (scalar.kind) {
      case 'number':
        return i32(scalar.value)
      case 'local': {
        const variable = this.places.variable(scalar.local)
        return variable.type === 'i32' ? get(variable) : op('i32.trunc_sat_f64_s', get(variable))
      }
      case 'load': {
        if (scalar.buffer.element !== 'i32') break
        const { at, offset } = this.address(scalar.buffer, scalar.offset)
        return opAt({ offset }, 'i32.load', at)
      }
      case 'apply': {
        if (scalar.type === 'condition') return this.condition(scalar)
        const whole = scalar.type === 'integer' ? this.inWhole(scalar) : undefined
        if (whole) return whole
      }
    }
    return op('i32.trunc_sat_f64_s', this.real(scalar))
  }

  /** Absent where the operator needs numbers that are not whole, as the root of a length. */
  private inWhole({ operator, args }: Applied): Code | undefined {
    if (isWholeOperator(operator)) {
      const [a, b] = args.map((arg) => this.whole(arg))
      if (operator === 'add') return plus(a, b)
      if (operator === 'mul' && b.kind === 'constant') return scaled(a, b.value)
      if (operator === 'mul' && a.kind === 'constant') return scaled(b, a.value)
      return op(WHOLE[operator], a, b)
    }
    switch (operator) {
      case 'idiv':
      case 'mod': {
        if (!args.every(isNatural)) return undefined
        const [a, b] = args.map((arg) => this.whole(arg))
        return op(operator === 'idiv' ? 'i32.div_u' : 'i32.rem_u', a, b)
      }
      case 'min':
      case 'max': {
        const [a, b] = args.map((arg) => this.body.let(this.whole(arg)))
        return op('i32.select', a, b, op(operator === 'min' ? 'i32.lt_s' : 'i32.gt_s', a, b))
      }
      case 'select': {
        const [condition, yes, no] = args
        return this.lazily(this.condition(condition), 'i32', () => this.whole(yes), () => this.whole(no)) // prettier-ignore
      }
      default:
        return undefined
    }
  }

  /** As an array of 32-bit integers takes a number: its lowest bits; infinities and NaN are 0. */
  stored(scalar: Scalar): Code {
    if (isSmall(scalar)) return this.whole(scalar)
    const value = this.body.let(this.real(scalar))
    const finite = op('f64.select', value, f64(0), op('f64.lt', op('f64.abs', value), f64(2 ** 63)))
    return op('i32.wrap_i64', op('i64.trunc_sat_f64_s', finite))
  }

  /** What is known of a position goes into the instruction, where the rest cannot be below 0. */
  address(buffer: Buffer, position: Scalar): Address {
    const size = SIZES[buffer.element]
    let known = 0
    let rest = position
    for (;;) {
      if (rest.kind !== 'apply' || rest.operator !== 'add') break
      const at: number = rest.args.findIndex((arg) => arg.kind === 'number' && arg.value >= 0)
      const number = rest.args[at]
      const other: Scalar | undefined = rest.args[1 - at]
      if (number?.kind !== 'number' || !other || !isNatural(other)) break
      known += number.value
      rest = other
    }
    if (rest.kind === 'number' && rest.value >= 0)
      return { at: this.places.address(buffer), offset: rest.value * size }
    return { at: plus(this.places.address(buffer), scaled(this.whole(rest), size)), offset: known * size }
  }
}

/** A whole number of 32 bits, whatever the data. */
const isSmall = (scalar: Scalar): boolean =>
  (isNatural(scalar) && fitsInWord(scalar)) ||
  (scalar.kind === 'load' && scalar.buffer.element === 'i32') ||
  (scalar.kind === 'number' && (scalar.value | 0) === scalar.value)
