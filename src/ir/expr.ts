/**
 * Scalar expressions: interned, immutable and free of binders. A reduction occurs only as the head of a
 * definition (see definition.ts); an expression holds the read of it. Two equal expressions of one `Graph`
 * are the same object, so equality is `===`.
 */
import type { OperatorName } from '../ops/signatures.js'
import type { Def } from './definition.js'
import type { Rational } from './rational.js'

export type Expr = Num | Constant | Size | Index | Read | Add | Mul | Apply | Test | Guard | StopGradient

interface Node {
  /** Position in the order of creation: deterministic, unique in its graph. */
  readonly id: number
  /** A hash in which each index counts as its extent: equal for expressions equal up to the names of indices. */
  readonly skeleton: number
  /** The indices that occur, by id. */
  readonly free: readonly Index[]
  /** Whole-numbered for all values of its leaves. Sums and products of whole numbers are expanded polynomials. */
  readonly integer: boolean
  readonly facts: Facts
}

/**
 * What is known of a value for all finite values of its leaves, in real arithmetic (overflow and rounding aside).
 * `low <= value <= high` unless it is NaN.
 */
export interface Facts {
  readonly low: number
  readonly high: number
  readonly nonzero: boolean
  /** Defined and finite: no pole, no domain left. */
  readonly finite: boolean
}

/** An exact rational number. */
export interface Num extends Node {
  readonly kind: 'num'
  readonly value: Rational
}

export interface Constant extends Node {
  readonly kind: 'constant'
  readonly name: 'pi' | 'inf' | 'nan'
}

/** A symbolic size (`n`): a whole number, at least 1, bound by the data at each call. */
export interface Size extends Node {
  readonly kind: 'size'
  readonly name: string
}

/**
 * An index in `0 … extent - 1`. Inside a definition the ordinal counts the indices of that extent, so
 * definitions equal up to the names of indices coincide; fresh indices (during construction) have ordinals of their own.
 */
export interface Index extends Node {
  readonly kind: 'index'
  readonly extent: Expr
  readonly ordinal: number
}

/** `def[args…]`; the arguments are whole-numbered, one per index of the definition. */
export interface Read extends Node {
  readonly kind: 'read'
  readonly def: Def
  readonly args: readonly Expr[]
}

export interface Term {
  readonly node: Expr
  readonly coefficient: Rational
}

/** `constant + Σ coefficient · node`: at least one term; `3 x` is an `Add` with one term. */
export interface Add extends Node {
  readonly kind: 'add'
  readonly constant: Rational
  readonly terms: readonly Term[]
}

export interface Factor {
  readonly base: Expr
  readonly exponent: Rational
}

/**
 * `Π base ^ exponent` with rational exponents: quotients and roots are products too. No factor is a number.
 * A base stands twice only if merging its exponents would change the domain.
 */
export interface Mul extends Node {
  readonly kind: 'mul'
  readonly factors: readonly Factor[]
}

/** The operators that `Add`, `Mul`, `Num` and `Test` do not absorb. */
export type AppliedOperator = Exclude<
  OperatorName,
  'add' | 'sub' | 'mul' | 'div' | 'neg' | 'sqrt' | 'gt' | 'ge'
>

/** A scalar operator of the table; `pow` only with an exponent that is no rational number. `gt`, `ge` are `lt`, `le` turned round. */
export interface Apply extends Node {
  readonly kind: 'apply'
  readonly operator: AppliedOperator
  readonly args: readonly Expr[]
}

/** A condition between whole numbers: `operand >= 0` or `operand = 0`, as 0 or 1. */
export interface Test extends Node {
  readonly kind: 'test'
  readonly test: 'ge0' | 'eq0'
  readonly operand: Expr
}

/** `body` where all conditions hold, else 0; the body is evaluated only where they hold. A set, ordered by id. */
export interface Guard extends Node {
  readonly kind: 'guard'
  readonly conditions: readonly Expr[]
  readonly body: Expr
}

/** The value of `operand`, through which no derivative passes. Survives rewriting. */
export interface StopGradient extends Node {
  readonly kind: 'stop'
  readonly operand: Expr
}
