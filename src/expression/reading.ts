/** Derivatives as people read them. */
import type { Expr as Node } from '../ir/expr.js'
import { postorder, replaceNodes } from '../ir/walk.js'
import type { OperatorName } from '../ops/signatures.js'
import type { Step } from '../rewrite/trace.js'
import { signsInside } from '../simplify/content.js'
import { NodeCounts } from '../simplify/count.js'
import { formulaOf } from '../simplify/formula.js'
import { inFactors } from '../simplify/one-function.js'
import { inFew, simplifyExpression } from '../simplify/simplify-expression.js'
import { casesOfTie } from '../simplify/ties.js'
import { choicesAsWritten } from './choices.js'
import type { Expression } from './expression.js'
import { inTextbookWords, operatorsIn } from './textbook.js'

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

/** A derivative, and how it was found. */
export interface Derived extends Found {
  readonly node: Node
}

/**
 * The result in a shape that no further derivative is taken of, as it is computed: from an expression that neither overflows nor cancels.
 * It is printed as this or one of the `others`, which reads best: the softmax of three numbers is no `sigmoid(x - z - softplus(y - z))`.
 */
export function forReading(
  given: Expression,
  computed: Derived,
  others: () => readonly Derived[],
  written: readonly Node[] = [given.node],
): Expression {
  const { graph } = given
  const inCases = ({ node, steps, conditions }: Derived): Derived => ({
    // What is cancelled in an arm says nothing of the others.
    node: casesOfTie(graph, node, (arm) => tidy(given, arm, { steps, conditions: [] }, written)),
    steps,
    conditions,
  })
  const first = inCases(computed)
  return given.with(inFactors(graph, first.node), () => {
    const formulas = [first, ...others().map(inCases)].map((way) => formula(given, way, written))
    const effort = readingEffort(written)
    const best = formulas.reduce((one, other) => (effort(other.node) < effort(one.node) ? other : one))
    const conditions = inFew(graph, best.node, [...new Set(best.conditions)])
    return { steps: best.steps, conditions, shown: best.node }
  })
}

/** What can be written in so much less hides what it is: `1 / cos(x)` in the derivative of `log(1/cos(x) + tan(x))`. */
const HIDDEN = 0.7
/** Nobody reads a longer one for what it is. */
const LONGEST = 400

/** How a derivative is printed. */
function formula(
  { graph }: Expression,
  { node, steps, conditions }: Derived,
  written: readonly Node[],
): Derived {
  const { expr, without } = formulaOf(graph, node, written)
  // Where one of them fails the formula says so itself.
  const holding = new Map(without.map((condition): [Node, Node] => [condition, graph.one]))
  const asked = conditions.map((condition) => replaceNodes(graph, condition, holding))
  const plain = simplifyExpression(graph, expr, { formula: true })
  const isRead = new NodeCounts().of(plain.expr) <= LONGEST
  const shortest = isRead ? simplifyExpression(graph, expr, { shortest: true }) : plain
  const known = operatorsIn([...written, plain.expr])
  const effort = effortOf((operator) => !known.has(operator))
  // Without its conditions it may be shorter; else it stays as the rules of differentiation leave it, unless that hides what it is.
  const most = effort(plain.expr) * (expr === node ? HIDDEN : 1)
  const short = effort(shortest.expr) < most ? shortest : plain
  return {
    node: choicesAsWritten(graph, written, signsInside(graph, inFactors(graph, inTextbookWords(graph, written, short.expr)))), // prettier-ignore
    steps: [...steps, ...short.trace],
    conditions: [...asked, ...short.conditions],
  }
}

/** Names that the compiler brings in where exponentials were written, and how many nodes they weigh more than they are. */
const BROUGHT_IN: ReadonlySet<OperatorName> = new Set<OperatorName>(['sigmoid', 'softplus'])
const STRANGE = 3

function readingEffort(written: readonly Node[]): (e: Node) => number {
  const known = operatorsIn(written)
  return effortOf((operator) => BROUGHT_IN.has(operator) && !known.has(operator))
}

/** Nodes, and more for functions that are strange to who reads. */
function effortOf(isStrange: (operator: OperatorName) => boolean): (e: Node) => number {
  const counts = new NodeCounts()
  const strange = (part: Node): boolean => part.kind === 'apply' && isStrange(part.operator)
  return (e) => counts.of(e) + STRANGE * postorder([e]).filter(strange).length
}
