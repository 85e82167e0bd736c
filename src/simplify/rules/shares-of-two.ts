/** Quotients by a sum of two exponentials, which overflows where they do not: `e^(a + b) / (e^a + e^b)²` is `σ(a - b) σ(b - a)`. */
import type { Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { ONE, Rational } from '../../ir/rational.js'
import { productWithout } from '../../ir/term.js'
import { procedure } from '../../rewrite/rule.js'

/** Higher powers of the sum are left alone. */
const MOST = 8

/** `coefficient (e^a + e^b)`. */
interface Total {
  readonly a: Expr
  readonly b: Expr
  readonly coefficient: Rational
}

export const sharesOfTwo = procedure({
  name: 'shares of two exponentials',
  sound: 'real',
  root: 'mul',
  apply: (e, { graph }) => {
    if (e.kind !== 'mul') return undefined
    for (const divisor of e.factors) {
      const power = divisor.exponent.negate()
      const total = power.isInteger && power.compare(ONE) > 0 ? totalOf(divisor.base) : undefined
      if (!total || power.compare(Rational.of(MOST)) > 0) continue
      const others = e.factors.filter((factor) => factor !== divisor)
      for (const above of others) {
        const exponent = exponentOf(above)
        const shares = exponent && inShares(graph, total, exponent, Number(power.n))
        if (!shares) continue
        const rest = productWithout(graph, e.factors, divisor, above)
        const scale = graph.power(graph.num(total.coefficient), divisor.exponent)
        return graph.mul(scale, shares, rest)
      }
    }
    return undefined
  },
})

function totalOf(e: Expr): Total | undefined {
  if (e.kind !== 'add' || e.terms.length !== 2 || !e.constant.isZero) return undefined
  const [first, second] = e.terms
  const [a, b] = [first, second].map(({ node }) => exponentOf({ base: node, exponent: ONE }))
  if (!a || !b || first.coefficient.isNegative || !first.coefficient.equals(second.coefficient))
    return undefined
  return { a, b, coefficient: first.coefficient }
}

const exponentOf = ({ base, exponent }: Factor): Expr | undefined =>
  base.kind === 'apply' && base.operator === 'exp' && exponent.isOne ? base.args[0] : undefined

/** `e^u / (e^a + e^b)^n`, if `u` is a sum of `n` times `a` or `b`. */
function inShares(graph: Graph, { a, b }: Total, u: Expr, n: number): Expr | undefined {
  for (let count = 0; count <= n; count++) {
    const sum = graph.add(graph.scale(Rational.of(count), a), graph.scale(Rational.of(n - count), b))
    if (sum !== u) continue
    const distance = graph.sub(a, b)
    const share = (x: Expr, exponent: number): Expr => graph.power(graph.apply('sigmoid', [x]), Rational.of(exponent)) // prettier-ignore
    return graph.mul(share(distance, count), share(graph.neg(distance), n - count))
  }
  return undefined
}
