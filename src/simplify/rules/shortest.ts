/** The shortest among equal spellings of sums and products, for people, who are told where the domain grew. */
import type { Add, AppliedOperator, Expr, Factor, Mul } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { MINUS_ONE, type Rational, ZERO } from '../../ir/rational.js'
import { asTerm, isDivided, powersOf } from '../../ir/term.js'
import { postorder, replaceNodes } from '../../ir/walk.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import { collect } from '../collect.js'
import { NodeCounts } from '../count.js'
import { lostDomain } from '../domain.js'
import { fractionOf, fractionsOf, type Spelling } from '../fraction.js'
import { commonUnit } from '../generators.js'
import { expand, type Monomial, monomialsOf, monomialToExpr } from '../polynomial.js'
import { angleFractions } from './angle-fractions.js'
import { angleSpellings } from './angles.js'
import { shapes } from './shape.js'
import type { Report } from './widen.js'

/** What is longer is left to the rules that look at its parts. */
const LONGEST = 160
const WIDEST = 24

export function shortestShape(report: Report): readonly Procedure[] {
  const counts = new NodeCounts()
  const apply = (e: Expr, { graph }: { readonly graph: Graph }): Expr | undefined => {
    if (hasOneSpelling(e)) return undefined
    let best: Spelling = { expr: e, conditions: [] }
    for (const spelling of spellings(graph, e, counts))
      if (
        reads(counts, spelling.expr, best.expr) ||
        (best.expr !== e && isFactored(counts, spelling.expr, best.expr))
      ) {
        const lost = lostDomain(graph, e, spelling.expr)
        if (lost) best = { expr: spelling.expr, conditions: [...spelling.conditions, ...lost] }
      }
    if (best.expr === e) return undefined
    for (const condition of best.conditions) report(condition)
    return best.expr
  }
  return [
    procedure({ name: 'like terms', sound: 'real', root: 'add', apply }),
    procedure({ name: 'multiply out', sound: 'real', root: 'mul', apply }),
  ]
}

/** Whether one is shorter than the other, or as short without quotients within quotients: `x² / (x + 1)` for `x / (1 + 1/x)`. */
function reads(counts: NodeCounts, e: Expr, best: Expr): boolean {
  const difference = counts.of(e) - counts.of(best)
  return difference < 0 || (difference === 0 && isCompound(best) && !isCompound(e))
}

/** Of two that are equally short a product: `(k + 1) (k + 2) / 2` for `k (k + 3) / 2 + 1`. */
const isFactored = (counts: NodeCounts, e: Expr, best: Expr): boolean =>
  counts.of(e) === counts.of(best) && asTerm(e).node.kind === 'mul' && asTerm(best).node.kind === 'add'

const isCompound = (e: Expr): boolean => e.kind === 'mul' && isDivided(e) && e.factors.some(isOfQuotients)

/**
 * Sums of quotients of polynomials over one denominator, where that is shorter; derivatives of quotients are such sums. In a `formula`, which
 * is not computed, also what might overflow above and below, and by the quotient rule where that is as short: `(x cos(x) - sin(x)) / x²`.
 */
export function oneFraction(report: Report, formula: boolean): Procedure {
  const counts = new NodeCounts()
  return procedure({
    name: 'one fraction',
    sound: 'real',
    root: 'add',
    apply: (e, { graph }) => {
      if (e.kind !== 'add' || e.terms.length > WIDEST) return undefined
      const areDivided = formula && e.constant.isZero && e.terms.every(({ node }) => isDivided(node))
      if (!areDivided && !e.terms.some(({ node }) => isQuotient(node))) return undefined
      if (counts.of(e) > LONGEST || !(formula || isRational(e))) return undefined
      const spellings = [...fractionsOf(graph, e, { isRead: formula }), ...angleFractions(graph, e, counts)]
      return shortestOf(e, spellings, counts, report, formula && isByQuotientRule(e) ? 1 : 0)
    },
  })
}

/** Two terms, neither a number above, that are divided by different powers of one base. */
function isByQuotientRule({ terms, constant }: Add): boolean {
  if (terms.length !== 2 || !constant.isZero) return false
  const [first, second] = terms.map(({ node }) =>
    node.kind === 'mul' && node.factors.some(({ exponent }) => !exponent.isNegative)
      ? node.factors.filter(({ exponent }) => exponent.isNegative)
      : [],
  )
  return first.length === 1 && second.length === 1 && first[0].base === second[0].base
}

/** The shortest of the spellings, whose conditions are reported, if it is shorter than `e` with so many nodes more. */
function shortestOf(
  e: Expr,
  spellings: Iterable<Spelling>,
  counts: NodeCounts,
  report: Report,
  more = 0,
): Expr | undefined {
  let best: Spelling = { expr: e, conditions: [] }
  for (const spelling of spellings)
    if (counts.of(spelling.expr) < counts.of(best.expr) + more) best = spelling
  if (best.expr === e) return undefined
  for (const condition of best.conditions) report(condition)
  return best.expr
}

