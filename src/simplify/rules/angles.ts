/** Squares and products of trigonometric and hyperbolic functions in other spellings, of which the shortest is taken. */
import type { AppliedOperator, Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, Rational, TWO } from '../../ir/rational.js'
import { monomialsOf, monomialToExpr, type Monomial } from '../polynomial.js'

/** `sine² = sign · (1 - cosine²)`; `tangent = sine / cosine`. */
export interface Family {
  readonly sine: AppliedOperator
  readonly cosine: AppliedOperator
  readonly tangent: AppliedOperator
  readonly sign: Rational
}

export const FAMILIES: readonly Family[] = [
  { sine: 'sin', cosine: 'cos', tangent: 'tan', sign: ONE },
  { sine: 'sinh', cosine: 'cosh', tangent: 'tanh', sign: Rational.of(-1) },
]

const HIGHEST = 6n

/** Sums of products with squares of sines as cosines, squares of cosines as sines, both as functions of the double angle. */
export function* angleSpellings(graph: Graph, e: Expr): Generator<Expr> {
  for (const family of FAMILIES) {
    const monomials = monomialsOf(e)
    // Nothing is made for the many products that have one such function.
    if (!monomials.some(({ factors }) => mayMeet(family, factors))) continue
    const angles = anglesOf(family, monomials)
    for (const angle of angles) {
      const { sine, cosine } = functionsOf(graph, family, angle)
      const plain = withoutTangents(graph, family, angle, monomials)
      if (plain !== e) yield plain
      if (!monomialsOf(plain).some(({ factors }) => isOfDegreeTwo(factors, sine, cosine))) continue
      yield sinesAsCosines(graph, family, angle, plain)
      yield cosinesAsSines(graph, family, angle, plain)
      yield replaced(graph, plain, (term) => doubled(graph, term, family, angle))
    }
  }
}

/** With squares of sines as cosines. */
export function sinesAsCosines(graph: Graph, family: Family, angle: Expr, e: Expr): Expr {
  const { sine, cosine } = functionsOf(graph, family, angle)
  return replaced(graph, e, (term) => squaresOf(graph, term, sine, cosine, family.sign, ONE))
}

/** With squares of cosines as sines. */
export function cosinesAsSines(graph: Graph, family: Family, angle: Expr, e: Expr): Expr {
  const { sine, cosine } = functionsOf(graph, family, angle)
  return replaced(graph, e, (term) => squaresOf(graph, term, cosine, sine, ONE, family.sign))
}

/** Whether there is a tangent, or a product or power of the functions of the family. */
function mayMeet({ sine, cosine, tangent }: Family, factors: readonly Factor[]): boolean {
  let count = 0
  for (const { base, exponent } of factors) {
    if (base.kind !== 'apply') continue
    if (base.operator === tangent) return true
    if (base.operator === sine || base.operator === cosine) count += exponent.isOne ? 1 : 2
  }
  return count >= 2
}

function functionsOf(graph: Graph, { sine, cosine }: Family, angle: Expr) {
  return { sine: graph.apply(sine, [angle]), cosine: graph.apply(cosine, [angle]) }
}

/** The arguments of sines and cosines, except those that are only double others. */
function anglesOf({ sine, cosine }: Family, monomials: readonly Monomial[]): ReadonlySet<Expr> {
  const angles = new Set<Expr>()
  for (const { factors } of monomials)
    for (const { base } of factors)
      if (base.kind === 'apply' && (base.operator === sine || base.operator === cosine))
        angles.add(base.args[0])
  return angles
}

/** 0 where the base stands below too, or under a root. */
function wholePower(factors: readonly Factor[], base: Expr): bigint {
  const powers = factors.filter((factor) => factor.base === base)
  const [first] = powers
  return powers.length === 1 && first.exponent.isInteger && !first.exponent.isNegative ? first.exponent.n : 0n
}

