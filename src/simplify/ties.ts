/** Derivatives of the larger or smaller of two values, for people: the two cases, and last the tie. */
import type { Add, Apply, Expr, Term } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { NodeMap } from '../ir/node-map.js'
import { HALF, ONE, type Rational, ZERO } from '../ir/rational.js'
import { postorder, replaceNodes } from '../ir/walk.js'

/**
 * `if x < x² then 2x else if x² < x then 1 else x + 1/2`, of `max(x, x²)`: the sum that reverse mode writes says both conditions in each of
 * its terms. `simplified` is asked for each case.
 */
export function casesOfTie(graph: Graph, e: Expr, simplified: (arm: Expr) => Expr): Expr {
  const [tie, ...more] = tiesIn(graph, e)
  if (!tie) return e
  if (more.length > 0) return e.kind === 'add' ? termsByTie(graph, e, simplified) : e
  const [low, high] = tie.args
  const [below, above] = [graph.apply('lt', [low, high]), graph.apply('lt', [high, low])]
  const arm = (isBelow: boolean, isAbove: boolean): Expr => {
    return simplified(replaceNodes(graph, e, comparisonsOf(graph, low, high, isBelow, isAbove)))
  }
  const [ifBelow, ifAbove] = [arm(true, false), arm(false, true)]
  const tied = arm(false, false)
  // What is 0 is said last: `if y < x then 1 else if x == y then 1/2 else 0`.
  const atTie = (): Expr => graph.guard([graph.apply('eq', [low, high])], tied)
  if (ifBelow === graph.zero) return graph.select(above, ifAbove, atTie())
  if (ifAbove === graph.zero) return graph.select(below, ifBelow, atTie())
  return graph.select(below, ifBelow, graph.select(above, ifAbove, tied))
}

/** `max(x, y) + max(x, z)`: each tie with the terms that are about it alone. */
function termsByTie(graph: Graph, e: Add, simplified: (arm: Expr) => Expr): Expr {
  const groups = new Map<Expr | undefined, Term[]>()
  for (const term of e.terms) {
    const ties = tiesIn(graph, term.node)
    if (ties.length > 1) return e
    const own = groups.get(ties[0])
    if (own) own.push(term)
    else groups.set(ties[0], [term])
  }
  const parts = [...groups].map(([tie, terms]) => {
    const sum = graph.addTerms(ZERO, terms)
    return tie ? casesOfTie(graph, sum, simplified) : sum
  })
  return graph.addAll([graph.num(e.constant), ...parts])
}

/** What comparisons of two values are, of which the first may lie below or above the second. */
export function comparisonsOf(
  graph: Graph,
  x: Expr,
  y: Expr,
  isBelow: boolean,
  isAbove: boolean,
): Map<Expr, Expr> {
  const truth = (holds: boolean): Expr => (holds ? graph.one : graph.zero)
  return new Map([
    [graph.apply('lt', [x, y]), truth(isBelow)],
    [graph.apply('lt', [y, x]), truth(isAbove)],
    [graph.apply('le', [x, y]), truth(!isAbove)],
    [graph.apply('le', [y, x]), truth(!isBelow)],
  ])
}

/** Comparisons of which the equal case counts half, each pair once. */
function tiesIn(graph: Graph, e: Expr): readonly Apply[] {
  const found = new Set<Apply>()
  for (const node of postorder([e])) {
    const condition = tieOf(node)
    if (!condition) continue
    const [low, high] = condition.args
    const turned = graph.apply('lt', [high, low])
    if (turned.kind !== 'apply' || !found.has(turned)) found.add(condition)
  }
  return [...found]
}

/** The comparison of which the equal case counts half. */
function tieOf(node: Expr): Apply | undefined {
  if (node.kind !== 'apply' || node.operator !== 'select') return undefined
  const [condition, whole, half] = node.args
  const isHalf = isNumber(whole, ONE) && isNumber(half, HALF)
  return isHalf && condition.kind === 'apply' && condition.operator === 'lt' ? condition : undefined
}

const isNumber = (e: Expr, value: Rational): boolean => e.kind === 'num' && e.value.equals(value)

/** Whether expressions hold such a comparison; what several share is looked at once. */
export function tieFinder(): (e: Expr) => boolean {
  const known = new NodeMap<boolean>()
  return (e) => {
    for (const node of postorder([e], (part) => !known.has(part)))
      known.set(node, tieOf(node) !== undefined || node.operands.some((operand) => known.get(operand)))
    return known.get(e) === true
  }
}
