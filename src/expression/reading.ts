/** Derivatives as people read them. */
import type { Expr as Node } from '../ir/expr.js'
import { replaceNodes } from '../ir/walk.js'
import type { Step } from '../rewrite/trace.js'
import { NodeCounts } from '../simplify/count.js'
import { formulaOf } from '../simplify/formula.js'
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
  written: readonly Node[] = [given.node],
): Expression {
  const { graph } = given
  // What is cancelled in an arm says nothing of the others.
  const inCases = casesOfTie(graph, node, (arm) => tidy(given, arm, { steps, conditions: [] }, written))
  const result = inFactors(graph, inCases)
  const shown = formula(given, result, { steps, conditions }, written)
  const found = [...new Set(shown.conditions)]
  return given.with(result, {
    steps: shown.steps,
    conditions: inFew(graph, shown.expr, found),
    shown: shown.expr,
  })
}

interface Shown extends Found {
  readonly expr: Node
}

/** How a derivative is printed. */
function formula(
  given: Expression,
  node: Node,
  { steps, conditions }: Found,
  written: readonly Node[],
): Shown {
  const { graph } = given
  const { expr, without } = formulaOf(graph, node, written)
  if (expr === node) return { expr, steps, conditions }
  // Where one of them fails the formula says so itself.
  const holding = new Map(without.map((condition): [Node, Node] => [condition, graph.one]))
  const asked = conditions.map((condition) => replaceNodes(graph, condition, holding))
  const short = simplifyExpression(graph, expr, { shortest: true })
  const counts = new NodeCounts()
  if (counts.of(short.expr) >= counts.of(expr)) return { expr, steps, conditions: asked }
  return {
    expr: inTextbookWords(graph, written, short.expr),
    steps: [...steps, ...short.trace],
    conditions: [...asked, ...short.conditions],
  }
}
