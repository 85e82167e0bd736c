/**
 * Divided differences `(f(u) - f(v)) / (u - v)` of numbers next to each other, by what is left where both are the same: `e^v exprel(u - v)`
 * for exponentials, where exprel is `(e^t - 1) / t`. Annuities are differences of powers of `1 + r` and 1, and the logarithmic mean is one divided by another.
 */
import type { Add, Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, Rational, TWO } from '../../ir/rational.js'
import { asTerm, powersOf } from '../../ir/term.js'
import { procedure, type Rewrite } from '../../rewrite/rule.js'
import { divideExactly } from '../polynomial.js'
import { areSeveralNumbers } from './step.js'

/** Farther apart, what is written keeps its digits, and the other form may lose some: `x / (1 - e^(-x))` is nearly `x`. */
const FAR = 2
/** Whole powers are written out to this. */
const HIGHEST = 8

/** `(f(u) - f(v)) / (u - v)`. */
interface Quotient {
  /** `u - v`. */
  readonly step: Expr
  readonly value: Expr
  /** What is small where `u` and `v` are near. */
  readonly distances: readonly Expr[]
}

export const dividedDifference = divided('divided difference', (graph, { base, exponent }, divisor, isNear) =>
  // What is divided by where the other is chosen is not 0.
  graph.power(graph.div(base, graph.select(isNear, graph.one, divisor)), exponent),
)

/** Nothing is differentiated any more: `stop` keeps what is written. */
export const lastDividedDifference = divided(
  'divided difference, last',
  (graph, { base, exponent }, divisor) => graph.power(graph.div(graph.stop(base), divisor), exponent),
)

/** Where both are far from each other. */
type Far = (graph: Graph, whole: Factor, divisor: Expr, isNear: Expr) => Expr

function divided(name: string, far: Far): Rewrite {
  return procedure({
    name,
    sound: 'real',
    root: 'mul',
    apply: (e, { graph }) => {
      if (e.kind !== 'mul' || e.integer) return undefined
      for (const whole of e.factors) {
        if (!whole.exponent.abs().isOne || !mayBeDifference(whole.base)) continue
        for (const other of e.factors) {
          if (other === whole || other.exponent.isNegative === whole.exponent.isNegative) continue
          if (!isLinear(other)) continue
          for (const { step, value, distances } of quotientsOf(graph, whole.base)) {
            const times = divideExactly(graph, step, other.base)
            if (!times || !areSeveralNumbers([whole.base, other.base])) continue
            const rest = e.factors.filter((factor) => factor !== whole && factor !== other)
            const left = graph.power(other.base, other.exponent.plus(whole.exponent))
            // What is undefined where both are the same stays so.
            const isNear = [graph.apply('ne', [other.base, graph.zero]), ...distances.map((distance) => isSmall(graph, distance))].reduce((a, b) => graph.apply('and', [a, b])) // prettier-ignore
            const near = graph.power(graph.mul(times, value), whole.exponent)
            const quotient = graph.select(isNear, near, far(graph, whole, other.base, isNear))
            return graph.mulAll([...powersOf(graph, rest), left, quotient])
          }
        }
      }
      return undefined
    },
  })
}

const isSmall = (graph: Graph, e: Expr): Expr => graph.apply('lt', [graph.apply('abs', [e]), graph.num(FAR)])

/** A number, or a difference of two. */
const isLinear = ({ base, exponent }: Factor): boolean =>
  exponent.isInteger && (base.kind === 'read' || (base.kind === 'add' && base.terms.length <= 2))

const mayBeDifference = (e: Expr): boolean =>
  (e.kind === 'add' && e.terms.length + (e.constant.isZero ? 0 : 1) === 2) ||
  (e.kind === 'apply' && (e.operator === 'expm1' || e.operator === 'log'))

function quotientsOf(graph: Graph, e: Expr): readonly Quotient[] {
  if (e.kind === 'apply') {
    const [argument] = e.args
    if (e.operator === 'expm1') return isOfTwo(argument) ? [] : [ofExponentials(graph, argument, graph.zero)]
    return e.operator === 'log' ? ofLogarithm(graph, argument, e) : []
  }
  return e.kind === 'add' ? ofSum(graph, e) : []
}

function ofSum(graph: Graph, { constant, terms }: Add): readonly Quotient[] {
  const [first, second] = terms
  if (second && (!constant.isZero || !first.coefficient.equals(second.coefficient.negate()))) return []
  if (!second && !first.coefficient.equals(constant.negate())) return []
  const found = second
    ? ofDifference(graph, first.node, second.node)
    : ofDifference(graph, first.node, graph.one)
  return found.map((quotient) => ({ ...quotient, value: graph.scale(first.coefficient, quotient.value) }))
}

function ofDifference(graph: Graph, f: Expr, g: Expr): readonly Quotient[] {
  const [u, v] = [f, g].map((e) => (e.kind === 'apply' && e.operator === 'exp' ? e.args[0] : e === graph.one ? graph.zero : undefined)) // prettier-ignore
  if (u && v) return (u === graph.zero && isOfTwo(v)) || (v === graph.zero && isOfTwo(u)) ? [] : [ofExponentials(graph, u, v)] // prettier-ignore
  const [left, right] = [f, g].map((e) => applied(e))
  if (left && right && left.operator === right.operator) {
    if (left.operator === 'log') return [ofLogarithms(graph, left.argument, right.argument)]
    if (left.operator === 'tanh') {
      const ofTwice = ofSigmoids(graph, graph.scale(TWO, left.argument), graph.scale(TWO, right.argument))
      return [{ ...ofTwice, step: graph.scale(HALF, ofTwice.step), value: graph.scale(Rational.of(4), ofTwice.value) }] // prettier-ignore
    }
    if (left.operator === 'sigmoid') return [ofSigmoids(graph, left.argument, right.argument)]
  }
  return ofPowers(graph, f, g)
}

