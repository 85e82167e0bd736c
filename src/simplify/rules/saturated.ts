/** Differences of functions that saturate, and logarithms of these: in terms of what they lack of their limits. */
import type { Apply, Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, type Rational } from '../../ir/rational.js'
import type { AppliedOperator } from '../../ir/expr.js'
import { procedure, rule } from '../../rewrite/rule.js'

/** `coefficient · (f(a) - f(b))`. */
interface Difference {
  readonly operator: AppliedOperator
  readonly a: Expr
  readonly b: Expr
  readonly coefficient: Rational
}

/** The first two terms of opposite sign that are values of one of the functions. */
function differenceIn(
  e: Expr,
  operators: ReadonlySet<AppliedOperator>,
): (Difference & { readonly nodes: readonly Expr[] }) | undefined {
  if (e.kind !== 'add') return undefined
  const isOne = (node: Expr): node is Apply => node.kind === 'apply' && operators.has(node.operator)
  for (const { node: above, coefficient } of e.terms) {
    if (!isOne(above) || coefficient.isNegative) continue
    for (const { node: below, coefficient: other } of e.terms) {
      if (!isOne(below) || below.operator !== above.operator || !other.equals(coefficient.negate())) continue
      return {
        operator: above.operator,
        a: above.args[0],
        b: below.args[0],
        coefficient,
        nodes: [above, below],
      }
    }
  }
  return undefined
}

const CUMULATIVE: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>(['normal_cdf', 'erf', 'erfc'])

/** Nearer to 0 the values of erf have their digits. */
const MIDDLE = HALF

/** `Φ(a) - Φ(b)`, likewise for erf and erfc: of tails where both are in the same one, and of erf between. */
export const differenceOfCumulative = procedure({
  name: 'difference of cumulative distributions',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    const found = differenceIn(e, CUMULATIVE)
    if (!found || e.kind !== 'add') return undefined
    const { operator, coefficient, nodes } = found
    const [a, b] = operator === 'erfc' ? [found.b, found.a] : [found.a, found.b]
    const rest = e.terms.filter(({ node }) => !nodes.includes(node))
    return graph.addAll([
      graph.scale(coefficient, inPieces(graph, operator === 'normal_cdf', a, b)),
      graph.num(e.constant),
      ...rest.map((term) => graph.scale(term.coefficient, term.node)),
    ])
  },
})

/** `erf(a) - erf(b)`, or `Φ(a) - Φ(b)`. */
function inPieces(graph: Graph, isNormal: boolean, a: Expr, b: Expr): Expr {
  const middle = graph.num(MIDDLE)
  const [right, left] = [
    graph.apply('and', [graph.apply('lt', [middle, a]), graph.apply('lt', [middle, b])]),
    graph.apply(
      'and',
      [a, b].map((x) => graph.apply('lt', [x, graph.neg(middle)])),
    ),
  ]
  // What is kept as it stands is not found again.
  const value = (operator: AppliedOperator, x: Expr): Expr => graph.stop(graph.apply(operator, [x]))
  const scaled = (x: Expr): Expr => (isNormal ? graph.mul(x, graph.power(graph.num(2), HALF.negate())) : x)
  const between = graph.sub(value('erf', scaled(a)), value('erf', scaled(b)))
  // The tail that lies to the left of -x.
  const tail = (x: Expr): Expr => (isNormal ? value('normal_cdf', graph.neg(x)) : value('erfc', x))
  const [minusA, minusB] = [graph.neg(a), graph.neg(b)]
  return graph.select(
    right,
    graph.sub(tail(b), tail(a)),
    graph.select(
      left,
      graph.sub(tail(minusA), tail(minusB)),
      isNormal ? graph.scale(HALF, between) : between,
    ),
  )
}

const WITH_LOGARITHMS: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>(['normal_cdf', 'sigmoid'])

/** `log(σ(a) - σ(b)) = log σ(a) + log σ(-b) + log(1 - e^(b - a))`; `log(Φ(a) - Φ(b))` by logarithms of the tails. */
export const logOfDifference = procedure({
  name: 'log of a difference of cumulative distributions',
  sound: 'real',
  root: 'log',
  apply: (e, { graph }) => {
    const [argument] = e.kind === 'apply' ? e.args : []
    const found = argument && differenceIn(argument, WITH_LOGARITHMS)
    if (!found || argument.kind !== 'add' || argument.terms.length > 2 || !argument.constant.isZero)
      return undefined
    const { operator, a, b, coefficient } = found
    const scale = graph.apply('log', [graph.num(coefficient)])
    const below = (high: Expr, low: Expr): Expr =>
      graph.add(high, graph.apply('log1mexp', [graph.sub(low, high)]))
    if (operator === 'sigmoid') {
      const [left, right] = [a, graph.neg(b)].map((x) => graph.apply('log_sigmoid', [x]))
      return graph.addAll([scale, left, right, graph.apply('log1mexp', [graph.sub(b, a)])])
    }
    const logOf = (x: Expr): Expr => graph.apply('log', [graph.apply('normal_cdf', [x])])
    const right = below(logOf(graph.neg(b)), logOf(graph.neg(a)))
    return graph.add(
      scale,
      graph.select(graph.apply('lt', [graph.zero, graph.add(a, b)]), right, below(logOf(a), logOf(b))),
    )
  },
})

/** Logarithms of what tends to 1. */
export const logarithmsOfSaturated = [
  rule({
    name: 'log tanh',
    sound: 'real',
    of: (m, { x }) => [
      m.log(m.tanh(x)),
      m.select(
        m.lt(m.number(1, 2), x),
        m.log1p(m.mul(m.number(-2), m.sigmoid(m.mul(m.number(-2), x)))),
        m.log(m.tanh(x)),
      ),
    ],
  }),
  rule({
    name: 'log erf',
    sound: 'real',
    of: (m, { x }) => [
      m.log(m.erf(x)),
      m.select(m.lt(m.number(1, 2), x), m.log1p(m.neg(m.erfc(x))), m.log(m.erf(x))),
    ],
  }),
]
