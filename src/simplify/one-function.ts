/** Polynomials of one sigmoid or tangent, as its derivatives are, by their factors, for people: `s (1 - s) (1 - 2s)`. */
import type { Apply, Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { ONE, Rational, TWO, ZERO } from '../ir/rational.js'
import { rewriting } from '../ir/walk.js'
import { expand, monomialsOf } from './polynomial.js'

/** Higher powers are left alone. */
const HIGHEST = 12n

/** What its slope is made of is taken out, as often as it is a factor: by coefficients, the constant first. */
const FACTORS: ReadonlyMap<string, readonly (readonly Rational[])[]> = new Map([
  [
    'sigmoid',
    [
      [ONE, ONE.negate()],
      [ONE, TWO.negate()],
    ],
  ],
  ['tanh', [[ONE, ZERO, ONE.negate()]]],
  ['tan', [[ONE, ZERO, ONE]]],
])

/** Sums and products that hold such a function and nothing else. */
export const inFactors = (graph: Graph): ((e: Expr) => Expr) =>
  rewriting(graph, (part) => {
    if (part.kind !== 'add' && part.kind !== 'mul') return part
    return factored(graph, part) ?? part
  })

function factored(graph: Graph, e: Expr): Expr | undefined {
  const f = functionIn(e)
  const factors = f && FACTORS.get(f.operator)
  const coefficients = factors && coefficientsIn(graph, e, f)
  if (!coefficients) return undefined
  const lead = coefficients.findIndex((c) => !c.isZero)
  if (lead < 0) return undefined
  let rest: readonly Rational[] = coefficients.slice(lead)
  const taken = factors.map((factor) => {
    let count = 0
    for (let next = divided(rest, factor); next; next = divided(rest, factor)) {
      rest = next
      count++
    }
    return graph.power(polynomial(graph, factor, f), Rational.of(count))
  })
  // A single power has no factors but itself.
  if (rest.length === coefficients.length || (rest.length === 1 && coefficients.length - lead === 1))
    return undefined
  const content = rest[0].abs().compare(ONE) > 0 && rest.every((c) => c.dividedBy(rest[0]).isInteger) ? rest[0] : rest[0].isNegative ? ONE.negate() : ONE // prettier-ignore
  const left = polynomial(graph, rest.map((c) => c.dividedBy(content)), f) // prettier-ignore
  return graph.scale(content, graph.mulAll([graph.power(f, Rational.of(lead)), ...taken, left]))
}

/** The only function in sums and products of its powers. */
function functionIn(e: Expr): Apply | undefined {
  let found: Apply | undefined
  const pending: Expr[] = [e]
  for (let part = pending.pop(); part; part = pending.pop()) {
    if (part.kind === 'add' || (part.kind === 'mul' && part.factors.every(isPositivePower)))
      pending.push(...part.operands)
    else if (part.kind !== 'apply' || (found && found !== part) || !FACTORS.has(part.operator))
      return undefined
    else found = part
    if (pending.length > Number(HIGHEST)) return undefined
  }
  return found
}

const isPositivePower = ({ exponent }: { readonly exponent: Rational }): boolean =>
  exponent.isInteger && !exponent.isNegative && exponent.n <= HIGHEST

/** By powers of `f`; absent where there is only one. */
function coefficientsIn(graph: Graph, e: Expr, f: Apply): readonly Rational[] | undefined {
  const found: Rational[] = []
  const monomials = monomialsOf(expand(graph, e)?.expr ?? e)
  for (const { coefficient, factors } of monomials) {
    const [own, ...more] = factors
    if (more.length > 0 || (own && (own.base !== f || !isPositivePower(own)))) return undefined
    found[own ? Number(own.exponent.n) : 0] = coefficient
  }
  return monomials.length < 2 ? undefined : Array.from(found, (c) => c ?? ZERO)
}

/** By synthetic division, from the constant on; absent where something is left. */
function divided(a: readonly Rational[], by: readonly Rational[]): readonly Rational[] | undefined {
  if (a.length < by.length) return undefined
  const quotient: Rational[] = []
  const left = [...a]
  for (let k = 0; k <= a.length - by.length; k++) {
    const c = left[k].dividedBy(by[0])
    quotient.push(c)
    for (const [at, own] of by.entries()) left[k + at] = left[k + at].minus(c.times(own))
  }
  return left.every((c) => c.isZero) ? quotient : undefined
}

const polynomial = (graph: Graph, coefficients: readonly Rational[], f: Expr): Expr =>
  graph.addAll(
    coefficients.flatMap((c, k) => (c.isZero ? [] : graph.scale(c, graph.power(f, Rational.of(k))))),
  )
