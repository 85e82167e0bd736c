/** Roots of sums: without the overflow of squares, and without the cancellation against what lies next to them. */
import type { Apply, Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, type Rational, TWO } from '../../ir/rational.js'
import { asTerm, factorsOf, powersOf, productWithout, withFactors } from '../../ir/term.js'
import { readsIn } from '../../ir/walk.js'
import { procedure } from '../../rewrite/rule.js'
import { expand, monomialsOf } from '../polynomial.js'
import { inDifference } from './repeated-difference.js'

/** `√(x² + y²) = hypot(x, y)`: the squares of 1e200 and 1e-200 are no numbers, the root is. A positive number is a square. */
export const rootOfTwoSquares = procedure({
  name: 'hypot',
  sound: 'real',
  root: 'mul',
  apply: (e, { graph }) => {
    if (e.kind !== 'mul') return undefined
    return withFactors(graph, e, ({ base, exponent }) => {
      const norm = exponent.d === 2n ? normOfSquares(graph, base) : undefined
      return norm && graph.power(norm, exponent.times(TWO))
    })
  },
})

/** `x² + y² ≠ 0` as `hypot(x, y) ≠ 0`: squares underflow first. */
export const nonzeroSquares = procedure({
  name: 'nonzero hypot',
  sound: 'real',
  root: 'ne',
  apply: (e, { graph }) => {
    if (e.kind !== 'apply') return undefined
    const [left, right] = e.args
    const norm = right === graph.zero ? normOfSquares(graph, left) : left === graph.zero ? normOfSquares(graph, right) : undefined // prettier-ignore
    return norm && graph.apply('ne', [norm, graph.zero])
  },
})

/** `hypot(x, y)` is 0 by itself where its guard says so. */
export const rootWithoutGuard = procedure({
  name: 'hypot without a guard',
  sound: 'real',
  root: 'guard',
  apply: (e, { graph }) => {
    if (e.kind !== 'guard') return undefined
    const norm = asTerm(e.body).node
    if (norm.kind !== 'apply' || norm.operator !== 'hypot') return undefined
    const isNonzero = graph.apply('ne', [norm, graph.zero])
    const others = e.conditions.filter((condition) => condition !== isNonzero)
    return others.length < e.conditions.length ? graph.guard(others, e.body) : undefined
  },
})

/** `hypot(x, y)` of `x² + y²`, for numbers also of three squares. */
export function normOfSquares(graph: Graph, e: Expr): Expr | undefined {
  if (e.kind !== 'add') return undefined
  const sides = monomialsOf(e).map(({ coefficient, factors }) => {
    const isSquare = factors.every(({ exponent }) => exponent.isInteger && exponent.n % 2n === 0n)
    if (coefficient.isNegative || !isSquare) return undefined
    const roots = factors.map(({ base, exponent }) => graph.power(base, exponent.times(HALF)))
    return graph.mulAll([graph.power(graph.num(coefficient), HALF), ...roots])
  })
  const squares = sides.flatMap((side) => side ?? [])
  if (squares.length < sides.length || (sides.length !== 2 && !(sides.length === 3 && isOfNumbers(e))))
    return undefined
  return squares.reduce((norm, side) => graph.apply('hypot', [norm, side]))
}

/** In loops the plain spelling stays. */
const isOfNumbers = (e: Expr): boolean => readsIn(e).every((read) => read.args.length === 0)

/** `log(x² + y²) = 2 log hypot(x, y)`. */
export const logOfSquares = procedure({
  name: 'log of squares',
  sound: 'real',
  root: 'log',
  apply: (e, { graph }) => {
    const [sum] = e.kind === 'apply' ? e.args : []
    const norm =
      sum && new Set(readsIn(sum)).size > 1 && isOfNumbers(sum) ? normOfSquares(graph, sum) : undefined
    return norm && graph.scale(TWO, graph.apply('log', [norm]))
  },
})

/** What a root is taken of, and the root. */
interface Root {
  readonly root: Expr
  readonly square: Expr
}

function rootOf(graph: Graph, { base, exponent }: Factor): Root | undefined {
  if (base.kind === 'apply' && base.operator === 'hypot' && exponent.isOne) {
    const square = graph.addAll(base.args.map((side) => graph.mul(side, side)))
    return { root: base, square }
  }
  if ((base.kind !== 'add' && base.kind !== 'mul') || !exponent.equals(HALF)) return undefined
  return { root: graph.power(base, exponent), square: base }
}

/**
 * `√a + c = (a - c²) / (√a - c)` where `c` is negative and `a - c²` a single term, which is then known to all digits:
 * `√(1 + x) - 1 = x / (√(1 + x) + 1)`. Where the sign of `c` is open, there are two pieces.
 */
export const rootAgainstRest = procedure({
  name: 'root against the rest',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => (e.kind === 'add' ? againstRest(graph, e) : undefined),
})

