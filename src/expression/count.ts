import type { Expr } from '../ir/expr.js'
import { operandsOf, postorder } from '../ir/walk.js'

/** Numbers, names and operators of the expression written out as a tree. */
export function countNodes(root: Expr): number {
  const counts = new Map<Expr, number>()
  for (const node of postorder([root])) {
    let count = own(node)
    for (const operand of operandsOf(node)) count += counts.get(operand) ?? 0
    counts.set(node, count)
  }
  return counts.get(root) ?? 0
}

function own(e: Expr): number {
  switch (e.kind) {
    case 'num':
    case 'constant':
    case 'size':
    case 'index':
      return 1
    case 'read':
      return 1
    case 'add': {
      // A number in front takes a sign of multiplication; a leading minus is an operator.
      const scaled = e.terms.filter(({ coefficient }) => !coefficient.abs().isOne).length
      const operands = e.terms.length + (e.constant.isZero ? 0 : 1)
      const negated = e.terms.every(({ coefficient }) => coefficient.isNegative) && e.constant.isZero
      return operands - 1 + 2 * scaled + (e.constant.isZero ? 0 : 1) + (negated ? 1 : 0)
    }
    case 'mul': {
      const powers = e.factors.filter(({ exponent }) => !exponent.abs().isOne).length
      const allBelow = e.factors.every(({ exponent }) => exponent.isNegative)
      return e.factors.length - 1 + 2 * powers + (allBelow ? 2 : 0)
    }
    case 'apply':
    case 'test':
    case 'stop':
      return 1
    case 'guard':
      return e.conditions.length + 1
  }
}
