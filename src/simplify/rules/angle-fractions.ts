/** Quotients of trigonometric and hyperbolic functions of one angle and its double: over sine and cosine, where their squares make 1. */
import type { AppliedOperator, Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, type Rational, TWO } from '../../ir/rational.js'
import { asTerm, factorsOf, powersOf } from '../../ir/term.js'
import { postorder, replaceNodes } from '../../ir/walk.js'
import type { NodeCounts } from '../count.js'
import { fractionOf, fractionsOf, type Spelling } from '../fraction.js'
import { monomialsOf } from '../polynomial.js'
import { angleSpellings, cosinesAsSines, FAMILIES, sinesAsCosines, type Family } from './angles.js'

const UNITS = 4
/** What is longer by such a factor with squares replaced has not been seen to become shorter than it was. */
const SWELLING = 3

/** Spellings of `e` as quotients, by the least of the angles that occur or by half of it. */
export function* angleFractions(graph: Graph, e: Expr, counts: NodeCounts): Generator<Spelling> {
  for (const family of FAMILIES)
    for (const unit of unitsOf(graph, family, e)) {
      const plain = inUnit(graph, family, unit, e)
      if (plain !== e || isQuotient(e)) yield* overSquares(graph, family, unit, { given: e, plain }, counts)
    }
}

/** Numerator and denominator with squares of sines, or of cosines, replaced; what they share leaves. */
function* overSquares(
  graph: Graph,
  family: Family,
  unit: Expr,
  { given, plain }: { readonly given: Expr; readonly plain: Expr },
  counts: NodeCounts,
): Generator<Spelling> {
  const fraction = fractionOf(graph, plain)
  if (!fraction) return
  // Without a square to replace it is a spelling that others offer.
  const known = new Set(plain === given ? [graph.div(fraction.above, fraction.below)] : [])
  for (const reduced of [sinesAsCosines, cosinesAsSines]) {
    const [above, below] = [fraction.above, fraction.below].map((side) => reduced(graph, family, unit, side))
    if (below === graph.zero) continue
    const quotient = graph.div(above, below)
    if (known.has(quotient) || counts.of(quotient) > SWELLING * counts.of(given)) continue
    known.add(quotient)
    const lowest = fractionOf(graph, quotient)
    if (!lowest) continue
    const expr = graph.div(shortest(graph, lowest.above, counts), shortest(graph, lowest.below, counts))
    const conditions = [...fraction.conditions, ...lowest.conditions]
    yield { expr, conditions }
    yield { expr: withTangent(graph, family, unit, expr), conditions }
  }
}

/** `s^k c^-k`, with other factors, as `tan^k`. */
function withTangent(graph: Graph, { sine, cosine, tangent }: Family, unit: Expr, e: Expr): Expr {
  const { node, coefficient } = asTerm(e)
  const exponentOf = (name: AppliedOperator): Rational | undefined =>
    factorsOf(node).find(({ base }) => base === graph.apply(name, [unit]))?.exponent
  const [above, below] = [exponentOf(sine), exponentOf(cosine)]
  if (!above || !below || !above.plus(below).isZero) return e
  const isOfUnit = ({ base }: Factor): boolean =>
    base === graph.apply(sine, [unit]) || base === graph.apply(cosine, [unit])
  const others = factorsOf(node).filter((factor) => !isOfUnit(factor))
  const quotient = graph.power(graph.apply(tangent, [unit]), above)
  return graph.scale(coefficient, graph.mulAll([quotient, ...powersOf(graph, others)]))
}

function shortest(graph: Graph, e: Expr, counts: NodeCounts): Expr {
  let best = e
  const offer = (candidate: Expr): void => {
    if (counts.of(candidate) < counts.of(best)) best = candidate
  }
  for (const spelling of [e, ...angleSpellings(graph, e)]) {
    offer(spelling)
    for (const { expr } of fractionsOf(graph, spelling)) offer(expr)
  }
  return best
}

function anglesOf({ sine, cosine, tangent }: Family, e: Expr): ReadonlySet<Expr> {
  const sums = postorder([e], ({ kind }) => kind === 'add' || kind === 'mul')
  const angles = new Set<Expr>()
  for (const part of sums.flatMap(({ operands }) => operands))
    if (part.kind === 'apply' && isOneOf(part.operator, sine, cosine, tangent)) angles.add(part.args[0])
  return angles
}

const isOneOf = (operator: AppliedOperator, ...names: readonly AppliedOperator[]): boolean =>
  names.includes(operator)

/** The angles of which several functions stand together, their halves, `sin x / (1 + cos x)`, and the half in `1 - cos x`. */
function unitsOf(graph: Graph, family: Family, e: Expr): Expr[] {
  const angles = [...anglesOf(family, e)]
  const mixed = angles.filter((angle) => isMixed(graph, family, angle, e))
  const halved = angles.filter((angle) => mixed.includes(angle) || isSquareOfHalf(graph, family, angle, e))
  return [...new Set([...mixed, ...halved.map((angle) => graph.scale(HALF, angle))])].slice(0, UNITS)
}

/** Whether there is `1 - cos u`, which is `2 sin² (u/2)`, or `1 + cos u`, times a number. */
function isSquareOfHalf(graph: Graph, { cosine }: Family, angle: Expr, e: Expr): boolean {
  const own = graph.apply(cosine, [angle])
  return postorder([e], ({ kind }) => kind === 'add' || kind === 'mul').some(
    (part) =>
      part.kind === 'add' &&
      part.terms.some(({ node, coefficient }) => node === own && coefficient.abs().equals(part.constant.abs())), // prettier-ignore
  )
}

/** Tangents of the unit, and functions of its double, by sine and cosine of the unit. */
function inUnit(graph: Graph, { sine, cosine, tangent }: Family, unit: Expr, e: Expr): Expr {
  const [s, c] = [graph.apply(sine, [unit]), graph.apply(cosine, [unit])]
  const double = graph.scale(TWO, unit)
  const product = graph.scale(TWO, graph.mul(s, c))
  const difference = graph.sub(graph.scale(TWO, graph.power(c, TWO)), graph.one)
  const values = new Map<Expr, Expr>([
    [graph.apply(tangent, [unit]), graph.div(s, c)],
    [graph.apply(sine, [double]), product],
    [graph.apply(cosine, [double]), difference],
    [graph.apply(tangent, [double]), graph.div(product, difference)],
  ])
  return replaceNodes(graph, e, values)
}

/** Whether there are several functions of the angle and its double, or powers of one: others do not become shorter by it. */
function isMixed(graph: Graph, { sine, cosine, tangent }: Family, angle: Expr, e: Expr): boolean {
  const own = new Set([sine, cosine, tangent].flatMap((name) => [angle, graph.scale(TWO, angle)].map((unit) => graph.apply(name, [unit])))) // prettier-ignore
  const present = factorsIn(e).filter(({ base }) => own.has(base))
  const [first] = present
  return present.some(
    ({ base, exponent }) => base !== first.base || !exponent.equals(first.exponent) || !exponent.abs().isOne,
  )
}

const isQuotient = (e: Expr): boolean => factorsIn(e).some(({ exponent }) => exponent.isNegative)

const factorsIn = (e: Expr): readonly Factor[] =>
  postorder([e], ({ kind }) => kind === 'add' || kind === 'mul').flatMap((part) =>
    monomialsOf(part).flatMap((monomial) => monomial.factors),
  )
