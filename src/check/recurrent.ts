/**
 * A tensor defined by a recurrence, while its equations are being elaborated: a nominal definition whose
 * leading axes hold the initial positions and the steps.
 */
import type { Span } from '../base/source.js'
import type { ComputedDef, Expr, Index } from '../ir/expr.js'
import type { Tensor } from './value.js'

/** One leading axis: stepped by `recur`, over `low <= t < high`, with initial positions before or after. */
export interface StepAxis {
  readonly binder: string
  /** The step as the equations see it; undefined while its block has not been entered. */
  step: Index | undefined
  readonly low: Expr
  readonly high: Expr
  /** Readable positions below 0: storage position = position + below. */
  readonly below: number
  /** Readable positions from `high` on: more than 0 means that the recurrence runs backwards. */
  readonly after: number
}

/** `h[-1] = …` or `h[t] = …`: constant positions (storage positions), or undefined where the axis is stepped. */
export interface RecurrentEquation {
  readonly positions: readonly (Expr | undefined)[]
  /** The value over the canonical axes of the rest shape, the steps and `fresh` for axes without step. */
  readonly value: Tensor
  /** The indices that stand for the step axes in `value`. */
  readonly steps: readonly (Index | undefined)[]
  readonly span: Span
}

export interface Recurrent {
  readonly name: string
  readonly span: Span
  readonly axes: readonly StepAxis[]
  /** Indices around the recurrence that it may depend on: leading axes of the definition. */
  readonly ambient: readonly Index[]
  /** Extents of the axes after the stepped ones, known from the first equation. */
  rest: readonly Expr[] | undefined
  def: ComputedDef | undefined
  readonly equations: RecurrentEquation[]
  /** The equation of the step has been elaborated: `h[t]` may be read from here on. */
  defined: boolean
  /** A mistake was reported: reads are silent. */
  poisoned: boolean
}
