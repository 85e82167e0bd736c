/**
 * The constructor of sums. It eliminates deltas: `Σ_k [i = f(k)] · e` becomes `e` at the inverse image of `i`, which is
 * how transposed and strided convolutions, diagonals, one-hot products, reshapes and the sparsity of Jacobians arise.
 * A delta that cannot be eliminated stays inside the sum and is emitted as a scatter loop.
 *
 * Source: the rule `sum` of ARCHITECTURE.md, "Delta elimination".
 */
import type { Expr, Index, ReductionKind, Test } from './expr.js'
import { findUnsafeRead, isNonNegative, linearIn, type Prover } from './prove.js'
import { substitute } from './walk.js'

export interface SumContext extends Prover {
  readonly indexNames: ReadonlyMap<Index, string>
  freshIndex(extent: Expr, name?: string): Index
  lift(kind: ReductionKind, bound: readonly Index[], body: Expr): Expr
}

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
      return b.addAll(termsOf(b, e).map((term) => sum(b, bound, term)))
    }
    const { outside, inside } = invariantFactors(b, bound, e, [], [])
    if (outside.length > 0) return b.mulAll([...outside, sum(b, bound, inside)])
    return b.lift('sum', bound, e)
  }
}

function termsOf(b: Prover, e: Expr): Expr[] {
  if (e.kind !== 'add') return [e]
  const terms = e.terms.map(({ node, coefficient }) => b.scale(coefficient, node))
  return e.constant.isZero ? terms : [...terms, b.num(e.constant)]
}

const isIn = (bound: readonly Index[], e: Expr): boolean => e.free.some((index) => bound.includes(index))

// ── Deltas ─────────────────────────────────────────────────────────────────────────────────────────────────

interface Elimination {
  readonly index: Index
  readonly body: Expr
}

interface Candidate {
  readonly condition: Test
  readonly index: Index
  readonly divisor: Expr
  /** `divisor · index = rest`. */
  readonly rest: Expr
  readonly rank: number
}

const isEquation = (condition: Expr): condition is Test =>
  condition.kind === 'test' && condition.test === 'eq0'

/** All ways to solve an equation among the conditions for a bound index, plainest first. */
function candidates(b: Prover, bound: readonly Index[], conditions: readonly Expr[]): Candidate[] {
  const found: Candidate[] = []
  for (const condition of conditions) {
    if (!isEquation(condition)) continue
    for (const index of bound) {
      if (!condition.free.includes(index)) continue
      const linear = linearIn(b, condition.operand, index)
      if (!linear) continue
      const sign = linear.coefficient.facts.low > 0 ? 1 : linear.coefficient.facts.high < 0 ? -1 : 0
      if (sign === 0) continue
      const divisor = sign > 0 ? linear.coefficient : b.neg(linear.coefficient)
      const rest = sign > 0 ? b.neg(linear.rest) : linear.rest
      found.push({ condition, index, divisor, rest, rank: rankOf(b, rest, divisor) })
    }
  }
  return found.sort((x, y) => x.rank - y.rank)
}

function rankOf(b: Prover, rest: Expr, divisor: Expr): number {
  const plainness = rest.kind === 'index' || rest.free.length === 0 ? 0 : rest.kind === 'read' ? 2 : 1
  return divisor === b.one ? plainness : 3 + plainness
}

/** `Σ_a [c·a = rest] e(a)  =  [rest mod c = 0] [0 <= rest div c < extent] e(rest div c)`. */
function eliminateDelta(
  b: Prover,
  bound: readonly Index[],
  conditions: readonly Expr[],
  body: Expr,
): Elimination | undefined {
  const [best] = candidates(b, bound, conditions)
  if (!best) return undefined
  const { condition, index, divisor, rest } = best
  const value = divisor === b.one ? rest : b.apply('idiv', [rest, divisor])
  const others = conditions.filter((other) => other !== condition)
  const divides = divisor === b.one ? [] : [b.eq0(b.apply('mod', [rest, divisor]))]
  return { index, body: replaced(b, bound, index, value, [...divides, ...others], body) }
}

/**
 * The body at `index = value`, with the range of the index as conditions where it is not proven. Equations that will
 * eliminate another bound index prove nothing here: what remains of them may be too weak to prove it again.
 */
