/**
 * Products of powers with open or high exponents and of exponentials, as densities and likelihoods are: `x^n e^(-x) / n!` is an ordinary number where its
 * factors are none. There it is the exponential of the sum of their logarithms, which rounds more, and the logarithm of such a product is that sum.
 */
import type { Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { Rational } from '../../ir/rational.js'
import { asTerm, factorsOf, powersOf } from '../../ir/term.js'
import { hasAtMost, readsIn } from '../../ir/walk.js'
import { procedure } from '../../rewrite/rule.js'

const [SMALL, LARGE] = [Rational.fromNumber(1e-300), Rational.fromNumber(1e300)]
/** Lower powers of numbers that have them are numbers. */
const HIGH = 16
/** Longer products are left alone. */
const MOST_NODES = 60

/** A factor by its logarithm, where `base` is positive. */
interface Logarithm {
  readonly factor: Factor
  readonly value: Expr
  readonly base: Expr | undefined
}

function logarithmOf(graph: Graph, factor: Factor): Logarithm | undefined {
  const { exponent } = factor
  const base = asWritten(factor.base)
  if (base.kind === 'apply' && base.operator === 'exp')
    return { factor, value: graph.scale(exponent, base.args[0]), base: undefined }
  const [x, y] = base.kind === 'apply' && base.operator === 'pow' ? base.args : [base, graph.one]
  if (x === base && exponent.abs().toNumber() < HIGH) return undefined
  // A number has the same logarithm everywhere.
  if (x.kind === 'num' && (x.value.isZero || x.value.isNegative)) return undefined
  return {
    factor,
    value: graph.mul(graph.scale(exponent, y), graph.apply('log', [x])),
    base: x.kind === 'num' ? undefined : x,
  }
}

/** In loops the plain spelling stays. */
const areNumbers = (e: Expr): boolean =>
  hasAtMost(MOST_NODES, e) && readsIn(e).every(({ args }) => args.length === 0)

const all = (graph: Graph, conditions: readonly Expr[]): Expr =>
  conditions.reduce((a, b) => graph.apply('and', [a, b]), graph.one)

/** By the least and the largest, for which each is computed once. */
function areWithin(graph: Graph, numbers: readonly Expr[]): Expr {
  const least = numbers.reduce((a, b) => graph.apply('min', [a, b]))
  const largest = numbers.reduce((a, b) => graph.apply('max', [a, b]))
  return graph.apply('and', [graph.apply('lt', [graph.num(SMALL), least]), graph.apply('lt', [largest, graph.num(LARGE)])]) // prettier-ignore
}

/** Sums that overflow have no logarithm either. */
const arePositive = (graph: Graph, logarithms: readonly Logarithm[]): readonly Expr[] =>
  [...new Set(logarithms.flatMap(({ base }) => base ?? []))].flatMap((base) => {
    const isPositive = graph.apply('lt', [graph.zero, base])
    return base.kind === 'read' ? [isPositive] : [isPositive, graph.apply('lt', [base, graph.infinity])]
  })

/** Nothing is differentiated any more: `stop` keeps the factors as they are. */
export const extremeProduct = procedure({
  name: 'product of extreme powers',
  sound: 'real',
  root: 'mul',
  apply: (e, { graph }) => {
    if (e.kind !== 'mul' || !e.factors.some(isOpenPower) || !areNumbers(e)) return undefined
    const logarithms = e.factors.flatMap((factor) => logarithmOf(graph, factor) ?? [])
    if (logarithms.length < 2) return undefined
    const taken = logarithms.map(({ factor }) => factor)
    const powers = powersOf(graph, taken).map((power) => graph.stop(power))
    const plain = graph.mulAll(powers)
    const bySum = graph.apply('exp', [graph.addAll(logarithms.map(({ value }) => value))])
    const extreme = graph.select(all(graph, arePositive(graph, logarithms)), bySum, plain)
    const rest = e.factors.filter((factor) => !taken.includes(factor))
    return graph.mulAll([
      ...powersOf(graph, rest),
      graph.select(areWithin(graph, [...powers, plain]), plain, extreme),
    ])
  },
})

function isOpenPower({ base, exponent }: Factor): boolean {
  if (exponent.abs().toNumber() >= HIGH) return true
  const power = asWritten(base)
  return power.kind === 'apply' && power.operator === 'pow' && power.args[1].kind !== 'num'
}

/** A power that is spelled by a logarithm where its base is next to 1, as the power. */
const asWritten = (e: Expr): Expr =>
  e.kind === 'apply' && e.operator === 'select' && e.args[2].kind === 'apply' && e.args[2].operator === 'pow' ? e.args[2] : e // prettier-ignore

/** `log(p^k (1 - p)^n) = k log p + n log(1 - p)` where the product is no number. */
export const logOfExtremeProduct = procedure({
  name: 'log of extreme powers',
  sound: 'real',
  root: 'log',
  apply: (e, { graph }) => {
    const [argument] = e.kind === 'apply' ? e.args : []
    if (!argument) return undefined
    const { node: product, coefficient } = asTerm(argument)
    if (coefficient.isNegative || (product.kind !== 'mul' && product.kind !== 'apply')) return undefined
    const factors = factorsOf(product)
    if (!factors.some(isOpenPower) || !areNumbers(product)) return undefined
    const logarithms = factors.map(
      (factor): Logarithm =>
        logarithmOf(graph, factor) ?? {
          factor,
          value: graph.scale(factor.exponent, graph.apply('log', [factor.base])),
          base: factor.base,
        },
    )
    const isExtreme = all(graph, [graph.not(areWithin(graph, [product])), ...arePositive(graph, logarithms)])
    // The bound says nothing that the condition has not said: this spelling is not looked at again.
    const plain = graph.apply('log', [
      graph.scale(coefficient, graph.apply('min', [product, graph.num(LARGE)])),
    ])
    const sum = graph.addAll([
      graph.apply('log', [graph.num(coefficient)]),
      ...logarithms.map(({ value }) => value),
    ])
    return graph.select(isExtreme, sum, plain)
  },
})
