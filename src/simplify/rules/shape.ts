/** The cheapest among equal spellings of sums and products. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { replaceNodes } from '../../ir/walk.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import { collect } from '../collect.js'
import { Costs } from '../cost.js'
import { overCommonDenominator } from '../denominator.js'
import { expand, monomialsOf, TERM_LIMIT } from '../polynomial.js'

export interface ShapeOptions {
  /** Common factors are taken out wherever that is cheaper, not only where multiplying out made terms meet. */
  readonly collects: boolean
}

/** `e`, `expand(e)` or `collect(expand(e))`: whichever is cheapest, the first where they are equal. */
export function cheapestShape({ collects }: ShapeOptions): readonly Procedure[] {
  const costs = new Costs()
  const apply = (e: Expr, { graph }: { readonly graph: Graph }): Expr | undefined => {
    if (hasOneShape(e)) return undefined
    let best = e
    for (const candidate of shapes(graph, e, collects))
      if (costs.of(candidate) < costs.of(best)) best = candidate
    return best === e ? undefined : best
  }
  return [
    procedure({ name: 'like terms', sound: 'real', root: 'add', apply }),
    procedure({ name: 'multiply out', sound: 'real', root: 'mul', apply }),
  ]
}

/** No factor is a sum or stands twice, no sigmoid may meet its opposite, no number is shared: most nodes, seen at a glance. */
function hasOneShape(e: Expr): boolean {
  if (e.kind !== 'add') return e.kind !== 'mul' || isOneShape(e.operands)
  const { terms } = e
  if (terms.length > TERM_LIMIT) return true
  const content = terms[0].coefficient.abs()
  if (!content.isOne && terms.every(({ coefficient }) => coefficient.abs().equals(content))) return false
  return isOneShape(terms.flatMap(({ node }) => (node.kind === 'mul' ? node.operands : [node])))
}

function isOneShape(bases: readonly Expr[]): boolean {
  const seen = new Set<Expr>()
  let sigmoids = 0
  for (const base of bases) {
    if (base.kind === 'add' || base.kind === 'guard' || seen.has(base)) return false
    if (base.kind === 'apply' && base.operator === 'sigmoid' && ++sigmoids > 1) return false
    seen.add(base)
  }
  return true
}

/** Equal spellings of a sum or product: multiplied out, with common factors in front. */
export function* shapes(graph: Graph, e: Expr, collects: boolean): Generator<Expr> {
  const expansion = expand(graph, e)
  if (expansion) {
    yield expansion.expr
    if (collects || expansion.merged > 0) yield collect(graph, expansion.expr)
  } else if (collects) yield collect(graph, e)
  const quotient = overCommonDenominator(graph, e)
  if (quotient) yield quotient
  const complemented = complementSigmoids(graph, e)
  const again = complemented && expand(graph, complemented)
  if (!again) return
  yield again.expr
  yield collect(graph, again.expr)
}

/** `σ(-u)` as `1 - σ(u)` where both occur: terms of a cross-entropy meet only then. */
function complementSigmoids(graph: Graph, e: Expr): Expr | undefined {
  const sigmoids = new Set<Expr>()
  for (const { factors } of monomialsOf(e))
    for (const { base } of factors) {
      if (base.kind === 'apply' && base.operator === 'sigmoid') sigmoids.add(base)
      if (base.kind === 'add')
        for (const { node } of base.terms)
          if (node.kind === 'apply' && node.operator === 'sigmoid') sigmoids.add(node)
    }
  if (sigmoids.size < 2 || sigmoids.size > 16) return undefined
  const replaced = new Map<Expr, Expr>()
  for (const sigmoid of sigmoids) {
    if (sigmoid.kind !== 'apply' || replaced.has(sigmoid)) continue
    const opposite = graph.apply('sigmoid', [graph.neg(sigmoid.args[0])])
    if (!sigmoids.has(opposite) || replaced.has(opposite)) continue
    const [plain, reflected] = leadsNegative(sigmoid.args[0]) ? [opposite, sigmoid] : [sigmoid, opposite]
    replaced.set(reflected, graph.sub(graph.one, plain))
  }
  return replaced.size === 0 ? undefined : replaceNodes(graph, e, replaced)
}

const leadsNegative = (e: Expr): boolean => e.kind === 'add' && e.terms[0].coefficient.isNegative

/** Differences of quotients whose leading terms cancel, of any cost: `1/(x + 1)² - 1/x²` far out. */
export const commonDenominator = procedure({
  name: 'common denominator',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => overCommonDenominator(graph, e, { distinct: true }),
})
