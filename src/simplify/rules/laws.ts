/** Laws of powers, logarithms and inverse functions that widen the domain, for people, who are told where. */
import type { AppliedOperator, Expr, Factor } from '../../ir/expr.js'
import { isPositive } from '../../ir/facts.js'
import type { Graph } from '../../ir/graph.js'
import { ONE, Rational } from '../../ir/rational.js'
import { asTerm, factorsOf, powersOf, productWithout } from '../../ir/term.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import type { NodeCounts } from '../count.js'
import { domainOfOperator, lostDomain } from '../domain.js'
import { monomialsOf } from '../polynomial.js'
import type { Report } from './widen.js'

/** `outer(inner(x)) = x` wherever `inner(x)` is defined. */
const INVERSES: readonly (readonly [outer: AppliedOperator, inner: AppliedOperator])[] = [
  ['exp', 'log'],
  ['expm1', 'log1p'],
  ['sin', 'asin'],
  ['cos', 'acos'],
  ['cosh', 'acosh'],
  ['tanh', 'atanh'],
  ['sigmoid', 'logit'],
]

export function inverseFunctions(report: Report): readonly Procedure[] {
  return INVERSES.map(([outer, inner]) =>
    procedure({
      name: `${outer} of ${inner}`,
      sound: 'real',
      root: outer,
      apply: (e, { graph }) => {
        if (e.kind !== 'apply') return undefined
        const [given] = e.args
        if (given.kind !== 'apply' || given.operator !== inner) return undefined
        const [x] = given.args
        for (const condition of domainOfOperator(graph, inner, [x]) ?? []) report(condition)
        return x
      },
    }),
  )
}

/** `|x| / x` and `x / |x|` are the sign, but for 0, and `|x| / x³` is `sign(x) / x²`; of `|x - y|` and `y - x` too. */
export function signOfQuotient(report: Report): Procedure {
  return procedure({
    name: 'sign from a modulus',
    sound: 'real',
    root: 'mul',
    among: 'abs',
    apply: (e, { graph }) => {
      if (e.kind !== 'mul' || e.factors.length > WIDEST) return undefined
      for (const modulus of e.factors) {
        const { base, exponent } = modulus
        if (base.kind !== 'apply' || base.operator !== 'abs' || !exponent.abs().isOne) continue
        const [x] = base.args
        const opposite = graph.neg(x)
        const other = e.factors.find(
          (factor) => (factor.base === x || factor.base === opposite) && isOdd(factor.exponent),
        )
        if (!other || other.exponent.isNegative === exponent.isNegative) continue
        const left = other.exponent.plus(exponent)
        if (!x.facts.nonzero && !left.isNegative) report(graph.apply('ne', [x, graph.zero]))
        const rest = productWithout(graph, e.factors, modulus, other)
        return graph.mulAll([graph.apply('sign', [other.base]), graph.power(other.base, left), rest])
      }
      return undefined
    },
  })
}

const isOdd = (exponent: Rational): boolean => exponent.isInteger && exponent.n % 2n !== 0n

const WIDEST = 24

const LOGARITHMS = [
  { operator: 'log', base: undefined },
  { operator: 'log2', base: Rational.of(2) },
  { operator: 'log10', base: Rational.of(10) },
] as const

/** `Σ c log u = log Π u^c`, where that is shorter; `log10(1000x) - 3 = log10(x)`. */
export const sumsOfLogarithms = (report: Report, counts: NodeCounts): readonly Procedure[] =>
  LOGARITHMS.map((logarithm) => sumOfLogarithms(report, counts, logarithm))

