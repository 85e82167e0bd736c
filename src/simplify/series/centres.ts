/** Points other than 0 next to which terms may cancel. */
import type { Expr } from '../../ir/expr.js'
import { ONE, type Rational } from '../../ir/rational.js'
import { postorder } from '../../ir/walk.js'
import { monomialsOf } from '../polynomial.js'

/** More are not looked at. */
const MOST = 3

/** Zeros of logarithms, and of sums that are divided by: `(x - 1) / log(x)` has one of each, and they are the same. */
export function centresOf(e: Expr, leaf: Expr): readonly Rational[] {
  const found = new Map<string, Rational>()
  const add = (centre: Rational | undefined): void => {
    if (!centre || centre.isZero || found.size >= MOST) return
    const x = centre.toNumber()
    if (leaf.facts.low < x && x < leaf.facts.high) found.set(String(centre), centre)
  }
  for (const node of postorder([e], (part) => part !== leaf)) {
    if (node.kind === 'apply' && node.operator === 'log') add(solved(node.args[0], leaf, ONE))
    if (node.kind === 'mul')
      for (const { base, exponent } of node.factors)
        if (base.kind === 'add' && exponent.isNegative) add(solved(base, leaf, ONE.minus(ONE)))
  }
  return [...found.values()]
}

/** Where `a x + b` is `value`. */
export function solved(e: Expr, leaf: Expr, value: Rational): Rational | undefined {
  let [slope, rest] = [ONE.minus(ONE), value]
  for (const { coefficient, factors } of monomialsOf(e)) {
    if (factors.length === 0) rest = rest.minus(coefficient)
    else if (factors.length === 1 && factors[0].base === leaf && factors[0].exponent.isOne)
      slope = slope.plus(coefficient)
    else return undefined
  }
  return slope.isZero ? undefined : rest.dividedBy(slope)
}
