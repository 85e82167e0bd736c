/** Expressions of one leaf whose terms cancel or overflow far from 0, where the whole does neither. */
import type { AppliedOperator, Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, Rational, ZERO } from '../../ir/rational.js'
import { postorder, replaceNodes } from '../../ir/walk.js'
import { coefficientsReduced } from '../fraction.js'
import { expand, monomialsOf, monomialToExpr, type Monomial } from '../polynomial.js'
import { valuesAt } from './cancellation.js'
import { isPoor } from './conditioning.js'
import { isSlopeOfTanh, soleSpelling } from './expand.js'

const FAR_OUT = [2 ** 20, -(2 ** 20), 2 ** 40, -(2 ** 40)]

/**
 * `1/(x + 1) - 1/x + log(x)/x²`, whose first terms cancel for large `x`: with one fraction for each function of `x` they meet
 * before anything is rounded.
 */
export function reducedFarOut(graph: Graph, e: Expr, leaf: Expr): Expr | undefined {
  if (e.kind !== 'add' || !e.terms.some(({ node }) => holdsQuotient(node))) return undefined
  const poor = FAR_OUT.filter((x) => isPoor(e, leaf, x))
  if (poor.length === 0) return undefined
  const sole = new Map<Expr, Expr>()
  for (const node of postorder([e])) {
    const arm = node.kind === 'apply' && !isSlopeOfTanh(node) ? soleSpelling(node) : undefined
    if (arm) sole.set(node, arm)
  }
  const reduced = coefficientsReduced(graph, replaceNodes(graph, e, sole), leaf)
  if (!reduced || poor.some((x) => isPoor(reduced, leaf, x))) return undefined
  // Where it is undefined it stays so.
  const isDefinedAt0 = (part: Expr): boolean => Number.isFinite(valuesAt(part, leaf, 0).get(part) ?? NaN)
  return isDefinedAt0(reduced) && !isDefinedAt0(e) ? undefined : reduced
}

const holdsQuotient = (e: Expr): boolean =>
  e.kind === 'mul' && e.factors.some(({ exponent }) => exponent.isNegative)

// ── Overflow ───────────────────────────────────────────────────────────────────────────────────────────────

/** Exponentials of less are numbers, and those of their halves far from the ends. */
const LARGE = 700
/** Beside them exponentials of so much less are nothing. */
const SMALL = 0.5

/** What is an exponential to all digits where it is large. */
type Growing = 'exp' | 'expm1' | 'sinh' | 'cosh'

interface Growth {
  readonly operator: Growing
  /** Of `c · leaf`. */
  readonly coefficient: Rational
}

const isGrowing = (operator: AppliedOperator): operator is Growing =>
  operator === 'exp' || operator === 'expm1' || operator === 'sinh' || operator === 'cosh'

function growthOf(e: Expr, leaf: Expr): Growth | undefined {
  if (e.kind !== 'apply' || !isGrowing(e.operator)) return undefined
  const [{ coefficient, factors }, ...rest] = monomialsOf(e.args[0])
  if (rest.length > 0 || factors.length !== 1 || factors[0].base !== leaf || !factors[0].exponent.isOne)
    return undefined
  return { operator: e.operator, coefficient }
}

/**
 * `sinh(x) / x` and sums of such quotients: where the exponential overflows, half of it is multiplied before the division and half
 * after it. There `sinh` and `cosh` are half an exponential to all digits, and what grows slower is nothing beside it.
 */
export function withoutOverflow(graph: Graph, e: Expr, leaf: Expr, otherwise = e): Expr | undefined {
  const spread = expand(graph, e)?.expr ?? e
  for (const sign of [1, -1]) {
    const large = whereLarge(graph, spread, leaf, sign)
    if (large) return graph.select(large.condition, large.value, otherwise)
  }
  return undefined
}

/** For positive arguments, or for negative ones; for both where that is the same. */
function whereLarge(
  graph: Graph,
  e: Expr,
  leaf: Expr,
  sign: number,
): { readonly condition: Expr; readonly value: Expr } | undefined {
  const terms = monomialsOf(e).map((monomial) => ({ monomial, rate: rateOf(monomial, leaf, sign) }))
  const rates = terms.flatMap(({ rate }) => (rate ? [rate] : []))
  if (rates.length < terms.length) return undefined
  const fastest = rates.reduce((a, b) => (a.compare(b) >= 0 ? a : b))
  if (fastest.isZero || fastest.isNegative) return undefined
  const growing = terms.filter(({ rate }) => rate?.equals(fastest))
  const slower = Math.max(0, ...rates.filter((rate) => !rate.equals(fastest)).map((rate) => rate.toNumber()))
  if (slower > SMALL * fastest.toNumber()) return undefined
  const whole = graph.addAll(growing.map(({ monomial }) => monomialToExpr(graph, monomial)))
  const nodes = postorder([whole])
  if (!nodes.some(holdsQuotient)) return undefined
  const isEven = nodes.every(
    (node) => node.kind !== 'apply' || (node.operator !== 'exp' && node.operator !== 'expm1'),
  )
  const replaced = new Map<Expr, Expr>()
  for (const node of nodes) {
    const growth = growthOf(node, leaf)
    if (growth) replaced.set(node, factorOf(graph, growth, leaf, isEven))
  }
  const rest = replaceNodes(graph, whole, replaced)
  // The whole must be smaller than the exponential.
  const at = (sign * LARGE) / fastest.toNumber()
  if (!(Math.abs(valuesAt(rest, leaf, at).get(rest) ?? NaN) < 1)) return undefined
  const size = isEven ? graph.apply('abs', [leaf]) : graph.scale(Rational.of(sign), leaf)
  const argument = graph.scale(fastest, size)
  const half = graph.apply('exp', [graph.scale(HALF, argument)])
  const condition = graph.apply('lt', [graph.num(Rational.of(LARGE)), argument])
  return { condition, value: graph.mul(half, graph.stop(graph.mul(half, rest))) }
}

/** What stands for a function beside the exponential that it is. */
function factorOf(graph: Graph, { operator, coefficient }: Growth, leaf: Expr, isEven: boolean): Expr {
  if (operator === 'exp' || operator === 'expm1') return graph.one
  if (operator === 'cosh') return graph.num(HALF)
  const side = isEven ? graph.apply('sign', [leaf]) : graph.one
  return graph.scale(coefficient.isNegative ? HALF.negate() : HALF, side)
}

/** `r` if a product grows as `e^(r |x|)`; 0 where it grows as powers do. Absent where that is not known. */
function rateOf({ factors }: Monomial, leaf: Expr, sign: number): Rational | undefined {
  let rate = ZERO
  for (const { base, exponent } of factors) {
    const growth = growthOf(base, leaf)
    if (!growth) {
      if (postorder([base]).some((node) => growthOf(node, leaf) ?? isOtherFunction(node))) return undefined
      continue
    }
    const { operator, coefficient } = growth
    const own = coefficient.times(Rational.of(sign))
    if (exponent.isNegative || !exponent.isInteger || (own.isNegative && operator === 'expm1'))
      return undefined
    const isEven = operator === 'sinh' || operator === 'cosh'
    rate = rate.plus(exponent.times(isEven ? own.abs() : own))
  }
  return rate
}

/** What may be as large as an exponential, or as small. */
const isOtherFunction = (e: Expr): boolean => e.kind === 'apply' && !BOUNDED.has(e.operator)

const BOUNDED: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>([
  'sin',
  'cos',
  'atan',
  'log',
  'log1p',
  'abs',
  'sign',
])
