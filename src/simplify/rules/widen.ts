/**
 * Rewrites after which the expression is defined in more places than before. They are for people only, who are told
 * the conditions under which both sides agree; the compiler uses proven facts. What is defined nowhere, such as `0/0`, stays.
 */
import type { Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import type { Rational } from '../../ir/rational.js'
import { powersOf } from '../../ir/term.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import { domainOf, domainOfPower } from '../domain.js'
import { divideExactly } from '../polynomial.js'

/** Told each condition under which a rewrite keeps the value. */
export type Report = (condition: Expr) => void

export function widening(report: Report): readonly Procedure[] {
  const tell = (conditions: readonly Expr[]): void => {
    for (const condition of conditions) report(condition)
  }
  return [
    procedure({
      name: 'cancel a term',
      sound: 'real',
      root: 'add',
      apply: (e, { graph }) => {
        if (e.kind !== 'add') return undefined
        const vanishing = e.terms.filter(({ coefficient }) => coefficient.isZero)
        const domains = vanishing.map(({ node }) => domainOf(graph, node))
        if (vanishing.length === 0 || domains.includes(undefined)) return undefined
        for (const domain of domains) tell(domain ?? [])
        const left = e.terms.filter(({ coefficient }) => !coefficient.isZero)
        return graph.addTerms(e.constant, left)
      },
    }),
    procedure({
      name: 'cancel a factor',
      sound: 'real',
      root: 'mul',
      apply: (e, { graph }) => {
        if (e.kind !== 'mul') return undefined
        const merged = mergeBases(graph, e.factors)
        if (!merged?.lost) return undefined
        const result = graph.mulAll(powersOf(graph, merged.factors))
        if (result === e) return undefined
        tell(merged.lost)
        return result
      },
    }),
    procedure({
      name: 'divide polynomials',
      sound: 'real',
      root: 'mul',
      apply: (e, { graph }) => {
        if (e.kind !== 'mul') return undefined
        const divisor = e.factors.find(
          ({ base, exponent }) => base.kind === 'add' && exponent.isInteger && exponent.isNegative,
        )
        if (!divisor) return undefined
        const numerator = e.factors.filter(({ exponent }) => exponent.isInteger && !exponent.isNegative)
        if (!numerator.some(({ base }) => base.kind === 'add')) return undefined
        const others = e.factors.filter((factor) => factor !== divisor && !numerator.includes(factor))
        const quotient = divideExactly(graph, graph.mulAll(powersOf(graph, numerator)), divisor.base)
        if (!quotient) return undefined
        const exponent = divisor.exponent.plus(graph.one.value)
        tell(domainOfPower(graph, divisor))
        return graph.mulAll([quotient, graph.power(divisor.base, exponent), ...powersOf(graph, others)])
      },
    }),
  ]
}

/** Longer products stay nested, as they were built: written out they would share nothing. */
const LONGEST_PRODUCT = 32

/** `(√x)^2` as powers of `x`, and `√(x³)` beside powers of `x`: both are defined where `x` is not negative. */
function flattened(factor: Factor, bases: ReadonlySet<Expr>): readonly Factor[] {
  const { base, exponent } = factor
  if (base.kind === 'mul' && base.factors.length === 1 && exponent.d === 2n) {
    const [inner] = base.factors
    const isOdd = inner.exponent.isInteger && inner.exponent.n % 2n !== 0n
    return isOdd && bases.has(inner.base)
      ? [{ base: inner.base, exponent: inner.exponent.times(exponent) }]
      : [factor]
  }
  if (base.kind !== 'mul' || !exponent.isInteger || base.factors.length > LONGEST_PRODUCT) return [factor]
  return base.factors.map((inner) => ({ base: inner.base, exponent: inner.exponent.times(exponent) }))
}

/**
 * Powers of one base as one power, and the conditions under which the separate ones were defined, if they can be said. That the whole is defined
 * under the same says little: a function around it may have a value where it is infinite, as `atan(1/x²)`, and none of `atan(x/x³)`.
 */
function mergeBases(
  graph: Graph,
  factors: readonly Factor[],
): { readonly factors: readonly Factor[]; readonly lost: readonly Expr[] | undefined } | undefined {
  const nested = factors.filter(({ base, exponent }) => base.kind === 'mul' && exponent.isOne)
  const length = nested.reduce((sum, { base }) => sum + base.operands.length, factors.length)
  if (length > LONGEST_PRODUCT) return undefined
  const bases = new Set(factors.map(({ base }) => base))
  const separate = new Set<Expr>()
  const exponents = new Map<Expr, Rational>()
  let merges = false
  for (const factor of factors) {
    for (const condition of domainOfPower(graph, factor)) separate.add(condition)
    const inner = flattened(factor, bases)
    merges ||= inner[0] !== factor
    if (factor.base.kind === 'mul')
      for (const own of factor.base.factors)
        for (const condition of domainOfPower(graph, own)) separate.add(condition)
    for (const { base, exponent } of inner) {
      const present = exponents.get(base)
      merges ||= present !== undefined
      exponents.set(base, present ? present.plus(exponent) : exponent)
    }
  }
  if (!merges) return undefined
  const merged = [...exponents].map(([base, exponent]) => ({ base, exponent }))
  for (const { base, exponent } of merged) {
    // What is no number, or infinite, is not 0 either: where the base is defined is to be said as well.
    if (!exponent.isZero || base.facts.finite) continue
    const domain = domainOf(graph, base)
    if (domain) for (const condition of domain) separate.add(condition)
    else if (base.facts.nonzero) return { factors: merged, lost: undefined }
  }
  return { factors: merged, lost: [...separate] }
}
