/** What a comparison that is known to hold, or not to, says of extremes, moduli and signs: `max(x, y)` is `x` where `x > y`. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { postorder } from '../../ir/walk.js'

/** `x` and the number of `x > 1` or the like. */
export function boundIn(condition: Expr) {
  if (condition.kind !== 'apply' || (condition.operator !== 'lt' && condition.operator !== 'le'))
    return undefined
  const [low, high] = condition.args
  const isStrict = condition.operator === 'lt'
  if (low.kind === 'num') return { x: high, bound: low.value, isAbove: true, isStrict }
  return high.kind === 'num' ? { x: low, bound: high.value, isAbove: false, isStrict } : undefined
}

/** The larger and smaller of two, moduli and signs in `e`, where the condition holds or does not. */
export function extremesWhere(graph: Graph, e: Expr, condition: Expr, holds: boolean): Map<Expr, Expr> {
  const known = new Map<Expr, Expr>()
  const order = orderKnown(condition, holds)
  if (!order) return known
  for (const part of postorder([e])) {
    const value = part.kind === 'apply' ? valueOf(graph, part.operator, part.args, order) : undefined
    if (value) known.set(part, value)
  }
  return known
}

type Order = (one: Expr, other: Expr) => 'above' | 'not below' | undefined

/** How two expressions lie to each other, by one comparison. Where that fails either may be no number: both must be finite. */
function orderKnown(condition: Expr, holds: boolean): Order | undefined {
  if (condition.kind !== 'apply' || (condition.operator !== 'lt' && condition.operator !== 'le'))
    return undefined
  const [left, right] = condition.args
  if (!holds && !(left.facts.finite && right.facts.finite)) return undefined
  const [low, high] = holds ? [left, right] : [right, left]
  const isStrict = (condition.operator === 'lt') === holds
  const bound = boundIn(condition)
  const isAbove = bound && bound.isAbove === holds
  return (one, other) => {
    if (one === high && other === low) return isStrict ? 'above' : 'not below'
    const [x, number] = isAbove ? [one, other] : [other, one]
    if (!bound || x !== bound.x || number.kind !== 'num') return undefined
    const distance = bound.bound.compare(number.value) * (isAbove ? 1 : -1)
    return distance > 0 || (distance === 0 && isStrict) ? 'above' : distance === 0 ? 'not below' : undefined
  }
}

function valueOf(graph: Graph, operator: string, args: readonly Expr[], order: Order): Expr | undefined {
  const [x, y = graph.zero] = args
  const isFirst = order(x, y)
  const isSecond = order(y, x)
  if (!isFirst && !isSecond) return undefined
  switch (operator) {
    case 'max':
    case 'relu':
      return isFirst ? x : y
    case 'min':
      return isFirst ? y : x
    case 'abs':
      return isFirst ? x : graph.neg(x)
    case 'sign':
      return isFirst === 'above' ? graph.one : isSecond === 'above' ? graph.neg(graph.one) : undefined
    default:
      return undefined
  }
}
