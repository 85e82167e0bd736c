/** Comparisons and absolute values that facts decide, or make shorter: for people, in real arithmetic. */
import type { AppliedOperator, Expr, Facts } from '../../ir/expr.js'
import { isNegative, isPositive } from '../../ir/facts.js'
import type { Graph } from '../../ir/graph.js'
import { asTerm, powersOf, productWithout } from '../../ir/term.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'

const COMPARISONS = ['lt', 'le', 'eq', 'ne'] as const

export const decided: readonly Procedure[] = [
  ...COMPARISONS.map((operator) =>
    procedure({
      name: 'comparison of known signs',
      sound: 'real',
      root: operator,
      apply: (e, { graph }) => {
        if (e.kind !== 'apply') return undefined
        const [left, right] = e.args
        const difference = graph.sub(right, left).facts
        const isApart = (operator === 'eq' || operator === 'ne') && difference.nonzero
        if (!isApart && !(left.facts.finite && right.facts.finite)) return reciprocal(graph, operator, e.args)
        const known = truth(operator, difference)
        if (known !== undefined) return graph.num(Number(known))
        const side = right === graph.zero ? left : left === graph.zero ? right : undefined
        if (!side) return undefined
        const { rest, flips } = withoutSigned(graph, side)
        if (rest === side) return undefined
        const below = (right === graph.zero) !== flips
        return graph.apply(operator, below ? [rest, graph.zero] : [graph.zero, rest])
      },
    }),
  ),
  procedure({
    name: 'condition or its opposite',
    sound: 'real',
    root: 'or',
    apply: (e, { graph }) => {
      if (e.kind !== 'apply') return undefined
      const [first, second] = e.args
      if (graph.not(first) === second || graph.not(second) === first) return graph.one
      return isEqualAllowed(first, second) || isEqualAllowed(second, first) ? graph.one : undefined
    },
  }),
  procedure({
    name: 'modulus of a known sign',
    sound: 'real',
    root: 'abs',
    apply: (e, { graph }) => {
      if (e.kind !== 'apply') return undefined
      const [x] = e.args
      return x.facts.low >= 0 ? x : x.facts.high <= 0 ? graph.neg(x) : undefined
    },
  }),
  procedure({
    name: 'sign without factors of known signs',
    sound: 'real',
    root: 'sign',
    apply: (e, { graph }) => {
      if (e.kind !== 'apply') return undefined
      const { node, coefficient } = asTerm(e.args[0])
      const { rest, flips } = withoutSigned(graph, node)
      if ((rest === node && coefficient.isOne) || coefficient.isZero) return undefined
      const sign = graph.apply('sign', [rest])
      return flips === coefficient.isNegative ? sign : graph.neg(sign)
    },
  }),
  procedure({
    name: 'sign of what is divided by',
    sound: 'real',
    root: 'mul',
    among: 'sign',
    apply: (e, { graph }) => {
      if (e.kind !== 'mul' || e.factors.length > WIDEST) return undefined
      const divisors = e.factors.flatMap(({ base, exponent }) => (exponent.isNegative ? zeroWith(base) : []))
      const needless = e.factors.find(
        ({ base, exponent }) =>
          !exponent.isNegative &&
          base.kind === 'apply' &&
          base.operator === 'sign' &&
          base.args[0].facts.low >= 0 &&
          divisors.includes(zeroWith(base.args[0])),
      )
      return needless && productWithout(graph, e.factors, needless)
    },
  }),
]

const WIDEST = 24

/** What is 0 at the same places: `x` for `|x|` and for powers of `x`. */
function zeroWith(e: Expr): Expr {
  let at = e
  for (;;) {
    if (at.kind === 'apply' && at.operator === 'abs') at = at.args[0]
    else if (at.kind === 'mul' && at.factors.length === 1 && !at.factors[0].exponent.isNegative)
      at = at.factors[0].base
    else return at
  }
}

/** `1/x < 0` is `x < 0`, and `0 <= 1/x` is `0 <= x`: there is no number that is 1/0. */
function reciprocal(
  graph: Graph,
  operator: (typeof COMPARISONS)[number],
  [left, right]: readonly Expr[],
): Expr | undefined {
  const side = right === graph.zero ? left : left === graph.zero ? right : undefined
  if (side?.kind !== 'mul' || side.factors.length !== 1 || !isOrder(operator)) return undefined
  const [{ base, exponent }] = side.factors
  if (!exponent.isMinusOne || !base.facts.finite) return undefined
  return graph.apply(operator, side === left ? [base, right] : [left, base])
}

/** `x <= 0` beside `x != 0`: one of them holds, whatever `x` is. */
function isEqualAllowed(order: Expr, unequal: Expr): boolean {
  if (order.kind !== 'apply' || order.operator !== 'le') return false
  if (unequal.kind !== 'apply' || unequal.operator !== 'ne') return false
  return order.args.every((side) => unequal.args.includes(side))
}

const isOrder = (operator: AppliedOperator): boolean => operator === 'lt' || operator === 'le'

/** Whether a comparison holds, by what is known of the right side less the left one. */
function truth(operator: (typeof COMPARISONS)[number], difference: Facts): boolean | undefined {
  switch (operator) {
    case 'lt':
      return isPositive(difference) ? true : difference.high <= 0 ? false : undefined
    case 'le':
      return difference.low >= 0 ? true : isNegative(difference) ? false : undefined
    case 'eq':
      return difference.nonzero ? false : isZero(difference) ? true : undefined
    case 'ne':
      return difference.nonzero ? true : isZero(difference) ? false : undefined
  }
}

const isZero = ({ low, high }: Facts): boolean => low === 0 && high === 0

/** A product without the factors whose sign is known: `γ (exp(x) - 1) < 0` is `exp(x) - 1 < 0` for `γ > 0`. */
function withoutSigned(graph: Graph, e: Expr): { readonly rest: Expr; readonly flips: boolean } {
  const scaled = asTerm(e)
  const factors = scaled.node.kind === 'mul' ? scaled.node.factors : undefined
  if (!factors) return { rest: e, flips: false }
  let flips = scaled.coefficient.isNegative
  const left = factors.filter(({ base, exponent }) => {
    const power = graph.power(base, exponent)
    if (!power.facts.finite) return true
    if (isPositive(power.facts)) return false
    if (!isNegative(power.facts)) return true
    flips = !flips
    return false
  })
  if (left.length === factors.length || left.length === 0) return { rest: e, flips: false }
  return { rest: graph.mulAll(powersOf(graph, left)), flips }
}
