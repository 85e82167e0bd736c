/**
 * Rewrites after which the expression is defined in more places than before. They are for people only, who are told
 * the conditions under which both sides agree; the compiler uses proven facts.
 */
import type { Expr, Factor } from '../../ir/expr.js'
import { isPositive } from '../../ir/facts.js'
import type { Graph } from '../../ir/graph.js'
import { ZERO } from '../../ir/rational.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import { domainOf, domainOfPower } from '../domain.js'
import { divideExactly } from '../polynomial.js'

/** Told each condition under which a rewrite keeps the value. */
export type Report = (condition: Expr) => void

export function widening(report: Report): readonly Procedure[] {
  const tell = (conditions: readonly Expr[]): void => {
    for (const condition of conditions) if (condition.kind !== 'num') report(condition)
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
        if (vanishing.length === 0 || domains.some((domain) => !domain)) return undefined
        for (const domain of domains) tell(domain ?? [])
        const left = e.terms.filter(({ coefficient }) => !coefficient.isZero)
        return graph.addAll([
          graph.num(e.constant),
          ...left.map(({ node, coefficient }) => graph.scale(coefficient, node)),
        ])
      },
    }),
    procedure({
      name: 'cancel a factor',
      sound: 'real',
      root: 'mul',
      apply: (e, { graph }) => {
        if (e.kind !== 'mul') return undefined
        const merged = mergeBases(graph, flattenPowers(e.factors))
        if (merged.factors.length === 0 && e.factors.length === 1) return undefined
        const result = rebuild(graph, merged.factors)
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
        const quotient = divideExactly(graph, rebuild(graph, numerator), divisor.base)
        if (!quotient) return undefined
        const exponent = divisor.exponent.plus(graph.one.value)
        if (exponent.isZero) tell(domainOfPower(graph, divisor))
        return graph.mulAll([
          quotient,
          graph.power(divisor.base, exponent),
          ...others.map((factor) => graph.power(factor.base, factor.exponent)),
        ])
      },
    }),
    procedure({
      name: 'exp of log',
      sound: 'real',
      root: 'exp',
      apply: (e) => {
        if (e.kind !== 'apply') return undefined
        const [log] = e.args
        if (log.kind !== 'apply' || log.operator !== 'log') return undefined
        const [x] = log.args
        return isPositive(x.facts) ? x : undefined
      },
    }),
  ]
}

const rebuild = (graph: Graph, factors: readonly Factor[]): Expr =>
  graph.mulAll(factors.map(({ base, exponent }) => graph.power(base, exponent)))

/** `(√x)^2` as powers of `x`. */
function flattenPowers(factors: readonly Factor[]): Factor[] {
  return factors.flatMap((factor) => {
    const { base, exponent } = factor
    if (base.kind !== 'mul' || !exponent.isInteger) return [factor]
    return base.factors.map((inner) => ({ base: inner.base, exponent: inner.exponent.times(exponent) }))
  })
}

/** Powers of one base as one power, and where the separate ones are undefined but not the one. */
function mergeBases(graph: Graph, factors: readonly Factor[]): { factors: Factor[]; lost: Expr[] } {
  const groups = new Map<Expr, Factor[]>()
  for (const factor of factors) groups.set(factor.base, [...(groups.get(factor.base) ?? []), factor])
  const merged: Factor[] = []
  const lost: Expr[] = []
  for (const [base, group] of groups) {
    const exponent = group.reduce((total, factor) => total.plus(factor.exponent), ZERO)
    const kept = new Set(domainOfPower(graph, { base, exponent }))
    const separate = group.flatMap((factor) => domainOfPower(graph, factor))
    lost.push(...separate.filter((condition) => !kept.has(condition)))
    merged.push({ base, exponent })
  }
  return { factors: merged, lost }
}
