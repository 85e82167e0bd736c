/** Laws of powers, logarithms and angles that hold where a sign, a range or a whole number is known, for people. */
import type { AppliedOperator, Expr } from '../../ir/expr.js'
import { isNegative, isPositive } from '../../ir/facts.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, Rational } from '../../ir/rational.js'
import { productWithout } from '../../ir/term.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import type { NodeCounts } from '../count.js'

const WIDEST = 24

/** Where the outer function undoes the inner one; the bounds of `π` are rounded towards 0. */
const INVERSES: readonly (readonly [
  outer: AppliedOperator,
  inner: AppliedOperator,
  low: number,
  high: number,
])[] = [
  ['asin', 'sin', -Math.PI / 2, Math.PI / 2],
  ['acos', 'cos', 0, Math.PI],
  ['atan', 'tan', -1.57, 1.57],
]

export function provenLaws(counts: NodeCounts): readonly Procedure[] {
  return [
    ...INVERSES.map(([outer, inner, low, high]) =>
      procedure({
        name: `${outer} of ${inner}`,
        sound: 'real',
        root: outer,
        apply: (e) => {
          if (e.kind !== 'apply') return undefined
          const [given] = e.args
          if (given.kind !== 'apply' || given.operator !== inner) return undefined
          const [x] = given.args
          return x.facts.low >= low && x.facts.high <= high ? x : undefined
        },
      }),
    ),
    procedure({
      name: 'power of a power',
      sound: 'real',
      root: 'pow',
      apply: (e, { graph }) => {
        if (e.kind !== 'apply') return undefined
        const [base, exponent] = e.args
        return powerOfPower(graph, base, exponent)
      },
    }),
    procedure({
      name: 'whole power of a power',
      sound: 'real',
      root: 'mul',
      apply: (e, { graph }) => {
        if (e.kind !== 'mul' || e.factors.length > WIDEST) return undefined
        for (const factor of e.factors) {
          const { base, exponent } = factor
          if (exponent.isOne || !isPower(base)) continue
          const power = powerOfPower(graph, base, graph.num(exponent))
          if (!power) continue
          const rest = productWithout(graph, e.factors, factor)
          return graph.mul(power, rest)
        }
        return undefined
      },
    }),
    procedure({
      name: 'powers of one base',
      sound: 'real',
      root: 'mul',
      apply: (e, { graph }) => {
        if (e.kind !== 'mul' || e.factors.length > WIDEST) return undefined
        for (const factor of e.factors) {
          if (factor.base.kind !== 'apply' || factor.base.operator !== 'pow' || !factor.exponent.isOne)
            continue
          const [base, exponent] = factor.base.args
          const same = e.factors.find((other) => other.base === base)
          if (!same || !isPositive(base.facts)) continue
          const rest = productWithout(graph, e.factors, factor, same)
          return graph.mul(graph.pow(base, graph.add(exponent, graph.num(same.exponent))), rest)
        }
        return undefined
      },
    }),
    procedure({
      name: 'log of a power',
      sound: 'real',
      root: 'log',
      apply: (e, { graph }) => {
        if (e.kind !== 'apply') return undefined
        const result = logOfPower(graph, e.args[0])
        return result && counts.of(result) <= counts.of(e) ? result : undefined
      },
    }),
    procedure({
      name: 'sign of x < 0',
      sound: 'exact',
      root: 'sign',
      apply: (e, { graph }) =>
        e.kind === 'apply' && isNegative(e.args[0].facts) ? graph.neg(graph.one) : undefined,
    }),
    procedure({
      name: 'relu of x <= 0',
      sound: 'real',
      root: 'relu',
      apply: (e, { graph }) =>
        e.kind === 'apply' && e.args[0].facts.finite && e.args[0].facts.high <= 0 ? graph.zero : undefined,
    }),
    procedure({
      name: 'clamp within its bounds',
      sound: 'real',
      root: 'clamp',
      apply: (e) => {
        if (e.kind !== 'apply') return undefined
        const [x, low, high] = e.args
        return x.facts.low >= low.facts.high && x.facts.high <= high.facts.low ? x : undefined
      },
    }),
    procedure({
      name: 'power of -1',
      sound: 'real',
      root: 'pow',
      apply: (e, { graph }) => {
        if (e.kind !== 'apply' || e.args[0] !== graph.neg(graph.one)) return undefined
        const parity = withoutEvenTerms(graph, e.args[1])
        return parity === e.args[1] ? undefined : graph.pow(e.args[0], parity)
      },
    }),
    ...(['sin', 'cos', 'tan'] as const).map((operator) =>
      procedure({
        name: `${operator} of half turns`,
        sound: 'real',
        root: operator,
        apply: (e, { graph }) => {
          if (e.kind !== 'apply') return undefined
          const turns = halfTurns(graph, e.args[0])
          if (turns.count === graph.zero) return undefined
          const value = graph.apply(operator, [turns.rest])
          if (operator === 'tan') return value
          return graph.mul(graph.pow(graph.neg(graph.one), withoutEvenTerms(graph, turns.count)), value)
        },
      }),
    ),
  ]
}

