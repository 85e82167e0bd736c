/** Deltas, windows and bounds among the conditions of a sum: what names one value of a bound index, or fewer of them. */
import type { Expr, Index, ReductionKind, Test } from './expr.js'
import { findUnsafeRead, isNonNegative, linearIn, type Prover } from './prove.js'
import { substitute } from './walk.js'

export interface SumContext extends Prover {
  readonly indexNames: ReadonlyMap<Index, string>
  freshIndex(extent: Expr, name?: string): Index
  lift(kind: ReductionKind, bound: readonly Index[], body: Expr): Expr
}

export const isIn = (bound: readonly Index[], e: Expr): boolean =>
  e.free.some((index) => bound.includes(index))

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

export const isEquation = (condition: Expr): condition is Test =>
  condition.kind === 'test' && condition.test === 'eq0'

/** All ways to solve an equation among the conditions for a bound index, plainest first. */
export function candidates(b: Prover, bound: readonly Index[], conditions: readonly Expr[]): Candidate[] {
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
export function eliminateDelta(
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
export function eliminateWindow(
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
export function narrowRange(
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
export const hasDelta = (b: Prover, bound: readonly Index[], e: Expr): boolean =>
  e.kind === 'guard' && candidates(b, bound, e.conditions).length > 0
