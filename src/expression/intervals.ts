/** Conditions that stand together, and those that are the ends of an interval. */
import type { Expr } from '../ir/expr.js'

export interface Interval {
  readonly low: Expr
  readonly above: 'lt' | 'le'
  readonly inner: Expr
  readonly below: 'lt' | 'le'
  readonly high: Expr
}

/** `low < inner < high` of two comparisons with numbers. */
export function intervalOf(a: Expr, b: Expr): Interval | undefined {
  for (const [lower, upper] of [
    [a, b],
    [b, a],
  ]) {
    if (lower.kind !== 'apply' || upper.kind !== 'apply') return undefined
    const { operator: above } = lower
    const { operator: below } = upper
    if ((above !== 'lt' && above !== 'le') || (below !== 'lt' && below !== 'le')) return undefined
    const [low, inner] = lower.args
    const [same, high] = upper.args
    if (inner === same && low.kind === 'num' && high.kind === 'num') return { low, above, inner, below, high }
  }
  return undefined
}

/** Few enough that taking them apart anew at each level costs nothing. */
const MOST = 16

/** The conditions that `and` joins. */
export function conjuncts(conditions: readonly Expr[]): Expr[] {
  const found: Expr[] = []
  const pending = conditions.toReversed()
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.kind === 'apply' && next.operator === 'and') pending.push(...next.args.toReversed())
    else found.push(next)
    if (found.length + pending.length > MOST) return [...conditions]
  }
  return found
}
