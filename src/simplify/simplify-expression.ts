import type { Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { conjuncts, isFalse, isTrue } from '../ir/normal/condition.js'
import { Rewriter, RuleSet } from '../rewrite/strategy.js'
import type { Rewrite } from '../rewrite/rule.js'
import type { Step } from '../rewrite/trace.js'
import { conditionsOf, type Rewritten } from './conditions.js'
import { underOneRoot } from './constant-roots.js'
import { numbersInFront, signsInside } from './content.js'
import { NodeCounts } from './count.js'
import { bounds } from './rules/bounds.js'
import { choices } from './rules/choices.js'
import { decided } from './rules/decided.js'
import { exactValues } from './rules/exact-values.js'
import { exponents } from './rules/exponents.js'
import { extremes } from './rules/extremes.js'
import { withoutImplied } from './implied.js'
import { withoutShortReductions } from './reductions.js'
import { inFront } from './rules/in-front.js'
import { inverses, shorterOperators, shorterProducts, shorterSums, sumsOfAngles } from './rules/identities.js'
import {
  exponentialsOfLogarithms,
  inverseFunctions,
  powersOfProducts,
  productsOfPowers,
  productsOfRoots,
  shorterLogarithms,
  signOfQuotient,
  sumsOfLogarithms,
  termsIntoLogarithms,
} from './rules/laws.js'
import { monotone } from './rules/monotone.js'
import { moduli } from './rules/modulus.js'
import { powersInFront } from './rules/powers-in-front.js'
import { periods, tangents } from './rules/periods.js'
import { comparedExtremes, pieces, signedComparisons, solvedComparisons } from './rules/piecewise.js'
import { guardsBesidePoles } from './rules/poles.js'
import { provenLaws } from './rules/proven.js'
import { RECOGNISE } from './rules/sets.js'
import { cheapestShape } from './rules/shape.js'
import { divisorsIntoSums, nestedFractions, oneFraction, shortestShape } from './rules/shortest.js'
import { inWords } from './rules/wording.js'
import { surds } from './rules/surds.js'
import { guardsOfExcess } from './rules/vanishing.js'
import { widening, type Report } from './rules/widen.js'

const RECOGNISE_MORE: readonly Rewrite[] = [
  guardsBesidePoles,
  guardsOfExcess,
  ...decided,
  ...RECOGNISE,
  ...signedComparisons,
  ...solvedComparisons,
  ...comparedExtremes,
  ...pieces,
  ...sumsOfAngles,
  ...inverses,
  ...shorterSums,
  ...shorterProducts,
  ...periods,
  tangents,
  ...exactValues,
  ...bounds,
]

export interface SimplifiedExpression {
  readonly expr: Expr
  /** Conditions of no further definition of `expr`: where they fail the given expression was undefined. */
  readonly conditions: readonly Expr[]
  readonly trace: readonly Step[]
}

export interface SimplifyExpressionOptions {
  /**
   * Also by laws after which numbers may overflow on the way, and with all common factors taken out: for reading. Derivatives are
   * computed too, and look as a textbook has them.
   */
  readonly shortest?: boolean
  /** The formula of a derivative, which is read and not computed: with powers and variables in front, and whole squares. */
  readonly formula?: boolean
}

/** A shorter expression of the same value, for people: it may be defined in more places, and then says where. */
export function simplifyExpression(
  graph: Graph,
  e: Expr,
  { shortest = false, formula = false }: SimplifyExpressionOptions = {},
): SimplifiedExpression {
  const reported = new Set<Expr>()
  const steps = new Map<Expr, Rewritten>()
  const trace: Step[] = []
  const counts = new NodeCounts()
  const report: Report = (condition) => {
    if (!isTrue(condition)) reported.add(condition)
  }
  const rules = new RuleSet([
    ...widening(report),
    ...inverseFunctions(report),
    signOfQuotient(report),
    ...RECOGNISE_MORE,
    ...shorterLogarithms(counts),
    ...provenLaws(counts),
    ...extremes(counts),
    ...monotone(report, counts),
    ...choices(counts),
    ...(shortest
      ? [
          ...shorterOperators,
          ...exponents(report, counts),
          ...moduli(report, counts),
          ...surds(counts),
          ...sumsOfLogarithms(report, counts),
          termsIntoLogarithms(counts),
          exponentialsOfLogarithms(report, counts),
          productsOfPowers(counts, report),
          powersOfProducts(report, counts),
          productsOfRoots(report, counts),
          ...shortestShape(report),
        ]
      : [
          ...inFront(counts, formula),
          productsOfPowers(counts),
          ...cheapestShape({ collects: false }),
          oneFraction(report),
          nestedFractions(report),
        ]),
    ...(shortest || formula ? [powersInFront(report, counts), divisorsIntoSums(report, counts)] : []),
  ])
  const rewriter = new Rewriter(graph, rules, {
    // What is defined nowhere, as `exp(log(-2))`, would seem to have a value.
    takes: () => {
      const isNowhere = [...reported].some(isFalse)
      if (isNowhere) reported.clear()
      return !isNowhere
    },
    onStep: (step) => {
      trace.push(step)
      steps.set(step.before, { after: step.after, conditions: [...reported] })
      reported.clear()
    },
  })
  const written = shortest ? withoutShortReductions(graph, e, counts) : e
  const arranged = (part: Expr): Expr => numbersInFront(graph, underOneRoot(graph, part, counts))
  const settled = rewriter.rewrite(written)
  const first = arranged(settled)
  // Without its number a sum may be what another is: `(2 - 2x²) / √(1 - x²)`.
  const last = first === settled ? first : arranged(rewriter.rewrite(first))
  const expr = shortest ? signsInside(graph, inWords(graph, e, last)) : last
  const widens = [...steps.values()].some(({ conditions }) => conditions.length > 0)
  const from = first === last ? [written] : [written, first]
  const conditions = widens ? conditionsOf(graph, from, steps, (part) => rewriter.rewrite(part)) : []
  return { expr, conditions: inFew(graph, expr, conditions), trace }
}

/** More conditions are no list that somebody reads. */
const MOST = 8

/** Without those that others or the result imply, and with those as one that say one thing: `x != 0` and `x >= 0` are `x > 0`. */
export function inFew(graph: Graph, expr: Expr, conditions: readonly Expr[]): readonly Expr[] {
  if (conditions.length === 0 || conditions.length > MOST) return conditions
  const left = withoutImplied(graph, expr, conditions, (condition) => {
    const simplified = simplifyExpression(graph, condition)
    return simplified.conditions.length === 0 ? simplified.expr : condition
  })
  if (left.length === 0) return left
  const together = simplifyExpression(graph, graph.and(left))
  if (together.conditions.length > 0) return left
  const parts = conjuncts(together.expr)
  return [...left.filter((each) => parts.includes(each)), ...parts.filter((each) => !left.includes(each))]
}
