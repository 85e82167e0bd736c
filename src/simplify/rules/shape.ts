/** The cheapest among equal spellings of sums and products. */
import type { Add, Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { ONE, type Rational } from '../../ir/rational.js'
import { productWithout } from '../../ir/term.js'
import { replaceNodes } from '../../ir/walk.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import { collect } from '../collect.js'
import { Costs } from '../cost.js'
import { overCommonDenominator } from '../denominator.js'
import { expand, monomialsOf, TERM_LIMIT } from '../polynomial.js'
import { besidePoles } from './poles.js'

export interface ShapeOptions {
  /** Common factors are taken out wherever that is cheaper, not only where multiplying out made terms meet. */
  readonly collects: boolean
}

/** `e`, `expand(e)` or `collect(expand(e))`: whichever is cheapest, the first where they are equal. */
export function cheapestShape({ collects }: ShapeOptions): readonly Procedure[] {
  const costs = new Costs()
  const apply = (e: Expr, { graph }: { readonly graph: Graph }): Expr | undefined => {
    if (hasOneShape(e)) return undefined
    const whole = multiplesAsOne(graph, e) ?? e
    let best = whole
    for (const candidate of shapes(graph, whole, collects))
      if (costs.of(candidate) < costs.of(best)) best = candidate
    return best === e ? undefined : best
  }
  return [
    procedure({ name: 'like terms', sound: 'real', root: 'add', apply }),
    procedure({ name: 'multiply out', sound: 'real', root: 'mul', apply }),
  ]
}

/** No terms can meet and no number is shared: most nodes, seen at a glance. */
function hasOneShape(e: Expr): boolean {
  const meetings = new Meetings()
  if (e.kind !== 'add') return e.kind !== 'mul' || meetings.isApart(e, ONE)
  const { terms } = e
  if (terms.length > TERM_LIMIT) return true
  const content = terms[0].coefficient.abs()
  if (!content.isOne && terms.every(({ coefficient }) => coefficient.abs().equals(content))) return false
  if (!e.constant.isZero) meetings.numbers++
  return terms.every(({ node, coefficient }) => meetings.isApart(node, coefficient))
}

/**
 * What the terms of a sum, multiplied out, are products of. Where no two terms and no two factors of one have a base in common, all products are
 * different and none has a factor that others have, but for those of its own term, whose sums have been looked at before.
 */
class Meetings {
  /** Terms that are a number, or become one when multiplied out. */
  numbers = 0
  private readonly seen = new Set<Expr>()
  private sigmoids = 0

  /** Whether a term meets none of those before, and nothing within it meets. */
  isApart(term: Expr, coefficient: Rational): boolean {
    const isProduct = term.kind === 'mul'
    let isNumber = true
    let isScaled = !coefficient.abs().isOne
    for (const base of isProduct ? term.operands : [term]) {
      if (base.kind !== 'add') {
        isNumber = false
        if (!this.isNew(base)) return false
        this.seen.add(base)
        continue
      }
      const exponent = isProduct ? term.factors[term.operands.indexOf(base)].exponent : ONE
      if (exponent.isNegative || !exponent.isInteger) {
        isNumber = false
        if (this.seen.has(base)) return false
        this.seen.add(base)
        continue
      }
      // Numbers in front may become one.
      const scales = !hasUnits(base)
      if (!exponent.isOne || (scales && isScaled)) return false
      isScaled ||= scales
      if (base.constant.isZero) isNumber = false
      if (!this.areNew(base)) return false
    }
    if (isNumber) this.numbers++
    return this.numbers < 2
  }

  private areNew({ terms }: Add): boolean {
    for (const { node } of terms)
      if (node.kind !== 'mul') {
        if (!this.isNew(node)) return false
      } else if (!node.operands.every((base) => this.isNew(base))) return false
    for (const { node } of terms)
      if (node.kind !== 'mul') this.seen.add(node)
      else for (const base of node.operands) this.seen.add(base)
    return true
  }

  /** A sigmoid may be the opposite of another; what is guarded is taken apart. */
  private isNew(base: Expr): boolean {
    if (base.kind === 'guard' || this.seen.has(base)) return false
    return base.kind !== 'apply' || base.operator !== 'sigmoid' || ++this.sigmoids < 2
  }
}

const hasUnits = ({ constant, terms }: Add): boolean =>
  (constant.isZero || constant.abs().isOne) && terms.every(({ coefficient }) => coefficient.abs().isOne)

/** Equal spellings of a sum or product: multiplied out, with common factors in front. */
export function* shapes(graph: Graph, e: Expr, collects: boolean): Generator<Expr> {
  const expansion = expand(graph, e)
  if (expansion) {
    yield expansion.expr
    if (collects || expansion.merged > 0) yield collect(graph, expansion.expr)
    // `y/y` is 1 beside another term over `y`: cosines of `x y` meet in the second derivative of `sin(x y) / (x y)`. Squares of differences stay whole.
    const merged = e.kind === 'add' && !holdsPowerOfSum(e) ? besidePoles(graph, expansion.expr) : undefined
    if (merged) {
      yield merged
      yield collect(graph, merged)
    }
  } else if (collects) yield collect(graph, e)
  const quotient = overCommonDenominator(graph, e)
  if (quotient) yield quotient
  const complemented = complementSigmoids(graph, e)
  const again = complemented && expand(graph, complemented)
  if (!again) return
  yield again.expr
  yield collect(graph, again.expr)
}

const holdsPowerOfSum = (e: Add): boolean =>
  monomialsOf(e).some(({ factors }) => factors.some(({ base, exponent }) => base.kind === 'add' && exponent.compare(ONE) > 0)) // prettier-ignore

/** `(x/2 - 1/2) (1 - x)` as `-(x - 1)² / 2`: multiplied out it cancels next to 1. */
function multiplesAsOne(graph: Graph, e: Expr): Expr | undefined {
  if (e.kind !== 'mul') return undefined
  const isSum = ({ base, exponent }: Factor): boolean => base.kind === 'add' && exponent.isInteger && !exponent.isNegative // prettier-ignore
  const sums = e.factors.filter(isSum)
  for (const at of sums.keys())
    for (const other of sums.slice(0, at)) {
      const [first, second] = leadsNegative(other.base) ? [sums[at], other] : [other, sums[at]]
      const ratio = ratioOf(graph, second.base, first.base)
      if (!ratio || second.exponent.n > MOST_MULTIPLES) continue
      let scale = ONE
      for (let k = second.exponent.n; k > 0n; k--) scale = scale.times(ratio)
      const rest = productWithout(graph, e.factors, first, second)
      return graph.scale(
        scale,
        graph.mul(rest, graph.power(first.base, first.exponent.plus(second.exponent))),
      )
    }
  return undefined
}

const MOST_MULTIPLES = 8n

/** What number one sum is times the other. */
function ratioOf(graph: Graph, e: Expr, other: Expr): Rational | undefined {
  if (e.kind !== 'add' || other.kind !== 'add' || e.terms.length !== other.terms.length) return undefined
  const [{ node, coefficient }] = other.terms
  const own = e.terms.find((term) => term.node === node)?.coefficient
  if (!own || own.isZero || coefficient.isZero) return undefined
  const ratio = own.dividedBy(coefficient)
  return graph.scale(ratio, other) === e ? ratio : undefined
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
