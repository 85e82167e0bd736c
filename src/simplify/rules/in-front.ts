/** What the terms of a derivative have in common, as people write it: `e^x (sin(x) + cos(x))`, `x^x (log(x) + 1)`. */
import type { AppliedOperator, Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { ZERO } from '../../ir/rational.js'
import { factorsOf, isDivided, isRepeated, powersOf, withFactors } from '../../ir/term.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import type { NodeCounts } from '../count.js'
import { expand, monomialsOf, monomialToExpr } from '../polynomial.js'

const WIDEST = 24

/** In a `formula` variables as well, which may then overflow on the way: `x (2 - x) e^-x`. */
export function inFront(counts: NodeCounts, formula: boolean): readonly Procedure[] {
  return [
    procedure({
      name: 'common factor',
      sound: 'real',
      root: 'add',
      apply: (e, { graph }) => {
        if (e.kind !== 'add' || e.terms.length > WIDEST) return undefined
        const result = factored(graph, e, counts)
        return result && counts.of(result) < counts.of(e) ? result : undefined
      },
    }),
    procedure({
      name: 'common factor above',
      sound: 'real',
      root: 'mul',
      apply: (e, { graph }) => {
        if (e.kind !== 'mul') return undefined
        const isQuotient = isDivided(e)
        if (!isQuotient && !formula) return undefined
        const result = withFactors(graph, e, ({ base, exponent }) => {
          if (base.kind !== 'add' || base.terms.length > WIDEST || exponent.isNegative) return undefined
          // Polynomials of one function have factors of their own.
          const isOfMore = isQuotient || base.terms.some(({ node }) => holdsVariable(node))
          const common = commonFactors(base).filter((own) => isOfMore || own.base.kind === 'read')
          if (common.length === 0 || common.some((factor) => factor.exponent.isNegative)) return undefined
          return graph.power(
            graph.mulAll([...powersOf(graph, common), without(graph, base, common)]),
            exponent,
          )
        })
        const most = result ? counts.of(e) - counts.of(result) : -1
        return most > 0 || (most === 0 && formula) ? result : undefined
      },
    }),
    procedure({
      name: 'sums below, multiplied out',
      sound: 'real',
      root: 'mul',
      apply: (e, { graph }) => {
        if (e.kind !== 'mul' || e.factors.length > WIDEST) return undefined
        const sums = e.factors.filter(({ base, exponent }) => base.kind === 'add' && exponent.isMinusOne)
        if (sums.length < 2) return undefined
        const product = expand(graph, graph.mulAll(sums.map(({ base }) => base)))?.expr
        if (!product) return undefined
        const rest = e.factors.filter((factor) => !sums.includes(factor))
        const result = graph.div(graph.mulAll(powersOf(graph, rest)), product)
        return counts.of(result) < counts.of(e) ? result : undefined
      },
    }),
  ]
}

const holdsVariable = (term: Expr): boolean => factorsOf(term).some(({ base }) => base.kind === 'read')

/** What all terms are divisible by and divided by, unless that is variables alone: `x² + x` stays. */
function factored(graph: Graph, e: Expr, counts: NodeCounts): Expr | undefined {
  const common = commonFactors(e).filter(
    // What differs stays with what it is divided by: `y²/x⁴ - y/x³`, where `y/x⁴` might overflow.
    ({ base, exponent, isEverywhere }) => isEverywhere || (isTakenOut(base) && !exponent.isNegative),
  )
  if (!common.some(({ base, exponent }) => exponent.isNegative || isTakenOut(base))) return undefined
  const inner = without(graph, e, common)
  const expanded = expand(graph, inner)?.expr ?? inner
  const sum = counts.of(expanded) < counts.of(inner) ? expanded : inner
  return graph.mulAll([...powersOf(graph, common), sum])
}

interface CommonFactor extends Factor {
  /** Whether all terms have this power of it. */
  readonly isEverywhere: boolean
}

/** The bases that all terms have, each with the least of its exponents. */
function commonFactors(e: Expr): CommonFactor[] {
  const [first, ...others] = monomialsOf(e)
  return first.factors.flatMap(({ base, exponent }) => {
    if ([first, ...others].some(({ factors }) => isRepeated(base, factors))) return []
    let [least, isEverywhere] = [exponent, true]
    for (const { factors } of others) {
      const own = factors.find((factor) => factor.base === base)?.exponent ?? ZERO
      isEverywhere &&= own.equals(exponent)
      if (own.compare(least) < 0) least = own
    }
    return least.isZero ? [] : [{ base, exponent: least, isEverywhere }]
  })
}

/** The terms without what all have. */
const without = (graph: Graph, e: Expr, common: readonly Factor[]): Expr =>
  graph.addAll(
    monomialsOf(e).map(({ coefficient, factors }) => {
      const left = factors.map(({ base, exponent }) => ({
        base,
        exponent: exponent.minus(common.find((factor) => factor.base === base)?.exponent ?? ZERO),
      }))
      return monomialToExpr(graph, { coefficient, factors: left })
    }),
  )

const TAKEN_OUT: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>(['exp', 'pow', 'log', 'normal_pdf', 'gaussian']) // prettier-ignore

const isTakenOut = (e: Expr): boolean => e.kind === 'add' || (e.kind === 'apply' && TAKEN_OUT.has(e.operator))
