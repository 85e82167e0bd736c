/** Absolute values, roots of squares and roundings, for people. */
import type { Add, Expr, Factor, Term } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, Rational } from '../../ir/rational.js'
import { asTerm, factorsOf, powersOf, productWithout, summandsOf, withoutTerms } from '../../ir/term.js'
import { postorder } from '../../ir/walk.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import type { NodeCounts } from '../count.js'
import { domainOfOperator, domainOfPower } from '../domain.js'
import { fractionsOf, type Spelling } from '../fraction.js'
import type { Report } from './widen.js'

const WIDEST = 24
/** Longer sums are not read as fractions. */
const LONGEST = 60

/** Moduli of known signs are not yet without their bars. */
const isShorter = (counts: NodeCounts, result: Expr, e: Expr): boolean => counts.of(result) <= counts.of(e)
const EVEN = ['abs', 'cos', 'cosh'] as const
const STEPS = ['floor', 'ceil', 'round'] as const

export function moduli(report: Report, counts: NodeCounts): readonly Procedure[] {
  return [
    ...EVEN.map((operator) =>
      procedure({
        name: `${operator} of a difference`,
        sound: 'real',
        root: operator,
        apply: (e, { graph }) => {
          if (e.kind !== 'apply') return undefined
          const [x] = e.args
          if (x.kind !== 'add' || !x.terms[0].coefficient.isNegative) return undefined
          return graph.apply(operator, [graph.neg(x)])
        },
      }),
    ),
    ...(['floor', 'ceil'] as const).map((operator) =>
      procedure({
        name: `${operator} of -x`,
        sound: 'exact',
        root: operator,
        apply: (e, { graph }) => {
          if (e.kind !== 'apply') return undefined
          const [x] = e.args
          if (x.kind !== 'add' || !x.constant.isZero) return undefined
          if (!x.terms.every(({ coefficient }) => coefficient.isNegative)) return undefined
          return graph.neg(graph.apply(operator === 'floor' ? 'ceil' : 'floor', [graph.neg(x)]))
        },
      }),
    ),
    ...STEPS.map((operator) =>
      procedure({
        name: `${operator} of a shifted value`,
        sound: 'real',
        root: operator,
        apply: (e, { graph }) => {
          if (e.kind !== 'apply') return undefined
          const [x] = e.args
          return x.kind === 'add' ? shifted(graph, x, operator) : undefined
        },
      }),
    ),
    procedure({
      name: 'root of squares',
      sound: 'real',
      root: 'mul',
      apply: (e, { graph }) => {
        if (e.kind !== 'mul' || e.factors.length > WIDEST) return undefined
        for (const factor of e.factors) {
          if (factor.exponent.d !== 2n) continue
          const rest = e.factors.filter((other) => other !== factor)
          for (const { expr, conditions } of squaresIn(graph, counts, factor.base)) {
            const root = rootOfSquares(graph, expr)
            if (!root) continue
            const result = graph.mulAll([
              graph.power(root.modulus, Rational.of(factor.exponent.n)),
              graph.power(root.rest, factor.exponent),
              ...powersOf(graph, rest),
            ])
            if (!isShorter(counts, result, e)) continue
            for (const condition of conditions) report(condition)
            return result
          }
        }
        return undefined
      },
    }),
    procedure({
      name: 'root of a power',
      sound: 'real',
      root: 'mul',
      apply: (e, { graph }) => {
        if (e.kind !== 'mul' || e.factors.length > WIDEST) return undefined
        for (const factor of e.factors) {
          const { base, exponent } = factor
          if (exponent.isInteger || base.kind !== 'mul' || base.factors.length > 1) continue
          const [inner] = base.factors
          if (!inner.exponent.isInteger) continue
          const isEven = inner.exponent.n % 2n === 0n
          const root = isEven ? graph.apply('abs', [inner.base]) : inner.base
          const rest = productWithout(graph, e.factors, factor)
          const result = graph.mul(graph.power(root, inner.exponent.times(exponent)), rest)
          if (counts.of(result) >= counts.of(e)) continue
          const was = isEven ? inner : { base: inner.base, exponent }
          for (const condition of domainOfPower(graph, was)) report(condition)
          return result
        }
        return undefined
      },
    }),
    procedure({
      name: 'abs of a product',
      sound: 'real',
      root: 'abs',
      apply: (e, { graph }) => {
        if (e.kind !== 'apply') return undefined
        const { node, coefficient } = asTerm(e.args[0])
        const factors = factorsOf(node)
        if (factors.length > WIDEST) return undefined
        const powers = powersOf(graph, factors)
        const plain = powers.filter((power) => power.facts.low >= 0)
        if (plain.length === 0 && coefficient.abs().isOne) return undefined
        const signed = powers.filter((power) => !plain.includes(power))
        const result = graph.scale(coefficient.abs(), graph.mulAll([...plain, graph.apply('abs', [graph.mulAll(signed)])])) // prettier-ignore
        return isShorter(counts, result, e) ? result : undefined
      },
    }),
    procedure({
      name: 'abs of a reciprocal',
      sound: 'real',
      root: 'abs',
      apply: (e, { graph }) => {
        if (e.kind !== 'apply' || e.args[0].kind !== 'mul') return undefined
        const { factors } = e.args[0]
        if (factors.length > WIDEST || !factors.every(({ exponent }) => exponent.isNegative)) return undefined
        const below = factors.map(({ base, exponent }) => graph.power(base, exponent.negate()))
        return graph.power(graph.apply('abs', [graph.mulAll(below)]), ONE.negate())
      },
    }),
    procedure({
      name: 'even power and modulus',
      sound: 'real',
      root: 'mul',
      among: 'abs',
      apply: (e, { graph }) => {
        if (e.kind !== 'mul' || e.factors.length > WIDEST) return undefined
        for (const modulus of e.factors) {
          const { base, exponent } = modulus
          if (base.kind !== 'apply' || base.operator !== 'abs') continue
          const [x] = base.args
          const even = e.factors.find((other) => other.base === x && other.exponent.isInteger && other.exponent.n % 2n === 0n) // prettier-ignore
          if (!even) continue
          const total = exponent.plus(even.exponent)
          if (!x.facts.nonzero && (exponent.isNegative || even.exponent.isNegative) && !total.isNegative)
            report(graph.apply('ne', [x, graph.zero]))
          const rest = productWithout(graph, e.factors, modulus, even)
          return graph.mul(graph.power(base, total), rest)
        }
        return undefined
      },
    }),
    procedure({
      name: 'extreme from a modulus',
      sound: 'real',
      root: 'add',
      apply: (e, { graph }) => {
        if (e.kind !== 'add' || e.terms.length > WIDEST) return undefined
        const sum = distributed(graph, e)
        return sum.terms.map((term) => extreme(graph, sum, term)).find((each) => each && counts.of(each) < counts.of(e)) // prettier-ignore
      },
    }),
    procedure({
      name: 'asin + acos',
      sound: 'real',
      root: 'add',
      among: 'asin',
      apply: (e, { graph }) => {
        if (e.kind !== 'add' || e.terms.length > WIDEST) return undefined
        for (const first of e.terms) {
          if (first.node.kind !== 'apply' || first.node.operator !== 'asin') continue
          const other = graph.apply('acos', first.node.args)
          const second = e.terms.find(({ node }) => node === other)
          if (!second?.coefficient.equals(first.coefficient)) continue
          for (const condition of domainOfOperator(graph, 'asin', first.node.args) ?? []) report(condition)
          return graph.addAll([
            graph.scale(first.coefficient.times(HALF), graph.pi),
            withoutTerms(graph, e, [first, second]),
          ])
        }
        return undefined
      },
    }),
  ]
}

