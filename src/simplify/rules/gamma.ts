/** Differences of gamma functions, and lgamma next to its zeros: by functions that do not round what is small. */
import type { Apply, Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import type { Rational } from '../../ir/rational.js'
import { procedure } from '../../rewrite/rule.js'
import { step } from './step.js'

/** `coefficient` times the derivative of that order of lgamma, 0 for itself. */
interface Gamma {
  readonly order: number
  readonly argument: Expr
  readonly coefficient: Rational
  readonly node: Expr
}

/** Sums of more of them are left alone. */
const MOST = 8

/** `lgamma(1 + x)` for a small `x`, which the sum would round; `lgamma(2 + x)` likewise. */
export const lgammaNearZeros = procedure({
  name: 'lgamma next to its zeros',
  sound: 'real',
  root: 'lgamma',
  apply: (e, { graph }) => {
    const sum = e.kind === 'apply' ? e.args[0] : e
    if (sum.kind !== 'add' || sum.integer || !sum.constant.isInteger) return undefined
    const start = Number(sum.constant.n)
    if (start !== 1 && start !== 2) return undefined
    const constant = graph.num(start)
    return graph.apply('lgamma_difference', [constant, graph.sub(sum, constant)])
  },
})

/**
 * `lgamma(x) + lgamma(y) - lgamma(x + y)`, of which little is left where one is large; `f(x + y) - f(x)` for lgamma and its derivatives. In a
 * binomial coefficient `lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)` the smaller one of the two stands beside the difference.
 */
export const differenceOfGammas = procedure({
  name: 'difference of gamma functions',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    if (e.kind !== 'add') return undefined
    const gammas = e.terms.flatMap(({ node, coefficient }) => gammaOf(graph, node, coefficient) ?? [])
    if (gammas.length < 2 || gammas.length > MOST) return undefined
    for (const find of [ofTwo, ofOne])
      for (const whole of gammas) {
        const others = gammas.filter(
          ({ order, coefficient }) => order === whole.order && coefficient.equals(whole.coefficient.negate()),
        )
        const found = find(graph, whole, others)
        if (!found) continue
        const rest = e.terms.filter(({ node }) => !found.of.some((gamma) => gamma.node === node))
        return graph.add(graph.scale(whole.coefficient, found.value), graph.addTerms(e.constant, rest))
      }
    return undefined
  },
})

function gammaOf(graph: Graph, node: Expr, coefficient: Rational): Gamma | undefined {
  if (node.kind !== 'apply') return undefined
  const found = orderAndArgument(graph, node)
  return found && { ...found, coefficient, node }
}

function orderAndArgument(
  graph: Graph,
  { operator, args: [first, second] }: Apply,
): Pick<Gamma, 'order' | 'argument'> | undefined {
  switch (operator) {
    case 'lgamma':
      return { order: 0, argument: first }
    case 'lgamma_difference':
      // Of 1 and 2, whose own is 0.
      return first.kind === 'num' ? { order: 0, argument: graph.add(first, second) } : undefined
    case 'digamma':
      return { order: 1, argument: first }
    case 'polygamma':
      return first.kind === 'num' && first.integer
        ? { order: first.value.toNumber() + 1, argument: second }
        : undefined
    default:
      return undefined
  }
}

/** What a gamma function exceeds others by, and of which it is made. */
interface Found {
  readonly value: Expr
  readonly of: readonly Gamma[]
}

/** `f(s) - f(u) - f(v)`. */
function ofTwo(graph: Graph, whole: Gamma, others: readonly Gamma[]): Found | undefined {
  const { order, argument: s } = whole
  for (const [at, left] of others.entries())
    for (const right of others.slice(at + 1)) {
      const of = [whole, left, right]
      if (order === 0 && graph.add(left.argument, right.argument) === s)
        return { value: graph.neg(graph.apply('lbeta', [left.argument, right.argument])), of }
      const [u, v] = isRounded(graph.sub(s, left.argument)) ? [right, left] : [left, right]
      const [fromU, fromV] = [u, v].map(({ argument }) => step(graph, s, argument, 1))
      if (!fromU || !fromV || isRounded(fromU)) continue
      const isLarger = graph.apply('lt', [u.argument, v.argument])
      const far = isRounded(fromV) ? graph.apply('and', [isLarger, graph.apply('lt', [graph.num(2), s])]) : isLarger // prettier-ignore
      const [besideU, besideV] = [
        graph.sub(difference(graph, order, u.argument, fromU), v.node),
        graph.sub(difference(graph, order, v.argument, fromV), u.node),
      ]
      return { value: graph.select(far, besideV, besideU), of }
    }
  return undefined
}

/** Of `y - 1` all of a small `y` may be lost. */
const isRounded = (e: Expr): boolean => e.kind === 'add' && !e.constant.isZero

/** `f(s) - f(u)`. */
function ofOne(graph: Graph, whole: Gamma, others: readonly Gamma[]): Found | undefined {
  const { order, argument: s } = whole
  for (const other of others) {
    const { argument: u } = other
    const y = step(graph, s, u)
    if (!y) continue
    const of = [whole, other]
    // Of `x + 1` and `x` the smaller is where it begins: the other one may have lost it.
    return leadsNegative(y)
      ? { value: graph.neg(difference(graph, order, s, graph.neg(y))), of }
      : { value: difference(graph, order, u, y), of }
  }
  return undefined
}

const leadsNegative = (e: Expr): boolean =>
  e.kind === 'num' ? e.value.isNegative : e.kind === 'add' && e.terms[0].coefficient.isNegative

const difference = (graph: Graph, order: number, x: Expr, y: Expr): Expr =>
  order === 0
    ? graph.apply('lgamma_difference', [x, y])
    : graph.apply('polygamma_difference', [graph.num(order - 1), x, y])
