import type { Expr } from '../ir/expr.js'
import { HALF } from '../ir/rational.js'
import { operandsOf, postorder } from '../ir/walk.js'

/** Numbers, names and operators of expressions written out as trees. */
export class NodeCounts {
  private readonly memo = new Map<Expr, number>()

  of(root: Expr): number {
    for (const node of postorder([root], (e) => !this.memo.has(e))) {
      let count = own(node)
      for (const operand of operandsOf(node)) count += this.memo.get(operand) ?? 0
      this.memo.set(node, count)
    }
    return this.memo.get(root) ?? 0
  }
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
      // A root is one operator, another power has an exponent to be counted.
      let powers = 0
      for (const { exponent } of e.factors) {
        const magnitude = exponent.abs()
        if (!magnitude.isOne) powers += magnitude.equals(HALF) ? 1 : 2
      }
      const allBelow = e.factors.every(({ exponent }) => exponent.isNegative)
      return e.factors.length - 1 + powers + (allBelow ? 2 : 0)
    }
    case 'apply':
    case 'test':
    case 'stop':
      return 1
    case 'guard':
      return e.conditions.length + 1
  }
}
