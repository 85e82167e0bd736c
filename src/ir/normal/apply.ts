import type { OperatorName } from '../../ops/signatures.js'
import type { Builder } from '../builder.js'
import type { Expr } from '../expr.js'
import { HALF, MINUS_ONE, ONE, Rational } from '../rational.js'
import { conjuncts, isFalse, isTrue } from './condition.js'

/** Values at 0 that are exact, so that substitution of constants folds. */
const AT_ZERO: Partial<Record<OperatorName, Rational>> = {
  exp: ONE, expm1: Rational.of(0), log1p: Rational.of(0), sigmoid: HALF,
  sin: Rational.of(0), cos: ONE, tan: Rational.of(0), asin: Rational.of(0), atan: Rational.of(0),
  sinh: Rational.of(0), cosh: ONE, tanh: Rational.of(0), asinh: Rational.of(0), atanh: Rational.of(0),
  erf: Rational.of(0), erfc: ONE, erfcx: ONE, normal_cdf: HALF, cbrt: Rational.of(0),
} // prettier-ignore

/** Exact results for rational arguments. */
const EXACT: Partial<Record<OperatorName, (x: Rational, y: Rational, z: Rational) => Rational | undefined>> =
  {
    abs: (x) => x.abs(),
    sign: (x) => Rational.of(x.isZero ? 0 : x.isNegative ? -1 : 1),
    floor: (x) => x.floor(),
    ceil: (x) => x.negate().floor().negate(),
    round: (x) => x.plus(HALF).floor(),
    trunc: (x) => (x.isNegative ? x.negate().floor().negate() : x.floor()),
    relu: (x) => (x.isNegative ? Rational.of(0) : x),
    min: (x, y) => (x.compare(y) <= 0 ? x : y),
    max: (x, y) => (x.compare(y) >= 0 ? x : y),
    clamp: (x, low, high) => (x.compare(low) < 0 ? low : x.compare(high) > 0 ? high : x),
    mod: (x, y) => (y.isZero ? undefined : x.minus(y.times(x.dividedBy(y).floor()))),
    idiv: (x, y) => (y.isZero ? undefined : x.dividedBy(y).floor()),
    lt: (x, y) => (x.compare(y) < 0 ? ONE : Rational.of(0)),
    le: (x, y) => (x.compare(y) <= 0 ? ONE : Rational.of(0)),
    eq: (x, y) => (x.equals(y) ? ONE : Rational.of(0)),
    ne: (x, y) => (x.equals(y) ? Rational.of(0) : ONE),
  }

/** Any operator of the table in normal form: arithmetic becomes sums and products, tests of whole numbers become `Test`s. */
export function normalApply(b: Builder, operator: OperatorName, args: readonly Expr[]): Expr {
  const [x, y, z] = args
  switch (operator) {
    case 'add':
      return b.add(x, y)
    case 'sub':
      return b.sub(x, y)
    case 'mul':
      return b.mul(x, y)
    case 'div':
      return b.div(x, y)
    case 'neg':
      return b.scale(MINUS_ONE, x)
    case 'pow':
      return y.kind === 'num' ? b.power(x, y.value) : generalPower(b, x, y)
    case 'sqrt':
      return b.power(x, HALF)
    case 'gt':
      return b.apply('lt', [y, x])
    case 'ge':
      return b.apply('le', [y, x])
    case 'not':
      return b.not(x)
    case 'and':
      return b.and([x, y])
    case 'or':
      return disjunction(b, x, y)
    case 'select':
      return selection(b, x, y, z)
    case 'lt':
    case 'le':
    case 'eq':
    case 'ne':
      return comparison(b, operator, x, y)
    case 'floor':
    case 'ceil':
    case 'round':
    case 'trunc':
      if (x.integer) return x
      break
    case 'idiv':
    case 'mod':
      if (x.integer && y.integer) return division(b, operator, x, y)
      break
    default:
  }
  return folded(b, operator, args) ?? b.internApply(operator, args)
}

