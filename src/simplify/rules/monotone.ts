/** What strictly monotone functions leave of comparisons and extremes: `e^x < e^y` is `x < y`, `max(e^x, e^y)` is `e^max(x, y)`. */
import type { AppliedOperator, Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, Rational, ZERO } from '../../ir/rational.js'
import { OPERATORS } from '../../ops/table.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import type { NodeCounts } from '../count.js'
import { domainOfOperator, domainOfPower } from '../domain.js'
import { rationalRoot } from '../../ir/integers.js'
import type { Report } from './widen.js'

/** Where an argument and the value there are both rational. */
const EXACT: Partial<Record<AppliedOperator, readonly [argument: Rational, value: Rational]>> = {
  exp: [ZERO, ONE],
  expm1: [ZERO, ZERO],
  log: [ONE, ZERO],
  log1p: [ZERO, ZERO],
  sigmoid: [ZERO, HALF],
  logit: [HALF, ZERO],
  normal_cdf: [ZERO, HALF],
  erfc: [ZERO, ONE],
  acosh: [ONE, ZERO],
  acos: [ONE, ZERO],
}

/** Higher powers of numbers are left alone. */
const LARGEST = 16n

/** A function `f` of one argument that never stands still, as it is of this one. */
interface Monotone {
  readonly argument: Expr
  readonly isFalling: boolean
  /** The same function of something else. */
  readonly isAlso: (e: Expr) => Monotone | undefined
  readonly of: (argument: Expr) => Expr
  /** Where it is that number. */
  readonly inverse: (value: Rational) => Rational | undefined
  /** Where it is defined. */
  readonly domain: readonly Expr[]
}

const COMPARISONS = ['lt', 'le', 'eq', 'ne'] as const

export const monotone = (report: Report, counts: NodeCounts): readonly Procedure[] => [
  ...COMPARISONS.map((operator) =>
    procedure({
      name: 'comparison of one function',
      sound: 'real',
      root: operator,
      apply: (e, { graph }) => {
        if (e.kind !== 'apply') return undefined
        const [left, right] = solvedFor(graph, e.args[0], e.args[1])
        const pair = argumentsOf(graph, left, right)
        const compared = pair && graph.apply(operator, [pair.left, pair.right])
        // It may hold nowhere where the given one is undefined, for there that does not.
        return compared && pair.domain.every((condition) => isImplied(condition, compared))
          ? compared
          : undefined
      },
    }),
  ),
  ...(['lt', 'le'] as const).map((operator) =>
    procedure({
      name: 'comparison of sums',
      sound: 'real',
      root: operator,
      apply: (e, { graph }) => {
        if (e.kind !== 'apply' || e.args.some(({ kind }) => kind === 'num')) return undefined
        const [left, right] = apart(graph, e.args[0], e.args[1]) ?? e.args
        const isSolved = left.kind === 'num' || right.kind === 'num'
        return isSolved || counts.of(left) + counts.of(right) < counts.of(e.args[0]) + counts.of(e.args[1])
          ? graph.apply(operator, [left, right])
          : undefined
      },
    }),
  ),
  procedure({
    name: 'sign of a difference of one function',
    sound: 'real',
    root: 'sign',
    apply: (e, { graph }) => {
      const sides = e.kind === 'apply' ? apart(graph, graph.zero, e.args[0]) : undefined
      const pair = sides && argumentsOf(graph, ...sides)
      if (!pair) return undefined
      pair.domain.forEach(report)
      return graph.apply('sign', [graph.sub(pair.right, pair.left)])
    },
  }),
  ...(['max', 'min'] as const).map((operator) =>
    procedure({
      name: 'extreme of one function',
      sound: 'real',
      root: operator,
      apply: (e, { graph }) => {
        if (e.kind !== 'apply') return undefined
        const own = monotoneOf(graph, e.args[0])
        const other = own?.isAlso(e.args[1])
        if (!own || !other) return undefined
        for (const condition of [...own.domain, ...other.domain]) report(condition)
        const inside = (operator === 'max') === own.isFalling ? 'min' : 'max'
        return own.of(graph.apply(inside, [own.argument, other.argument]))
      },
    }),
  ),
]

/** What is negative in the difference of the sides, and what is positive in it; over the number that all terms have in front. */
function apart(graph: Graph, left: Expr, right: Expr): readonly [Expr, Expr] | undefined {
  const difference = graph.sub(right, left)
  if (!left.facts.finite || !right.facts.finite) return undefined
  if (difference.kind !== 'add') return [graph.zero, difference]
  const { terms, constant } = difference
  const [{ coefficient: first }] = terms
  const isShared = terms.every(({ coefficient }) => coefficient.abs().equals(first.abs()))
  const part = (sign: 1 | -1): Expr => {
    const own = terms.filter(({ coefficient }) => coefficient.isNegative === sign < 0)
    const sum = graph.addTerms(constant.isNegative === sign < 0 ? constant : ZERO, own)
    return graph.scale(isShared ? Rational.of(sign).dividedBy(first.abs()) : Rational.of(sign), sum)
  }
  return [part(-1), part(1)]
}

