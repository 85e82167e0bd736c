/** `log Γ(x + 1) - log Γ(x) = log |x|` and its derivative, for people: at 0, -1, -2 … the left side has no value. */
import type { AppliedOperator, Expr } from '../../ir/expr.js'
import { isPositive } from '../../ir/facts.js'
import type { Graph } from '../../ir/graph.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import type { Report } from './widen.js'

const WIDEST = 24

const STEPS = new Map<AppliedOperator, (graph: Graph, x: Expr) => Expr>([
  ['lgamma', (graph, x) => graph.apply('log', [graph.apply('abs', [x])])],
  ['digamma', (graph, x) => graph.power(x, graph.one.value.negate())],
])

export const nextFactorial = (report: Report): Procedure =>
  procedure({
    name: 'gamma function of the next number',
    sound: 'real',
    root: 'add',
    apply: (e, { graph }) => {
      if (e.kind !== 'add' || e.terms.length > WIDEST) return undefined
      for (const next of e.terms) {
        const step = next.node.kind === 'apply' ? STEPS.get(next.node.operator) : undefined
        if (next.node.kind !== 'apply' || !step) continue
        const x = graph.sub(next.node.args[0], graph.one)
        const before = graph.apply(next.node.operator, [x])
        const own = e.terms.find(
          ({ node, coefficient }) => node === before && coefficient.equals(next.coefficient.negate()),
        )
        if (!own) continue
        if (!isPositive(x.facts))
          report(graph.or(graph.apply('lt', [graph.zero, x]), graph.apply('ne', [graph.apply('floor', [x]), x]))) // prettier-ignore
        const rest = e.terms.filter((term) => term !== next && term !== own)
        return graph.add(graph.scale(next.coefficient, step(graph, x)), graph.addTerms(e.constant, rest))
      }
      return undefined
    },
  })
