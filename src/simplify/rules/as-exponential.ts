/** What is an exponential, written so or behind a definition. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import type { View } from '../../rewrite/view.js'

interface Exponential {
  readonly exponent: Expr
  /** Where they do not hold the value is 0. */
  readonly conditions: readonly Expr[]
}

/** How many definitions are looked through on the way to an exponential. */
const DEPTH = 16

/** `e` as `e^exponent`, as far as it is one. */
export function asExponential(graph: Graph, view: View, e: Expr): Exponential | undefined {
  const conditions: Expr[] = []
  let current = e
  for (let depth = 0; depth < DEPTH; depth++) {
    switch (current.kind) {
      case 'apply':
        return current.operator === 'exp' ? { exponent: current.args[0], conditions } : undefined
      case 'guard':
        conditions.push(...current.conditions)
        current = current.body
        continue
      case 'read': {
        const body = view(current)
        if (!body) return undefined
        current = body
        continue
      }
      case 'mul': {
        const exponents: Expr[] = []
        for (const { base, exponent } of current.factors) {
          if (base.kind !== 'apply' || base.operator !== 'exp') return undefined
          exponents.push(graph.scale(exponent, base.args[0]))
        }
        return { exponent: graph.addAll(exponents), conditions }
      }
      default:
        return undefined
    }
  }
  return undefined
}
