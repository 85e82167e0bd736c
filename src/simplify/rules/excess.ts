/** `x Φ(x) + φ(x)` and `e^(-u²) / √π - u erfc(u)`: what a normal variable exceeds a bound by, on the average. */
import type { Apply, Expr, Term } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE } from '../../ir/rational.js'
import { factorsOf, productWithout } from '../../ir/term.js'
import { procedure } from '../../rewrite/rule.js'
import { isBell } from './erf.js'
import { powerOf, same, spelled, split, times, type Constant } from './constant.js'

interface Match {
  readonly own: Term
  readonly density: Term
  readonly tail: Apply
  readonly excess: Excess
}

/** A bell, times constants at most. */
function mayBeDensity({ node }: Term): boolean {
  const factors = factorsOf(node)
  return factors.length <= FACTORS && factors.some(({ base }) => isBell(base))
}

const FACTORS = 4

function found(graph: Graph, e: Expr): Match | undefined {
  if (e.kind !== 'add' || e.terms.length < 2 || !e.terms.some(mayBeDensity)) return undefined
  for (const own of e.terms) {
    const factors = own.node.kind === 'mul' ? own.node.factors : []
    for (const factor of factors) {
      const { base: tail, exponent } = factor
      if (tail.kind !== 'apply' || !exponent.isOne) continue
      if (tail.operator !== 'normal_cdf' && tail.operator !== 'erfc') continue
      const above = graph.scale(own.coefficient, productWithout(graph, factors, factor))
      const excess = excessOf(graph, tail, above)
      const density = excess && e.terms.find(({ node, coefficient }) => isDensity(graph, tail, graph.scale(coefficient, node), excess.constant)) // prettier-ignore
      if (density) return { own, density, tail, excess }
    }
  }
  return undefined
}

function withPair(graph: Graph, e: Expr, { own, density }: Match, pair: Expr): Expr {
  if (e.kind !== 'add') return e
  const rest = e.terms.filter((term) => term !== own && term !== density)
  return graph.add(pair, graph.addTerms(e.constant, rest))
}

const termToExpr = (graph: Graph, { coefficient, node }: Term): Expr => graph.scale(coefficient, node)

/** In the tail the two cancel: there they are a multiple of the slope of erfcx. */
export const expectedExcess = procedure({
  name: 'expected excess',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    const match = found(graph, e)
    if (!match) return undefined
    const { own, density, excess } = match
    const plain = graph.stop(graph.add(termToExpr(graph, own), termToExpr(graph, density)))
    const isTail = graph.apply('lt', [graph.zero, excess.u])
    return withPair(graph, e, match, graph.select(isTail, excess.outside, plain))
  },
})

/** Before differentiation: with one name for the density, all but `Φ(x)` cancels in the derivative. */
export const densityBesideCdf = procedure({
  name: 'density beside its integral',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    const match = found(graph, e)
    if (match?.tail.operator !== 'normal_cdf') return undefined
    const { own, tail, excess } = match
    const density = graph.mul(spelled(graph, excess.constant), graph.apply('normal_pdf', tail.args))
    return withPair(graph, e, match, graph.add(termToExpr(graph, own), density))
  },
})

interface Excess {
  /** `above = constant · x`, where `x` is the argument of the tail. */
  readonly constant: Constant
  readonly u: Expr
  readonly outside: Expr
}

function excessOf(graph: Graph, { operator, args: [x] }: Apply, above: Expr): Excess | undefined {
  const [a, b] = [split(graph, above), split(graph, x)]
  if (!a || !b || a.rest !== b.rest) return undefined
  const inverse = powerOf(b.constant, ONE.negate())
  if (!inverse) return undefined
  const constant = times(a.constant, inverse)
  const isNormal = operator === 'normal_cdf'
  // A x Φ(x) + A φ(x) = -A e^(-u²) erfcx'(u) / √8 for u = -x / √2; A u erfc(u) - A e^(-u²) / √π = A e^(-u²) erfcx'(u) / 2.
  const u = isNormal ? graph.neg(graph.mul(x, graph.power(graph.num(2), HALF.negate()))) : x
  const square = graph.scale(isNormal ? HALF : ONE, graph.mul(x, x))
  const outside = graph.mulAll([
    spelled(graph, constant),
    graph.apply('exp', [graph.neg(square)]),
    graph.apply('erfcx_derivative', [graph.one, u]),
    isNormal ? graph.neg(graph.power(graph.num(8), HALF.negate())) : graph.num(HALF),
  ])
  return { constant, u, outside }
}

/** Whether it is `c φ(x)`, or `-c e^(-x²) / √π` beside erfc. */
function isDensity(graph: Graph, { operator, args: [x] }: Apply, e: Expr, c: Constant): boolean {
  const own = split(graph, e)
  if (!own || own.rest.kind !== 'apply') return false
  const { operator: bell, args } = own.rest
  const isNormal = operator === 'normal_cdf'
  const isSame = args[0] === x || args[0] === graph.neg(x)
  const perRootOfPi = times(c, { sign: 1, square: ONE, halves: -1n })
  const wanted: Constant = isNormal ? { ...perRootOfPi, square: perRootOfPi.square.times(HALF) } : { ...perRootOfPi, sign: c.sign === 1 ? -1 : 1 } // prettier-ignore
  if (isNormal && bell === 'normal_pdf') return isSame && same(own.constant, c)
  if (!isNormal && bell === 'gaussian') return isSame && same(own.constant, wanted)
  const exponent = graph.scale(isNormal ? HALF.negate() : ONE.negate(), graph.mul(x, x))
  return bell === 'exp' && args[0] === exponent && same(own.constant, wanted)
}
