import type { Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { compileAll, Rewriter, RuleSet } from '../rewrite/strategy.js'
import type { Step } from '../rewrite/trace.js'
import { pieces, scaledComparison, signedComparisons } from './rules/piecewise.js'
import { RECOGNISE } from './rules/sets.js'
import { cheapestShape } from './rules/shape.js'
import { widening } from './rules/widen.js'

const recognise = compileAll([...RECOGNISE, ...signedComparisons, ...scaledComparison, ...pieces])

export interface SimplifiedExpression {
  readonly expr: Expr
  /** Conditions of no further definition of `expr`: where they fail the given expression was undefined. */
  readonly conditions: readonly Expr[]
  readonly trace: readonly Step[]
}

/** A shorter expression of the same value, for people: it may be defined in more places, and then says where. */
export function simplifyExpression(graph: Graph, e: Expr): SimplifiedExpression {
  const conditions = new Set<Expr>()
  const trace: Step[] = []
  const rules = new RuleSet([
    ...widening((condition) => conditions.add(condition)),
    ...recognise,
    ...cheapestShape({ collects: false }),
  ])
  const rewriter = new Rewriter(graph, rules, { onStep: (step) => trace.push(step) })
  const expr = rewriter.rewrite(e)
  return { expr, conditions: [...conditions], trace }
}
