import type { Expr } from '../ir/expr.js'

/**
 * A sum of even powers, by its form: its root is a norm, whose derivative at 0 is 0. Follows reads of reductions
 * and of pointwise definitions.
 */
export function isSumOfSquares(expr: Expr): boolean {
  const pending = [expr]
  const seen = new Set<Expr>()
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    switch (next.kind) {
      case 'num':
        if (next.value.isNegative) return false
        break
      case 'add':
        if (next.constant.isNegative || next.terms.some(({ coefficient }) => coefficient.isNegative))
          return false
        pending.push(...next.terms.map(({ node }) => node))
        break
      case 'mul':
        for (const { base, exponent } of next.factors) {
          const isEvenPower = exponent.isInteger && !exponent.isNegative && exponent.n % 2n === 0n
          if (!isEvenPower && base.kind !== 'size' && base.kind !== 'num') return false
        }
        break
      case 'guard':
        pending.push(next.body)
        break
      case 'read': {
        const { def } = next
        if (def.kind !== 'computed' || !def.body) return false
        if (def.reduction && def.reduction.kind !== 'sum') return false
        pending.push(def.body)
        break
      }
      default:
        return false
    }
  }
  return true
}