const isPower = (e: Expr): boolean =>
  e.kind === 'mul' ? e.factors.length === 1 : e.kind === 'apply' && e.operator === 'pow'

/** `(x^a)^b = x^(a b)` for positive `x`, or for whole exponents where `x` is not 0. */
function powerOfPower(graph: Graph, base: Expr, exponent: Expr): Expr | undefined {
  const inner =
    base.kind === 'apply' && base.operator === 'pow'
      ? { x: base.args[0], a: base.args[1] }
      : base.kind === 'mul' && base.factors.length === 1
        ? { x: base.factors[0].base, a: graph.num(base.factors[0].exponent) }
        : undefined
  if (!inner) return undefined
  const { x, a } = inner
  if (x.kind === 'num') return undefined
  const holds = isPositive(x.facts) || (x.facts.nonzero && a.integer && exponent.integer)
  return holds ? graph.pow(x, graph.mul(a, exponent)) : undefined
}

/** `log(x^n) = n log(x)` for positive `x`, `n log(-x)` for negative `x` and even `n`. */
function logOfPower(graph: Graph, x: Expr): Expr | undefined {
  const power =
    x.kind === 'apply' && x.operator === 'pow'
      ? { base: x.args[0], exponent: x.args[1] }
      : x.kind === 'mul' && x.factors.length === 1
        ? { base: x.factors[0].base, exponent: graph.num(x.factors[0].exponent) }
        : undefined
  if (!power) return undefined
  const { base, exponent } = power
  if (isPositive(base.facts)) return graph.mul(exponent, graph.apply('log', [base]))
  const isEven = exponent.kind === 'num' && exponent.value.times(HALF).isInteger
  return isEven && isNegative(base.facts)
    ? graph.mul(exponent, graph.apply('log', [graph.neg(base)]))
    : undefined
}

/** The terms that are `π` times a whole number which is not itself a number, over `π`, and the rest. */
function halfTurns(graph: Graph, angle: Expr): { readonly count: Expr; readonly rest: Expr } {
  const terms = angle.kind === 'add' ? angle.terms : [{ node: angle, coefficient: ONE }]
  const count: Expr[] = []
  for (const { node, coefficient } of terms) {
    if (node.kind !== 'mul' || !node.operands.includes(graph.pi) || !coefficient.isInteger) continue
    const number = graph.div(node, graph.pi)
    if (number.integer && number.facts.finite) count.push(graph.scale(coefficient, number))
  }
  const sum = graph.addAll(count)
  return { count: sum, rest: graph.sub(angle, graph.mul(sum, graph.pi)) }
}

/** A whole number without the terms that are even; `-1` is `1` there. */
function withoutEvenTerms(graph: Graph, e: Expr): Expr {
  if (!e.integer || e.kind !== 'add') return e
  const isEven = (n: Rational): boolean => n.times(HALF).isInteger
  return graph.addAll([
    graph.num(isEven(e.constant) ? Rational.zero : ONE),
    ...e.terms.flatMap(({ node, coefficient }) => (isEven(coefficient) ? [] : [node])),
  ])
}
