/**
 * The constructor of sums. It eliminates deltas: `Σ_k [i = f(k)] · e` becomes `e` at the inverse image of `i`, which is
 * how transposed and strided convolutions, diagonals, one-hot products, reshapes and the sparsity of Jacobians arise.
 * A delta that cannot be eliminated stays inside the sum and is emitted as a scatter loop.
 *
 * Source: the rule `sum` of ARCHITECTURE.md, "Delta elimination".
 */
import {
  eliminateDelta,
  eliminateWindow,
  hasDelta,
  isEquation,
  candidates,
  isIn,
  narrowRange,
  type SumContext,
} from './eliminate.js'
import type { Expr, Index } from './expr.js'
import { isNumber } from './overflow.js'
import { findUnsafeRead, isNonNegative, linearIn, type Prover } from './prove.js'
import { summandsOf } from './term.js'
import { substitute } from './walk.js'

export function sum(b: SumContext, indices: readonly Index[], body: Expr): Expr {
  let bound = [...indices]
  let e = body
  // Each round eliminates one index or splits the body; the body shrinks in bound indices or factors.
  for (;;) {
    if (e.kind === 'num' && e.value.isZero) return b.zero
    if (bound.length === 0) return e
    const absent = bound.filter((index) => !e.free.includes(index))
    if (absent.length > 0) {
      const present = bound.filter((index) => e.free.includes(index))
      const extents = absent.map((index) => index.extent)
      const whole = b.mulAll([...extents, sum(b, present, e)])
      // Nothing times a pole would be no number.
      return e.facts.finite ? whole : b.guard(extents.map((extent) => b.ge0(b.sub(extent, b.one))), whole) // prettier-ignore
    }
    if (e.kind === 'guard') {
      const eliminated =
        eliminateDelta(b, bound, e.conditions, e.body) ?? eliminateWindow(b, bound, e.conditions, e.body)
      if (eliminated) {
        bound = bound.filter((index) => index !== eliminated.index)
        e = eliminated.body
        continue
      }
      const narrowed = narrowRange(b, bound, e.conditions, e.body)
      if (narrowed) {
        bound = bound.map((index) => (index === narrowed.index ? narrowed.by : index))
        e = narrowed.body
        continue
      }
      return guardedSum(b, bound, e.conditions, e.body)
    }
    const split = splitSum(b, bound, e)
    if (split) return b.addAll(split.map((term) => sum(b, bound, term)))
    const masked = maskedProduct(b, bound, e)
    if (masked) {
      e = masked
      continue
    }
    const expanded = expandDeltas(b, bound, e)
    if (expanded) {
      e = expanded
      if (e.kind === 'mul' || e.kind === 'guard') continue
      return b.addAll(summandsOf(b, e).map((term) => sum(b, bound, term)))
    }
    const { outside, inside } = invariantFactors(b, bound, e, [], [])
    if (outside.length > 0) return b.mulAll([...outside, sum(b, bound, inside)])
    return b.lift('sum', bound, e)
  }
}

// ── Guards ─────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Conditions without a bound index leave the sum, and also stay inside unless every read inside is proven in range
 * without them: a definition must be safe on its own, or its derivative reads out of range.
 */
function guardedSum(b: SumContext, bound: readonly Index[], conditions: readonly Expr[], body: Expr): Expr {
  const leaving = conditions.filter((condition) => !isIn(bound, condition))
  const staying = conditions.filter((condition) => isIn(bound, condition))
  const split = splitSum(b, bound, body)
  if (split) return b.addAll(split.map((term) => sum(b, bound, b.guard(conditions, term))))
  const expanded = expandDeltas(b, bound, body)
  if (expanded)
    return b.addAll(summandsOf(b, expanded).map((term) => sum(b, bound, b.guard(conditions, term))))
  const { outside, inside } = invariantFactors(b, bound, body, leaving, staying)
  if (leaving.length === 0 && outside.length === 0) return b.lift('sum', bound, b.guard(conditions, body))
  const inner = b.guard(staying, inside)
  const safe = leaving.length === 0 || !findUnsafeRead(b, inner)
  const rest =
    safe && inner.kind !== 'guard'
      ? sum(b, bound, inner)
      : b.lift('sum', bound, safe ? inner : b.guard(conditions, inside))
  return b.guard(leaving, b.mulAll([...outside, rest]))
}

// ── Terms and factors ──────────────────────────────────────────────────────────────────────────────────────

/**
 * A sum of terms is split only if a whole term leaves the reduction or a delta in one can be eliminated; the other
 * terms stay together in one reduction.
 */
function splitSum(b: Prover, bound: readonly Index[], e: Expr): Expr[] | undefined {
  if (e.kind !== 'add' || (e.terms.length === 1 && e.constant.isZero)) return undefined
  const apart: Expr[] = e.constant.isZero ? [] : [b.num(e.constant)]
  const together: Expr[] = []
  for (const { node, coefficient } of e.terms) {
    const leaves = !isIn(bound, node) || hasDelta(b, bound, node)
    const group = leaves ? apart : together
    group.push(b.scale(coefficient, node))
  }
  return apart.length === 0 ? undefined : [...apart, ...(together.length > 0 ? [b.addAll(together)] : [])]
}

