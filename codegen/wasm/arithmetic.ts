/** Arithmetic on the numbers of one vector, or on one number: what elementary functions are written over, once for all shapes. */
import type { OperatorName } from '../../src/ops/signatures.js'
import type { Body } from './body.js'
import { type Callee, type Code, f64, i32, i64, invoke, op, opAt, shuffle, vector } from './code.js'

export type Shape = 'f32x4' | 'f64x2' | 'f64'

/** From so many coefficients on a polynomial in f64 is computed in halves. */
const LONG = 7

/** What differs between the precisions: of binary32 and of binary64. */
export interface ByPrecision<T> {
  readonly single: T
  readonly double: T
}

/**
 * Masks are all ones or all zeros in each lane; of one number 1 or 0 as i32. Bits are the lanes seen as whole numbers of their
 * size; of one number an i64.
 */
export class Arithmetic {
  /** Whether numbers are of binary32. */
  readonly single: boolean
  /** Of a mantissa, without the leading one. */
  readonly mantissa: number

  constructor(
    readonly shape: Shape,
    /** Where statements go. */
    readonly body: Body,
    /** The functions of JavaScript that may be called for single numbers. */
    private readonly calleeOf?: (operator: OperatorName) => Callee,
  ) {
    this.single = shape === 'f32x4'
    this.mantissa = this.single ? 23 : 52
  }

  of<T>(choice: ByPrecision<T>): T {
    return this.single ? choice.single : choice.double
  }

  number(value: number): Code {
    return this.shape === 'f64' ? f64(value) : vector(this.shape, value)
  }

  constant(choice: ByPrecision<number>): Code {
    return this.number(this.of(choice))
  }

  /** Computed once; the result may be used often. */
  let(value: Code, name?: string): Code {
    return value.kind === 'constant' || value.kind === 'vector' ? value : this.body.let(value, name)
  }

  neg = (a: Code): Code => op(`${this.shape}.neg`, a)
  abs = (a: Code): Code => op(`${this.shape}.abs`, a)
  sqrt = (a: Code): Code => op(`${this.shape}.sqrt`, a)
  ceil = (a: Code): Code => op(`${this.shape}.ceil`, a)
  floor = (a: Code): Code => op(`${this.shape}.floor`, a)
  trunc = (a: Code): Code => op(`${this.shape}.trunc`, a)
  /** Ties go to even numbers. */
  nearest = (a: Code): Code => op(`${this.shape}.nearest`, a)

  add = (a: Code, b: Code): Code => op(`${this.shape}.add`, a, b)
  sub = (a: Code, b: Code): Code => op(`${this.shape}.sub`, a, b)
  mul = (a: Code, b: Code): Code => op(`${this.shape}.mul`, a, b)
  div = (a: Code, b: Code): Code => op(`${this.shape}.div`, a, b)
  /** As `Math.min`: NaN stays, -0 < 0. */
  min = (a: Code, b: Code): Code => op(`${this.shape}.min`, a, b)
  max = (a: Code, b: Code): Code => op(`${this.shape}.max`, a, b)

  /** `bound < a ? bound : a`, which is NaN if `a` is: one instruction where `min` takes several. */
  atMost = (a: Code, bound: Code): Code =>
    this.shape === 'f64' ? this.select(this.lt(bound, a), bound, a) : op(`${this.shape}.pmin`, a, bound)

  /** `a < bound ? bound : a`. */
  atLeast = (a: Code, bound: Code): Code =>
    this.shape === 'f64' ? this.select(this.lt(a, bound), bound, a) : op(`${this.shape}.pmax`, a, bound)

  // ── Masks ────────────────────────────────────────────────────────────────────────────────────────────────

  eq = (a: Code, b: Code): Code => op(`${this.shape}.eq`, a, b)
  ne = (a: Code, b: Code): Code => op(`${this.shape}.ne`, a, b)
  lt = (a: Code, b: Code): Code => op(`${this.shape}.lt`, a, b)
  le = (a: Code, b: Code): Code => op(`${this.shape}.le`, a, b)

  and = (a: Code, b: Code): Code => (this.shape === 'f64' ? op('i32.and', a, b) : op('v128.and', a, b))
  or = (a: Code, b: Code): Code => (this.shape === 'f64' ? op('i32.or', a, b) : op('v128.or', a, b))
  not = (mask: Code): Code => (this.shape === 'f64' ? op('i32.eqz', mask) : op('v128.not', mask))

  /** Both arms are evaluated. */
  select = (mask: Code, yes: Code, no: Code): Code =>
    this.shape === 'f64' ? op('f64.select', yes, no, mask) : op('v128.bitselect', yes, no, mask)

  /** The number where the mask holds, else +0. */
  where = (mask: Code, a: Code): Code =>
    this.shape === 'f64' ? this.select(mask, a, this.number(0)) : op('v128.and', mask, a)

  /** The number where the mask does not hold, else +0. */
  except = (mask: Code, a: Code): Code =>
    this.shape === 'f64' ? this.select(mask, this.number(0), a) : op('v128.andnot', a, mask)

  /** Whether the mask holds anywhere, as i32. */
  any = (mask: Code): Code => (this.shape === 'f64' ? mask : op('v128.any_true', mask))

  // ── Bits ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** A constant, by precision; whole, and beyond 53 bits only what a number holds exactly. */
  bits({ single, double }: ByPrecision<number>): Code {
    if (this.shape === 'f64') return i64(double)
    return this.single ? vector('i32x4', single) : vector('i64x2', double)
  }

  bitsOf = (a: Code): Code => (this.shape === 'f64' ? op('i64.reinterpret_f64', a) : a)
  ofBits = (bits: Code): Code => (this.shape === 'f64' ? op('f64.reinterpret_i64', bits) : bits)

