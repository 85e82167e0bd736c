import type { Expr } from '../ir/expr.js'
import { postorder } from '../ir/walk.js'

/** Names that an index must not hide. */
export const namesIn = (roots: readonly Expr[]): string[] =>
  postorder(roots).flatMap((node) => (node.kind === 'read' && node.args.length === 0 ? [node.def.name] : []))

/** A monomial of numbers and variables with whole exponents: it may be multiplied by a condition. */
export function isPlain(e: Expr): boolean {
  return postorder([e]).every(
    (node) =>
      node.kind === 'num' ||
      (node.kind === 'read' && node.args.length === 0 && node.def.kind === 'input') ||
      (node.kind === 'add' && node.terms.length === 1 && node.constant.isZero) ||
      (node.kind === 'mul' &&
        node.factors.every(({ exponent }) => exponent.isInteger && !exponent.isNegative)),
  )
}
