/** What all terms of a sum are multiplied by, in front of what is left where that has an accurate spelling. */
import type { Expr, Factor } from '../../ir/expr.js'
import { factorsOf, powersOf } from '../../ir/term.js'
import { procedure } from '../../rewrite/rule.js'

/** Longer sums are left alone. */
const LONGEST = 4

/** `y e^x - y = y (e^x - 1)`, the second factor of which keeps its digits next to 0: a derivative that reads the one before it has this form. */
export const commonFactor = procedure({
  name: 'common factor of what cancels',
  sound: 'real',
  root: 'add',
  apply: (e, { graph, fire }) => {
    if (e.kind !== 'add' || !e.constant.isZero || e.terms.length < 2 || e.terms.length > LONGEST)
      return undefined
    const [first, ...others] = e.terms.map(({ node }) => factorsOf(node))
    const isIn = (factors: readonly Factor[], { base, exponent }: Factor): boolean =>
      factors.some((other) => other.base === base && other.exponent.equals(exponent))
    const common = first.filter((factor) => others.every((factors) => isIn(factors, factor)))
    if (common.length === 0) return undefined
    const terms = e.terms.map(({ node, coefficient }): Expr => {
      const left = factorsOf(node).filter((factor) => !isIn(common, factor))
      return graph.scale(coefficient, graph.mulAll(powersOf(graph, left)))
    })
    const stable = fire(graph.addAll(terms))
    return stable && graph.mulAll([...powersOf(graph, common), stable])
  },
})
