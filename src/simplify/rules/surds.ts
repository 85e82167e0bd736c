/** Roots of numbers, and sums of roots or of angles, as the product or quotient that is shorter, for people. */
import type { Add, Expr, Term } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, Rational, TWO } from '../../ir/rational.js'
import { factorsOf, productWithout, withFactors } from '../../ir/term.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import type { NodeCounts } from '../count.js'
import { powerOutside, rationalRoot } from '../../ir/integers.js'
import { divideExactly, expand } from '../polynomial.js'
import { FAMILIES } from './angles.js'
import type { Report } from './widen.js'

const WIDEST = 8

export function surds(report: Report, counts: NodeCounts): readonly Procedure[] {
  const ifShorter = (e: Expr, result: Expr | undefined): Expr | undefined =>
    result && counts.of(result) < counts.of(e) ? result : undefined
  return [
    procedure({
      name: 'roots of numbers',
      sound: 'real',
      root: 'add',
      apply: (e, { graph }) =>
        e.kind === 'add' && e.terms.length <= WIDEST ? ifShorter(e, withoutSquares(graph, e)) : undefined,
    }),
    procedure({
      name: 'conjugate roots',
      sound: 'real',
      root: 'mul',
      apply: (e, { graph }) => {
        if (e.kind !== 'mul' || e.factors.length > WIDEST) return undefined
        for (const factor of e.factors) {
          const { base, exponent } = factor
          const found = exponent.isMinusOne && base.kind === 'add' ? conjugate(graph, base) : undefined
          const rest = productWithout(graph, e.factors, factor)
          const left = found && quotientOf(graph, rest, found.divisor)
          const result = left && graph.mul(found.sum, left)
          if (!result || counts.of(result) >= counts.of(e)) continue
          if (!base.facts.nonzero && found.divisor.kind !== 'num')
            report(graph.apply('ne', [base, graph.zero]))
          return result
        }
        return undefined
      },
    }),
    procedure({
      name: 'nested roots',
      sound: 'real',
      root: 'mul',
      apply: (e, { graph }) => {
        if (e.kind !== 'mul' || e.factors.length > WIDEST) return undefined
        const result = withFactors(graph, e, ({ base, exponent }) =>
          exponent.equals(HALF) && base.kind === 'add' ? unnested(graph, base) : undefined,
        )
        return result && counts.of(result) <= counts.of(e) ? result : undefined
      },
    }),
    procedure({
      name: 'sum of sines or cosines',
      sound: 'real',
      root: 'add',
      apply: (e, { graph }) => {
        if (e.kind !== 'add' || e.terms.length > WIDEST) return undefined
        for (const [at, first] of e.terms.entries())
          for (const second of e.terms.slice(at + 1)) {
            const product = productOf(graph, first, second)
            if (!product) continue
            const others = e.terms.filter((term) => term !== first && term !== second)
            const result = ifShorter(e, graph.add(product, graph.addTerms(e.constant, others)))
            if (result) return result
          }
        return undefined
      },
    }),
  ]
}

/** `√50 - √8` as `5√2 - 2√2`, `2/√2` as `√2`. */
function withoutSquares(graph: Graph, e: Add): Expr | undefined {
  let found = false
  const terms = e.terms.map(({ node, coefficient }) => {
    const cube = cubeRoot(graph, node)
    if (cube) {
      found = true
      return graph.scale(coefficient, cube)
    }
    const [factor, ...more] = node.kind === 'mul' ? node.factors : []
    if (!factor || more.length > 0 || factor.base.kind !== 'num' || !factor.exponent.abs().equals(HALF))
      return graph.scale(coefficient, node)
    const { value } = factor.base
    if (!value.isInteger || value.isZero) return graph.scale(coefficient, node)
    found = true
    const { outside, inside } = powerOutside(value.n, 2)
    const scale = factor.exponent.isNegative ? Rational.of(outside, value.n) : Rational.of(outside)
    return graph.scale(coefficient.times(scale), graph.power(graph.num(Rational.of(inside)), HALF))
  })
  return found ? graph.addAll([graph.num(e.constant), ...terms]) : undefined
}

