/** Where an expression is defined: conditions that its operands must meet, as far as they are not proven. */
import type { AppliedOperator, Expr, Factor } from '../ir/expr.js'
import { isPositive } from '../ir/facts.js'
import type { Graph } from '../ir/graph.js'
import { postorder } from '../ir/walk.js'

/** The conditions under which the expression is defined; undefined where they cannot be said. */
export const domainOf = (graph: Graph, root: Expr): Expr[] | undefined =>
  conditionsOf(graph, postorder([root]), (factor) => factor)

/** Conditions without which the expression has no value, for the parts that are not in an arm or a comparison. */
export const demandsOf = (graph: Graph, root: Expr): Expr[] =>
  postorder([root], isStrict).flatMap((node) => conditionsOf(graph, [node], (factor) => factor) ?? [])

/** Whether it has no value where one of its operands has none. */
function isStrict(e: Expr): boolean {
  if (e.kind !== 'apply') return e.kind === 'add' || e.kind === 'mul'
  return e.operator === 'max' || e.operator === 'min' || (e.args.length === 1 && e.operator !== 'not')
}

/**
 * The conditions under which `before` was defined as far as they come from parts that `after` no longer has; undefined where they
 * cannot be said. Divisors are left to those who cancel them.
 */
export function lostDomain(graph: Graph, before: Expr, after: Expr): Expr[] | undefined {
  const kept = new Set(postorder([after]))
  const lost = postorder([before], (e) => !kept.has(e))
  if (lost.some((e) => !e.facts.finite && e.kind === 'apply' && e.operator === 'select')) return undefined
  return conditionsOf(graph, lost, ({ base, exponent }) =>
    exponent.isInteger ? undefined : { base, exponent: exponent.abs() },
  )
}

/** What the nodes demand, each of its operands; of a factor what `asked` leaves of it. */
function conditionsOf(
  graph: Graph,
  nodes: readonly Expr[],
  asked: (factor: Factor) => Factor | undefined,
): Expr[] | undefined {
  const conditions = new Set<Expr>()
  for (const node of nodes) {
    if (node.facts.finite) continue
    switch (node.kind) {
      case 'num':
      case 'size':
      case 'index':
      case 'add':
        continue
      case 'mul':
        for (const factor of node.factors) {
          const power = asked(factor)
          if (power) for (const condition of domainOfPower(graph, power)) conditions.add(condition)
        }
        continue
      case 'apply': {
        const own = domainOfOperator(graph, node.operator, node.args)
        if (!own) return undefined
        for (const condition of own) conditions.add(condition)
        continue
      }
      case 'constant':
      case 'read':
      case 'test':
      case 'guard':
      case 'stop':
        return undefined
    }
  }
  return [...conditions]
}

/** Where `base ^ exponent` is defined. */
export function domainOfPower(graph: Graph, { base, exponent }: Factor): Expr[] {
  const whole = exponent.isInteger
  if (exponent.isNegative) {
    if (whole) return base.facts.nonzero ? [] : [graph.apply('ne', [base, graph.zero])]
    return isPositive(base.facts) ? [] : [graph.apply('lt', [graph.zero, base])]
  }
  return whole || base.facts.low >= 0 ? [] : [graph.apply('le', [graph.zero, base])]
}

/** Where an operator is defined, besides its arguments; undefined where that cannot be said. */
export function domainOfOperator(
  graph: Graph,
  operator: AppliedOperator,
  args: readonly Expr[],
): Expr[] | undefined {
  const [x] = args
  const above = (bound: number): Expr => graph.apply('lt', [graph.num(bound), x])
  const within = (low: number, high: number): Expr[] => [
    graph.apply('le', [graph.num(low), x]),
    graph.apply('le', [x, graph.num(high)]),
  ]
  switch (operator) {
    case 'log':
    case 'log2':
    case 'log10':
      return isPositive(x.facts) ? [] : [above(0)]
    case 'tan':
      return [graph.apply('ne', [graph.apply('cos', [x]), graph.zero])]
    case 'log1p':
      return x.facts.low > -1 ? [] : [above(-1)]
    case 'asin':
    case 'acos':
      return x.facts.low >= -1 && x.facts.high <= 1 ? [] : within(-1, 1)
    case 'atanh':
      return x.facts.low > -1 && x.facts.high < 1 ? [] : [above(-1), graph.apply('lt', [x, graph.one])]
    case 'logit':
      return x.facts.low > 0 && x.facts.high < 1 ? [] : [above(0), graph.apply('lt', [x, graph.one])]
    case 'acosh':
      return x.facts.low >= 1 ? [] : [graph.apply('le', [graph.one, x])]
    default:
      return args.every((arg) => arg.facts.finite) ? undefined : []
  }
}
