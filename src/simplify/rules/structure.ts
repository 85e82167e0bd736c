/** Rewrites that look at the record of an operator or at a sum of squares. */
import type { Expr, Factor } from '../../ir/expr.js'
import { isPositive } from '../../ir/facts.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, Rational } from '../../ir/rational.js'
import { withOperands } from '../../ir/walk.js'
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

/** Inside `guard(c, …)` nothing asks for `c` again: not in terms, nor in factors. */
export const nestedGuard = procedure({
  name: 'guard in its own guard',
  sound: 'exact',
  root: 'guard',
  apply: (e, { graph }) => {
    if (e.kind !== 'guard') return undefined
    const body = without(graph, e.body, e.conditions, DEEPEST)
    return body === e.body ? undefined : graph.guard(e.conditions, body)
  },
})

/** Sums in products in sums: derivatives nest them so far. */
const DEEPEST = 4

/** The same where the conditions hold. */
function without(graph: Graph, e: Expr, known: readonly Expr[], depth: number): Expr {
  if (depth === 0 || (e.kind !== 'guard' && e.kind !== 'add' && e.kind !== 'mul')) return e
  if (e.kind === 'guard') {
    const others = e.conditions.filter((condition) => !known.includes(condition))
    const body = without(graph, e.body, known, depth - 1)
    return body === e.body && others.length === e.conditions.length ? e : graph.guard(others, body)
  }
  const operands = e.operands.map((operand) => without(graph, operand, known, depth - 1))
  return operands.every((operand, at) => operand === e.operands[at]) ? e : withOperands(graph, e, operands)
}

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
      // A mean of squares is one as well: n is no reason for a 0.
      return e.factors.every(
        ({ base, exponent }) =>
          isPositive(base.facts) ||
          (exponent.isInteger &&
            !exponent.isNegative &&
            (exponent.n % 2n === 0n || isSumOfSquares(base, view))),
      )
    case 'guard':
      return isSumOfSquares(e.body, view)
    default:
      return false
  }
}

/**
 * `a^q - b^q` for whole and half `q` from `a - b`, which cancels before powers are rounded: `√a - √b` is
 * `(a - b) / (√a + √b)`. Not where both may be 0. Only where `a - b` is a number, which loses nothing, or for the roots themselves.
 */
export const differenceOfPowers = procedure({
  name: 'difference of powers',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    if (e.kind !== 'add') return undefined
    for (const positive of e.terms) {
      const a = powerOf(positive.node)
      if (!a || positive.coefficient.isNegative || positive.coefficient.isZero) continue
      for (const negative of e.terms) {
        const b = powerOf(negative.node)
        if (!b?.exponent.equals(a.exponent)) continue
        if (!negative.coefficient.equals(positive.coefficient.negate())) continue
        const difference = differenceOf(graph, a, b)
        if (!difference) continue
        const rest = e.terms.filter((term) => term !== positive && term !== negative)
        return graph.add(graph.scale(positive.coefficient, difference), graph.addTerms(e.constant, rest))
      }
    }
    return undefined
  },
})

function differenceOf(graph: Graph, a: Factor, b: Factor): Expr | undefined {
  const difference = graph.sub(a.base, b.base)
  const { n, d } = a.exponent
  const size = Number(n < 0n ? -n : n)
  const isRoot = d === 2n && size === 1
  if (difference.kind !== 'num' && !isRoot) return undefined
  if (d === 2n && !difference.facts.nonzero && !a.base.facts.nonzero && !b.base.facts.nonzero)
    return undefined
  const unit = d === 2n ? HALF : ONE
  const [x, y] = [graph.power(a.base, unit), graph.power(b.base, unit)]
  // x^k - y^k = (x - y) (x^(k-1) + x^(k-2) y + … + y^(k-1)).
  const power = (base: Expr, exponent: number): Expr => graph.power(base, Rational.of(exponent))
  const mixed = graph.addAll(
    Array.from({ length: size }, (_, k) => graph.mul(power(x, size - 1 - k), power(y, k))),
  )
  const ofUnits = d === 2n ? graph.div(difference, graph.add(x, y)) : difference
  const ofPowers = graph.mul(ofUnits, mixed)
  return n < 0n ? graph.neg(graph.mulAll([ofPowers, power(x, -size), power(y, -size)])) : ofPowers
}

/** A single power with one of the exponents that differences are taken of. */
function powerOf(e: Expr): Factor | undefined {
  if (e.kind !== 'mul' || e.factors.length !== 1) return undefined
  const [factor] = e.factors
  const { n, d } = factor.exponent
  return (d === 2n && n <= 5n && n >= -5n) || (d === 1n && n < 0n && n >= -4n) ? factor : undefined
}
