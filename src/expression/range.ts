/** Ranges that interval arithmetic alone does not find: polynomials of one part of an expression, such as `s (1 - s)`. */
import type { Expr } from '../ir/expr.js'
import { postorder } from '../ir/walk.js'

export interface Range {
  readonly low: number
  readonly high: number
}

/** `a + b t + c t²` over a part `t` of the expression. */
type Quadratic = readonly [number, number, number]

const MOST_PARTS = 200

/** The narrowest range that is proven: `low <= e <= high` wherever `e` is defined. */
export function provenRange(e: Expr): Range {
  let { low, high } = e.facts
  for (const part of partsOf(e)) {
    const polynomial = asQuadratic(e, part)
    if (!polynomial) continue
    const range = rangeOfQuadratic(polynomial, part.facts)
    low = Math.max(low, range.low)
    high = Math.min(high, range.high)
  }
  return { low, high }
}

function partsOf(e: Expr): readonly Expr[] {
  const all = postorder([e])
  return all.length > MOST_PARTS ? [] : all.filter((part) => part.kind === 'apply' || part.kind === 'read')
}

/** The expression as a polynomial of degree two in a part of it; undefined if it is none. */
function asQuadratic(e: Expr, part: Expr): Quadratic | undefined {
  const known = new Map<Expr, Quadratic | undefined>()
  for (const node of postorder([e], (each) => each !== part)) known.set(node, quadraticOf(node, part, known))
  known.set(part, [0, 1, 0])
  // Walked again now that the part is known: operands stand before their users.
  for (const node of postorder([e], (each) => each !== part)) known.set(node, quadraticOf(node, part, known))
  return known.get(e)
}

function quadraticOf(
  node: Expr,
  part: Expr,
  known: ReadonlyMap<Expr, Quadratic | undefined>,
): Quadratic | undefined {
  if (node === part) return [0, 1, 0]
  switch (node.kind) {
    case 'num':
      return [node.value.toNumber(), 0, 0]
    case 'add': {
      let sum: Quadratic | undefined = [node.constant.toNumber(), 0, 0]
      for (const { node: term, coefficient } of node.terms) {
        const own = known.get(term)
        const c = coefficient.toNumber()
        sum = own && sum && [sum[0] + c * own[0], sum[1] + c * own[1], sum[2] + c * own[2]]
      }
      return sum
    }
    case 'mul': {
      let product: Quadratic | undefined = [1, 0, 0]
      for (const { base, exponent } of node.factors) {
        const own = known.get(base)
        if (!exponent.isInteger || exponent.isNegative || exponent.n > 2n) return undefined
        for (let n = 0n; n < exponent.n; n++) product = own && product && times(product, own)
      }
      return product
    }
    default:
      return undefined
  }
}

function times(a: Quadratic, b: Quadratic): Quadratic | undefined {
  const cubic = a[1] * b[2] + a[2] * b[1]
  const quartic = a[2] * b[2]
  if (cubic !== 0 || quartic !== 0) return undefined
  return [a[0] * b[0], a[0] * b[1] + a[1] * b[0], a[0] * b[2] + a[1] * b[1] + a[2] * b[0]]
}

function rangeOfQuadratic([a, b, c]: Quadratic, { low, high }: Range): Range {
  const at = (t: number): number => {
    if (Number.isFinite(t)) return a + b * t + c * t * t
    if (c !== 0) return c * Infinity
    return b === 0 ? a : b * t
  }
  const vertex = c === 0 ? NaN : -b / (2 * c)
  const candidates = [at(low), at(high), ...(vertex > low && vertex < high ? [at(vertex)] : [])]
  // One rounding each of three operations must not exclude the exact value.
  const slack = (value: number): number => (Number.isInteger(value * 1024) ? 0 : Math.abs(value) * 2 ** -48)
  const [least, most] = [Math.min(...candidates), Math.max(...candidates)]
  return { low: least - slack(least), high: most + slack(most) }
}
