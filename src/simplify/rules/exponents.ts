/** Powers of numbers and logarithms of products, for people: `2^x 3^x = 6^x`, `log(2 e^x) = x + log(2)`. */
import type { Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { ONE, Rational, TWO } from '../../ir/rational.js'
import { asTerm, factorsOf, powersOf } from '../../ir/term.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import type { NodeCounts } from '../count.js'
import { domainOfOperator } from '../domain.js'
import type { Report } from './widen.js'

const WIDEST = 24
/** Higher powers of numbers are no shorter. */
const HIGHEST = 8n
/** Numbers are not multiplied out beyond that. */
const LARGEST = 1n << 32n

const BASES = [
  { logarithm: 'log2', base: Rational.of(2) },
  { logarithm: 'log10', base: Rational.of(10) },
] as const

export function exponents(report: Report, counts: NodeCounts): readonly Procedure[] {
  return [
    procedure({
      name: 'powers of numbers',
      sound: 'real',
      root: 'mul',
      apply: (e, { graph }) => {
        const result = e.kind === 'mul' && e.factors.length <= WIDEST ? joined(graph, e.factors) : undefined
        return result && counts.of(result) < counts.of(e) ? result : undefined
      },
    }),
    procedure({
      name: 'number into a power',
      sound: 'real',
      root: 'add',
      apply: (e, { graph }) => {
        const { node, coefficient } = asTerm(e)
        const result = coefficient.isOne ? undefined : withNumber(graph, node, coefficient)
        return result && counts.of(result) < counts.of(e) ? result : undefined
      },
    }),
    procedure({
      name: 'log of a product with exp',
      sound: 'real',
      root: 'log',
      apply: (e, { graph }) => {
        if (e.kind !== 'apply') return undefined
        const result = withoutExponentials(graph, e.args[0])
        return result && counts.of(result) < counts.of(e) ? result : undefined
      },
    }),
    procedure({
      name: 'sigmoid from tanh',
      sound: 'real',
      root: 'add',
      apply: (e, { graph }) => {
        const { node: sum, coefficient } = asTerm(e)
        if (sum.kind !== 'add' || sum.terms.length !== 1) return undefined
        const [{ node, coefficient: slope }] = sum.terms
        if (node.kind !== 'apply' || node.operator !== 'tanh' || !slope.equals(sum.constant)) return undefined
        const sigmoid = graph.apply('sigmoid', [graph.scale(TWO, node.args[0])])
        const result = graph.scale(coefficient.times(slope).times(TWO), sigmoid)
        return counts.of(result) < counts.of(e) ? result : undefined
      },
    }),
    procedure({
      name: 'log of sigmoid',
      sound: 'real',
      root: 'log',
      apply: (e, { graph }) => {
        if (e.kind !== 'apply' || e.args[0].kind !== 'apply' || e.args[0].operator !== 'sigmoid')
          return undefined
        const [x] = e.args[0].args
        const direct = graph.apply('log_sigmoid', [x])
        const reflected = graph.neg(graph.apply('softplus', [graph.neg(x)]))
        return counts.of(direct) < counts.of(reflected) ? direct : reflected
      },
    }),
    procedure({
      name: 'power of a logarithm',
      sound: 'real',
      root: 'pow',
      apply: (e, { graph }) => {
        if (e.kind !== 'apply') return undefined
        const [number, exponent] = e.args
        if (number.kind !== 'num' || exponent.kind !== 'apply') return undefined
        const own = BASES.find(({ logarithm }) => logarithm === exponent.operator)
        if (!own?.base.equals(number.value)) return undefined
        for (const condition of domainOfOperator(graph, own.logarithm, exponent.args) ?? []) report(condition)
        return exponent.args[0]
      },
    }),
    ...BASES.map(({ logarithm, base }) =>
      procedure({
        name: `${logarithm} of its power`,
        sound: 'real',
        root: logarithm,
        apply: (e, { graph }) => {
          if (e.kind !== 'apply') return undefined
          const [x] = e.args
          const exponent = x.kind === 'num' ? exponentOf(x.value, base) : undefined
          return exponent === undefined ? undefined : graph.num(Rational.of(exponent))
        },
      }),
    ),
  ]
}

/** `n` where the value is `base^n`. */
function exponentOf(value: Rational, base: Rational): number | undefined {
  if (value.isNegative || value.isZero || value.n > LARGEST || value.d > LARGEST) return undefined
  let exponent = 0
  let rest = value
  for (; rest.compare(ONE) > 0; exponent++) rest = rest.dividedBy(base)
  for (; rest.compare(ONE) < 0; exponent--) rest = rest.times(base)
  return rest.isOne ? exponent : undefined
}

/** `9^-1 3^(n + 2) = 3^n`: the number in front is a power of the same number. */
function withNumber(graph: Graph, node: Expr, number: Rational): Expr | undefined {
  const factors = factorsOf(node)
  for (const [at, { base, exponent }] of factors.entries()) {
    if (base.kind !== 'apply' || base.operator !== 'pow' || !exponent.isOne) continue
    const [own, u] = base.args
    const isBase = own.kind === 'num' && own.value.compare(ONE) > 0
    const more = isBase ? exponentOf(number, own.value) : undefined
    if (more === undefined) continue
    const power = graph.pow(own, graph.add(u, graph.num(Rational.of(more))))
    return graph.mulAll([
      power,
      ...powersOf(
        graph,
        factors.filter((_, other) => other !== at),
      ),
    ])
  }
  return undefined
}

/** Powers of numbers above 0 with the same exponent, or whole multiples of it, as one: `3^(2x) / 9^x` is 1. */
function joined(graph: Graph, factors: readonly Factor[]): Expr | undefined {
  const bases = new Map<Expr, Rational>()
  const rest: Expr[] = []
  let found = 0
  for (const { base, exponent } of factors) {
    const number = base.kind === 'apply' && base.operator === 'pow' ? base.args[0] : undefined
    if (
      base.kind !== 'apply' ||
      number?.kind !== 'num' ||
      number.value.isNegative ||
      number.value.isZero ||
      !exponent.isInteger
    ) {
      rest.push(graph.power(base, exponent))
      continue
    }
    const { node: u, coefficient } = asTerm(base.args[1])
    const times = coefficient.isInteger ? exponent.times(coefficient) : exponent
    const power = times.abs().n > HIGHEST ? undefined : powerOf(number.value, times)
    if (!power) return undefined
    const of = coefficient.isInteger ? u : base.args[1]
    bases.set(of, (bases.get(of) ?? ONE).times(power))
    found++
  }
  const values = [...bases.values()]
  if (found === 0 || values.some(({ n, d }) => n > LARGEST || d > LARGEST)) return undefined
  return graph.mulAll([...rest, ...[...bases].map(([u, base]) => graph.pow(graph.num(base), u))])
}

function powerOf(number: Rational, exponent: Rational): Rational {
  let power = ONE
  for (let n = exponent.abs().n; n > 0n; n--) power = power.times(number)
  return exponent.isNegative ? power.inverse() : power
}

/** `log(c e^u v) = u + log(c v)`: the exponential is positive, so both are defined at the same places. */
function withoutExponentials(graph: Graph, x: Expr): Expr | undefined {
  const { node, coefficient } = asTerm(x)
  const factors = factorsOf(node)
  if (factors.length > WIDEST) return undefined
  const exponents: Expr[] = []
  const rest: Expr[] = [graph.num(coefficient)]
  for (const { base, exponent } of factors)
    if (base.kind === 'apply' && base.operator === 'exp') exponents.push(graph.scale(exponent, base.args[0]))
    else rest.push(graph.power(base, exponent))
  if (exponents.length === 0) return undefined
  const product = graph.mulAll(rest)
  const isBelow = product.kind === 'mul' && product.factors.every(({ exponent }) => exponent.isNegative)
  const log = graph.apply('log', [isBelow ? graph.power(product, ONE.negate()) : product])
  return graph.addAll([...exponents, isBelow ? graph.neg(log) : log])
}
