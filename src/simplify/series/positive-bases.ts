/**
 * Powers whose exponents are no numbers, where their bases are positive: `u^v` is `e^(v log u)` there, which has a series, and nothing of what
 * their derivatives say of bases and exponents of 0 is left. `(1 + 1/x)^x` has derivatives that cancel for large `x`, `(1 + x)^(1/x)` for small ones.
 */
import type { Expr } from '../../ir/expr.js'
import { isPositive } from '../../ir/facts.js'
import type { Graph } from '../../ir/graph.js'
import { Rational } from '../../ir/rational.js'
import { postorder, rewrite } from '../../ir/walk.js'
import { collect } from '../collect.js'
import { expand } from '../polynomial.js'

/** What an expression is where a condition holds. */
export interface Positive {
  readonly expr: Expr
  readonly condition: Expr
}

/** More conditions are not looked at. */
const MOST = 6
/** Products of sums are multiplied out so often. */
const NESTING = 3

export function withPositiveBases(graph: Graph, e: Expr): Positive | undefined {
  if (!postorder([e]).some(isPower)) return undefined
  const conditions = new Set<Expr>()
  let expr = rewrite(graph, e, (original, node) => {
    if (node.kind === 'stop') return node.operand
    if (node.kind !== 'apply') return node
    if (node.operator === 'select' && isPowerSpelledTwice(original)) return node.args[2]
    const [u, v] = node.args
    switch (node.operator) {
      case 'pow':
        if (u.kind === 'num') return node
        if (!isPositive(u.facts)) conditions.add(graph.apply('lt', [graph.zero, u]))
        return exponential(graph, u, v)
      case 'eq':
        conditions.add(graph.apply('ne', [u, v]))
        return graph.zero
      case 'ne':
        conditions.add(node)
        return graph.one
      default:
        return node
    }
  })
  if (conditions.size === 0 || conditions.size > MOST) return undefined
  for (let level = 0; level < NESTING; level++) expr = expand(graph, expr)?.expr ?? expr
  const condition = [...conditions].reduce((a, b) => graph.apply('and', [a, b]))
  return { expr: collect(graph, expr), condition }
}

const isPower = (e: Expr): boolean => e.kind === 'apply' && e.operator === 'pow' && e.args[0].kind !== 'num'

/** One of two spellings is chosen: where the base is near 1, or 1 is subtracted, by the exponential. */
function isPowerSpelledTwice(e: Expr): boolean {
  const [, near, far] = e.operands
  if (near.kind !== 'apply') return false
  return (near.operator === 'exp' && isPower(far)) || (near.operator === 'expm1' && far.kind === 'add')
}

/** `u^(v + n)` as `u^n e^(v log u)`: powers that differ by whole ones have a factor in common. */
function exponential(graph: Graph, u: Expr, v: Expr): Expr {
  const whole = v.kind === 'add' && v.constant.isInteger ? v.constant : Rational.of(0)
  const rest = graph.sub(v, graph.num(whole))
  const isOnePlus = u.kind === 'add' && u.constant.isOne
  const logarithm = isOnePlus ? graph.apply('log1p', [graph.sub(u, graph.one)]) : graph.apply('log', [u])
  return graph.mul(graph.power(u, whole), graph.apply('exp', [graph.mul(rest, logarithm)]))
}
