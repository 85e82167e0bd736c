/** Conditions and pieces, as people write them. */
import type { AppliedOperator, Expr, Guard } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { powersOf } from '../../ir/term.js'
import { procedure, rule, type Procedure } from '../../rewrite/rule.js'

/** Comparisons of functions that have the sign of their argument. */
export const signedComparisons = [
  rule({
    name: 'modulus > 0',
    sound: 'exact',
    vars: { x: 'finite' },
    of: (m, { x }) => [m.lt(m.number(0), m.abs(x)), m.ne(x, m.number(0))],
  }),
  rule({
    name: 'modulus != 0',
    sound: 'exact',
    of: (m, { x }) => [m.ne(m.abs(x), m.number(0)), m.ne(x, m.number(0))],
  }),
  rule({
    name: 'square > 0',
    sound: 'real',
    vars: { x: 'finite' },
    of: (m, { x }) => [m.lt(m.number(0), m.pow(x, m.number(2))), m.ne(x, m.number(0))],
  }),
]

const ORDERS = ['lt', 'le'] as const

/** `c u + k < r` is `u < (r - k)/c`, or `u > (r - k)/c` for a negative number `c`. */
export const solvedComparisons: readonly Procedure[] = ORDERS.map((operator) =>
  procedure({
    name: 'comparison with a number',
    sound: 'real',
    root: operator,
    apply: (e, { graph }) => {
      if (e.kind !== 'apply') return undefined
      const [left, right] = e.args
      const [side, bound] = left.kind === 'num' ? [right, left] : [left, right]
      if (side.kind !== 'add' || bound.kind !== 'num' || side.terms.length !== 1) return undefined
      const [{ node, coefficient }] = side.terms
      if (coefficient.isZero || (coefficient.isOne && side.constant.isZero)) return undefined
      const solved = graph.num(bound.value.minus(side.constant).dividedBy(coefficient))
      const below = (side === left) !== coefficient.isNegative
      return graph.apply(operator, below ? [node, solved] : [solved, node])
    },
  }),
)

/** `min(u, 1) > 0` is `u > 0`, `max(u, 1) > 0` always holds: of an extreme with a number little is left. */
export const comparedExtremes: readonly Procedure[] = ORDERS.map((operator) =>
  procedure({
    name: 'comparison of an extreme',
    sound: 'real',
    root: operator,
    apply: (e, { graph }) => {
      if (e.kind !== 'apply') return undefined
      const [left, right] = e.args
      const [side, bound] = left.kind === 'num' ? [right, left] : [left, right]
      if (bound.kind !== 'num' || side.kind !== 'apply') return undefined
      if (side.operator !== 'min' && side.operator !== 'max') return undefined
      if (!side.args.some(({ kind }) => kind === 'num')) return undefined
      const each = side.args.map((arg) => graph.apply(operator, side === left ? [arg, right] : [left, arg]))
      return (side.operator === 'max') === (side === left) ? graph.and(each) : graph.or(each[0], each[1])
    },
  }),
)

/** `[c] a + [not c, d] b` is `if c then a else [d] b`; `not a < b` is `b <= a`. */
export const pieces: readonly Procedure[] = [
  procedure({
    name: 'two pieces',
    sound: 'real',
    root: 'add',
    apply: (e, { graph }) => {
      if (e.kind !== 'add') return undefined
      const parts = e.terms.map(({ node }) => pieceOf(graph, node))
      for (const [at, piece] of parts.entries()) {
        if (piece?.conditions.length !== 1) continue
        const [condition] = piece.conditions
        const opposites = oppositesOf(graph, condition)
        const isOpposite = (each: Expr): boolean => opposites.includes(each)
        const whole = parts.findIndex((other) => other?.conditions.length === 1 && isOpposite(other.conditions[0])) // prettier-ignore
        const other = whole < 0 ? parts.findIndex((each) => each?.conditions.some(isOpposite)) : whole
        const alternate = parts[other]
        if (!alternate) continue
        const left = alternate.conditions.filter((each) => !isOpposite(each))
        const chosen = graph.select(
          condition,
          graph.scale(e.terms[at].coefficient, piece.body),
          graph.guard(left, graph.scale(e.terms[other].coefficient, alternate.body)),
        )
        const rest = e.terms.filter((_, position) => position !== at && position !== other)
        return graph.add(chosen, graph.addTerms(e.constant, rest))
      }
      return undefined
    },
  }),
  procedure({
    name: 'conditions as factors',
    sound: 'exact',
    root: 'mul',
    apply: (e, { graph }) => {
      if (e.kind !== 'mul') return undefined
      const conditions = e.factors.filter(({ base, exponent }) => isTruth(base) && !exponent.isNegative)
      if (conditions.length === 0 || (conditions.length === 1 && conditions[0].exponent.isOne))
        return undefined
      const rest = e.factors.filter((factor) => !conditions.includes(factor))
      return graph.mulAll([graph.and(conditions.map(({ base }) => base)), ...powersOf(graph, rest)])
    },
  }),
]

const TRUTHS: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>(['lt', 'le', 'eq', 'ne', 'and', 'or', 'not']) // prettier-ignore

/** 1 or 0. */
const isTruth = (e: Expr): boolean => e.kind === 'apply' && TRUTHS.has(e.operator)

/** A condition alone counts 1 where it holds. */
function pieceOf(graph: Graph, e: Expr): Pick<Guard, 'conditions' | 'body'> | undefined {
  if (e.kind === 'guard') return e
  if (isTruth(e)) return { conditions: [e], body: graph.one }
  const condition = e.kind === 'mul' ? e.factors.find(({ base, exponent }) => isTruth(base) && exponent.isOne) : undefined // prettier-ignore
  if (e.kind !== 'mul' || !condition) return undefined
  const rest = e.factors.filter((factor) => factor !== condition)
  return { conditions: [condition.base], body: graph.mulAll(powersOf(graph, rest)) }
}

/** What holds where the condition fails. */
export function oppositesOf(graph: Graph, condition: Expr): Expr[] {
  const opposites = [graph.not(condition)]
  if (condition.kind !== 'apply') return opposites
  const [x, y] = condition.args
  if (condition.operator === 'lt') opposites.push(graph.apply('le', [y, x]))
  if (condition.operator === 'le') opposites.push(graph.apply('lt', [y, x]))
  return opposites
}
