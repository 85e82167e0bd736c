/** How many digits an expression loses as it is written. */
import type { Expr } from '../../ir/expr.js'
import { postorder } from '../../ir/walk.js'
import { isSlopeOfTanh, seriesOf, soleSpelling } from './expand.js'
import * as fixed from './fixed.js'
import { coefficientAt, type Series } from './power-series.js'

/** Errors in ulp beyond `ALLOWED (1 + condition)` are too much. */
const ALLOWED = 16

/** The spelling that is taken is good to so many ulp. */
const SLOPE_OF_TANH = 4

export interface Accuracy {
  /** What rounding does to the value at most, in ulp. */
  readonly error: number
  /** What moving the leaf by an ulp does to it. */
  readonly condition: number
}

const value = (s: Series): number => fixed.toNumber(coefficientAt(s, 0))
const slope = (s: Series): number => fixed.toNumber(coefficientAt(s, 1))

/** Absent where the expression is not analytic at `x`. */
export function accuracyAt(e: Expr, leaf: Expr, x: number): Accuracy | undefined {
  const series = seriesOf(e, leaf, fixed.ofNumber(x), 2)
  if (!series) return undefined
  const errors = new Map<Expr, number>([[leaf, 0]])
  const of = (part: Expr): number => Math.abs(value(series.get(part) ?? { lead: 0, coefficients: [] }))
  const errorOf = (part: Expr): number => errors.get(part) ?? 0
  for (const node of postorder([e], (part) => part !== leaf)) {
    switch (node.kind) {
      case 'add': {
        let total = 0
        let largest = Math.abs(node.constant.toNumber())
        for (const { node: term, coefficient } of node.terms) {
          const size = of(term) * Math.abs(coefficient.toNumber())
          total += size * (errorOf(term) + (coefficient.abs().isOne ? 0 : 0.5))
          largest = Math.max(largest, size)
        }
        const additions = node.terms.length - (node.constant.isZero ? 2 : 1)
        errors.set(node, (total + (largest * additions) / 2) / of(node) + 0.5)
        break
      }
      case 'mul': {
        let total = -0.5
        for (const { base, exponent } of node.factors) {
          const size = Math.abs(exponent.toNumber())
          const root = exponent.isInteger ? 0 : 0.5
          total += size * errorOf(base) + Math.max(0.5, size / 2) + root
        }
        errors.set(node, total)
        break
      }
      case 'apply': {
        const sole = soleSpelling(node)
        if (sole) {
          errors.set(node, isSlopeOfTanh(node) ? SLOPE_OF_TANH : errorOf(sole))
          break
        }
        const [argument] = node.args
        const [u, y] = [series.get(argument), series.get(node)]
        const amplified = u && y ? Math.abs((value(u) * slope(y)) / (slope(u) * value(y))) : 0
        errors.set(node, (errorOf(argument) === 0 ? 0 : errorOf(argument) * amplified) + 1)
        break
      }
      case 'stop':
        errors.set(node, errorOf(node.operand))
        break
      default:
        errors.set(node, 0)
    }
  }
  const own = series.get(e)
  const condition = own ? Math.abs((x * slope(own)) / value(own)) : 0
  return { error: errorOf(e), condition }
}

export function isPoor(e: Expr, leaf: Expr, x: number): boolean {
  const accuracy = accuracyAt(e, leaf, x)
  return accuracy !== undefined && accuracy.error > ALLOWED * (1 + accuracy.condition)
}
