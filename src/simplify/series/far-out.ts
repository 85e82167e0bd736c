/** Expressions of one leaf whose terms cancel far from 0, where the whole does not. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { postorder, replaceNodes } from '../../ir/walk.js'
import { isDivided } from '../../ir/term.js'
import { coefficientsReduced } from '../fraction.js'
import { isPoor } from './conditioning.js'
import { isSlopeOfTanh, soleSpelling } from './expand.js'
import { Values } from './values.js'

const FAR_OUT = [2 ** 20, -(2 ** 20), 2 ** 40, -(2 ** 40)]

/**
 * `1/(x + 1) - 1/x + log(x)/x²`, whose first terms cancel for large `x`: with one fraction for each function of `x` they meet
 * before anything is rounded.
 */
export function reducedFarOut(graph: Graph, e: Expr, leaf: Expr): Expr | undefined {
  if (e.kind !== 'add' || !e.terms.some(({ node }) => isDivided(node))) return undefined
  const poor = FAR_OUT.filter((x) => isPoor(e, leaf, x))
  if (poor.length === 0) return undefined
  const sole = new Map<Expr, Expr>()
  for (const node of postorder([e])) {
    const arm = node.kind === 'apply' && !isSlopeOfTanh(node) ? soleSpelling(node) : undefined
    if (arm) sole.set(node, arm)
  }
  const reduced = coefficientsReduced(graph, replaceNodes(graph, e, sole), leaf)
  if (!reduced || poor.some((x) => isPoor(reduced, leaf, x))) return undefined
  // Where it is undefined it stays so.
  const isDefinedAt0 = (part: Expr): boolean => Number.isFinite(Values.of(part, leaf).at(0))
  return isDefinedAt0(reduced) && !isDefinedAt0(e) ? undefined : reduced
}