function againstRest(graph: Graph, e: Expr): Expr | undefined {
  if (e.kind !== 'add') return undefined
  for (const { node, coefficient } of e.terms) {
    const own = factorsOf(node)
    const found = own.length === 1 && !coefficient.isZero ? rootOf(graph, own[0]) : undefined
    if (!found) continue
    const { root, square } = found
    const scale = coefficient.inverse()
    const others = e.terms.filter((term) => term.node !== node)
    const rest = graph.addAll([
      graph.num(e.constant.times(scale)),
      ...others.map((term) => graph.scale(term.coefficient.times(scale), term.node)),
    ])
    if (rest.facts.low >= 0) continue
    const plain = graph.sub(square, squareOf(graph, rest))
    // `(x + y)² - 4 x y - (x + y)²` is known as it stands.
    const expanded = isSingle(plain) ? plain : (expand(graph, plain)?.expr ?? plain)
    // `x y - ((x + y) / 2)²` is a square with the other sign.
    const squared = isSingle(expanded) ? undefined : inDifference(graph, expanded)
    const difference = squared ?? expanded
    if (!isSingle(difference)) continue
    // Both pieces have the same sum of what is positive.
    const sum = graph.add(root, graph.apply('abs', [rest]))
    const stable = squared || isHypot(root) ? shareOf(graph, difference, sum) : graph.div(difference, sum)
    const pieces =
      rest.facts.high <= 0 ? stable : graph.select(graph.apply('lt', [rest, graph.zero]), stable, sum)
    return graph.scale(coefficient, pieces)
  }
  return undefined
}

/** That of a modulus is the square of what it is of; that of a root stays apart from what it is the root of. */
function squareOf(graph: Graph, e: Expr): Expr {
  const { coefficient, node } = asTerm(e)
  const factors = factorsOf(node)
  if (!factors.every(({ exponent }) => exponent.isInteger)) return graph.mul(e, e)
  const squares = factors.map(({ base, exponent }) => graph.power(isModulus(base) ? base.args[0] : base, exponent.times(TWO))) // prettier-ignore
  return graph.mulAll([graph.num(coefficient.times(coefficient)), ...squares])
}

const isModulus = (e: Expr): e is Apply => e.kind === 'apply' && e.operator === 'abs'

const isSingle = (e: Expr): boolean => monomialsOf(e).length === 1

/** `x (x / sum)` for `x² / sum`, whose square overflows. Nothing is differentiated any more: `stop` keeps the quotient as it is. */
function shareOf(graph: Graph, product: Expr, sum: Expr): Expr {
  const { coefficient, node } = asTerm(product)
  const [first, ...more] = node.kind === 'mul' ? node.factors : []
  if (!first?.exponent.isInteger || first.exponent.isNegative) return graph.div(product, sum)
  return graph.mulAll([
    graph.num(coefficient),
    graph.stop(graph.div(first.base, sum)),
    graph.power(first.base, first.exponent.minus(ONE)),
    ...powersOf(graph, more),
  ])
}

/** `1 - x / √(1 + x²) = (√(1 + x²) - x) / √(1 + x²)`, where the difference has a form without cancellation. */
export const shareOfRoot = procedure({
  name: 'share of a root',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    if (e.kind !== 'add' || e.terms.length !== 1 || e.constant.isZero) return undefined
    const [{ node, coefficient }] = e.terms
    if (node.kind !== 'guard') return withoutShare(graph, node, coefficient, e.constant)
    const { coefficient: own, node: body } = asTerm(node.body)
    const inside = withoutShare(graph, body, own.times(coefficient), e.constant)
    return inside && graph.select(graph.and(node.conditions), inside, graph.num(e.constant))
  },
})

function withoutShare(graph: Graph, node: Expr, coefficient: Rational, constant: Rational): Expr | undefined {
  if (node.kind !== 'mul') return undefined
  for (const share of node.factors) {
    const { base, exponent } = share
    if (!exponent.isNegative) continue
    const root = rootOf(graph, { base, exponent: exponent.negate() })?.root
    if (!root) continue
    const others = productWithout(graph, node.factors, share)
    const above = graph.scale(coefficient, others)
    const difference = againstRest(graph, graph.add(above, graph.scale(constant, root)))
    if (difference) return graph.div(difference, root)
  }
  return undefined
}

/** `1/r - x²/r³ = (y/r)² / r` for `r = hypot(x, y)`, also times a power of `r`: the cube overflows, and the difference cancels. */
export const differenceOfShares = procedure({
  name: 'difference of shares of hypot',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    if (e.kind !== 'add') return undefined
    for (const first of e.terms) {
      const factors = first.node.kind === 'mul' ? first.node.factors : []
      const r = factors.find(({ base, exponent }) => isHypot(base) && exponent.isNegative)?.base
      if (r?.kind !== 'apply') continue
      for (const [at, side] of r.args.entries()) {
        const square = graph.mul(first.node, graph.power(graph.div(side, r), TWO))
        const second = e.terms.find(({ node, coefficient }) => node === square && coefficient.equals(first.coefficient.negate())) // prettier-ignore
        if (!second) continue
        // Nothing is differentiated any more: `stop` keeps the quotient as it is.
        const share = graph.stop(graph.div(r.args[1 - at], r))
        const others = e.terms.filter((term) => term !== first && term !== second)
        return graph.add(
          graph.scale(first.coefficient, graph.mulAll([first.node, share, share])),
          graph.addTerms(e.constant, others),
        )
      }
    }
    return undefined
  },
})

const isHypot = (e: Expr): boolean => e.kind === 'apply' && e.operator === 'hypot'
