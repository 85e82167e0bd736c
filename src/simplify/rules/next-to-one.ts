/** Powers of two numbers next to 1, of which 1 is subtracted: `x^y - 1`, as Box and Cox have it, is `expm1(y log x)` for a small `y`. */
import type { Apply, Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ZERO } from '../../ir/rational.js'
import { procedure } from '../../rewrite/rule.js'
import { areSeveralNumbers } from './step.js'

export const powerLessOne = procedure({
  name: 'power of numbers, less 1',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    if (e.kind !== 'add' || e.constant.isZero) return undefined
    for (const { node, coefficient } of e.terms) {
      const power = coefficient.equals(e.constant.negate()) ? powerOf(node) : undefined
      // Of one number the series are known; in loops the plain spelling stays.
      if (!power || !areSeveralNumbers([power])) continue
      const [base, exponent] = power.args
      const logarithm = graph.mul(exponent, logOf(graph, base))
      // Of what has no logarithm it is not small.
      const isNear = graph.apply('lt', [graph.apply('abs', [logarithm]), graph.num(HALF)])
      const far = graph.sub(graph.stop(node), graph.one)
      const rest = e.terms.filter((term) => term.node !== node)
      return graph.add(
        graph.scale(coefficient, graph.select(isNear, graph.apply('expm1', [logarithm]), far)),
        graph.addTerms(ZERO, rest),
      )
    }
    return undefined
  },
})

/** Also of the one that is spelled by a logarithm where its base is next to 1. */
function powerOf(node: Expr): Apply | undefined {
  if (node.kind !== 'apply') return undefined
  const power = node.operator === 'select' ? node.args[2] : node
  return power.kind === 'apply' && power.operator === 'pow' ? power : undefined
}

function logOf(graph: Graph, base: Expr): Expr {
  if (base.kind !== 'add' || !base.constant.isOne) return graph.apply('log', [base])
  return graph.apply('log1p', [graph.sub(base, graph.one)])
}
