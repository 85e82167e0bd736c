/** Arithmetic of expressions, each shared part counted once. */
import type { Expr } from '../ir/expr.js'
import { postorder } from '../ir/walk.js'

export interface Operations {
  readonly additions: number
  readonly products: number
  readonly quotients: number
  readonly functions: number
  readonly comparisons: number
  readonly all: number
}

const COMPARISONS: ReadonlySet<string> = new Set(['lt', 'le', 'eq', 'ne', 'and', 'or', 'not', 'select', 'min', 'max', 'abs', 'sign', 'relu', 'clamp']) // prettier-ignore

export function countOperations(roots: readonly Expr[]): Operations {
  let [additions, products, quotients, functions, comparisons] = [0, 0, 0, 0, 0]
  for (const node of postorder(roots)) {
    switch (node.kind) {
      case 'add':
        additions += node.terms.length - 1 + (node.constant.isZero ? 0 : 1)
        products += node.terms.filter(({ coefficient }) => !coefficient.abs().isOne).length
        break
      case 'mul': {
        const below = node.factors.filter(({ exponent }) => exponent.isNegative)
        const above = node.factors.length - below.length
        products += Math.max(0, above - 1) + Math.max(0, below.length - 1)
        quotients += below.length > 0 ? 1 : 0
        for (const { exponent } of node.factors) {
          const size = exponent.abs()
          if (size.isOne) continue
          // Small whole powers are products; a root is one operation, another power a function.
          if (size.isInteger && size.n <= 4n) products += size.n === 2n ? 1 : 2
          else if (size.d === 2n) quotients += 1
          else functions += 1
        }
        break
      }
      case 'apply':
        if (COMPARISONS.has(node.operator)) comparisons++
        else functions++
        break
      case 'test':
      case 'guard':
        comparisons++
        break
      case 'num':
      case 'constant':
      case 'size':
      case 'index':
      case 'read':
      case 'stop':
    }
  }
  const all = additions + products + quotients + functions + comparisons
  return { additions, products, quotients, functions, comparisons, all }
}
