/** Comparisons with 0 and absolute values that facts decide, or make shorter: for people, in real arithmetic. */
import type { Expr } from '../ir/expr.js'
import { isNegative, isPositive } from '../ir/facts.js'
import type { Graph } from '../ir/graph.js'
import { ONE } from '../ir/rational.js'
import { rewrite } from '../ir/walk.js'

export function decided(graph: Graph, root: Expr): Expr {
  return rewrite(graph, root, (_, e) => {
    if (e.kind !== 'apply') return e
    const { operator } = e
    if (operator === 'abs') {
      const [arg] = e.args
      return arg.facts.low >= 0 ? arg : arg.facts.high <= 0 ? graph.neg(arg) : e
    }
    if (operator !== 'lt' && operator !== 'le' && operator !== 'eq' && operator !== 'ne') return e
    const [left, right] = e.args
    const side = right === graph.zero ? left : left === graph.zero ? right : undefined
    if (!side) return e
    const known = truth(operator, left, right)
    if (known !== undefined) return graph.num(Number(known))
    const { rest, flips } = withoutSigned(graph, side)
    if (rest === side) return e
    const below = (right === graph.zero) !== flips
    return graph.apply(operator, below ? [rest, graph.zero] : [graph.zero, rest])
  })
}

function truth(operator: 'lt' | 'le' | 'eq' | 'ne', left: Expr, right: Expr): boolean | undefined {
  const [a, b] = [left.facts, right.facts]
  if (!a.finite || !b.finite) return undefined
  // One side is 0: it is below the other where that is positive.
  const isBelow = isPositive(b) || isNegative(a)
  const isAbove = isPositive(a) || isNegative(b)
  const isNotAbove = a.high <= b.low
  const isNotBelow = a.low >= b.high
  switch (operator) {
    case 'lt':
      return isBelow ? true : isNotBelow ? false : undefined
    case 'le':
      return isNotAbove ? true : isAbove ? false : undefined
    case 'eq':
      return a.nonzero || b.nonzero ? false : undefined
    case 'ne':
      return a.nonzero || b.nonzero ? true : undefined
  }
}

/** A product without the factors whose sign is known: `γ (exp(x) - 1) < 0` is `exp(x) - 1 < 0` for `γ > 0`. */
function withoutSigned(graph: Graph, e: Expr): { readonly rest: Expr; readonly flips: boolean } {
  const [scaled] =
    e.kind === 'add' && e.terms.length === 1 && e.constant.isZero ? e.terms : [{ node: e, coefficient: ONE }]
  const factors = scaled.node.kind === 'mul' ? scaled.node.factors : undefined
  if (!factors) return { rest: e, flips: false }
  let flips = scaled.coefficient.isNegative
  const left = factors.filter(({ base, exponent }) => {
    const power = graph.power(base, exponent)
    if (!power.facts.finite) return true
    if (isPositive(power.facts)) return false
    if (!isNegative(power.facts)) return true
    flips = !flips
    return false
  })
  if (left.length === factors.length || left.length === 0) return { rest: e, flips: false }
  return { rest: graph.mulAll(left.map(({ base, exponent }) => graph.power(base, exponent))), flips }
}