/** `1 / (a (x²/a² + 1))` as `a / (x² + a²)`: quotients within a product, as derivatives of functions of a quotient have them. */
export function nestedFractions(report: Report): Procedure {
  const counts = new NodeCounts()
  return procedure({
    name: 'quotients in a product',
    sound: 'real',
    root: 'mul',
    apply: (e, { graph }) => {
      if (e.kind !== 'mul' || e.factors.length > WIDEST || !e.factors.some(isOfQuotients)) return undefined
      if (counts.of(e) > LONGEST || !isRational(e)) return undefined
      const isWhole = e.factors.every(({ exponent }) => exponent.isInteger)
      if (isWhole) return shortestOf(e, fractionsOf(graph, e), counts, report)
      // A root of a quotient is read with more effort than one of a sum.
      return shortestOf(e, withRootsOfQuotients(graph, e), counts, report, 1)
    },
  })
}

/** `1 / (v ((x - m)² / v + 1))` as `1 / ((x - m)² + v)`, whose square stays whole. */
export function divisorsIntoSums(report: Report, counts: NodeCounts): Procedure {
  return procedure({
    name: 'divisor into a sum',
    sound: 'real',
    root: 'mul',
    apply: (e, { graph }) => {
      if (e.kind !== 'mul' || e.factors.length > WIDEST) return undefined
      for (const sum of e.factors) {
        if (!sum.exponent.isInteger || !isOfQuotients(sum) || sum.base.operands.length > WIDEST) continue
        const monomials = monomialsOf(sum.base)
        for (const [base, power] of divisorsOf(monomials)) {
          const whole = graph.addAll(monomials.map((monomial) => monomialToExpr(graph, times(monomial, base, power)))) // prettier-ignore
          const own = e.factors.find((factor) => factor.base === base)?.exponent ?? ZERO
          const rest = e.factors.filter((factor) => factor !== sum && factor.base !== base)
          const left = graph.power(base, own.minus(power.times(sum.exponent)))
          const result = graph.mulAll([left, graph.power(whole, sum.exponent), ...powersOf(graph, rest)])
          if (!own.isInteger || !reads(counts, result, e)) continue
          if (!base.facts.nonzero) report(graph.apply('ne', [base, graph.zero]))
          return result
        }
      }
      return undefined
    },
  })
}

/** What terms are divided by, each with the highest of its powers. */
function divisorsOf(monomials: readonly Monomial[]): ReadonlyMap<Expr, Rational> {
  const found = new Map<Expr, Rational>()
  for (const { factors } of monomials)
    for (const { base, exponent } of factors) {
      const power = exponent.negate()
      if (power.isInteger && power.compare(found.get(base) ?? ZERO) > 0) found.set(base, power)
    }
  return found
}

function times({ coefficient, factors }: Monomial, base: Expr, power: Rational): Monomial {
  const at = factors.findIndex((factor) => factor.base === base && factor.exponent.isInteger)
  if (at < 0) return { coefficient, factors: [...factors, { base, exponent: power }] }
  return { coefficient, factors: factors.with(at, { base, exponent: factors[at].exponent.plus(power) }) }
}

const isOfQuotients = ({ base }: Factor): boolean =>
  base.kind === 'add' && base.terms.some(({ node }) => isDivided(node))

/** `√(1 - x²/a²)` as `√(a² - x²) / |a|`, whose modulus goes into a power of `a` beside it. */
function withRootsOfQuotients(graph: Graph, e: Mul): readonly Spelling[] {
  const conditions: Expr[] = []
  const sizes = new Map<Expr, Rational>()
  const rest: Expr[] = []
  const left: Factor[] = []
  for (const factor of e.factors) {
    const { base, exponent } = factor
    const fraction = exponent.d === 2n && isOfQuotients(factor) ? fractionOf(graph, base) : undefined
    const monomials = fraction ? monomialsOf(fraction.below) : []
    const [below] = monomials
    const hasRoot = (own: Factor): boolean => own.base.facts.low >= 0 || isEven(own)
    if (
      !fraction ||
      monomials.length !== 1 ||
      below.coefficient.isNegative ||
      !below.factors.every(hasRoot)
    ) {
      left.push(factor)
      continue
    }
    conditions.push(...fraction.conditions)
    rest.push(graph.power(fraction.above, exponent), graph.power(graph.num(below.coefficient), exponent.negate())) // prettier-ignore
    for (const own of below.factors) {
      const power = own.exponent.times(exponent).negate()
      sizes.set(own.base, (sizes.get(own.base) ?? ZERO).plus(power))
    }
  }
  if (left.length === e.factors.length) return []
  for (const factor of left) {
    const { base, exponent } = factor
    const size = base.facts.low >= 0 || isEven(factor) ? sizes.get(base) : undefined
    if (!size) rest.push(graph.power(base, exponent))
    else sizes.set(base, size.plus(exponent))
  }
  for (const [base, exponent] of sizes) {
    rest.push(graph.power(base.facts.low >= 0 ? base : graph.apply('abs', [base]), exponent))
    if (!exponent.isNegative && !base.facts.nonzero) conditions.push(graph.apply('ne', [base, graph.zero]))
  }
  return [{ expr: graph.mulAll(rest), conditions }]
}

