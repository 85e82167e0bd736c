/** Where an expression is defined: conditions that its operands must meet, as far as they are not proven. */
import type { AppliedOperator, Expr, Factor } from '../ir/expr.js'
import { isPositive } from '../ir/facts.js'
import type { Graph } from '../ir/graph.js'
import { postorder } from '../ir/walk.js'

/** The conditions under which the expression is defined; undefined where they cannot be said. */
export function domainOf(graph: Graph, root: Expr): Expr[] | undefined {
  const conditions = new Set<Expr>()
  for (const node of postorder([root])) {
    if (node.facts.finite) continue
    switch (node.kind) {
      case 'num':
      case 'size':
      case 'index':
      case 'add':
        continue
      case 'mul':
        for (const factor of node.factors) for (const c of domainOfPower(graph, factor)) conditions.add(c)
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

/**
 * The conditions under which `before` was defined as far as they come from parts that `after` no longer has; undefined where they
 * cannot be said. Divisors are left to those who cancel them.
 */
export function lostDomain(graph: Graph, before: Expr, after: Expr): Expr[] | undefined {
  const kept = new Set(postorder([after]))
  const conditions = new Set<Expr>()
  for (const node of postorder([before], (e) => !kept.has(e))) {
    if (node.facts.finite || kept.has(node)) continue
    switch (node.kind) {
      case 'num':
      case 'size':
      case 'index':
      case 'add':
        continue
      case 'mul':
        for (const { base, exponent } of node.factors)
          if (!exponent.isInteger)
            for (const c of domainOfPower(graph, { base, exponent: exponent.abs() })) conditions.add(c)
        continue
      case 'apply': {
        const own = domainOfOperator(graph, node.operator, node.args)
        if (!own || node.operator === 'select') return undefined
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
