/**
 * Definitions `T[i, j, …] = reduction[k, …] body`: the statements of the IR.
 */
import type { Span } from '../base/source.js'
import type { Expr, Facts, Index } from './expr.js'

export type Def = InputDef | ParamDef | TableDef | ComputedDef | DerivativeDef

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

export const extentsOf = (def: Def): readonly Expr[] => def.idx.map((index) => index.extent)
