/**
 * Logarithms of sums in which exponentials stand beside what may be negative, as `log(e^x + y)` and the likelihood of a mixture with open weights: with the largest
 * of the exponents, as a constant, taken out where the sum is no ordinary number.
 */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { Rational } from '../../ir/rational.js'
import { factorsOf, productWithout } from '../../ir/term.js'
import { hasAtMost, holdsStop } from '../../ir/walk.js'
import { procedure, type Rewrite } from '../../rewrite/rule.js'
import { areSeveralNumbers } from './step.js'

/** Within them the sum and the powers of it that derivatives are divided by are numbers. */
const [SMALL, LARGE] = [Rational.fromNumber(1e-60), Rational.fromNumber(1e60)]
const FINITE = Rational.fromNumber(1e300)
/** Longer sums are left alone. */
const LONGEST = 8
const MOST_NODES = 40

/** `e^exponent · rest`. */
interface Part {
  readonly exponent: Expr | undefined
  readonly rest: Expr
}

export const logsOfOpenSums: readonly Rewrite[] = (['log', 'log1p'] as const).map((operator) =>
  procedure({
    name: `${operator} of an open sum of exponentials`,
    sound: 'real',
    root: operator,
    apply: (e, { graph }) => {
      const [sum] = e.kind === 'apply' ? e.args : []
      // Of one number the series are known; in loops the plain spelling stays.
      if (!sum || !hasAtMost(MOST_NODES, sum) || !areSeveralNumbers([sum])) return undefined
      const parts = partsOf(graph, sum)
      const exponents = parts?.flatMap(({ exponent }) => exponent ?? []) ?? []
      // What has a constant taken out has been looked at.
      if (!parts || exponents.length === 0 || exponents.some(holdsStop)) return undefined
      if (operator === 'log' && parts.length < 2) return undefined
      const isBesideOne = operator === 'log1p'
      const whole = isBesideOne ? graph.add(graph.one, sum) : sum
      const others = !isBesideOne && parts.every(({ exponent }) => exponent) ? [] : [graph.zero]
      const largest = [...exponents, ...others].reduce((x, y) => graph.apply('max', [x, y]))
      const below = graph.apply('min', [largest, graph.num(FINITE)])
      const bounded = below.facts.low >= 0 ? below : graph.apply('max', [below, graph.num(FINITE.negate())])
      const isOrdinary = graph.apply('and', [graph.apply('lt', [graph.num(SMALL), whole]), graph.apply('lt', [whole, graph.num(LARGE)])]) // prettier-ignore
      const constant = graph.stop(bounded)
      const scaled = (e: Expr): Expr => graph.apply('exp', [graph.sub(e, constant)])
      const total = graph.addAll(parts.map(({ exponent, rest }) => graph.mul(rest, scaled(exponent ?? graph.zero)))) // prettier-ignore
      const beside = isBesideOne ? graph.add(scaled(graph.zero), total) : total
      const extreme = graph.add(constant, graph.apply('log', [beside]))
      return graph.select(isOrdinary, graph.stop(e), extreme)
    },
  }),
)

function partsOf(graph: Graph, sum: Expr): readonly Part[] | undefined {
  if (sum.kind !== 'add') return [partOf(graph, sum)]
  if (sum.terms.length > LONGEST) return undefined
  const constant = sum.constant.isZero ? [] : [{ exponent: undefined, rest: graph.num(sum.constant) }]
  const parts = sum.terms.map(({ node, coefficient }) => {
    const { exponent, rest } = partOf(graph, node)
    return { exponent, rest: graph.scale(coefficient, rest) }
  })
  return [...parts, ...constant]
}

function partOf(graph: Graph, node: Expr): Part {
  const factors = factorsOf(node)
  const exponentials = factors.filter(({ base }) => base.kind === 'apply' && base.operator === 'exp')
  if (exponentials.length === 0) return { exponent: undefined, rest: node }
  const exponents = exponentials.map(({ base, exponent }) => graph.scale(exponent, base.operands[0]))
  return { exponent: graph.addAll(exponents), rest: productWithout(graph, factors, ...exponentials) }
}
