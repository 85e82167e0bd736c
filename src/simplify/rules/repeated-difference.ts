/**
 * Sums of powers of two numbers that vanish twice where both are the same: `x² - 2 x y + y²` is `(x - y)²`, and `x/y + y/x - 2` is `(x - y)/x · (x - y)/y`.
 * Next to each other all digits of such a sum are rounding, while those of the difference are known.
 */
import type { Add, Expr, Read, Term } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { ONE, Rational, ZERO } from '../../ir/rational.js'
import { factorsOf } from '../../ir/term.js'
import { procedure } from '../../rewrite/rule.js'
import type { Monomial } from '../polynomial.js'

/** Longer sums, and higher powers, are left alone. */
const LONGEST = 6
const HIGHEST = 8

export const repeatedDifference = procedure({
  name: 'repeated difference',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => inDifference(graph, e),
})

export function inDifference(graph: Graph, e: Expr): Expr | undefined {
  if (e.kind !== 'add' || e.integer || e.terms.length >= LONGEST) return undefined
  // A number in front of a sum leaves it whole: `(x/y + y/x)/2 - 1`.
  const terms = e.terms.flatMap((term) => (term.node.kind === 'add' && term.node.terms.length < LONGEST ? inside(term, term.node) : monomialOf(term))) // prettier-ignore
  if (!e.constant.isZero) terms.push({ coefficient: e.constant, factors: [] })
  const form = sumsToZero(terms) ? homogeneous(terms) : undefined
  if (!form) return undefined
  const { x, y, lowest, coefficients } = form
  let left = coefficients
  let times = 0
  for (let next = dividedByDifference(left); next; next = dividedByDifference(left)) {
    left = next
    times++
  }
  // A simple zero is known as well as the numbers are.
  if (times < 2) return undefined
  const difference = graph.sub(x, y)
  const rest = graph.addAll(
    left.map((coefficient, k) =>
      graph.scale(coefficient, graph.mul(graph.power(x, Rational.of(k)), graph.power(y, Rational.of(left.length - 1 - k)))),
    ),
  ) // prettier-ignore
  // Nothing is differentiated any more: `stop` keeps the quotients, where the square of a difference and the product of both may be no numbers.
  const below = [x, y].flatMap((read, at) => Array.from({ length: Math.max(0, -lowest[at]) }, () => read))
  const above = Array.from({ length: times }, (_, at) => {
    const divisor = below.at(at)
    return divisor ? graph.stop(graph.div(difference, divisor)) : difference
  })
  const others = below.slice(times).map((divisor) => graph.power(divisor, ONE.negate()))
  const inFront = [x, y].map((read, at) => graph.power(read, Rational.of(Math.max(0, lowest[at]))))
  return graph.mulAll([...above, ...others, ...inFront, rest])
}

const monomialOf = ({ node, coefficient }: Term): Monomial => ({ coefficient, factors: factorsOf(node) })

function inside({ coefficient }: Term, { terms, constant }: Add): readonly Monomial[] {
  const parts = terms.map(monomialOf)
  if (!constant.isZero) parts.push({ coefficient: constant, factors: [] })
  return parts.map((part) => ({ ...part, coefficient: coefficient.times(part.coefficient) }))
}

/** Seen at a glance in all sums but few: where both numbers are 1. */
const sumsToZero = (terms: readonly Monomial[]): boolean =>
  terms.length > 2 &&
  terms.length <= LONGEST &&
  terms.reduce((sum, { coefficient }) => sum.plus(coefficient), ZERO).isZero

/** `Σ cₖ xᵏ yⁿ⁻ᵏ`, times powers of both. */
interface Homogeneous {
  readonly x: Read
  readonly y: Read
  readonly lowest: readonly [number, number]
  readonly coefficients: readonly Rational[]
}

function homogeneous(parts: readonly Monomial[]): Homogeneous | undefined {
  const reads = new Set<Read>()
  for (const { factors } of parts)
    for (const { base, exponent } of factors) {
      if (base.kind !== 'read' || base.integer || !exponent.isInteger || exponent.abs().n > HIGHEST) return undefined // prettier-ignore
      reads.add(base)
    }
  const [x, y, ...more] = reads
  if (!x || !y || more.length > 0) return undefined
  const powers = parts.map(({ coefficient, factors }) => {
    const [ofX, ofY] = [x, y].map((read) =>
      Number(factors.find(({ base }) => base === read)?.exponent.n ?? 0),
    )
    return {
      coefficient,
      ofX,
      ofY,
      isPlain: new Set(factors.map(({ base }) => base)).size === factors.length,
    }
  })
  const degree = powers[0].ofX + powers[0].ofY
  if (powers.some(({ ofX, ofY, isPlain }) => !isPlain || ofX + ofY !== degree)) return undefined
  const lowest = [
    Math.min(...powers.map(({ ofX }) => ofX)),
    Math.min(...powers.map(({ ofY }) => ofY)),
  ] as const
  const coefficients = Array.from({ length: degree - lowest[0] - lowest[1] + 1 }, () => ZERO)
  for (const { coefficient, ofX } of powers) {
    const at = ofX - lowest[0]
    coefficients[at] = coefficients[at].plus(coefficient)
  }
  return { x, y, lowest, coefficients }
}

/** By `x - y`, from the highest power down; nothing if something is left. */
function dividedByDifference(coefficients: readonly Rational[]): readonly Rational[] | undefined {
  const quotient: Rational[] = []
  let carried = ZERO
  for (const coefficient of coefficients.toReversed()) {
    carried = carried.plus(coefficient)
    quotient.unshift(carried)
  }
  return quotient.length > 1 && quotient.shift()?.isZero ? quotient : undefined
}