const isEven = ({ exponent }: Factor): boolean => exponent.isInteger && exponent.n % 2n === 0n

/** Of what does not overflow next to what it is divided by. */
const PLAIN: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>(['log', 'log1p', 'log2', 'log10', 'sin', 'cos', 'atan', 'asin', 'acos', 'sigmoid', 'tanh', 'erf']) // prettier-ignore

const isRational = (e: Expr): boolean =>
  postorder([e]).every((part) => {
    const { kind } = part
    if (kind === 'apply') return PLAIN.has(part.operator)
    return kind === 'read' || kind === 'add' || kind === 'mul' || kind === 'num' || kind === 'constant'
  })

function* spellings(graph: Graph, e: Expr, counts: NodeCounts): Generator<Spelling> {
  yield { expr: collect(graph, e), conditions: [] }
  for (const expr of shapes(graph, e, true)) yield { expr, conditions: [] }
  if (e.operands.length > WIDEST || counts.of(e) > LONGEST) return
  if (mayFactor(e)) yield* fractionsOf(graph, e)
  const expanded = expand(graph, e)?.expr ?? e
  for (const expr of angleSpellings(graph, expanded)) {
    yield { expr, conditions: [] }
    yield* fractionsOf(graph, expr)
  }
  yield* angleFractions(graph, e, counts)
  const exponentials = inExponentials(graph, e)
  if (exponentials !== e) yield* fractionsOf(graph, exponentials)
}

/** `1 / (1 + e^-x)` for a sigmoid, and `e^x - 1` for expm1, among the factors and terms, where there are two such functions. */
function inExponentials(graph: Graph, e: Expr): Expr {
  if (
    !e.operands.some(
      (part) => isOfExponential(part) || (isSumOrProduct(part) && part.operands.some(isOfExponential)),
    )
  )
    return e
  const parts = postorder([e], isSumOrProduct).flatMap(({ operands }) => operands)
  const values = new Map<Expr, Expr>()
  let found = 0
  for (const part of new Set(parts)) {
    if (part.kind !== 'apply') continue
    if (part.operator === 'exp' || isOfExponential(part)) found++
    if (part.operator === 'expm1') values.set(part, graph.sub(graph.apply('exp', part.args), graph.one))
    if (part.operator === 'sigmoid') {
      const below = graph.add(graph.one, graph.apply('exp', [graph.neg(part.args[0])]))
      values.set(part, graph.power(below, MINUS_ONE))
    }
  }
  return values.size > 0 && found > 1 ? replaceNodes(graph, e, values) : e
}

const isSumOrProduct = ({ kind }: Expr): boolean => kind === 'add' || kind === 'mul'

const isOfExponential = (e: Expr): boolean =>
  e.kind === 'apply' && (e.operator === 'expm1' || e.operator === 'sigmoid')

/** A multiple of what is no sum or product, and `2x + 3y` with whole numbers that have no divisor in common: as most are that have many terms. */
function hasOneSpelling(e: Expr): boolean {
  if (e.kind !== 'add') return false
  const { constant, terms } = e
  if (terms.length === 1 && constant.isZero)
    return terms[0].node.kind !== 'add' && terms[0].node.kind !== 'mul'
  if (!terms.every(({ node }) => node.kind === 'read')) return false
  if (!terms.some(({ coefficient }) => !coefficient.isNegative)) return false
  return terms.reduce((unit, { coefficient }) => commonUnit(unit, coefficient.abs()), constant.abs()).isOne
}

/** Whether something stands in several places, so that it may be taken out or cancel, or a number alone may. */
function mayFactor(e: Expr): boolean {
  if (
    e.kind === 'add' &&
    e.terms.some(({ node, coefficient }) => !coefficient.abs().isOne || isQuotient(node))
  )
    return true
  const seen = new Set<Expr>()
  const pending = [...e.operands]
  let exponentials = 0
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.kind === 'num') continue
    if (next.kind === 'add' || next.kind === 'mul') {
      // A quotient in a divisor, whose parts change places.
      if (isQuotient(e) && isDivided(next)) return true // prettier-ignore
      if (next.operands.length <= WIDEST) pending.push(...next.operands)
    } else if (seen.has(next)) return true
    else seen.add(next)
    if (next.kind === 'apply' && next.operator === 'exp' && ++exponentials > 1) return true
    if (seen.size > WIDEST) return false
  }
  return false
}

/** Something divided by a sum: the sum may cancel once all stands over it. */
const isQuotient = (e: Expr): boolean =>
  e.kind === 'mul' && e.factors.some(({ base, exponent }) => base.kind === 'add' && exponent.isNegative)