const isOfDegreeTwo = (factors: readonly Factor[], sine: Expr, cosine: Expr): boolean =>
  wholePower(factors, sine) + wholePower(factors, cosine) >= 2n

function replaced(graph: Graph, e: Expr, replace: (monomial: Monomial) => Expr): Expr {
  return graph.addAll(monomialsOf(e).map(replace))
}

/** Tangents as quotients, where sines and cosines of the same angle are there to meet them. */
function withoutTangents(
  graph: Graph,
  { tangent, ...family }: Family,
  angle: Expr,
  monomials: readonly Monomial[],
): Expr {
  const { sine, cosine } = functionsOf(graph, { tangent, ...family }, angle)
  const quotient = graph.div(sine, cosine)
  return graph.addAll(
    monomials.map(({ coefficient, factors }) =>
      graph.scale(
        coefficient,
        graph.mulAll(
          factors.map(({ base, exponent }) => {
            const isTangent = base.kind === 'apply' && base.operator === tangent && base.args[0] === angle
            return graph.power(isTangent ? quotient : base, exponent)
          }),
        ),
      ),
    ),
  )
}

/** `base² = ownSign · (1 - otherSign' · other²)`, whichever of both `base` is. */
function squaresOf(
  graph: Graph,
  { coefficient, factors }: Monomial,
  base: Expr,
  other: Expr,
  constant: Rational,
  otherSign: Rational,
): Expr {
  const power = wholePower(factors, base)
  if (power < 2n || power > HIGHEST) return monomialToExpr(graph, { coefficient, factors })
  // sin² = 1 - cos², cos² = 1 - sin², sinh² = -1 + cosh², cosh² = 1 + sinh².
  const square = graph.sub(
    graph.num(constant),
    graph.scale(constant.times(otherSign), graph.power(other, TWO)),
  )
  const rest = factors.filter((factor) => factor.base !== base)
  const left = monomialToExpr(graph, { coefficient, factors: rest })
  return multipliedOut(graph, [left, ...Array.from({ length: Number(power / 2n) }, () => square), graph.power(base, Rational.of(power % 2n))]) // prettier-ignore
}

/** `sine · cosine = sine(2u) / 2`, `cosine² = (1 + cosine(2u)) / 2`, `sine² = sign · (1 - cosine(2u)) / 2`. */
function doubled(graph: Graph, { coefficient, factors }: Monomial, family: Family, angle: Expr): Expr {
  const { sine, cosine } = functionsOf(graph, family, angle)
  let [sines, cosines] = [wholePower(factors, sine), wholePower(factors, cosine)]
  if (sines + cosines < 2n || sines + cosines > HIGHEST)
    return monomialToExpr(graph, { coefficient, factors })
  const twice = functionsOf(graph, family, graph.scale(TWO, angle))
  const taken = [...(sines > 0n ? [sine] : []), ...(cosines > 0n ? [cosine] : [])]
  const rest = factors.filter(({ base }) => !taken.includes(base))
  const product = [monomialToExpr(graph, { coefficient, factors: rest })]
  for (; sines > 0n && cosines > 0n; sines--, cosines--) product.push(graph.scale(HALF, twice.sine))
  for (; cosines > 1n; cosines -= 2n) product.push(graph.scale(HALF, graph.add(graph.one, twice.cosine)))
  for (; sines > 1n; sines -= 2n)
    product.push(graph.scale(HALF.times(family.sign), graph.sub(graph.one, twice.cosine)))
  product.push(graph.power(sine, Rational.of(sines)), graph.power(cosine, Rational.of(cosines)))
  return multipliedOut(graph, product)
}

function multipliedOut(graph: Graph, product: readonly Expr[]): Expr {
  let terms: Expr[] = [graph.one]
  for (const factor of product) {
    const summands = monomialsOf(factor).map((monomial) => monomialToExpr(graph, monomial))
    terms = terms.flatMap((term) => summands.map((summand) => graph.mul(term, summand)))
  }
  return graph.addAll(terms)
}
