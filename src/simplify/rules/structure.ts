/** Rewrites that look at the record of an operator or at a sum of squares. */
import type { Expr } from '../../ir/expr.js'
import { HALF } from '../../ir/rational.js'
import { OPERATORS } from '../../ops/table.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'

/** Odd and even functions with a node of their own. */
const ODD_AND_EVEN = [
  'abs',
  'sign',
  'cbrt',
  'sin',
  'cos',
  'tan',
  'asin',
  'atan',
  'sinh',
  'cosh',
  'tanh',
  'asinh',
  'atanh',
  'erf',
  'normal_pdf',
] as const

/** `f(-x)` of odd and even functions. */
export const parity: readonly Procedure[] = ODD_AND_EVEN.map((operator) =>
  procedure({
    name: `${operator} of -x`,
    sound: 'real',
    root: operator,
    apply: (e, { graph }) => {
      if (e.kind !== 'apply') return undefined
      const [x] = e.args
      if (x.kind !== 'add' || x.terms.length !== 1 || !x.constant.isZero) return undefined
      if (!x.terms[0].coefficient.isNegative) return undefined
      const positive = graph.apply(operator, [graph.neg(x)])
      return OPERATORS[operator].facts.parity === 'odd' ? graph.neg(positive) : positive
    },
  }),
)

/**
 * The root of a sum of squares is a norm: 0 at 0, with derivative 0 there. Under `S ≠ 0` its partial `1/√S` is never
 * evaluated at 0. NaN stays NaN, for it differs from 0.
 */
export const norm = procedure({
  name: 'norm',
  sound: 'real',
  root: 'mul',
  apply: (e, { graph, view }) => {
    if (e.kind !== 'mul') return undefined
    const squares = e.factors.filter(
      ({ base, exponent }) => exponent.equals(HALF) && !base.facts.nonzero && isSumOfSquares(base, view),
    )
    if (squares.length === 0) return undefined
    return graph.guard(
      squares.map(({ base }) => graph.apply('ne', [base, graph.zero])),
      e,
    )
  },
})

function isSumOfSquares(e: Expr, view: (read: Extract<Expr, { kind: 'read' }>) => Expr | undefined): boolean {
  switch (e.kind) {
    case 'read': {
      const { def } = e
      if (def.kind === 'computed' && def.reduction)
        return def.reduction.kind === 'sum' && def.body !== undefined && isSumOfSquares(def.body, view)
      const body = view(e)
      return body !== undefined && body.kind !== 'read' && isSumOfSquares(body, view)
    }
    case 'add':
      return (
        e.constant.isZero &&
        e.terms.every(({ node, coefficient }) => !coefficient.isNegative && isSumOfSquares(node, view))
      )
    case 'mul':
      return e.factors.every(
        ({ exponent }) => exponent.isInteger && !exponent.isNegative && exponent.n % 2n === 0n,
      )
    case 'guard':
      return isSumOfSquares(e.body, view)
    default:
      return false
  }
}

/** `√a - √b = (a - b) / (√a + √b)`, which cancels before the roots are taken; unless both may be 0. */
export const differenceOfRoots = procedure({
  name: 'difference of square roots',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    if (e.kind !== 'add') return undefined
    for (const positive of e.terms) {
      const a = radicand(positive.node)
      if (!a || positive.coefficient.isNegative || positive.coefficient.isZero) continue
      for (const negative of e.terms) {
        const b = radicand(negative.node)
        if (!b || !negative.coefficient.equals(positive.coefficient.negate())) continue
        const difference = graph.sub(a, b)
        if (!difference.facts.nonzero && !a.facts.nonzero && !b.facts.nonzero) continue
        const sum = graph.add(positive.node, negative.node)
        const rest = e.terms.filter((term) => term !== positive && term !== negative)
        return graph.addAll([
          graph.scale(positive.coefficient, graph.div(difference, sum)),
          graph.num(e.constant),
          ...rest.map(({ node, coefficient }) => graph.scale(coefficient, node)),
        ])
      }
    }
    return undefined
  },
})

const radicand = (e: Expr): Expr | undefined =>
  e.kind === 'mul' && e.factors.length === 1 && e.factors[0].exponent.equals(HALF)
    ? e.factors[0].base
    : undefined
