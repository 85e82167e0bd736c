/** Hyperbolic functions where they overflow or where what is left of them is small. */
import type { Expr, Factor } from '../../ir/expr.js'
import { Rational, ZERO } from '../../ir/rational.js'
import { productWithout } from '../../ir/term.js'
import { procedure } from '../../rewrite/rule.js'
import { monomialsOf } from '../polynomial.js'

const FOUR_FIFTHS = Rational.of(4, 5)
const FOUR = Rational.of(4)

/** Half of something: what stands for a difference of two sigmoids. */
const isHalved = (e: Expr): boolean =>
  e.kind === 'add' &&
  e.terms.every(({ coefficient }) => coefficient.d === 2n) &&
  (e.constant.isZero || e.constant.d === 2n)

/**
 * `1 - tanh(x)²`, which loses its digits where tanh is near 1: there it is `e^(-2|x|) (1 + |tanh(x)|)²`. The exponential is
 * computed only there. `tanh(u/2)`, which stands beside sigmoids, has `4 σ(u) σ(-u)`.
 */
export const slopeOfTanh = procedure({
  name: 'derivative of tanh',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    if (e.kind !== 'add' || e.constant.isZero) return undefined
    const square = e.terms.find(
      ({ node, coefficient }) => coefficient.equals(e.constant.negate()) && squareOfTanh(node),
    )
    const tanh = square && squareOfTanh(square.node)
    if (!square || !tanh) return undefined
    const others = e.terms.filter((term) => term !== square)
    const beside = graph.addTerms(ZERO, others)
    if (isHalved(tanh.x)) {
      const u = graph.add(tanh.x, tanh.x)
      const shares = graph.mul(graph.apply('sigmoid', [u]), graph.apply('sigmoid', [graph.neg(u)]))
      return graph.add(graph.scale(e.constant.times(FOUR), shares), beside)
    }
    // Nothing is differentiated any more: `stop` keeps the value of tanh as it is.
    const t = graph.stop(tanh.base)
    const size = graph.apply('abs', [t])
    const twice = graph.stop(graph.scale(Rational.of(2), graph.apply('abs', [tanh.x])))
    const far = graph.apply('exp', [graph.neg(twice)])
    const slope = graph.select(
      graph.apply('lt', [size, graph.num(FOUR_FIFTHS)]),
      graph.sub(graph.one, graph.stop(graph.mul(t, t))),
      graph.mul(far, graph.power(graph.add(graph.one, size), Rational.of(2))),
    )
    return graph.add(graph.scale(e.constant, slope), beside)
  },
})

function squareOfTanh(e: Expr): { readonly base: Expr; readonly x: Expr } | undefined {
  const [{ factors }] = monomialsOf(e)
  const [factor] = factors
  if (factors.length !== 1 || !factor.exponent.equals(Rational.of(2))) return undefined
  const { base } = factor
  return base.kind === 'apply' && base.operator === 'tanh' ? { base, x: base.args[0] } : undefined
}

/** `cosh(x) / sinh(x)² = 1 / (tanh(x) sinh(x))`: the square overflows long before the quotient is small. */
export const quotientOfHyperbolics = procedure({
  name: 'quotient of hyperbolic functions',
  sound: 'real',
  root: 'mul',
  apply: (e, { graph }) => {
    if (e.kind !== 'mul') return undefined
    for (const sinh of e.factors) {
      if (!isPower(sinh, 'sinh')) continue
      const cosh = e.factors.find((other) => isPower(other, 'cosh') && argumentOf(other) === argumentOf(sinh))
      if (!cosh || cosh.exponent.isNegative === sinh.exponent.isNegative) continue
      const [a, b] = [sinh.exponent.abs(), cosh.exponent.abs()]
      const least = a.compare(b) < 0 ? a : b
      const exponent = sinh.exponent.isNegative ? least.negate() : least
      const rest = productWithout(graph, e.factors, sinh, cosh)
      return graph.mulAll([
        graph.power(graph.apply('tanh', [argumentOf(sinh)]), exponent),
        graph.power(sinh.base, sinh.exponent.minus(exponent)),
        graph.power(cosh.base, cosh.exponent.plus(exponent)),
        rest,
      ])
    }
    return undefined
  },
})

const isPower = ({ base, exponent }: Factor, operator: 'sinh' | 'cosh'): boolean =>
  base.kind === 'apply' && base.operator === operator && exponent.isInteger

const argumentOf = ({ base }: Factor): Expr => (base.kind === 'apply' ? base.args[0] : base)