/** `∛16` as `2 ∛2`. */
function cubeRoot(graph: Graph, e: Expr): Expr | undefined {
  if (e.kind !== 'apply' || e.operator !== 'cbrt') return undefined
  const [radicand] = e.args
  if (radicand.kind !== 'num' || !radicand.value.isInteger || radicand.value.isNegative) return undefined
  const { outside, inside } = powerOutside(radicand.value.n, 3)
  return graph.scale(Rational.of(outside), graph.apply('cbrt', [graph.num(Rational.of(inside))]))
}

/** `√(a ± √b)` as `√p ± √q`, where `p + q` is `a` and `4 p q` is `b`: `√(7 + √48)` is `2 + √3`. */
function unnested(graph: Graph, { terms, constant }: Add): Expr | undefined {
  const [{ node, coefficient }, ...more] = terms
  const [root, ...others] = node.kind === 'mul' ? node.factors : []
  if (more.length > 0 || !root || others.length > 0 || root.base.kind !== 'num') return undefined
  if (!root.exponent.equals(HALF) || constant.isNegative) return undefined
  const square = coefficient.times(coefficient).times(root.base.value)
  const difference = rationalRoot(constant.times(constant).minus(square), 2)
  if (!difference) return undefined
  const halves = [constant.plus(difference), constant.minus(difference)].map((twice) => twice.times(HALF))
  if (halves.some((half) => !half.isInteger)) return undefined
  const [p, q] = halves.map((half) => graph.power(graph.num(half), HALF))
  return coefficient.isNegative ? graph.sub(p, q) : graph.add(p, q)
}

/** `√a + √b` and `a - b` for `√a - √b`. */
function conjugate(graph: Graph, { terms, constant }: Add) {
  const own = [...terms, ...(constant.isZero ? [] : [{ node: graph.one, coefficient: constant }])]
  if (own.length !== 2) return undefined
  const [first, second] = own.map(({ node, coefficient }) => graph.scale(coefficient, node))
  const isRoot = ({ node }: Term): boolean => node.kind === 'mul' && node.factors.every(({ exponent }) => exponent.d === 2n) // prettier-ignore
  if (!own.some(isRoot)) return undefined
  const below = graph.sub(squareOf(graph, own[0]), squareOf(graph, own[1]))
  return { sum: graph.sub(first, second), divisor: expand(graph, below)?.expr ?? below }
}

/** By a number other than 0, where the conjugate is nowhere 0, or by a sum that divides one of its factors without a rest. */
function quotientOf(graph: Graph, e: Expr, divisor: Expr): Expr | undefined {
  if (divisor.kind === 'num') return divisor.value.isZero ? undefined : graph.div(e, divisor)
  const factors = factorsOf(e)
  for (const factor of factors) {
    const { base, exponent } = factor
    const left = exponent.isOne && base.kind === 'add' ? divideExactly(graph, base, divisor) : undefined
    if (left) return graph.mul(left, productWithout(graph, factors, factor))
  }
  return undefined
}

function squareOf(graph: Graph, { node, coefficient }: Term): Expr {
  const factors = factorsOf(node)
  const square = graph.mulAll(factors.map(({ base, exponent }) => graph.power(base, exponent.plus(exponent))))
  return graph.scale(coefficient.times(coefficient), square)
}

/** `sin(u) + sin(v) = 2 sin((u + v)/2) cos((u - v)/2)`, and likewise with minus, for cosines and the hyperbolic functions. */
function productOf(graph: Graph, first: Term, second: Term): Expr | undefined {
  const [f, g] = [first.node, second.node]
  if (f.kind !== 'apply' || g.kind !== 'apply' || f.operator !== g.operator) return undefined
  const family = FAMILIES.find(({ sine, cosine }) => f.operator === sine || f.operator === cosine)
  if (!family || !first.coefficient.abs().equals(second.coefficient.abs())) return undefined
  const [u, v] = [f.args[0], g.args[0]]
  const [mean, half] = [graph.add(u, v), graph.sub(u, v)].map((angle) =>
    plainly(graph, graph.scale(HALF, angle)),
  )
  const { sine, cosine, sign } = family
  const isSum = first.coefficient.equals(second.coefficient)
  const areSines = f.operator === sine
  const product = graph.mul(
    graph.apply(areSines === isSum ? sine : cosine, [mean]),
    graph.apply(isSum ? cosine : sine, [half]),
  )
  const scale = areSines || isSum ? TWO : TWO.times(sign).negate()
  return graph.scale(first.coefficient.times(scale), product)
}

const plainly = (graph: Graph, e: Expr): Expr => expand(graph, e)?.expr ?? e