  addBits = (a: Code, b: Code): Code =>
    this.shape === 'f64' ? op('i64.add', a, b) : op(this.single ? 'i32x4.add' : 'i64x2.add', a, b)
  subBits = (a: Code, b: Code): Code =>
    this.shape === 'f64' ? op('i64.sub', a, b) : op(this.single ? 'i32x4.sub' : 'i64x2.sub', a, b)
  andBits = (a: Code, b: Code): Code => op(this.shape === 'f64' ? 'i64.and' : 'v128.and', a, b)
  orBits = (a: Code, b: Code): Code => op(this.shape === 'f64' ? 'i64.or' : 'v128.or', a, b)
  xorBits = (a: Code, b: Code): Code => op(this.shape === 'f64' ? 'i64.xor' : 'v128.xor', a, b)

  left = (bits: Code, count: number): Code =>
    this.shape === 'f64'
      ? op('i64.shl', bits, i64(count))
      : op(this.single ? 'i32x4.shl' : 'i64x2.shl', bits, i32(count))
  /** Zeros come in. */
  right = (bits: Code, count: number): Code =>
    this.shape === 'f64'
      ? op('i64.shr_u', bits, i64(count))
      : op(this.single ? 'i32x4.shr_u' : 'i64x2.shr_u', bits, i32(count))

  /** Whether the lowest bit is set. */
  odd(bits: Code): Code {
    const one = this.bits({ single: 1, double: 1 })
    if (this.shape === 'f64') return op('i32.wrap_i64', this.andBits(bits, one))
    return op(this.single ? 'i32x4.eq' : 'i64x2.eq', this.andBits(bits, one), one)
  }

  // ── Signs ────────────────────────────────────────────────────────────────────────────────────────────────

  /** The sign bit alone. */
  private readonly signBit = (): Code => this.bits({ single: -(2 ** 31), double: -(2 ** 63) })

  /** |a|, with the sign of `sign` where `a` has none (`a >= 0`, or NaN). */
  withSign = (a: Code, sign: Code): Code =>
    this.shape === 'f64'
      ? op('f64.copysign', a, sign)
      : op('v128.or', a, op('v128.and', sign, this.signBit()))

  /** -|a|. */
  negAbs = (a: Code): Code =>
    this.shape === 'f64' ? this.neg(this.abs(a)) : op('v128.or', a, this.signBit())

  /** `a` with its sign turned where the lowest bit of the bits is set. */
  turned = (a: Code, bits: Code): Code =>
    this.ofBits(this.xorBits(this.bitsOf(a), this.left(bits, this.single ? 31 : 63)))

  /** Σ cᵢ xⁱ, the constant term first. Long ones in f64 as two in x², which a processor computes side by side. */
  polynomial(x: Code, coefficients: readonly number[]): Code {
    if (this.single || coefficients.length < LONG) return this.horner(x, coefficients)
    const square = this.let(this.mul(x, x), 'square')
    const part = (rest: 0 | 1): Code =>
      this.let(this.horner(square, coefficients.filter((_, at) => at % 2 === rest))) // prettier-ignore
    const [even, odd] = [part(0), part(1)]
    return this.add(even, this.mul(x, odd))
  }

  private horner(x: Code, coefficients: readonly number[]): Code {
    return [...coefficients]
      .reverse()
      .map((coefficient) => this.number(coefficient))
      .reduce((inner, coefficient) => this.add(this.mul(inner, x), coefficient))
  }

  // ── Other ways to compute ────────────────────────────────────────────────────────────────────────────────

  /** The operator, number by number, in JavaScript. */
  each(operator: OperatorName, ...args: readonly Code[]): Code {
    const callee = this.calleeOf?.(operator)
    if (!callee) throw new Error(`${operator} cannot be called here`)
    if (this.shape === 'f64') return invoke(callee, ...args)
    const named = args.map((arg) => this.let(arg))
    let result: Code = vector(this.shape, 0)
    for (let lane = 0; lane < (this.single ? 4 : 2); lane++) {
      const values = named.map((arg) =>
        this.single
          ? op('f64.promote_f32', opAt({ lane }, 'f32x4.extract_lane', arg))
          : opAt({ lane }, 'f64x2.extract_lane', arg),
      )
      const value = invoke(callee, ...values)
      result = this.single
        ? opAt({ lane }, 'f32x4.replace_lane', result, op('f32.demote_f64', value))
        : opAt({ lane }, 'f64x2.replace_lane', result, value)
    }
    return result
  }

  /** Of four numbers of binary32: two after two in binary64, rounded at the end; also the lower halves of `bits`, if there are any. */
  inDouble(
    compute: (m: Arithmetic, ...args: Code[]) => { readonly value: Code; readonly bits?: Code },
    ...args: readonly Code[]
  ): readonly [value: Code, bits: Code] {
    const wide = new Arithmetic('f64x2', this.body, this.calleeOf)
    const named = args.map((arg) => this.let(arg))
    const low = compute(wide, ...named.map((arg) => wide.let(op('f64x2.promote_low_f32x4', arg))))
    const high = compute(
      wide,
      ...named.map((arg) => wide.let(op('f64x2.promote_low_f32x4', shuffle(arg, arg, UPPER_HALF)))),
    )
    const narrow = (a: Code): Code => op('f32x4.demote_f64x2_zero', a)
    const value = shuffle(narrow(low.value), narrow(high.value), LOWER_HALVES)
    return [value, low.bits && high.bits ? shuffle(low.bits, high.bits, LOWER_WORDS) : value]
  }
}

/** Bytes of shuffles. */
const UPPER_HALF = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]
const LOWER_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]
const LOWER_WORDS = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]
