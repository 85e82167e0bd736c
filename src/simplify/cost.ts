import type { Expr } from '../ir/expr.js'
import { NodeMap } from '../ir/node-map.js'
import type { Rational } from '../ir/rational.js'
import { postorder } from '../ir/walk.js'

/** How much there is to read and to compute, shared parts counted each time: operators weigh more than sums. */
export class Costs {
  private readonly memo = new NodeMap<number>()

  of(root: Expr): number {
    const known = this.memo.get(root)
    if (known !== undefined) return known
    for (const node of postorder([root], (e) => !this.memo.has(e))) {
      let cost = this.own(node)
      for (const operand of node.operands) cost += this.memo.get(operand) ?? 0
      this.memo.set(node, cost)
    }
    return this.memo.get(root) ?? 0
  }

  /** Whether it is at least as much: seen at the root of most. */
  reaches(root: Expr, cost: number): boolean {
    return this.own(root) >= cost || this.of(root) >= cost
  }

  private own(e: Expr): number {
    switch (e.kind) {
      case 'num':
      case 'constant':
      case 'size':
      case 'index':
      case 'read':
        return 1
      case 'add': {
        const products = e.terms.filter(({ coefficient }) => !coefficient.abs().isOne).length
        return e.terms.length - 1 + (e.constant.isZero ? 0 : 2) + 2 * products
      }
      case 'mul': {
        let cost = e.factors.length - 1
        for (const { exponent } of e.factors) cost += costOfPower(exponent)
        return cost
      }
      case 'apply':
        return 4
      case 'test':
      case 'guard':
      case 'stop':
        return 1
    }
  }
}

/** Of two for each multiplication by repeated squaring, for roots and the like as for one. */
function costOfPower(exponent: Rational): number {
  const { n, isInteger, isOne } = exponent.abs()
  const quotient = exponent.isNegative ? 1 : 0
  if (isOne || !isInteger) return quotient + (isOne ? 0 : 2)
  const bits = n.toString(2)
  return quotient + 2 * (bits.length + bits.replaceAll('0', '').length - 2)
}