function sumOfLogarithms(
  report: Report,
  counts: NodeCounts,
  { operator, base: radix }: (typeof LOGARITHMS)[number],
): Procedure {
  return procedure({
    name: `${operator} of a product`,
    sound: 'real',
    root: 'add',
    apply: (e, { graph }) => {
      if (e.kind !== 'add' || e.terms.length > WIDEST) return undefined
      const logarithms = e.terms.flatMap(({ node, coefficient }) =>
        node.kind === 'apply' && node.operator === operator && isSmall(coefficient)
          ? [{ node, argument: node.args[0], coefficient }]
          : [],
      )
      if (logarithms.length === 0) return undefined
      const known = new Set(logarithms.map(({ argument }) => argument))
      const isKnownPositive = (x: Expr): boolean => known.has(x) || isPositive(x.facts)
      const exponents = new Map<Expr, Rational>()
      const raise = (base: Expr, exponent: Rational): void => {
        exponents.set(base, (exponents.get(base) ?? Rational.zero).plus(exponent))
      }
      for (const { argument, coefficient } of logarithms) {
        const factors = factorsOf(argument)
        const splits = coefficient.isInteger || factors.every(({ base }) => isKnownPositive(base))
        if (!splits) raise(argument, coefficient)
        else for (const { base, exponent } of factors) raise(base, exponent.times(coefficient))
      }
      const isPower = radix && e.constant.isInteger && isSmall(e.constant)
      const product = graph.mulAll([
        ...(isPower ? [graph.power(graph.num(radix), e.constant)] : []),
        ...[...exponents].map(([base, exponent]) => graph.power(base, exponent)),
      ])
      const rest = e.terms.filter(({ node }) => !logarithms.some((logarithm) => logarithm.node === node))
      const constant = isPower ? Rational.zero : e.constant
      const result = graph.add(graph.apply(operator, [product]), graph.addTerms(constant, rest))
      if (counts.of(result) >= counts.of(e)) return undefined
      for (const { argument } of logarithms)
        if (!isOddPower(argument, product))
          for (const condition of domainOfOperator(graph, operator, [argument]) ?? []) report(condition)
      for (const condition of lostDomain(graph, e, result) ?? []) report(condition)
      return result
    },
  })
}

const isSmall = (coefficient: Rational): boolean =>
  !coefficient.isZero && coefficient.d <= 4n && coefficient.abs().compare(Rational.of(8)) <= 0

/** Whether both are odd or fractional powers of one base, so that they are positive at the same places. */
function isOddPower(argument: Expr, product: Expr): boolean {
  const powerOf = (e: Expr) => (e.kind === 'mul' ? (e.factors.length === 1 ? e.factors[0] : undefined) : { base: e, exponent: ONE }) // prettier-ignore
  const [a, b] = [powerOf(argument), powerOf(product)]
  const isOdd = (exponent: Rational): boolean => !exponent.isInteger || exponent.n % 2n !== 0n
  return a !== undefined && b !== undefined && a.base === b.base && isOdd(a.exponent) && isOdd(b.exponent)
}

/** `log(e^(x - m) + e^(y - m)) + m = log(e^x + e^y)`: the exponentials are positive, and so nothing is defined elsewhere. */
export function termsIntoLogarithms(counts: NodeCounts): Procedure {
  return procedure({
    name: 'terms into a logarithm of exponentials',
    sound: 'real',
    root: 'add',
    apply: (e, { graph }) => {
      if (e.kind !== 'add' || e.terms.length > WIDEST) return undefined
      for (const { node, coefficient } of e.terms) {
        if (node.kind !== 'apply' || node.operator !== 'log' || !coefficient.isOne) continue
        const rest = graph.sub(e, node)
        const shifted = timesExponential(graph, node.args[0], rest)
        const result = shifted && graph.apply('log', [shifted])
        if (result && counts.of(result) < counts.of(e)) return result
      }
      return undefined
    },
  })
}

/** A sum of exponentials times `e^u`. */
function timesExponential(graph: Graph, sum: Expr, u: Expr): Expr | undefined {
  const monomials = sum.kind === 'add' && sum.terms.length <= WIDEST ? monomialsOf(sum) : []
  const terms = monomials.map(({ coefficient, factors }) => {
    const at = factors.findIndex(({ base, exponent }) => exponent.isOne && base.kind === 'apply' && base.operator === 'exp') // prettier-ignore
    const power = factors[at]?.base
    if (power?.kind !== 'apply') return undefined
    const exponential = graph.apply('exp', [graph.add(power.args[0], u)])
    const others = factors.filter((_, other) => other !== at)
    return graph.scale(coefficient, graph.mulAll([exponential, ...powersOf(graph, others)]))
  })
  return terms.length > 1 && terms.every((term) => term !== undefined) ? graph.addAll(terms) : undefined
}

