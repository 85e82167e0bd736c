import type { Expr } from '../ir/expr.js'
import { operandsOf, postorder } from '../ir/walk.js'

/** How much there is to read and to compute, shared parts counted each time: operators weigh more than sums. */
export class Costs {
  private readonly memo = new Map<Expr, number>()

  of(root: Expr): number {
    for (const node of postorder([root], (e) => !this.memo.has(e))) {
      let cost = this.own(node)
      for (const operand of operandsOf(node)) cost += this.memo.get(operand) ?? 0
      this.memo.set(node, cost)
    }
    return this.memo.get(root) ?? 0
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
        const powers = e.factors.filter(({ exponent }) => !exponent.abs().isOne).length
        const quotients = e.factors.filter(({ exponent }) => exponent.isNegative).length
        return e.factors.length - 1 + 2 * powers + quotients
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
