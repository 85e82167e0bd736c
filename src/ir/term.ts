import type { Expr, Term } from './expr.js'
import { ONE } from './rational.js'

/** An expression as a number times what stands behind it: `3 x` is a sum of one term. */
export function asTerm(e: Expr): Term {
  return e.kind === 'add' && e.terms.length === 1 && e.constant.isZero
    ? e.terms[0]
    : { node: e, coefficient: ONE }
}
