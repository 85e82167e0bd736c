/** Powers beside 1, as `1 + 10^u` and `1 + (x / k)^n`, and powers of `1 + e^u`: what overflows or underflows in them has a logarithm that does not. */
import type { Apply, Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { ONE, Rational } from '../../ir/rational.js'
import { withFactors } from '../../ir/term.js'
import { replaceNodes } from '../../ir/walk.js'
import { procedure, type Rewrite } from '../../rewrite/rule.js'
import { areSeveralNumbers } from './step.js'

/** Beside it 1 is nothing, in the logarithm and its derivatives. */
const LARGE = Rational.fromNumber(1e20)

/** `c^u` for a positive number `c`, as `e^(u log c)`. */
function asExponential(graph: Graph, e: Expr): Expr | undefined {
  if (e.kind !== 'apply' || e.operator !== 'pow') return undefined
  const [base, exponent] = e.args
  if (base.kind !== 'num' || base.value.isNegative || base.value.isZero) return undefined
  return graph.apply('exp', [graph.mul(exponent, graph.apply('log', [base]))])
}

/** What is added to 1. */
function besideOne(e: Expr): Expr | undefined {
  if (e.kind !== 'add' || !e.constant.isOne || e.terms.length !== 1) return undefined
  const [{ node, coefficient }] = e.terms
  return coefficient.isOne ? node : undefined
}

/** `1 / (1 + 10^u)` is a sigmoid. */
const quotientByOnePlusPower = procedure({
  name: 'quotient by 1 and a power of a number',
  sound: 'real',
  root: 'mul',
  apply: (e, { graph }) => {
    if (e.kind !== 'mul') return undefined
    for (const { base, exponent } of e.factors) {
      const power = exponent.isNegative ? besideOne(base) : undefined
      const exponential = power && asExponential(graph, power)
      if (exponential) return replaceNodes(graph, e, new Map([[power, exponential]]))
    }
    return undefined
  },
})

/** `log(1 + 10^u)` is softplus; `log(1 + x^y)` is `y log x` where the power overflows. */
const logOfOnePlusPower = procedure({
  name: 'log of 1 and a power',
  sound: 'real',
  root: 'log1p',
  among: 'pow',
  apply: (e, { graph }) => (e.kind === 'apply' ? logOfOnePlus(graph, e.args[0]) : undefined),
})

function logOfOnePlus(graph: Graph, power: Expr): Expr | undefined {
  if (power.kind !== 'apply' || power.operator !== 'pow') return undefined
  const exponential = asExponential(graph, power)
  if (exponential) return graph.apply('log1p', [exponential])
  if (!areSeveralNumbers([power])) return undefined
  const [base, exponent] = power.args
  const isLarge = graph.apply('lt', [graph.num(LARGE), power])
  const ofBase = graph.apply('log', [graph.apply('abs', [base])])
  // The bound says nothing that the condition has not said: this spelling is not looked at again.
  const plain = graph.apply('log1p', [graph.apply('min', [power, graph.num(LARGE)])])
  return graph.select(isLarge, graph.mul(exponent, ofBase), plain)
}

/** `(1 + e^u)^v = e^(v softplus(u))` and `sigmoid(u)^v = e^(v log_sigmoid(u))` for open `v`, and for roots of what is no number where the root is. */
const powerOfOnePlusExponential = procedure({
  name: 'power of 1 and an exponential',
  sound: 'real',
  root: 'pow',
  apply: (e, { graph }) => {
    if (e.kind !== 'apply' || e.args[1].kind === 'num') return undefined
    const logarithm = logOf(graph, e.args[0])
    return logarithm && graph.apply('exp', [graph.mul(e.args[1], logarithm)])
  },
})

const rootOfOnePlusExponential = procedure({
  name: 'root of 1 and an exponential',
  sound: 'real',
  root: 'mul',
  apply: (e, { graph }) => {
    if (e.kind !== 'mul') return undefined
    return withFactors(graph, e, (factor) => {
      const logarithm = isSmallRoot(factor) ? logOf(graph, factor.base) : undefined
      return logarithm && graph.apply('exp', [graph.scale(factor.exponent, logarithm)])
    })
  },
})

/** Of a sigmoid any, of `1 + e^u` those below: the others are large where it is. */
const isSmallRoot = ({ base, exponent }: Factor): boolean =>
  !exponent.isInteger && exponent.abs().compare(ONE) < 0 && (base.kind === 'apply' || exponent.isNegative)

function logOf(graph: Graph, base: Expr): Expr | undefined {
  if (base.kind === 'apply')
    return base.operator === 'sigmoid' ? graph.apply('log_sigmoid', [base.args[0]]) : undefined
  const exponential = besideOne(base)
  if (exponential?.kind !== 'apply' || exponential.operator !== 'exp') return undefined
  return graph.apply('softplus', [exponential.args[0]])
}

/** `(1 + r)^n / ((1 + r)^n - 1) = 1 / (1 - (1 + r)^-n)`: payments of a loan, of which both powers overflow. */
const shareOfGrowth = procedure({
  name: 'growth over growth less 1',
  sound: 'real',
  root: 'mul',
  among: 'pow',
  apply: (e, { graph }) => {
    if (e.kind !== 'mul') return undefined
    for (const growth of e.factors) {
      const { base: power, exponent } = growth
      if (power.kind !== 'apply' || power.operator !== 'pow' || !exponent.isOne || !isGrowth(power.args[0])) continue // prettier-ignore
      const less = e.factors.find(({ base, exponent: own }) => own.isMinusOne && isLess(base, power))
      if (less?.base.kind !== 'add') continue
      const inverse = graph.apply('pow', [power.args[0], graph.neg(power.args[1])])
      const [{ coefficient }] = less.base.terms
      const share = graph.add(graph.num(coefficient), graph.scale(less.base.constant, inverse))
      return withFactors(graph, e, (factor) =>
        factor === growth ? graph.one : factor === less ? graph.power(share, ONE.negate()) : undefined,
      )
    }
    return undefined
  },
})

const isGrowth = (e: Expr): boolean =>
  e.kind === 'add' && e.constant.isOne && e.terms.every(({ coefficient }) => !coefficient.isNegative)

const isLess = (e: Expr, power: Apply): boolean =>
  e.kind === 'add' && e.terms.length === 1 && e.terms[0].node === power && !e.constant.isZero

export const besideOnePowers: readonly Rewrite[] = [
  shareOfGrowth,
  quotientByOnePlusPower,
  logOfOnePlusPower,
  powerOfOnePlusExponential,
  rootOfOnePlusExponential,
]
