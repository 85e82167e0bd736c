import type { Expr } from '../ir/expr.js'
import { SIGNATURES } from '../ops/signatures.js'

const ALL = -1

/** A bit for each operator; several share one, so that marks can only say that an operator is not there. */
const MARKS: ReadonlyMap<string, number> = new Map(
  Object.keys(SIGNATURES).map((name, at) => [name, 1 << (at % 32)]),
)

/** The operators at the root of any of the expressions, as bits. What `hidden` reads may stand for is not known. */
export function marksOf(expressions: readonly Expr[], hidden: boolean): number {
  let marks = 0
  for (const e of expressions) {
    if (e.kind === 'apply') marks |= MARKS.get(e.operator) ?? ALL
    else if (hidden && e.kind === 'read') return ALL
  }
  return marks
}

/** The same for the factors of a product, or of what counts as one. */
export function marksOfFactors(e: Expr): number {
  if (e.kind === 'mul') return marksOf(e.operands, true)
  if (e.kind === 'add' && e.terms.length === 1) return marksOfFactors(e.terms[0].node)
  return marksOf([e], true)
}

/** Longer operands are not looked into: many may share one. */
const LONGEST = 64

/** The operators below the operands of an expression, as bits. */
export function marksBelowOperands(e: Expr, hidden: boolean): number {
  let marks = 0
  for (const { operands } of e.operands) marks |= operands.length > LONGEST ? ALL : marksOf(operands, hidden)
  return marks
}
