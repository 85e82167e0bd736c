import type { Expr } from '../ir/expr.js'

/** One rule fired: the node before and after. */
export interface Step {
  readonly rule: string
  readonly before: Expr
  readonly after: Expr
}
