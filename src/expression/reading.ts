/** Derivatives as people read them. */
import type { Expr as Node } from '../ir/expr.js'
import { Dependencies } from '../ir/dependencies.js'
import type { Graph } from '../ir/graph.js'
import { postorder, readsIn, replaceNodes } from '../ir/walk.js'
import type { OperatorName } from '../ops/signatures.js'
import type { Step } from '../rewrite/trace.js'
import { signsInside } from '../simplify/content.js'
import { NodeCounts } from '../simplify/count.js'
import { formulaOf } from '../simplify/formula.js'
import { inFactors } from '../simplify/one-function.js'
import { withoutShortReductions } from '../simplify/reductions.js'
import { inFew, Simplifier, simplifyExpression } from '../simplify/simplify-expression.js'
import { casesOfTie, tieFinder } from '../simplify/ties.js'
import { reductionFinder, withinReductions } from '../simplify/within-reductions.js'
import { choicesAsWritten } from './choices.js'
import type { Expression, History } from './expression.js'
import { inTextbookWords, operatorsIn } from './textbook.js'

/** What fired on the way to a derivative, and where what it was simplified from is undefined. */
export interface Found {
  readonly steps: readonly Step[]
  readonly conditions: readonly Node[]
}

/** A derivative, and how it was found, which is asked for only where somebody reads it. */
export interface Derived {
  readonly node: Node
  readonly found: () => Found
}

/** How nothing but these steps led to something. */
export const bySteps =
  (steps: readonly Step[] = []) =>
  (): Found => ({ steps, conditions: [] })

/** Who prints a derivative need not know how it was found. */
class ReadingHistory implements History {
  readonly shown: Node
  private known: Found | undefined

  constructor(
    private readonly derived: Derived,
    private readonly inFew: (conditions: readonly Node[]) => readonly Node[],
  ) {
    this.shown = derived.node
  }

  private get found(): Found {
    if (this.known) return this.known
    const { steps, conditions } = this.derived.found()
    return (this.known = { steps, conditions: this.inFew([...new Set(conditions)]) })
  }

  get steps(): readonly Step[] {
    return this.found.steps
  }

  get conditions(): readonly Node[] {
    return this.found.conditions
  }
}

/** Derivatives for people, in the words of what was written: what several of them share is simplified once. */
export class Reading {
  private readonly formulas: Simplifier
  private readonly inWords: (e: Node) => Node
  private readonly inFactors: (e: Node) => Node
  private readonly holdsTie: (e: Node) => boolean
  private readonly holdsReduction = reductionFinder()

  constructor(
    private readonly graph: Graph,
    private readonly written: readonly Node[],
  ) {
    this.formulas = new Simplifier(graph, { formula: true })
    this.inWords = inTextbookWords(graph, written)
    this.inFactors = inFactors(graph)
    this.holdsTie = tieFinder()
  }

  /** A derivative of which another one may be taken. */
  tidy({ node, found }: Derived, simplifier = new Simplifier(this.graph)): Derived {
    const simplified = simplifier.of(node)
    return {
      node: this.inWords(simplified.expr),
      found: () => {
        const { steps, conditions } = found()
        return {
          steps: [...steps, ...simplified.trace],
          conditions: [...conditions, ...simplified.conditions],
        }
      },
    }
  }

  /**
   * The result in a shape that no further derivative is taken of, as it is computed: from an expression that neither overflows nor cancels.
   * It is printed as this or one of the `others`, which reads best: the softmax of three numbers is no `sigmoid(x - z - softplus(y - z))`.
   */
  result(given: Expression, computed: Derived, others: () => readonly Derived[]): Expression {
    const { graph, written } = this
    const first = this.inCases(computed)
    return given.with(this.inFactors(first.node), () => {
      const formulas = [first, ...others().map((way) => this.inCases(way))].map((way) => this.formula(way))
      const effort = readingEffort(written)
      const best = formulas.reduce((one, other) => (effort(other.node) < effort(one.node) ? other : one))
      return new ReadingHistory(best, (conditions) => inFew(graph, best.node, conditions))
    })
  }

