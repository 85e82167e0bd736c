/** Conditions under which something is 0 anyway: `relu(x)` where `x` is not positive. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { asTerm, factorsOf } from '../../ir/term.js'
import { procedure } from '../../rewrite/rule.js'

/** `if x > 0 then 2relu(x) else 0` without the condition, as the derivative of `relu(x)²` has it, and with `max(0, x)`. */
export const guardsOfExcess = procedure({
  name: 'condition of what is 0 without it',
  sound: 'real',
  root: 'guard',
  apply: (e, { graph }) => {
    if (e.kind !== 'guard') return undefined
    const { node } = asTerm(e.body)
    const factors = factorsOf(node)
    // 0 times what is finite.
    if (
      !factors.every(({ base, exponent }) => base.facts.finite && exponent.isInteger && !exponent.isNegative)
    )
      return undefined
    const excesses = factors.flatMap(({ base }) => excessOf(graph, base) ?? [])
    const kept = e.conditions.filter((condition) => !excesses.some((u) => saysPositive(graph, condition, u)))
    return kept.length < e.conditions.length ? graph.guard(kept, e.body) : undefined
  },
})

/** What `relu` is taken of, also as `max(0, x)`. */
function excessOf(graph: Graph, e: Expr): Expr | undefined {
  if (e.kind !== 'apply') return undefined
  if (e.operator === 'relu') return e.args[0]
  if (e.operator !== 'max' || !e.args.includes(graph.zero)) return undefined
  return e.args[0] === graph.zero ? e.args[1] : e.args[0]
}

/** `y < x` of `x - y`, and `0 < x` of `x`. */
function saysPositive(graph: Graph, condition: Expr, u: Expr): boolean {
  if (condition.kind !== 'apply' || condition.operator !== 'lt') return false
  return graph.sub(condition.args[1], condition.args[0]) === u
}