/** `(i = f(k)) · e`, a product with a comparison, is `e` under that condition where all of `e` is finite: a one-hot or identity matrix. */
function maskedProduct(b: Prover, bound: readonly Index[], e: Expr): Expr | undefined {
  const scaled = e.kind === 'add' && e.terms.length === 1 && e.constant.isZero
  const product = scaled ? e.terms[0].node : e
  if (product.kind !== 'mul') return undefined
  const isMask = ({ base, exponent }: (typeof product.factors)[number]): boolean =>
    exponent.isOne && isEquation(base) && candidates(b, bound, [base]).length > 0
  const masks = product.factors.filter(isMask)
  if (masks.length === 0) return undefined
  const others = product.factors.filter((factor) => !masks.includes(factor)).map((factor) => b.power(factor.base, factor.exponent)) // prettier-ignore
  if (!others.every(({ facts }) => facts.finite)) return undefined
  const body = b.mulAll(others)
  const coefficient = scaled ? e.terms[0].coefficient : b.one.value
  return b.guard(masks.map(({ base }) => base), b.scale(coefficient, body)) // prettier-ignore
}

/** Multiplies out a factor that is a sum with an eliminable delta. */
function expandDeltas(b: Prover, bound: readonly Index[], e: Expr): Expr | undefined {
  const scaled = e.kind === 'add' && e.terms.length === 1 && e.constant.isZero
  const product = scaled ? e.terms[0].node : e
  if (product.kind !== 'mul') {
    if (!scaled || product.kind !== 'add') return undefined
    if (!product.terms.some(({ node }) => hasDelta(b, bound, node))) return undefined
    return b.addAll(summandsOf(b, product).map((term) => b.scale(e.terms[0].coefficient, term)))
  }
  for (const factor of product.factors) {
    if (!factor.exponent.isOne || factor.base.kind !== 'add') continue
    if (!factor.base.terms.some(({ node }) => hasDelta(b, bound, node))) continue
    const others = product.factors
      .filter((other) => other !== factor)
      .map((other) => b.power(other.base, other.exponent))
    const coefficient = scaled ? e.terms[0].coefficient : b.one.value
    return b.addAll(
      summandsOf(b, factor.base).map((term) => b.scale(coefficient, b.mulAll([term, ...others]))),
    )
  }
  return undefined
}

/**
 * Factors free of the bound indices, as far as their reads are in range under the conditions that leave with them. One that may be
 * infinite leaves only what has terms: nothing, divided by 0, is no number.
 */
function invariantFactors(
  b: Prover,
  bound: readonly Index[],
  e: Expr,
  leaving: readonly Expr[],
  staying: readonly Expr[],
): { outside: Expr[]; inside: Expr } {
  const outside: Expr[] = []
  let product = e
  if (e.kind === 'add' && e.terms.length === 1 && e.constant.isZero) {
    outside.push(b.num(e.terms[0].coefficient))
    product = e.terms[0].node
  }
  if (product.kind !== 'mul') return { outside, inside: product }
  const inside: Expr[] = []
  for (const { base, exponent } of product.factors) {
    const factor = b.power(base, exponent)
    const leaves =
      !isIn(bound, base) &&
      (isNumber(factor) || hasTerms(b, bound, staying, leaving)) &&
      !findUnsafeRead(b, base, leaving)
    if (leaves) outside.push(factor)
    else inside.push(factor)
  }
  return { outside, inside: b.mulAll(inside) }
}

/** Whether the conditions are proven for some values of the bound indices: all at their first, or at their last, or one where a condition begins to hold. */
function hasTerms(
  b: Prover,
  bound: readonly Index[],
  conditions: readonly Expr[],
  known: readonly Expr[],
): boolean {
  const holds = (e: Expr): boolean => isNonNegative(b, e, known)
  if (!bound.every(({ extent }) => holds(b.sub(extent, b.one)))) return false
  if (conditions.length === 0) return true
  const first = new Map<Index, Expr>(bound.map((index) => [index, b.zero]))
  const last = new Map<Index, Expr>(bound.map((index) => [index, b.sub(index.extent, b.one)]))
  const limits = conditions.flatMap((condition) => {
    if (condition.kind !== 'test') return []
    return bound.flatMap((index) => {
      const linear = condition.free.includes(index) ? linearIn(b, condition.operand, index) : undefined
      if (
        !linear ||
        isIn(bound, linear.rest) ||
        (linear.coefficient !== b.one && linear.coefficient !== b.num(-1))
      )
        return []
      const limit = linear.coefficient === b.one ? b.neg(linear.rest) : linear.rest
      const isInside = holds(limit) && holds(b.sub(b.sub(index.extent, b.one), limit))
      return isInside ? [new Map(first).set(index, limit)] : []
    })
  })
  return [first, last, ...limits].some((at) =>
    conditions.every((condition) => {
      const there = substitute(b, condition, at)
      if (there.kind === 'num') return !there.value.isZero
      if (known.includes(there)) return true
      return (
        there.kind === 'test' && holds(there.operand) && (there.test === 'ge0' || holds(b.neg(there.operand)))
      )
    }),
  )
}
