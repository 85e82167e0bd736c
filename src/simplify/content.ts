/** Where numbers stand in products, for people: `x (1/2 - y/2)` is `x (1 - y) / 2`, and `1 / (-x² - 1)` is `-1 / (x² + 1)`. */
import type { Add, Expr, Factor } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { gcdOf, ONE, Rational } from '../ir/rational.js'
import { withFactors } from '../ir/term.js'
import { rewriteWhere, rewriting } from '../ir/walk.js'
import { wholeRoot } from '../ir/integers.js'

/** Fractions that come from decimals are left as they were written. */
const LARGEST = 100n
/** Powers of numbers with more digits stay in the power of the sum. */
const DIGITS = 12

/** Fractions in the sums of products, common factors of their coefficients, and signs that all terms have, are taken out. */
export function numbersInFront(graph: Graph): (e: Expr) => Expr {
  return rewriting(graph, (part) => {
    if (part.kind !== 'mul' || !part.operands.some(({ kind }) => kind === 'add')) return part
    const isAlone = part.factors.length === 1
    const factors = part.factors.map((factor) => takenOut(graph, factor, isAlone) ?? [graph.power(factor.base, factor.exponent)]) // prettier-ignore
    return factors.some(({ length }) => length > 1) ? graph.mulAll(factors.flat()) : part
  })
}

/** `-(x - m) / s²` as `(m - x) / s²`, and `-2x (1 - x²)` as `2x (x² - 1)`, while `-x (1 - y)` stays. */
export function signsInside(graph: Graph, e: Expr): Expr {
  const isOpposite = (part: Expr): boolean =>
    part.kind === 'add' &&
    part.terms.length === 1 &&
    part.constant.isZero &&
    part.terms[0].coefficient.isNegative
  return rewriteWhere(graph, e, isOpposite, (part) => {
    if (part.kind !== 'add' || !isOpposite(part)) return part
    const [{ node, coefficient }] = part.terms
    if (node.kind !== 'mul') return part
    const above = node.factors.filter(({ exponent }) => !exponent.isNegative)
    const isTurned = ({ base, exponent }: Factor): boolean =>
      exponent.isOne &&
      (coefficient.isMinusOne ? isDifference(base, above.length === 1) || isFalling(base) : isFalling(base))
    const difference = above.find(isTurned)
    const opposite = difference && withFactors(graph, node, (factor) => (factor === difference ? graph.neg(factor.base) : undefined)) // prettier-ignore
    return opposite ? graph.scale(coefficient.negate(), opposite) : part
  })
}

/** A number less powers of variables: `1 - 2x²`. */
const isFalling = (e: Expr): boolean =>
  e.kind === 'add' &&
  !e.constant.isZero &&
  !e.constant.isNegative &&
  e.terms.every(({ node, coefficient }) => coefficient.isNegative && isPolynomial(node)) &&
  e.terms.some(({ node }) => node.kind === 'mul')

const isPolynomial = (e: Expr): boolean =>
  e.kind === 'read' ||
  (e.kind === 'mul' && e.factors.every(({ base, exponent }) => base.kind === 'read' && exponent.isInteger && !exponent.isNegative)) // prettier-ignore

/** Whether it has a negative term, and, unless it stands alone, no number that leads it. */
const isDifference = (e: Expr, isAlone: boolean): boolean =>
  e.kind === 'add' &&
  (e.constant.isZero || e.constant.isNegative || isAlone) &&
  (e.constant.isNegative || e.terms.some(({ coefficient }) => coefficient.isNegative))

function takenOut(graph: Graph, { base, exponent }: Factor, isAlone: boolean): readonly Expr[] | undefined {
  if (base.kind !== 'add') return undefined
  const content = contentOf(base, !isAlone && !exponent.isNegative)
  const roots = exponent.isInteger ? content : rootOf(content)
  const power = exponent.isInteger ? exponent : exponent.times(Rational.of(2))
  if (!roots || content.isZero || content.isOne || !power.isInteger || !isShort(roots, power))
    return undefined
  return [graph.power(graph.num(roots), power), graph.power(scaled(graph, base, content.inverse()), exponent)]
}

/** `(1 + x/12)^360` stays: nobody wants to read `12^360`, and binary64 has no number as large. */
const isShort = ({ n, d }: Rational, power: Rational): boolean =>
  Math.abs(power.toNumber()) * Math.log10(Math.max(Math.abs(Number(n)), Number(d))) <= DIGITS

/** Term by term: a number times a sum may stay that. */
const scaled = (graph: Graph, { terms, constant }: Add, by: Rational): Expr =>
  graph.addAll([
    graph.num(constant.times(by)),
    ...terms.map(({ node, coefficient }) => graph.scale(coefficient.times(by), node)),
  ])

/** What makes all coefficients whole, and positive where all are negative; `coprime`: and without a common factor. */
function contentOf({ terms, constant }: Add, coprime: boolean): Rational {
  const coefficients = [
    ...terms.map(({ coefficient }) => coefficient),
    ...(constant.isZero ? [] : [constant]),
  ]
  let [common, denominator] = [0n, 1n]
  for (const { n, d } of coefficients) {
    common = gcdOf(common, n)
    denominator *= d / gcdOf(denominator, d)
    if (denominator > LARGEST) return ONE
  }
  const isNegative = coefficients.every((each) => each.isNegative)
  return Rational.of(isNegative ? -1 : 1).times(Rational.of(coprime ? common : 1n, denominator))
}

/** The square root of `1/n`, where `n` is a square. */
function rootOf({ n, d }: Rational): Rational | undefined {
  const root = n === 1n ? wholeRoot(d) : undefined
  return root === undefined ? undefined : Rational.of(1n, root)
}
