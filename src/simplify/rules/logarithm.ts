/** Logarithms of products, powers and sums. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, Rational, TWO } from '../../ir/rational.js'
import { asTerm, factorsOf } from '../../ir/term.js'
import { isPositive } from '../../ir/facts.js'
import type { OperatorName } from '../../ops/signatures.js'
import { procedure, type RewriteContext } from '../../rewrite/rule.js'
import { asExponential } from './as-exponential.js'
import { logOfSum } from './exponential.js'

function argumentOfLog(e: Expr): Expr | undefined {
  return e.kind === 'apply' && e.operator === 'log' ? e.args[0] : undefined
}

/** `log Σ_k e^u = logsumexp_k u`. */
export const logOfReduction = procedure({
  name: 'logsumexp',
  sound: 'real',
  root: 'log',
  apply: (e, context) => {
    const argument = argumentOfLog(e)
    return argument && logOfSum(context, argument)
  },
})

/** `log p` where `p` is defined by something that a rule takes the logarithm of. */
export const logBehindRead = procedure({
  name: 'log of a definition',
  sound: 'real',
  root: 'log',
  apply: (e, { graph, view, fire }) => {
    const argument = argumentOfLog(e)
    const body = argument?.kind === 'read' ? view(argument) : undefined
    return body && fire(graph.apply('log', [body]))
  },
})

/**
 * `xlogy(x, y) = x · log y` where a rule has a finite form for the logarithm, as for softmax and sigmoid: `y` is never 0 then,
 * although it may round to 0.
 */
export const xlogyOfPositive = procedure({
  name: 'xlogy of a positive',
  sound: 'real',
  root: 'xlogy',
  apply: (e, { graph, fire }) => {
    if (e.kind !== 'apply' || e.operator !== 'xlogy') return undefined
    const [x, y] = e.args
    const logarithm = fire(graph.apply('log', [y]))
    return logarithm?.facts.finite ? graph.mul(x, logarithm) : undefined
  },
})

/** Positive wherever defined, although that does not follow from the interval if an argument has a pole. */
const ALWAYS_POSITIVE: ReadonlySet<OperatorName> = new Set<OperatorName>([
  'exp',
  'sigmoid',
  'erfc',
  'normal_cdf',
  'normal_pdf',
  'gaussian',
])

/** `log(e^u · x) = u + log x`, likewise for other factors whose logarithm has a form of its own. */
export const logOfProduct = procedure({
  name: 'log of a product',
  sound: 'real',
  root: 'log',
  apply: (e, context) => {
    const { graph } = context
    const argument = argumentOfLog(e)
    const scaled = argument?.kind === 'add' && argument.terms.length === 1 && argument.constant.isZero
    const product = scaled ? argument.terms[0].node : argument
    const coefficient = scaled ? argument.terms[0].coefficient : graph.one.value
    if (!product || product.kind === 'read' || (!scaled && product.kind !== 'mul')) return undefined
    const factors = factorsOf(product)
    const taken: Expr[] = []
    const rest: Expr[] = []
    for (const { base, exponent } of factors) {
      const log = logOfPositive(context, base)
      if (log) taken.push(graph.scale(exponent, log))
      else rest.push(graph.power(base, exponent))
    }
    if (taken.length === 0) return undefined
    const left = graph.mulAll([graph.num(coefficient), ...rest])
    return graph.addAll([...taken, graph.apply('log', [left])])
  },
})

/** The logarithm of a factor that is positive wherever it is defined, if a rule has a form for it. */
function logOfPositive(context: RewriteContext, base: Expr): Expr | undefined {
  const { graph, fire, view } = context
  if (base.kind === 'apply')
    return ALWAYS_POSITIVE.has(base.operator) ? fire(graph.apply('log', [base])) : undefined
  // Of nothing but exponentials, as in `(e^x + e^y) / 2`.
  if (base.kind === 'add' && base.terms.every(({ node, coefficient }) => isPositiveNumber(coefficient) && exponentOf(context, node)) && !base.constant.isNegative) return fire(graph.apply('log', [base])) // prettier-ignore
  if (base.kind !== 'read') return undefined
  const sum = logOfSum(context, base)
  if (sum) return sum
  const exponential = asExponential(graph, view, base)
  if (exponential?.conditions.length === 0) return exponential.exponent
  const body = view(base)
  return body?.kind === 'apply' && ALWAYS_POSITIVE.has(body.operator)
    ? fire(graph.apply('log', [body]))
    : undefined
}

const isPositiveNumber = (e: Rational): boolean => !e.isZero && !e.isNegative

/** What a term is the exponential of; of densities, and of positive factors beside it, the logarithm. */
function exponentOf({ graph, view }: RewriteContext, node: Expr): Expr | undefined {
  const plain = asExponential(graph, view, node)
  if (plain) return plain.conditions.length === 0 ? plain.exponent : undefined
  const logarithms: Expr[] = []
  let isExponential = false
  for (const { base, exponent } of factorsOf(node)) {
    const own = exponentOfBell(graph, base) ?? asExponential(graph, view, base)?.exponent
    isExponential ||= own !== undefined
    if (!own && !isPositive(base.facts)) return undefined
    logarithms.push(graph.scale(exponent, own ?? graph.apply('log', [base])))
  }
  return isExponential ? graph.addAll(logarithms) : undefined
}

