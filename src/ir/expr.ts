/**
 * The IR: definitions `T[i, j, …] = reduction[k, …] body` over scalar expressions.
 *
 * Expressions are interned, immutable and free of binders: a reduction occurs only as the head of a definition, an
 * expression holds the read of it. Two equal expressions of one `Graph` are the same object, so equality is `===`.
 */
import type { MatrixOperator, Routine } from '../ops/matrix.js'
import type { OperatorName } from '../ops/signatures.js'
import type { Span } from '../base/source.js'
import type { Rational } from './rational.js'

export type Expr = Num | Constant | Size | Index | Read | Add | Mul | Apply | Test | Guard | StopGradient

interface Node {
  /** Position in the order of creation: deterministic, unique in its graph. */
  readonly id: number
  /** A hash in which each index counts as its extent: equal for expressions equal up to the names of indices. */
  readonly skeleton: number
  /** What it is made of, in order: the arguments, terms or factors; of a guard the conditions, then the body. */
  readonly operands: readonly Expr[]
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

// ── Definitions ────────────────────────────────────────────────────────────────────────────────────────────

export type Def = InputDef | ParamDef | TableDef | ComputedDef | MatrixDef | DerivativeDef

/** Where a definition comes from: the source text, and the rule that made it if no user wrote it. */
export interface Origin {
  readonly span?: Span
  readonly rule?: string
}

interface DefBase {
  readonly id: number
  /** For people: the user's name, or one made up. Not unique; emitters make it so. */
  name: string
  /** Canonical indices; their extents are the shape. */
  readonly idx: readonly Index[]
  /** Display names of `idx` (then of the reduction's indices), as the user wrote them where possible. */
  indexNames: readonly string[]
  readonly integer: boolean
  readonly facts: Facts
  readonly origin: Origin
}

/** Data passed by the caller. */
export interface InputDef extends DefBase {
  readonly kind: 'input'
  /** Whole-numbered data used as a subscript: `0 <= value < bound`, checked at the boundary. Several axes, several bounds. */
  readonly bounds: Expr[]
}

/** A parameter of a model. `name` is its path: `l1.W`. */
export interface ParamDef extends DefBase {
  readonly kind: 'param'
}

/** Constant numbers, row-major. */
export interface TableDef extends DefBase {
  readonly kind: 'table'
  readonly values: readonly number[]
}

export type ReductionKind = 'sum' | 'prod' | 'max' | 'min' | 'argmax' | 'argmin' | 'logsumexp'

export interface ReductionHead {
  readonly kind: ReductionKind
  /** Several indices run in row-major order; `argmax` over several is the position in that order. */
  readonly idx: readonly Index[]
  /**
   * Conditions an entry must meet to take part, for all kinds but `sum` (whose body carries them as a guard).
   * The body is evaluated only where they hold.
   */
  readonly filter: readonly Expr[]
}

/**
 * `T[idx] = body` or `T[idx] = reduction[red] body`. Every read in the body is in range, provably from the
 * extents of the definition's own indices and the guards inside that body.
 */
export interface ComputedDef extends DefBase {
  readonly kind: 'computed'
  readonly reduction: ReductionHead | undefined
  /** Undefined only while a nominal definition is under construction. */
  body: Expr | undefined
  /** Member of a recurrence: has identity, its body was set after creation, never merged with an equal one. */
  readonly nominal: boolean
  /** Made by a pass (cotangents, lifted reductions), not named by the user. */
  auto: boolean
  /** The `id` of the definition that it computes again: reads of both stand alike among operands. */
  readonly like: number | undefined
  /** Made by the `factorise` pass alone, after all rewriting: without it, what is no reduction is pointwise. */
  readonly routine: RoutineHead | undefined
  /** Of the result of a function whose derivatives the file states, which is nominal: no other derivative passes through it. */
  rules: readonly OwnRule[]
}

/** By which the result of a call depends on one argument, a nominal definition: not as its body says. */
export interface OwnRule {
  readonly function: string
  /** Where the rule is written. */
  readonly span: Span
  /** Stated in the file, and not derived from the body because only other parameters have rules. */
  readonly isStated: boolean
  readonly argument: Def
  /**
   * Without `given` the partial derivative, over the indices of the result. With it the cotangent of the argument, over the
   * leading `outer` indices of the result, then the argument's own: linear in `given`, the cotangent of the result.
   */
  readonly def: Def
  /** The subscripts of the argument, over the indices of `def`. */
  readonly at: readonly Expr[]
  readonly given: InputDef | undefined
  readonly outer: number
}

/** The entries that the body gives are only where a routine begins: it works on each matrix in place. */
export interface RoutineHead {
  readonly name: Routine
  /** How many trailing axes one call of the routine works on; those before count calls. */
  readonly rank: number
  /** The first entry of the factors that it uses, over the definition's leading indices. */
  readonly factors: Read | undefined
  /** The matrix as the user wrote it, for messages. */
  readonly subject: string
}

/**
 * `T[batch…, i…] = operator(A[batch…], …)`: an operator on whole matrices, for each combination of the batch indices. It
 * is differentiated as a whole; the `factorise` pass then replaces it by definitions that share factorisations.
 */
export interface MatrixDef extends DefBase {
  readonly kind: 'matrix'
  readonly operator: MatrixOperator
  /** How many leading indices of `idx` are batch indices. */
  readonly batch: number
  readonly operands: readonly MatrixOperand[]
  /** The first operand as the user wrote it, for messages. */
  readonly subject: string
  auto: boolean
}

/** A matrix, or the right side of an equation: `value` over the batch indices and its own. */
export interface MatrixOperand {
  readonly idx: readonly Index[]
  readonly value: Expr
}

/**
 * A derivative that the user asked for, not yet expanded: `D[batch…, j…] = ∂ of / ∂ wrt[at…, j…]`, where `of` is a scalar
 * expression over the batch indices. The `differentiate` pass replaces it; the interpreter evaluates it by nested duals.
 */
export interface DerivativeDef extends DefBase {
  readonly kind: 'derivative'
  readonly of: Expr
  readonly wrt: Def
  /** The leading arguments of `wrt`, fixed by the batch: `V[s]` for a function parameter bound per sample. */
  readonly at: readonly Expr[]
}