/** `e^(a log u + v) = u^a e^v`, where that is shorter. */
export function exponentialsOfLogarithms(report: Report, counts: NodeCounts): Procedure {
  return procedure({
    name: 'power from a logarithm',
    sound: 'real',
    root: 'exp',
    apply: (e, { graph }) => {
      if (e.kind !== 'apply') return undefined
      const [exponent] = e.args
      const terms = exponent.kind === 'add' ? exponent.terms : [{ node: exponent, coefficient: ONE }]
      if (terms.length > WIDEST) return undefined
      const powers: Expr[] = []
      const rest: Expr[] = exponent.kind === 'add' ? [graph.num(exponent.constant)] : []
      const conditions: Expr[] = []
      for (const { node, coefficient } of terms) {
        const power = powerOfLogarithm(graph, node, coefficient)
        if (!power) {
          rest.push(graph.scale(coefficient, node))
          continue
        }
        powers.push(power.value)
        conditions.push(...(domainOfOperator(graph, 'log', [power.base]) ?? []))
      }
      if (powers.length === 0) return undefined
      const result = graph.mulAll([...powers, graph.apply('exp', [graph.addAll(rest)])])
      if (counts.of(result) >= counts.of(e)) return undefined
      for (const condition of conditions) report(condition)
      return result
    },
  })
}

function powerOfLogarithm(graph: Graph, node: Expr, coefficient: Rational) {
  const factors = factorsOf(node)
  const logarithm = factors.find(
    ({ base, exponent }) => base.kind === 'apply' && base.operator === 'log' && exponent.isOne,
  )
  if (logarithm?.base.kind !== 'apply') return undefined
  const [base] = logarithm.base.args
  const others = productWithout(graph, factors, logarithm)
  const exponent = graph.scale(coefficient, others)
  return { base, value: graph.pow(base, exponent) }
}

/** `x^a x^b = x^(a + b)`. At 0 both agree only where the exponents have one sign. */
export function productsOfPowers(counts: NodeCounts, report?: Report): Procedure {
  return procedure({
    name: 'sum of exponents',
    sound: 'real',
    root: 'mul',
    apply: (e, { graph }) => {
      if (e.kind !== 'mul' || e.factors.length > WIDEST) return undefined
      for (const [at, { base, exponent }] of e.factors.entries()) {
        const first = powerOf(graph, base, exponent)
        if (!first) continue
        for (const [other, factor] of e.factors.entries()) {
          if (other === at) continue
          const second =
            powerOf(graph, factor.base, factor.exponent) ??
            (factor.base === first.base ? { base: factor.base, exponent: graph.num(factor.exponent) } : undefined) // prettier-ignore
          if (second?.base !== first.base) continue
          const rest = e.factors.filter((_, position) => position !== at && position !== other)
          const result = graph.mulAll([
            graph.pow(first.base, graph.add(first.exponent, second.exponent)),
            ...powersOf(graph, rest),
          ])
          if (counts.of(result) >= counts.of(e)) continue
          const isOneWhole = first.exponent.integer || second.exponent.integer
          const asked = isOneWhole ? [] : domainOfPowers(graph, first.base, [first.exponent, second.exponent])
          if (!report && asked.length > 0) continue
          if (!first.base.facts.nonzero) {
            if (!report) continue
            const sameSign = graph.apply('le', [graph.zero, graph.mul(first.exponent, second.exponent)])
            report(graph.or(graph.apply('ne', [first.base, graph.zero]), sameSign))
          }
          for (const condition of asked) report?.(condition)
          return result
        }
      }
      return undefined
    },
  })
}

/** Where the powers of one base are real: their sum may be whole where they are not. */
function domainOfPowers(graph: Graph, base: Expr, exponents: readonly Expr[]): readonly Expr[] {
  const broken = new Set(
    exponents.flatMap((exponent) => (exponent.integer ? [] : withoutWhole(graph, exponent))),
  )
  if (base.facts.low >= 0 || broken.size === 0) return []
  const whole = [...broken].map((exponent) => graph.apply('eq', [graph.apply('floor', [exponent]), exponent]))
  return [graph.or(graph.apply('le', [graph.zero, base]), graph.and(whole))]
}

/** `n` for `1 - n`, which is whole at the same places. */
function withoutWhole(graph: Graph, e: Expr): Expr {
  const bare = e.kind === 'add' && e.constant.isInteger ? graph.sub(e, graph.num(e.constant)) : e
  const { node, coefficient } = asTerm(bare)
  return coefficient.isMinusOne ? node : bare
}

/** `(x^y)^q`, which is `x^(q y)` where `q` is whole. */
function powerOf(graph: Graph, base: Expr, exponent: Rational) {
  if (base.kind !== 'apply' || base.operator !== 'pow' || !exponent.isInteger) return undefined
  return { base: base.args[0], exponent: graph.scale(exponent, base.args[1]) }
}

