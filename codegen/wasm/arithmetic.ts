/** Arithmetic on the numbers of one vector, or on one number: what elementary functions are written over, once for all shapes. */
import type { Body } from './body.js'
import { type Code, f64, op, vector } from './code.js'

export type Shape = 'f32x4' | 'f64x2' | 'f64'

export class Arithmetic {
  constructor(
    readonly shape: Shape,
    /** Where statements go. */
    readonly body: Body,
  ) {}

  number(value: number): Code {
    return this.shape === 'f64' ? f64(value) : vector(this.shape, value)
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

  // Masks are all ones or all zeros in each lane; of one number 1 or 0 as i32.
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

  /** Σ cᵢ xⁱ by Horner's rule, the constant term first. */
  polynomial(x: Code, coefficients: readonly number[]): Code {
    return [...coefficients]
      .reverse()
      .map((coefficient) => this.number(coefficient))
      .reduce((inner, coefficient) => this.add(this.mul(inner, x), coefficient))
  }
}