/** `-x²` of `e^(-x²)`, and the logarithm of a normal density. */
function exponentOfBell(graph: Graph, e: Expr): Expr | undefined {
  if (e.kind !== 'apply') return undefined
  if (e.operator === 'gaussian') return graph.neg(graph.mul(e.args[0], e.args[0]))
  if (e.operator !== 'normal_pdf') return undefined
  const ofWidth = graph.apply('log', [graph.scale(TWO, graph.algebra.pi)])
  return graph.scale(HALF.negate(), graph.add(graph.mul(e.args[0], e.args[0]), ofWidth))
}

/** `log(x^q) = q log x`, unless `q` is even and the sign of `x` unknown. */
export const logOfPower = procedure({
  name: 'log of a power',
  sound: 'real',
  root: 'log',
  apply: (e, { graph }) => {
    const argument = argumentOfLog(e)
    if (argument?.kind !== 'mul' || argument.factors.length !== 1) return undefined
    const [{ base, exponent }] = argument.factors
    const even = exponent.isInteger && exponent.n % 2n === 0n
    if (even && !isPositive(base.facts)) return undefined
    return graph.scale(exponent, graph.apply('log', [base]))
  },
})

/** `log(e^a + e^b) = a + log(1 + e^(b-a))`, likewise for more terms; `log(e^a - e^b) = a + log(1 - e^(b-a))`. */
export const logOfExponentials = procedure({
  name: 'log of a sum of exponentials',
  sound: 'real',
  root: 'log',
  apply: (e, context) => {
    const { graph } = context
    const argument = argumentOfLog(e)
    if (argument?.kind !== 'add') return undefined
    const positive: Expr[] = []
    const negative: Expr[] = []
    let exponentials = 0
    if (!argument.constant.isZero) {
      const group = argument.constant.isNegative ? negative : positive
      group.push(graph.apply('log', [graph.num(argument.constant.abs())]))
    }
    for (const { node, coefficient } of argument.terms) {
      const exponent = coefficient.isZero ? undefined : exponentOf(context, node)
      if (!exponent) return undefined
      const logarithm = graph.apply('log', [graph.num(coefficient.abs())])
      const group = coefficient.isNegative ? negative : positive
      group.push(graph.add(exponent, logarithm))
      exponentials++
    }
    if (exponentials === 0 || positive.length + negative.length < 2) return undefined
    if (negative.length === 0) {
      const [one, other] = sidesOfRectangle(graph, positive)
      if (one) {
        const [corner] = positive
        const side = (end: Expr): Expr => graph.apply('softplus', [graph.sub(end, corner)])
        return graph.add(corner, side(one), side(other))
      }
      // In pairs, so that each term stands in few of the sums within each other, and its slope is a product of few sigmoids.
      let sums: readonly Expr[] = positive
      while (sums.length > 1) sums = inPairs(sums, (a, b) => graph.add(a, graph.apply('softplus', [graph.sub(b, a)]))) // prettier-ignore
      return sums[0]
    }
    if (positive.length !== 1 || negative.length !== 1) return undefined
    const [a] = positive
    const [b] = negative
    return graph.add(a, graph.apply('log1mexp', [graph.sub(b, a)]))
  },
})

/** `e^a + e^b + e^c + e^(b + c - a)` is `e^a (1 + e^(b - a)) (1 + e^(c - a))`: the ends of both sides from the corner `a`. */
function sidesOfRectangle(graph: Graph, exponents: readonly Expr[]): readonly Expr[] {
  if (exponents.length !== 4) return []
  const [corner, ...others] = exponents
  const opposite = others.find(
    (far) => graph.add(corner, far) === graph.addAll(others.filter((each) => each !== far)),
  )
  return opposite ? others.filter((each) => each !== opposite) : []
}

/** The first with the second, the third with the fourth, …; of an odd number the last stays alone. */
const inPairs = (all: readonly Expr[], join: (a: Expr, b: Expr) => Expr): readonly Expr[] =>
  all.flatMap((own, at) => (at % 2 === 1 ? [] : at + 1 < all.length ? [join(own, all[at + 1])] : [own]))

/** From here on to the left `1 - e^(-t)` is `t - t²/2` to all digits, for `t = e^x`. */
const SMALL = Rational.of(-16)

/** `log(1 - e^(-e^x))` is next to `x` where the inner exponential vanishes. */
export const log1mexpOfExponential = procedure({
  name: 'log1mexp of an exponential',
  sound: 'real',
  root: 'log1mexp',
  apply: (e, { graph, view }) => {
    if (e.kind !== 'apply') return undefined
    const { node, coefficient } = asTerm(e.args[0])
    const exponential = coefficient.isNegative ? asExponential(graph, view, node) : undefined
    if (exponential?.conditions.length !== 0) return undefined
    const x = graph.add(exponential.exponent, graph.apply('log', [graph.num(coefficient.abs())]))
    const far = graph.sub(x, graph.scale(HALF, graph.apply('exp', [x])))
    return graph.select(graph.apply('lt', [x, graph.num(SMALL)]), far, graph.stop(e))
  },
})