/** `(a b)^n / a^n = b^n`: powers with the same exponent. */
export function powersOfProducts(report: Report, counts: NodeCounts): Procedure {
  return procedure({
    name: 'power of a product',
    sound: 'real',
    root: 'mul',
    apply: (e, { graph }) => {
      if (e.kind !== 'mul' || e.factors.length > WIDEST) return undefined
      const powers = e.factors.flatMap(({ base, exponent }) => {
        if (base.kind !== 'apply' || base.operator !== 'pow' || !exponent.isInteger) return []
        return [{ power: base, base: base.args[0], exponent }]
      })
      for (const { power } of powers) {
        const [, exponent] = power.args
        const opposite = graph.neg(exponent)
        const alike = powers.flatMap((own) => {
          if (own.power.args[1] === exponent) return own
          return own.power.args[1] === opposite ? { ...own, exponent: own.exponent.negate() } : []
        })
        if (alike.length < 2) continue
        const base = productOf(graph, alike)
        // `x^n y^n` stays: more is known of where the parts are real.
        if (counts.of(base) > Math.max(...alike.map((own) => counts.of(own.base)))) continue
        const rest = e.factors.filter((factor) => !alike.some((own) => own.power === factor.base))
        const result = graph.mulAll([graph.pow(base, exponent), ...powersOf(graph, rest)])
        if (counts.of(result) >= counts.of(e)) continue
        for (const own of alike) {
          for (const condition of domainOfPowers(graph, own.base, [exponent])) report(condition)
          if (own.exponent.isNegative && !own.base.facts.nonzero)
            report(graph.apply('ne', [own.base, graph.zero]))
        }
        return result
      }
      return undefined
    },
  })
}

/** Powers of one base as one. */
function productOf(graph: Graph, factors: readonly Factor[]): Expr {
  const exponents = new Map<Expr, Rational>()
  const numbers: Expr[] = []
  for (const { base, exponent } of factors) {
    const { node, coefficient } = asTerm(base)
    numbers.push(graph.power(graph.num(coefficient), exponent))
    for (const inner of factorsOf(node)) {
      const known = exponents.get(inner.base) ?? Rational.zero
      exponents.set(inner.base, known.plus(inner.exponent.times(exponent)))
    }
  }
  return graph.mulAll([...numbers, ...[...exponents].map(([base, exponent]) => graph.power(base, exponent))])
}

/** `√x √y = √(x y)`, and likewise for numbers: `√8 / √2 = 2`. */
export function productsOfRoots(report: Report, counts: NodeCounts): Procedure {
  return procedure({
    name: 'root of a product',
    sound: 'real',
    root: 'mul',
    apply: (e, { graph }) => {
      if (e.kind !== 'mul' || e.factors.length > WIDEST) return undefined
      const roots = e.factors.filter(({ exponent }) => exponent.d === 2n)
      if (roots.length < 2 || roots.some(({ base }) => base.facts.high < 0)) return undefined
      const rest = e.factors.filter((factor) => !roots.includes(factor))
      // `1 / √(x y)`, and `√(x / y)`.
      const isBelow = roots.every(({ exponent }) => exponent.isNegative)
      const inside = roots.map(({ base, exponent: { n } }) =>
        graph.power(base, Rational.of(isBelow ? -n : n)),
      )
      const root = graph.power(graph.mulAll(inside), Rational.of(isBelow ? -1 : 1, 2))
      const result = graph.mulAll([root, ...powersOf(graph, rest)])
      if (counts.of(result) >= counts.of(e)) return undefined
      for (const { base } of roots) if (!(base.facts.low >= 0)) report(graph.apply('le', [graph.zero, base]))
      return result
    },
  })
}

/** Spellings of a logarithm: `log(1/x) = -log(x)`, `log1p(x - 1) = log(x)`. */
export function shorterLogarithms(counts: NodeCounts): readonly Procedure[] {
  return [
    procedure({
      name: 'log of a reciprocal',
      sound: 'real',
      root: 'log',
      apply: (e, { graph }) => {
        if (e.kind !== 'apply') return undefined
        const [x] = e.args
        if (x.kind !== 'mul' || !x.factors.every(({ exponent }) => exponent.isNegative)) return undefined
        return graph.neg(graph.apply('log', [graph.power(x, Rational.of(-1))]))
      },
    }),
    procedure({
      name: 'log from log1p',
      sound: 'real',
      root: 'log1p',
      apply: (e, { graph }) => {
        if (e.kind !== 'apply') return undefined
        const result = graph.apply('log', [graph.add(graph.one, e.args[0])])
        return counts.of(result) < counts.of(e) ? result : undefined
      },
    }),
  ]
}
