/** The inverse of Mills' ratio beside the line that it tends to: `x + φ(x) / Φ(x)` is small in the left tail, and so is what its slope lacks of its limit. */
import type { Expr, Factor, Term } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, TWO, ZERO, type Rational } from '../../ir/rational.js'
import { factorsOf, powersOf } from '../../ir/term.js'
import { procedure } from '../../rewrite/rule.js'
import { same, split, times, type Constant, type Split } from './constant.js'

/** Terms of a sum, with a number that is added to them, and what stands for these where `u` is positive. */
interface Pair {
  readonly u: Expr
  readonly terms: readonly Term[]
  readonly limit: Rational
  readonly value: Expr
}

/** By the derivatives of erfcx where these are small themselves. */
export const besideMills = procedure({
  name: "Mills' ratio beside its limit",
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    if (e.kind !== 'add') return undefined
    for (const term of e.terms)
      for (const factor of factorsOf(term.node)) {
        const pair = besideLine(graph, e.terms, term, factor) ?? besideNumber(graph, e.constant, e.terms, term, factor) // prettier-ignore
        if (!pair) continue
        const { u, terms, limit, value } = pair
        const both = graph.stop(graph.addTerms(limit, terms))
        const rest = e.terms.filter((other) => !terms.includes(other))
        return graph.add(
          graph.addTerms(e.constant.minus(limit), rest),
          graph.select(graph.apply('lt', [graph.zero, u]), value, both),
        )
      }
    return undefined
  },
})

/** A product without one of its factors, once. */
const without = (graph: Graph, { coefficient, node }: Term, factor: Factor): Expr =>
  graph.scale(
    coefficient,
    graph.mulAll(
      powersOf(
        graph,
        factorsOf(node).filter(({ base }) => base !== factor.base),
      ),
    ),
  )

const quotient = (graph: Graph, u: Expr, order: number): Expr =>
  graph.div(graph.apply('erfcx_derivative', [graph.num(order), u]), graph.apply('erfcx', [u]))

const isSame = (a: Split | undefined, b: Split): boolean => a?.rest === b.rest && same(a.constant, b.constant)

/** `-√π`. */
const ROOT_OF_PI: Constant = { sign: -1, square: ONE, halves: 1n }

/** `c / erfcx(u) - √π c u = -√π/2 c erfcx'(u) / erfcx(u)`. */
function besideLine(graph: Graph, terms: readonly Term[], term: Term, factor: Factor): Pair | undefined {
  const { base, exponent } = factor
  if (base.kind !== 'apply' || base.operator !== 'erfcx' || !exponent.isMinusOne) return undefined
  const [u] = base.args
  const others = without(graph, term, factor)
  const [c, own] = [split(graph, others), split(graph, u)]
  if (!c || !own) return undefined
  const constant = times(times(c.constant, own.constant), ROOT_OF_PI)
  const rest = graph.mul(c.rest, own.rest)
  for (const line of terms) {
    if (!isSame(split(graph, graph.scale(line.coefficient, line.node)), { constant, rest })) continue
    const half = graph.scale(HALF.negate(), graph.power(graph.algebra.pi, HALF))
    return {
      u,
      terms: [term, line],
      limit: ZERO,
      value: graph.mulAll([half, others, quotient(graph, u, 1)]),
    }
  }
  return undefined
}

/** `c (log erfc)''(u) + 2 c = c (log erfcx)''(u)`. */
function besideNumber(
  graph: Graph,
  constant: Rational,
  terms: readonly Term[],
  term: Term,
  factor: Factor,
): Pair | undefined {
  const { base, exponent } = factor
  if (base.kind !== 'apply' || base.operator !== 'log_erfc_derivative' || !exponent.isOne) return undefined
  const [order, u] = base.args
  if (order !== graph.num(2)) return undefined
  const others = without(graph, term, factor)
  const limit = split(graph, graph.scale(TWO, others))
  if (!limit) return undefined
  const isLimit = (e: Expr): boolean => isSame(split(graph, e), limit)
  const isNumber = !constant.isZero && isLimit(graph.num(constant))
  const line = terms.find(({ node, coefficient }) => isLimit(graph.scale(coefficient, node)))
  if (!isNumber && !line) return undefined
  const slope = quotient(graph, u, 1)
  const curvature = graph.sub(quotient(graph, u, 2), graph.mul(slope, slope))
  return {
    u,
    terms: isNumber || !line ? [term] : [term, line],
    limit: isNumber ? constant : ZERO,
    value: graph.mul(others, curvature),
  }
}