function folded(b: Builder, operator: OperatorName, args: readonly Expr[]): Expr | undefined {
  const values: Rational[] = []
  for (const arg of args) {
    if (arg.kind !== 'num') return undefined
    values.push(arg.value)
  }
  const zero = AT_ZERO[operator]
  if (zero && values[0].isZero) return b.num(zero)
  if ((operator === 'log' || operator === 'acosh') && values[0].isOne) return b.zero
  const exact = EXACT[operator]?.(values[0], values[1] ?? ONE, values[2] ?? ONE)
  return exact && b.num(exact)
}

function generalPower(b: Builder, base: Expr, exponent: Expr): Expr {
  if (base.kind === 'num' && base.value.isOne && exponent.facts.finite) return b.one
  return b.internApply('pow', [base, exponent])
}

function disjunction(b: Builder, x: Expr, y: Expr): Expr {
  if (isTrue(x) || isFalse(y) || x === y) return x
  if (isTrue(y) || isFalse(x)) return y
  return b.internApply(
    'or',
    x.skeleton < y.skeleton || (x.skeleton === y.skeleton && x.id < y.id) ? [x, y] : [y, x],
  )
}

function selection(b: Builder, condition: Expr, consequent: Expr, alternate: Expr): Expr {
  if (isTrue(condition)) return consequent
  if (isFalse(condition)) return alternate
  if (consequent === alternate && condition.facts.finite) return consequent
  if (alternate === b.zero) return b.guard(conjuncts(condition), consequent)
  if (consequent === b.zero) return b.guard([b.not(condition)], alternate)
  return b.internApply('select', [condition, consequent, alternate])
}

function comparison(b: Builder, operator: 'lt' | 'le' | 'eq' | 'ne', x: Expr, y: Expr): Expr {
  if (x.integer && y.integer) {
    const difference = b.sub(y, x)
    switch (operator) {
      case 'lt':
        return b.ge0(b.add(difference, b.num(-1)))
      case 'le':
        return b.ge0(difference)
      case 'eq':
        return b.eq0(difference)
      case 'ne':
        return b.not(b.eq0(difference))
    }
  }
  return folded(b, operator, [x, y]) ?? b.internApply(operator, [x, y])
}

/** Floor division and remainder of polynomials: what the divisor divides leaves, `0 <= r < c` vanishes. */
function division(b: Builder, operator: 'idiv' | 'mod', x: Expr, divisor: Expr): Expr {
  if (divisor === b.one) return operator === 'idiv' ? x : b.zero
  const exact = folded(b, operator, [x, divisor])
  if (exact) return exact
  if (divisor === b.zero) return b.internApply(operator, [x, divisor])
  const terms = x.kind === 'add' ? x.terms : [{ node: x, coefficient: ONE }]
  const quotients: Expr[] = []
  const rest: Expr[] = x.kind === 'add' ? [b.num(x.constant)] : []
  if (divisor.kind === 'num' && x.kind === 'add') {
    const whole = x.constant.dividedBy(divisor.value).floor()
    quotients.push(b.num(whole))
    rest[0] = b.num(x.constant.minus(whole.times(divisor.value)))
  }
  for (const { node, coefficient } of terms) {
    const term = b.scale(coefficient, node)
    const quotient = b.div(term, divisor)
    // The quotient is whole exactly if the divisor cancelled: sizes are proven non-zero.
    if (divisor.facts.nonzero && quotient.integer) quotients.push(quotient)
    else rest.push(term)
  }
  const remainder = b.addAll(rest)
  const whole = b.addAll(quotients)
  const small =
    remainder.facts.low >= 0 &&
    (b.sub(b.sub(divisor, remainder), b.one).facts.low >= 0 || isIndexBelow(remainder, divisor))
  if (small) return operator === 'idiv' ? whole : remainder
  if (quotients.length === 0 || whole === b.zero) return b.internApply(operator, [x, divisor])
  return operator === 'idiv'
    ? b.add(whole, b.apply('idiv', [remainder, divisor]))
    : b.apply('mod', [remainder, divisor])
}

const isIndexBelow = (e: Expr, bound: Expr): boolean => e.kind === 'index' && e.extent === bound
