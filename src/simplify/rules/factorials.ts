/** `log Γ(x + 1) - log Γ(x) = log |x|` and its derivative, for people: at 0, -1, -2 … the left side has no value. */
import type { AppliedOperator, Expr, Term } from '../../ir/expr.js'
import { isPositive } from '../../ir/facts.js'
import type { Graph } from '../../ir/graph.js'
import { withoutTerms } from '../../ir/term.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import type { NodeCounts } from '../count.js'
import type { Report } from './widen.js'

const WIDEST = 24

const STEPS = new Map<AppliedOperator, (graph: Graph, x: Expr) => Expr>([
  ['lgamma', (graph, x) => graph.apply('log', [graph.apply('abs', [x])])],
  ['digamma', (graph, x) => graph.power(x, graph.one.value.negate())],
])

/** Further apart the steps are no shorter. */
const FARTHEST = 4

export const factorials = (report: Report, counts: NodeCounts): readonly Procedure[] => [
  ...[...STEPS].map(([operator, step]) =>
    procedure({
      name: `${operator} of a later number`,
      sound: 'real',
      root: 'add',
      among: operator,
      apply: (e, { graph }) => {
        for (const { coefficient, passed, rest } of quotientsIn(graph, operator, e)) {
          const steps = graph.addAll(passed.map((x) => step(graph, x)))
          const result = graph.add(graph.scale(coefficient, steps), rest)
          if (counts.of(result) > counts.of(e)) continue
          report(isNoPole(graph, passed[0]))
          return result
        }
        return undefined
      },
    }),
  ),
  procedure({
    name: 'quotient of factorials',
    sound: 'real',
    root: 'exp',
    apply: (e, { graph }) => {
      if (e.kind !== 'apply') return undefined
      for (const { coefficient, passed, rest } of quotientsIn(graph, 'lgamma', e.args[0])) {
        const product = graph.power(graph.apply('abs', [graph.mulAll(passed)]), coefficient)
        const result = graph.mul(product, graph.apply('exp', [rest]))
        if (counts.of(result) >= counts.of(e)) continue
        report(isNoPole(graph, passed[0]))
        return result
      }
      return undefined
    },
  }),
  procedure({
    name: 'gamma function of the number before',
    sound: 'real',
    root: 'add',
    among: 'lgamma',
    apply: (e, { graph }) => {
      if (e.kind !== 'add' || e.terms.length > WIDEST) return undefined
      for (const own of e.terms) {
        if (own.node.kind !== 'apply' || own.node.operator !== 'lgamma') continue
        const before = graph.sub(own.node.args[0], graph.one)
        const logarithm = graph.apply('log', [before])
        const other = e.terms.find(
          ({ node, coefficient }) => node === logarithm && coefficient.equals(own.coefficient.negate()),
        )
        if (!other) continue
        if (!isPositive(before.facts)) report(graph.apply('lt', [graph.zero, before]))
        const gamma = graph.scale(own.coefficient, graph.apply('lgamma', [before]))
        return graph.add(gamma, withoutTerms(graph, e, [own, other]))
      }
      return undefined
    },
  }),
]

/** `Γ(x + 2) / Γ(x)` or the like among the terms of a sum: the numbers between, and the other terms. */
function* quotientsIn(graph: Graph, operator: AppliedOperator, e: Expr) {
  if (e.kind !== 'add' || e.terms.length > WIDEST) return
  const own = e.terms.filter(({ node }) => node.kind === 'apply' && node.operator === operator)
  for (const later of own)
    for (const earlier of own) {
      const distance = distanceOf(graph, earlier, later)
      if (!distance || earlier.node.kind !== 'apply') continue
      const [x] = earlier.node.args
      const passed = Array.from({ length: distance }, (_, at) => graph.add(x, graph.num(at)))
      yield { coefficient: later.coefficient, passed, rest: withoutTerms(graph, e, [later, earlier]) }
    }
}

const isNoPole = (graph: Graph, x: Expr): Expr =>
  isPositive(x.facts)
    ? graph.one
    : graph.or(graph.apply('lt', [graph.zero, x]), graph.apply('ne', [graph.apply('floor', [x]), x]))

/** How many steps the second of two opposite terms is later than the first. */
function distanceOf(graph: Graph, own: Term, later: Term): number | undefined {
  if (own.node.kind !== 'apply' || later.node.kind !== 'apply') return undefined
  if (!own.coefficient.equals(later.coefficient.negate())) return undefined
  const distance = graph.sub(later.node.args[0], own.node.args[0])
  if (distance.kind !== 'num' || !distance.value.isInteger) return undefined
  const steps = distance.value.toNumber()
  return steps > 0 && steps <= FARTHEST ? steps : undefined
}