function replaced(
  b: Prover,
  bound: readonly Index[],
  index: Index,
  value: Expr,
  conditions: readonly Expr[],
  body: Expr,
): Expr {
  const at = new Map([[index, value]])
  const others = conditions
    .map((condition) => substitute(b, condition, at))
    .filter((other) => !holds(b, other))
  const lasting = others.filter((condition) => !isEquation(condition) || !isIn(bound, condition))
  const range = [value, b.sub(b.sub(index.extent, b.one), value)].filter((e) => !isNonNegative(b, e))
  const needed = range.filter((e) => !isNonNegative(b, e, lasting))
  const inside = substitute(b, body, at)
  const guarded = (bounds: readonly Expr[]): Expr =>
    b.guard([...bounds.map((e) => b.ge0(e)), ...others], inside)
  const result = guarded(needed)
  // What conditions proved here they must prove again, in the form that they now have.
  return needed.length < range.length && findUnsafeRead(b, result) ? guarded(range) : result
}

/** A bound that the extents of its indices prove. */
const holds = (b: Prover, condition: Expr): boolean =>
  condition.kind === 'test' && condition.test === 'ge0' && isNonNegative(b, condition.operand)

/** `0 <= e - c·j <= c - 1` names one `j`: non-overlapping windows. `j := e div c`. */
function eliminateWindow(
  b: Prover,
  bound: readonly Index[],
  conditions: readonly Expr[],
  body: Expr,
): Elimination | undefined {
  for (const condition of conditions) {
    if (condition.kind !== 'test' || condition.test !== 'ge0') continue
    for (const index of bound) {
      if (!condition.free.includes(index)) continue
      const linear = linearIn(b, condition.operand, index)
      if (!linear || !(linear.coefficient.facts.high < 0)) continue
      const divisor = b.neg(linear.coefficient)
      const opposite = b.sub(b.sub(divisor, b.one), condition.operand)
      const upper = conditions.find(
        (other) => other.kind === 'test' && other.test === 'ge0' && other.operand === opposite,
      )
      if (!upper || linear.rest.free.some((other) => bound.includes(other) && other === index)) continue
      const others = conditions.filter((other) => other !== condition && other !== upper)
      return { index, body: replaced(b, bound, index, b.apply('idiv', [linear.rest, divisor]), others, body) }
    }
  }
  return undefined
}

/**
 * `Σ_{t < T} [t >= c] e(t) = Σ_{t < T - c} e(t + c)`, and likewise above: the steps of a recurrence without its initial
 * positions. Sums over the same steps are then the same sum, whichever positions they are written over.
 */
function narrowRange(
  b: SumContext,
  bound: readonly Index[],
  conditions: readonly Expr[],
  body: Expr,
): { readonly index: Index; readonly by: Index; readonly body: Expr } | undefined {
  for (const condition of conditions) {
    if (condition.kind !== 'test' || condition.test !== 'ge0') continue
    const [index, ...others] = condition.free
    if (others.length > 0 || !index || !bound.includes(index)) continue
    const linear = linearIn(b, condition.operand, index)
    const isLower = linear?.coefficient === b.one
    if (!linear || !(isLower || linear.coefficient === b.num(-1))) continue
    const shift = isLower ? b.neg(linear.rest) : b.zero
    const extent = isLower ? b.sub(index.extent, shift) : b.add(linear.rest, b.one)
    if (![shift, extent, b.sub(index.extent, extent)].every((e) => isNonNegative(b, e))) continue
    const by = b.freshIndex(extent, b.indexNames.get(index))
    const at = new Map([[index, b.add(by, shift)]])
    const rest = conditions.filter((other) => other !== condition).map((other) => substitute(b, other, at))
    return { index, by, body: b.guard(rest, substitute(b, body, at)) }
  }
  return undefined
}

/** Whether a node carries a delta that some bound index can be eliminated by. */
const hasDelta = (b: Prover, bound: readonly Index[], e: Expr): boolean =>
  e.kind === 'guard' && candidates(b, bound, e.conditions).length > 0

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
  if (expanded) return b.addAll(termsOf(b, expanded).map((term) => sum(b, bound, b.guard(conditions, term))))
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
    return b.addAll(termsOf(b, product).map((term) => b.scale(e.terms[0].coefficient, term)))
  }
  for (const factor of product.factors) {
    if (!factor.exponent.isOne || factor.base.kind !== 'add') continue
    if (!factor.base.terms.some(({ node }) => hasDelta(b, bound, node))) continue
    const others = product.factors
      .filter((other) => other !== factor)
      .map((other) => b.power(other.base, other.exponent))
    const coefficient = scaled ? e.terms[0].coefficient : b.one.value
    return b.addAll(termsOf(b, factor.base).map((term) => b.scale(coefficient, b.mulAll([term, ...others]))))
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
      (factor.facts.finite || hasTerms(b, bound, staying, leaving)) &&
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
