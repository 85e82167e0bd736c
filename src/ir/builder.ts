import type { Algebra } from '../ops/operator.js'
import type { OperatorName } from '../ops/signatures.js'
import type { Def, Expr, Factor, Index, Num, Read, Size, Term } from './expr.js'
import type { Rational } from './rational.js'

/** Interning without normalisation: only the normal forms (`normal/*.ts`) call these. */
export interface Interner {
  internAdd(constant: Rational, terms: readonly Term[]): Expr
  internMul(factors: readonly Factor[]): Expr
  internApply(operator: OperatorName, args: readonly Expr[]): Expr
  internTest(test: 'ge0' | 'eq0', operand: Expr): Expr
  internGuard(conditions: readonly Expr[], body: Expr): Expr
}

/** The constructors of expressions. Each returns the normal form: no other code makes nodes. */
export interface Builder extends Interner {
  readonly zero: Num
  readonly one: Num
  readonly pi: Expr
  readonly infinity: Expr
  readonly nan: Expr
  num(value: Rational | number | bigint): Num
  /** A fresh size symbol; `name` is for people. */
  size(name: string): Size
  /** A fresh index; `name` is for people. */
  freshIndex(extent: Expr, name?: string): Index
  /** The canonical index of an extent. */
  index(extent: Expr, ordinal: number): Index
  read(def: Def, args: readonly Expr[]): Read

  add(...items: readonly Expr[]): Expr
  addAll(items: readonly Expr[]): Expr
  /** `constant + Σ coefficient · node`. */
  addTerms(constant: Rational, terms: readonly Term[]): Expr
  sub(a: Expr, b: Expr): Expr
  neg(a: Expr): Expr
  scale(coefficient: Rational, a: Expr): Expr
  mul(...items: readonly Expr[]): Expr
  mulAll(items: readonly Expr[]): Expr
  div(a: Expr, b: Expr): Expr
  /** `base ^ exponent` for any exponent. */
  pow(base: Expr, exponent: Expr): Expr
  /** `base ^ exponent` for a rational exponent. */
  power(base: Expr, exponent: Rational): Expr
  /** Any operator of the table, normalised: `add`, `div`, `sqrt`, `gt`, `select` … included. */
  apply(operator: OperatorName, args: readonly Expr[]): Expr
  /** The operators as an algebra: `graph.algebra.tanh(x)`. */
  readonly algebra: Algebra<Expr>

  /** Whole-numbered `e >= 0`, as 0 or 1. */
  ge0(e: Expr): Expr
  /** Whole-numbered `e = 0`, as 0 or 1. */
  eq0(e: Expr): Expr
  not(condition: Expr): Expr
  and(conditions: readonly Expr[]): Expr
  or(a: Expr, b: Expr): Expr
  guard(conditions: readonly Expr[], body: Expr): Expr
  select(condition: Expr, consequent: Expr, alternate: Expr): Expr
  stop(operand: Expr): Expr
}