/** `e^x` and 1 for the sides of `e^x - 1 != 0`. */
function solvedFor(graph: Graph, left: Expr, right: Expr): readonly [Expr, Expr] {
  if (left.kind !== 'add' || left.terms.length !== 1 || right.kind !== 'num') return [left, right]
  const [{ node, coefficient }] = left.terms
  if (coefficient.isNegative || coefficient.isZero) return [left, right]
  return [node, graph.num(right.value.minus(left.constant).dividedBy(coefficient))]
}

interface Pair {
  readonly left: Expr
  readonly right: Expr
  readonly domain: readonly Expr[]
}

/** What both sides are one function of, in the same order. */
function argumentsOf(graph: Graph, left: Expr, right: Expr): Pair | undefined {
  const first = monotoneOf(graph, left)
  const own = first ?? monotoneOf(graph, right)
  if (!own) return undefined
  const other = first ? right : left
  const also = own.isAlso(other)
  const number = other.kind === 'num' ? own.inverse(other.value) : undefined
  const argument = also?.argument ?? (number && graph.num(number))
  if (!argument) return undefined
  const isLeft = (first !== undefined) !== own.isFalling
  return {
    left: isLeft ? own.argument : argument,
    right: isLeft ? argument : own.argument,
    domain: [...own.domain, ...(also?.domain ?? [])],
  }
}

/** Whether a bound of an expression follows from another one. */
function isImplied(condition: Expr, by: Expr): boolean {
  if (condition.kind !== 'apply' || by.kind !== 'apply') return false
  const at = condition.args.findIndex((arg) => arg.kind === 'num')
  const [bound, known] = [condition.args[at], by.args[at]]
  if (bound?.kind !== 'num' || known.kind !== 'num' || condition.args[1 - at] !== by.args[1 - at])
    return false
  const order = known.value.compare(bound.value) * (at === 0 ? 1 : -1)
  if (by.operator !== 'lt' && by.operator !== 'le') return by.operator === 'eq' && order > 0
  return order > 0 || (order === 0 && (condition.operator === 'le' || by.operator === 'lt'))
}

function monotoneOf(graph: Graph, e: Expr): Monotone | undefined {
  if (e.kind === 'mul') return powerOf(graph, e)
  return e.kind === 'apply' ? operatorOf(graph, e.operator, e) : undefined
}

function operatorOf(graph: Graph, operator: AppliedOperator, e: Expr): Monotone | undefined {
  if (e.kind !== 'apply' || e.operator !== operator || e.args.length !== 1) return undefined
  const { monotone: direction, integer, parity, total } = OPERATORS[operator].facts
  // Roundings stand still.
  if (!direction || integer !== undefined) return undefined
  const domain = total ? [] : domainOfOperator(graph, operator, e.args)
  if (!domain) return undefined
  const [argument, value] = EXACT[operator] ?? (parity === 'odd' ? [ZERO, ZERO] : [])
  return {
    argument: e.args[0],
    isFalling: direction === 'decreasing',
    isAlso: (other) => operatorOf(graph, operator, other),
    of: (u) => graph.apply(operator, [u]),
    inverse: (number) => (value?.equals(number) ? argument : undefined),
    domain,
  }
}

/** Of what is not negative, and odd powers of anything. */
function powerOf(graph: Graph, e: Expr, same?: Rational): Monotone | undefined {
  if (e.kind !== 'mul' || e.factors.length !== 1) return undefined
  const [{ base, exponent }] = e.factors
  const isOdd = exponent.isInteger && exponent.n % 2n !== 0n
  if (exponent.isNegative || (same && !same.equals(exponent))) return undefined
  if (exponent.isInteger && !isOdd && base.facts.low < 0) return undefined
  return {
    argument: base,
    isFalling: false,
    isAlso: (other) => powerOf(graph, other, exponent),
    of: (u) => graph.power(u, exponent),
    inverse: (value) => powerOfNumber(value, exponent.inverse()),
    domain: domainOfPower(graph, e.factors[0]),
  }
}

function powerOfNumber(value: Rational, { n, d }: Rational): Rational | undefined {
  const size = rationalRoot(value.abs(), Number(d))
  if (!size || n > LARGEST || (value.isNegative && (d % 2n === 0n || n % 2n === 0n))) return undefined
  const power = Rational.of(size.n ** n, size.d ** n)
  return value.isNegative ? power.negate() : power
}