  private inCases({ node, found }: Derived): Derived {
    if (!this.holdsTie(node)) return { node, found }
    const arms: Derived[] = []
    const inCases = casesOfTie(this.graph, node, (arm) => {
      const tidied = this.tidy({ node: arm, found: bySteps() })
      arms.push(tidied)
      return tidied.node
    })
    return {
      node: inCases,
      found: () => {
        const { steps, conditions } = found()
        // What is cancelled in an arm says nothing of the others.
        return { steps: [...steps, ...arms.flatMap((arm) => arm.found().steps)], conditions }
      },
    }
  }

  /** The same of what sums add up. A short one that is written out needs no condition of its terms. */
  private termsAsFormulas(e: Node): Node {
    const { graph, written } = this
    const listed = withoutShortReductions(graph, e, new NodeCounts())
    return withinReductions(graph, listed, (body) => formulaOf(graph, body, written).expr)
  }

  /** How a derivative is printed. */
  private formula({ node, found }: Derived): Derived {
    const { graph, written } = this
    const { expr: outer, without } = formulaOf(graph, node, written)
    const expr = this.holdsReduction(outer) ? this.termsAsFormulas(outer) : outer
    // Where one of them fails the formula says so itself.
    const holding = new Map(without.map((condition): [Node, Node] => [condition, graph.one]))
    const plain = this.formulas.of(expr)
    const isRead = new NodeCounts().of(plain.expr) <= LONGEST
    const shortest = isRead ? simplifyExpression(graph, expr, { shortest: true }) : plain
    const known = operatorsIn([...written, plain.expr])
    const effort = effortOf((operator) => !known.has(operator))
    // Without its conditions it may be shorter; else it stays as the rules of differentiation leave it, unless that hides what it is.
    const most = effort(plain.expr) * (expr === node ? HIDDEN : 1)
    const short = effort(shortest.expr) < most ? shortest : plain
    return {
      node: choicesAsWritten(graph, written, signsInside(graph, this.inFactors(this.inWords(short.expr)))),
      found: () => {
        const { steps, conditions } = found()
        const asked = conditions.map((condition) => replaceNodes(graph, condition, holding))
        return { steps: [...steps, ...short.trace], conditions: [...asked, ...short.conditions] }
      },
    }
  }
}

/** What can be written in so much less hides what it is: `1 / cos(x)` in the derivative of `log(1/cos(x) + tan(x))`. */
const HIDDEN = 0.7
/** Nobody reads a longer one for what it is. */
const LONGEST = 400

/** Names that the compiler brings in where exponentials were written, and how many nodes they weigh more than they are. */
const BROUGHT_IN: ReadonlySet<OperatorName> = new Set<OperatorName>(['sigmoid', 'softplus'])
const STRANGE = 3

function readingEffort(written: readonly Node[]): (e: Node) => number {
  const known = operatorsIn(written)
  const effort = effortOf((operator) => BROUGHT_IN.has(operator) && !known.has(operator))
  const isKnown = readsLogsumexp(written)
  return (e) => effort(e) + (!isKnown && readsLogsumexp([e]) ? STRANGE : 0)
}

/** Where the logarithm of a sum of exponentials was written, the formula has quotients of such sums. */
function readsLogsumexp(nodes: readonly Node[]): boolean {
  const defs = nodes.flatMap(readsIn).map(({ def }) => def)
  if (!defs.some((def) => def.kind === 'computed')) return false
  const all = new Dependencies().components(defs).flat()
  return all.some((def) => def.kind === 'computed' && def.reduction?.kind === 'logsumexp')
}

/** Nodes, and more for functions that are strange to who reads. */
function effortOf(isStrange: (operator: OperatorName) => boolean): (e: Node) => number {
  const counts = new NodeCounts()
  const strange = (part: Node): boolean => part.kind === 'apply' && isStrange(part.operator)
  return (e) => counts.of(e) + STRANGE * postorder([e]).filter(strange).length
}