/** `floor(x + n) = floor(x) + n` for whole numbers `n`. */
function shifted(graph: Graph, x: Add, operator: (typeof STEPS)[number]): Expr | undefined {
  const whole = x.terms.filter(({ node, coefficient }) => node.integer && node.facts.finite && coefficient.isInteger) // prettier-ignore
  const constant = x.constant.floor()
  if (whole.length === 0 && constant.isZero) return undefined
  const shift = graph.addTerms(constant, whole)
  return graph.add(graph.apply(operator, [graph.sub(x, shift)]), shift)
}

/** Sums of quotients may be squares over one denominator: `1 - 4 x²/(x² + 1)²` is `(x² - 1)²/(x² + 1)²`. */
function squaresIn(graph: Graph, counts: NodeCounts, e: Expr): readonly Spelling[] {
  if (e.kind !== 'add' || counts.of(e) > LONGEST || !hasQuotient(e)) return [{ expr: e, conditions: [] }]
  return fractionsOf(graph, e)
}

const hasQuotient = (e: Expr): boolean =>
  postorder([e]).some(
    (node) => node.kind === 'mul' && node.factors.some(({ exponent }) => exponent.isNegative),
  )

/**
 * `|u|` and `v` for `u² v`. Where `v` may be negative, `u` must not be 0: the root of 0 is defined whatever `v` is.
 */
function rootOfSquares(graph: Graph, e: Expr): { readonly modulus: Expr; readonly rest: Expr } | undefined {
  const { node, coefficient } = asTerm(e)
  if (coefficient.isNegative || node.kind !== 'mul') return undefined
  const number = graph.power(graph.num(coefficient), HALF)
  const isSquare = ({ exponent }: Factor): boolean => exponent.isInteger && exponent.n % 2n === 0n
  const others = node.factors.filter((factor) => !isSquare(factor))
  const rest = graph.mulAll(powersOf(graph, others))
  const leaves = (factor: Factor): boolean => isSquare(factor) && (rest.facts.low >= 0 || factor.base.facts.nonzero) // prettier-ignore
  const squares = node.factors.filter(leaves)
  if (squares.length === 0) return undefined
  const stay = node.factors.filter((factor) => !squares.includes(factor))
  const roots = squares.map(({ base, exponent }) => graph.power(base, exponent.times(HALF)))
  const isPlain = number.kind === 'num'
  return {
    modulus: graph.mul(isPlain ? number : graph.one, graph.apply('abs', [graph.mulAll(roots)])),
    rest: graph.mulAll([graph.num(isPlain ? ONE : coefficient), ...powersOf(graph, stay)]),
  }
}

/** `(x + y) / 2` as `x / 2 + y / 2`. */
function distributed(graph: Graph, e: Add): Add {
  const [{ node, coefficient }] = e.terms
  if (e.terms.length > 1 || node.kind !== 'add') return e
  const terms = summandsOf(graph, node)
  const sum = graph.addAll([graph.num(e.constant), ...terms.map((term) => graph.scale(coefficient, term))])
  return sum.kind === 'add' ? sum : e
}

/** `a + c |u| = max(a + c u, a - c u)`; of a negative `c` the minimum. */
function extreme(graph: Graph, e: Add, term: Term): Expr | undefined {
  const { node, coefficient } = term
  if (node.kind !== 'apply' || node.operator !== 'abs' || coefficient.isZero) return undefined
  const [u] = node.args
  const rest = withoutTerms(graph, e, [term])
  const sides = [graph.add(rest, graph.scale(coefficient, u)), graph.sub(rest, graph.scale(coefficient, u))]
  return graph.apply(coefficient.isNegative ? 'min' : 'max', sides)
}
