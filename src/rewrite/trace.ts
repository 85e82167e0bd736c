import type { Expr } from '../ir/expr.js'

/** One rule fired: the node before and after. */
export interface Step {
  readonly rule: string
  readonly before: Expr
  readonly after: Expr
  /** Where one of them fails the node before has no value; those that are known to hold are not among them. */
  readonly conditions?: readonly Expr[]
}