/** A product of two numbers, of which the series are known (`series/products.ts`). */
function isOfTwo(e: Expr): boolean {
  const { node } = asTerm(e)
  return node.kind === 'read' || (node.kind === 'mul' && node.factors.length === 2 && node.factors.every(({ base, exponent }) => base.kind === 'read' && exponent.abs().isOne)) // prettier-ignore
}

function applied(e: Expr): { readonly operator: string; readonly argument: Expr } | undefined {
  return e.kind === 'apply' ? { operator: e.operator, argument: e.args[0] } : undefined
}

const exprel = (graph: Graph, u: Expr): Expr => graph.apply('exprel', [graph.zero, u])

function ofExponentials(graph: Graph, u: Expr, v: Expr): Quotient {
  const step = graph.sub(u, v)
  return { step, value: graph.mul(graph.apply('exp', [v]), exprel(graph, step)), distances: [step] }
}

/** Both positive, as they are where they have logarithms: `1 / (v exprel(log u - log v))`. */
function ofLogarithms(graph: Graph, u: Expr, v: Expr): Quotient {
  const difference = graph.sub(graph.apply('log', [u]), graph.apply('log', [v]))
  return {
    step: graph.sub(u, v),
    value: inverse(graph, graph.mul(v, exprel(graph, difference))),
    distances: [difference],
  }
}

/** `log(x / y)`, by the difference of both. */
function ofLogarithm(graph: Graph, argument: Expr, logarithm: Expr): readonly Quotient[] {
  if (argument.kind !== 'mul' || argument.factors.length !== 2) return []
  const [u, v] = argument.factors.toSorted((a, b) => b.exponent.compare(a.exponent))
  if (!u.exponent.isOne || !v.exponent.equals(ONE.negate())) return []
  return [{ step: graph.sub(u.base, v.base), value: inverse(graph, graph.mul(v.base, exprel(graph, logarithm))), distances: [logarithm] }] // prettier-ignore
}

const inverse = (graph: Graph, e: Expr): Expr => graph.power(e, ONE.negate())

function ofSigmoids(graph: Graph, u: Expr, v: Expr): Quotient {
  const step = graph.sub(u, v)
  const slopes = [u, graph.neg(v)].map((argument) => graph.apply('sigmoid', [argument]))
  return { step, value: graph.mulAll([...slopes, exprel(graph, graph.neg(step))]), distances: [step] } // prettier-ignore
}

/** A power of what; `exponent` as an expression. */
interface Power {
  readonly base: Expr
  readonly exponent: Expr
}

function powersIn(graph: Graph, e: Expr): readonly Power[] {
  if (e.kind === 'apply' && e.operator === 'pow') return [{ base: e.args[0], exponent: e.args[1] }]
  const [factor, ...more] = e.kind === 'mul' ? e.factors : []
  return factor && more.length === 0 ? [{ base: factor.base, exponent: graph.num(factor.exponent) }] : []
}

function ofPowers(graph: Graph, f: Expr, g: Expr): readonly Quotient[] {
  const [left] = powersIn(graph, f)
  const [right] = g === graph.one && left ? [{ ...left, base: graph.one }] : powersIn(graph, g)
  if (!left || !right || left.exponent !== right.exponent) return []
  const { base: u, exponent } = left
  const { base: v } = right
  const step = graph.sub(u, v)
  if (exponent.kind === 'num') {
    const written = writtenOut(graph, u, v, exponent.value)
    if (written) return [{ step, value: written, distances: [] }]
  }
  const one = v === graph.one
  const difference = one
    ? graph.apply('log1p', [step])
    : graph.sub(graph.apply('log', [u]), graph.apply('log', [v]))
  const value = graph.mulAll([
    one ? graph.one : graph.apply('pow', [v, graph.sub(exponent, graph.one)]),
    exponent,
    exprel(graph, graph.mul(exponent, difference)),
    inverse(graph, exprel(graph, difference)),
  ])
  return [{ step, value, distances: [difference, graph.mul(exponent, difference)] }]
}

/** `u² + u v + v²` for cubes, `-1 / (u v)` for reciprocals, and `1 / (√u + √v)`. */
function writtenOut(graph: Graph, u: Expr, v: Expr, exponent: Rational): Expr | undefined {
  if (exponent.equals(HALF)) return inverse(graph, graph.add(graph.power(u, HALF), graph.power(v, HALF)))
  const size = exponent.abs()
  if (!size.isInteger || size.n > HIGHEST) return undefined
  const n = Number(size.n)
  const terms = Array.from({ length: n }, (_, k) =>
    graph.mul(graph.power(u, Rational.of(k)), graph.power(v, Rational.of(n - 1 - k))),
  )
  if (!exponent.isNegative) return graph.addAll(terms)
  return graph.neg(graph.mulAll([graph.addAll(terms), graph.power(u, exponent), graph.power(v, exponent)]))
}
