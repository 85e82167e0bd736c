/** Quotients and products of the normal distribution and exponentials of squares: one function without 0 / 0 and without ∞ · 0. */
import type { Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, Rational } from '../../ir/rational.js'
import { asTerm, powersOf, withFactors } from '../../ir/term.js'
import { procedure, rule } from '../../rewrite/rule.js'
import { expand } from '../polynomial.js'

/** `scale · erfc(u)`. */
interface Tail {
  readonly u: Expr
  readonly square: Expr
  readonly scale: Rational
}

/** Of a root, what it is taken of: wherever the tail is defined, that is not negative. */
function squareOf(graph: Graph, e: Expr): Expr {
  const { coefficient, node } = asTerm(e)
  if (node.kind !== 'mul') return graph.mul(e, e)
  const factors = node.factors.map(({ base, exponent }) => graph.power(base, exponent.plus(exponent)))
  return graph.mulAll([graph.num(coefficient.times(coefficient)), ...factors])
}

/** Chains of GELU are products of hundreds of tails, each in hundreds of products. */
const tails = new WeakMap<Expr, Tail>()

function tailOf(graph: Graph, e: Expr): Tail | undefined {
  let tail = tails.get(e)
  if (!tail && (tail = madeTail(graph, e))) tails.set(e, tail)
  return tail
}

function madeTail(graph: Graph, e: Expr): Tail | undefined {
  if (e.kind !== 'apply') return undefined
  const [x] = e.args
  if (e.operator === 'erfc') return { u: x, square: squareOf(graph, x), scale: ONE }
  if (e.operator !== 'normal_cdf') return undefined
  const u = graph.neg(graph.mul(x, graph.power(graph.num(2), HALF.negate())))
  return { u, square: graph.scale(HALF, squareOf(graph, x)), scale: HALF }
}

/** What is left of `e^(a + square)`, if that is a number: the square of `(x - m) / s` may be multiplied out. */
function restOfExponential(graph: Graph, exponent: Expr, square: Expr): Expr | undefined {
  const sum = graph.add(exponent, square)
  const rest = sum.kind === 'num' ? sum : (expand(graph, sum)?.expr ?? sum)
  if (rest.kind === 'num') return graph.apply('exp', [rest])
  // `1/x - 1/x` stays a sum for the sake of 0, where the tail of `1/√x` is 0 and erfcx is as well.
  if (rest.kind !== 'add' || !rest.terms.every(({ coefficient }) => coefficient.isZero)) return undefined
  return graph.apply('exp', [graph.num(rest.constant)])
}

export const isBell = (e: Expr): boolean => e.kind === 'apply' && (e.operator === 'exp' || e.operator === 'gaussian' || e.operator === 'normal_pdf') // prettier-ignore

/** The factor as `rest · e^(-square)`, times what stays of its power. */
function withoutBell(graph: Graph, { base, exponent }: Factor, square: Expr): readonly Expr[] | undefined {
  if (base.kind !== 'apply') return undefined
  const [x] = base.args
  if (base.operator === 'exp') {
    const rest = restOfExponential(graph, graph.scale(exponent, x), square)
    return rest && [rest]
  }
  if (!exponent.isInteger) return undefined
  const others = graph.power(base, exponent.minus(ONE))
  if (base.operator === 'gaussian' && graph.mul(x, x) === square) return [others]
  if (base.operator !== 'normal_pdf' || graph.scale(HALF, graph.mul(x, x)) !== square) return undefined
  return [others, graph.power(graph.scale(Rational.of(2), graph.algebra.pi), HALF.negate())]
}

const rootOfPi = (graph: Graph): Expr => graph.power(graph.algebra.pi, HALF)

/**
 * `e^(-u²) / erfc(u) = 1 / erfcx(u)`, the inverse of Mills' ratio but for a factor, as in `φ(x) / Φ(x)`: a multiple of the slope of
 * `log erfc`, whose derivatives are known. `e^(u²) erfc(u) = erfcx(u)` likewise.
 */
export const millsRatio = procedure({
  name: "Mills' ratio",
  sound: 'real',
  root: 'mul',
  apply: (e, { graph }) => {
    if (e.kind !== 'mul') return undefined
    const bells = e.factors.filter(({ base, exponent }) => isBell(base) && !exponent.isNegative)
    if (bells.length === 0) return undefined
    for (const factor of e.factors) {
      const tail = factor.exponent.isInteger ? tailOf(graph, factor.base) : undefined
      if (!tail) continue
      const isBelow = factor.exponent.isNegative
      const square = isBelow ? tail.square : graph.neg(tail.square)
      for (const other of bells) {
        const rest = withoutBell(graph, other, square)
        if (!rest) continue
        const one = isBelow ? ONE.negate() : ONE
        const ratio = isBelow
          ? graph.scale(HALF.negate(), graph.mul(rootOfPi(graph), slope(graph, tail.u)))
          : graph.apply('erfcx', [tail.u])
        return graph.mulAll([
          graph.power(graph.num(tail.scale), one),
          ratio,
          graph.power(factor.base, factor.exponent.minus(one)),
          ...rest,
          ...powersOf(
            graph,
            e.factors.filter((own) => own !== factor && own !== other),
          ),
        ])
      }
    }
    return undefined
  },
})

const slope = (graph: Graph, u: Expr): Expr => graph.apply('log_erfc_derivative', [graph.one, u])

/** Before differentiation: the derivatives of the quotient would cancel. */
export const reciprocalOfErfcx = procedure({
  name: '1 / erfcx',
  sound: 'real',
  root: 'mul',
  apply: (e, { graph }) => {
    if (e.kind !== 'mul') return undefined
    return withFactors(graph, e, ({ base, exponent }) => {
      if (base.kind !== 'apply' || base.operator !== 'erfcx' || !exponent.isInteger || !exponent.isNegative)
        return undefined
      const inverse = graph.scale(HALF.negate(), graph.mul(rootOfPi(graph), slope(graph, base.args[0])))
      return graph.power(inverse, exponent.negate())
    })
  },
})

/** As code has it: the first derivative of log erfc needs no more than erfcx. */
export const slopeOfLogErfc = rule({
  name: 'slope of log erfc',
  sound: 'real',
  of: (m, { x }) => [
    m.log_erfc_derivative(m.number(1), x),
    m.div(m.number(-2), m.mul(m.sqrt(m.pi), m.erfcx(x))),
  ],
})
