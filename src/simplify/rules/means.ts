/** What sums of differences from a mean leave behind: `Σ x - n μ` is 0. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { asTerm, factorsOf } from '../../ir/term.js'
import { replaceNodes, substituteAt } from '../../ir/walk.js'
import { procedure } from '../../rewrite/rule.js'

const WIDEST = 8

/** A stored mean is looked into where the sum that it is made of stands beside it, and both cancel. */
export const sumLessMean = procedure({
  name: 'sum less its mean',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    if (e.kind !== 'add' || e.terms.length < 2 || e.terms.length > WIDEST) return undefined
    for (const { node } of e.terms)
      for (const { base, exponent } of factorsOf(node)) {
        const mean = exponent.isOne ? quotientOfSum(graph, base) : undefined
        if (!mean || !e.terms.some((other) => other.node !== node && isMultiple(other.node, mean.sum)))
          continue
        const result = replaceNodes(graph, e, new Map([[base, mean.body]]))
        const terms = result.kind === 'add' ? result.terms.length : 1
        if (terms < e.terms.length - 1 || result === graph.zero) return result
      }
    return undefined
  },
})

const isMultiple = (e: Expr, of: Expr): boolean => factorsOf(e).some(({ base }) => base === of)

/** The body of a definition that is a sum over entries times numbers and sizes. */
function quotientOfSum(graph: Graph, e: Expr): { readonly sum: Expr; readonly body: Expr } | undefined {
  if (e.kind !== 'read' || e.def.kind !== 'computed' || e.def.nominal || e.def.reduction || !e.def.body)
    return undefined
  const body = substituteAt(graph, e.def.body, e.def.idx, e.args)
  const sums = factorsOf(asTerm(body).node).filter(({ base }) => base.kind !== 'size')
  const [{ base: sum, exponent }] = sums.length === 1 ? sums : [{ base: e, exponent: undefined }]
  return exponent?.isOne && sum.kind === 'read' && sum !== e ? { sum, body } : undefined
}
