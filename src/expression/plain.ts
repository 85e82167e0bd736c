import type { Expr } from '../ir/expr.js'
import { postorder } from '../ir/walk.js'

/** Names that an index must not hide. */
export const namesIn = (roots: readonly Expr[]): string[] =>
  postorder(roots).flatMap((node) => (node.kind === 'read' && node.args.length === 0 ? [node.def.name] : []))

/** A monomial of numbers and variables with whole exponents: it may be multiplied by a condition. */
export function isPlain(e: Expr): boolean {
  const parts = new Set([e])
  // Parts of parts are looked at as well, up to the first that is of another kind: a nest is not walked at each of its levels.
  for (const part of parts) {
    if (!isPlainNode(part)) return false
    for (const operand of part.operands) parts.add(operand)
  }
  return true
}

const isPlainNode = (node: Expr): boolean =>
  node.kind === 'num' ||
  (node.kind === 'read' && node.args.length === 0 && node.def.kind === 'input') ||
  (node.kind === 'add' && node.terms.length === 1 && node.constant.isZero) ||
  (node.kind === 'mul' && node.factors.every(({ exponent }) => exponent.isInteger && !exponent.isNegative))
