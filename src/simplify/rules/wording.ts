/** Which of equally short words people use, by what stands around them and by what they wrote themselves. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { ONE } from '../../ir/rational.js'
import { postorder, replaceNodes, rewrite } from '../../ir/walk.js'

/** `σ(-x)` for `1 - σ(x)` where `σ(x)` is not beside it, and `a / e^x` for who wrote so. */
export function inWords(graph: Graph, given: Expr, e: Expr): Expr {
  const divides = postorder([given]).some(
    (part) => part.kind === 'mul' && part.factors.some(({ base, exponent }) => isExp(base) && exponent.isNegative), // prettier-ignore
  )
  const reflected = replaceNodes(graph, e, complements(graph, e))
  if (!divides) return reflected
  return rewrite(graph, reflected, (_, part) => (part.kind === 'mul' ? overExponentials(graph, part) : part))
}

const isExp = (e: Expr): boolean => e.kind === 'apply' && e.operator === 'exp'

/** The sums `1 - σ(u)` that are no factor beside `σ(u)`, and what they are. */
function complements(graph: Graph, e: Expr): ReadonlyMap<Expr, Expr> {
  const found = new Map<Expr, Expr>()
  const parts = postorder([e])
  for (const part of parts) {
    const sigmoid = complemented(part)
    if (sigmoid?.kind === 'apply') found.set(part, graph.apply('sigmoid', [graph.neg(sigmoid.args[0])]))
  }
  for (const part of parts)
    if (part.kind === 'mul')
      for (const base of part.operands) {
        const sigmoid = complemented(base)
        if (sigmoid && part.operands.includes(sigmoid)) found.delete(base)
      }
  return found
}

function complemented(e: Expr): Expr | undefined {
  if (e.kind !== 'add' || e.terms.length !== 1 || !e.constant.isOne) return undefined
  const [{ node, coefficient }] = e.terms
  return node.kind === 'apply' && node.operator === 'sigmoid' && coefficient.isMinusOne ? node : undefined
}

/** `a e^-u` as `a / e^u`. */
function overExponentials(graph: Graph, e: Extract<Expr, { kind: 'mul' }>): Expr {
  if (!e.factors.some(({ base, exponent }) => !isExp(base) && !exponent.isNegative)) return e
  const factors = e.factors.map(({ base, exponent }) => {
    const isFalling =
      base.kind === 'apply' &&
      base.operator === 'exp' &&
      base.args[0].kind === 'add' &&
      base.args[0].constant.isZero &&
      base.args[0].terms.every(({ coefficient }) => coefficient.isNegative)
    if (!isFalling || !exponent.isOne) return graph.power(base, exponent)
    return graph.power(graph.apply('exp', [graph.neg(base.args[0])]), ONE.negate())
  })
  return graph.mulAll(factors)
}
