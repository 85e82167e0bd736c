/** Derivatives as people read them. */
import type { Expr as Node } from '../ir/expr.js'
import type { Step } from '../rewrite/trace.js'
import { inFactors } from '../simplify/one-function.js'
import { inFew, simplifyExpression } from '../simplify/simplify-expression.js'
import { casesOfTie } from '../simplify/ties.js'
import type { Expression } from './expression.js'
import { inTextbookWords } from './textbook.js'

/** What fired on the way to a derivative, and where what it was simplified from is undefined. */
export interface Found {
  readonly steps: Step[]
  readonly conditions: Node[]
}

/** A derivative, of which another one may be taken; in the words of what was `written`. */
export function tidy(
  given: Expression,
  node: Node,
  found: Found,
  written: readonly Node[] = [given.node],
): Node {
  const { expr, trace, conditions } = simplifyExpression(given.graph, node)
  found.steps.push(...trace)
  found.conditions.push(...conditions)
  return inTextbookWords(given.graph, written, expr)
}

/** The result in a shape that no further derivative is taken of. */
export function forReading(
  given: Expression,
  node: Node,
  { steps, conditions }: Found,
  written?: readonly Node[],
): Expression {
  const { graph } = given
  // What is cancelled in an arm says nothing of the others.
  const inCases = casesOfTie(graph, node, (arm) => tidy(given, arm, { steps, conditions: [] }, written))
  const result = inFactors(graph, inCases)
  return given.with(result, { steps, conditions: inFew(graph, result, [...new Set(conditions)]) })
}
