/** Differences of functions that saturate, and logarithms of these: in terms of what they lack of their limits. */
import type { AppliedOperator, Apply, Expr, Term } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, Rational } from '../../ir/rational.js'
import { asTerm } from '../../ir/term.js'
import { readsIn } from '../../ir/walk.js'
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

const CUMULATIVE: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>([
  'normal_cdf',
  'erf',
  'erfc',
  'sigmoid',
  'tanh',
])

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
    if ((operator === 'sigmoid' || operator === 'tanh') && !areTwoNumbers(nodes)) return undefined
    const [a, b] = operator === 'erfc' ? [found.b, found.a] : [found.a, found.b]
    const rest = e.terms.filter(({ node }) => !nodes.includes(node))
    return graph.add(
      graph.scale(coefficient, inPieces(graph, operator === 'erfc' ? 'erf' : operator, a, b)),
      graph.addTerms(e.constant, rest),
    )
  },
})

/** Of one number the series are known; in loops the plain spelling stays. */
function areTwoNumbers(nodes: readonly Expr[]): boolean {
  const reads = new Set(nodes.flatMap((node) => readsIn(node)))
  return reads.size > 1 && [...reads].every((read) => read.args.length === 0)
}

/** A function by another that has the digits of its differences in the middle, and by what it lacks of its limits. */
interface Spelling {
  readonly middle: AppliedOperator
  readonly factor: Rational
  /** What the argument is multiplied by. */
  readonly unit: (graph: Graph) => Expr
  readonly tail: (graph: Graph, x: Expr) => Expr
}

const one = (graph: Graph): Expr => graph.one
const isApplied = (operator: AppliedOperator) => (graph: Graph, x: Expr) =>
  graph.apply(operator, [graph.neg(x)])

const SPELLINGS: Partial<Record<AppliedOperator, Spelling>> = {
  erf: { middle: 'erf', factor: ONE, unit: one, tail: (graph, x) => graph.apply('erfc', [x]) },
  normal_cdf: {
    middle: 'erf',
    factor: HALF,
    unit: (graph) => graph.power(graph.num(2), HALF.negate()),
    tail: isApplied('normal_cdf'),
  },
  sigmoid: { middle: 'tanh', factor: HALF, unit: (graph) => graph.num(HALF), tail: isApplied('sigmoid') },
  tanh: {
    middle: 'tanh',
    factor: ONE,
    unit: one,
    tail: (graph, x) =>
      graph.scale(Rational.of(2), graph.apply('sigmoid', [graph.scale(Rational.of(-2), x)])),
  },
}

/** `f(a) - f(b)`. */
function inPieces(graph: Graph, operator: AppliedOperator, a: Expr, b: Expr): Expr {
  const spelling = SPELLINGS[operator]
  if (!spelling) throw new Error(`'${operator}' has no tails`)
  const middle = graph.num(MIDDLE)
  const [right, left] = [
    graph.apply('and', [graph.apply('lt', [middle, a]), graph.apply('lt', [middle, b])]),
    graph.apply(
      'and',
      [a, b].map((x) => graph.apply('lt', [x, graph.neg(middle)])),
    ),
  ]
  // What is kept as it stands is not found again.
  const inMiddle = (x: Expr): Expr =>
    graph.stop(graph.apply(spelling.middle, [graph.mul(spelling.unit(graph), x)]))
  const tail = (x: Expr): Expr => graph.stop(spelling.tail(graph, x))
  const between = graph.scale(spelling.factor, graph.sub(inMiddle(a), inMiddle(b)))
  const lower = graph.sub(tail(graph.neg(a)), tail(graph.neg(b)))
  return graph.select(right, graph.sub(tail(b), tail(a)), graph.select(left, lower, between))
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

/**
 * `σ(x) - [x > 0]` and `tanh(x) - sign(x)`, slopes of what differs little from its asymptotes, on each side for itself: there the number and the
 * function meet.
 */
export const besideStep = procedure({
  name: 'step beside what saturates',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    if (e.kind !== 'add') return undefined
    for (const term of e.terms) {
      const step = stepOf(graph, term)
      if (!step) continue
      const isOfSame = (node: Expr): boolean => node.kind === 'apply' && STEPS.has(node.operator) && asTerm(node.args[0]).node === asTerm(step.u).node // prettier-ignore
      if (
        !e.terms.some(({ node }) => isOfSame(node) || (node.kind === 'mul' && node.operands.some(isOfSame)))
      )
        continue
      const others = e.terms.filter((other) => other !== term)
      const rest = graph.addTerms(e.constant, others)
      const withStep = (value: Expr): Expr => graph.add(rest, graph.scale(term.coefficient, value))
      const lt = (x: Expr, y: Expr): Expr => graph.apply('lt', [x, y])
      const { u, above, below } = step
      const otherwise = step.isSign ? graph.select(lt(u, graph.zero), withStep(below), rest) : withStep(below)
      return graph.select(lt(graph.zero, u), withStep(above), otherwise)
    }
    return undefined
  },
})

/** What is one polynomial for a positive `u` and another one for others: with a sign, 0 is between them. */
interface Step {
  readonly u: Expr
  readonly above: Expr
  readonly below: Expr
  readonly isSign: boolean
}

function stepOf(graph: Graph, { node }: Term): Step | undefined {
  if (node.kind === 'guard' && node.conditions.length === 1 && node.body.kind === 'num') {
    const u = positiveIn(graph, node.conditions[0])
    return u && { u, above: node.body, below: graph.zero, isSign: false }
  }
  if (node.kind !== 'apply') return undefined
  const [u, other] = node.args
  switch (node.operator) {
    case 'sign':
      return { u, above: graph.one, below: graph.num(-1), isSign: true }
    case 'abs':
      return { u, above: u, below: graph.neg(u), isSign: false }
    case 'relu':
      return { u, above: u, below: graph.zero, isSign: false }
    case 'max': {
      const own = u === graph.zero ? other : other === graph.zero ? u : undefined
      return own && { u: own, above: own, below: graph.zero, isSign: false }
    }
    default: {
      const positive = positiveIn(graph, node)
      return positive && { u: positive, above: graph.one, below: graph.zero, isSign: false }
    }
  }
}

/** `u` of `0 < u`. */
function positiveIn(graph: Graph, condition: Expr): Expr | undefined {
  if (condition.kind !== 'apply' || condition.operator !== 'lt') return undefined
  const [x, y] = condition.args
  return x === graph.zero ? y : y === graph.zero ? graph.neg(x) : undefined
}

/** Functions that tend to numbers on both sides. */
const STEPS: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>(['sigmoid', 'tanh', 'erf', 'normal_cdf', 'atan']) // prettier-ignore
