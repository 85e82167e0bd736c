/** The Laurent series of an expression in one of its leaves. */
import type { Apply, Expr } from '../../ir/expr.js'
import { postorder } from '../../ir/walk.js'
import type { OperatorName } from '../../ops/signatures.js'
import { ofGamma } from './gamma-series.js'
import * as fixed from './fixed.js'
import { lately, SeriesTable } from './series-table.js'
import { ONE, type Fixed } from './fixed.js'
import {
  add,
  constant,
  exp,
  integral,
  log,
  mul,
  power,
  scale,
  scaleFixed,
  sinCos,
  variable,
  type Series,
} from './power-series.js'

/** The nodes of `e` as series in `leaf - centre`, to that many terms before any cancel; absent where `e` is none. */
export function seriesOf(
  e: Expr,
  leaf: Expr,
  centre: Fixed,
  terms: number,
): ReadonlyMap<Expr, Series> | undefined {
  const found = aroundCentre(e, leaf, centre, terms)
  return found.has(e) ? found : undefined
}

/** Whether a few terms show that there is no series: what all of them cancel in may still be one. */
export function hasNoSeries(e: Expr, leaf: Expr, centre: Fixed, terms: number): boolean {
  const found = aroundCentre(e, leaf, centre, terms)
  return !found.has(e) && postorder([e]).every((part) => found.get(part)?.coefficients.length !== 0)
}

function aroundCentre(e: Expr, leaf: Expr, centre: Fixed, terms: number): ReadonlyMap<Expr, Series> {
  const table = lately.of(leaf, `${centre}:${terms}`)
  table.know(leaf, variable(centre, terms))
  return expand(e, table, terms)
}

/** The series of all parts that have one for positive `t`, from series in it that are known. */
export function seriesFrom(
  e: Expr,
  known: ReadonlyMap<Expr, Series>,
  terms: number,
  table = new SeriesTable(),
): ReadonlyMap<Expr, Series> {
  for (const [part, series] of known) table.know(part, series)
  return expand(e, table, terms, true)
}

/** The series of all parts that have one. */
function expand(e: Expr, table: SeriesTable, terms: number, isPositive = false): ReadonlyMap<Expr, Series> {
  const { found } = table
  const at = (part: Expr): Series => found.get(part) ?? constant(0n, terms)
  for (const node of postorder([e], (part) => !table.isKnown(part))) {
    const chosen = node.kind === 'apply' ? soleSpelling(node) : undefined
    const hasParts = chosen ? found.has(chosen) : node.operands.every((operand) => found.has(operand))
    const own = hasParts ? (chosen ? found.get(chosen) : ofNode(node, at, terms, isPositive)) : undefined
    table.know(node, own)
  }
  return found
}

/** `1 - tanh²` and another spelling of it, of which one is chosen: both are the same function. */
export const isSlopeOfTanh = ({ operator, args }: Apply): boolean => operator === 'select' && isBelow(args[0])

/** What a selection is wherever it is defined: one of two spellings of a function, or the arm besides one without value. */
export function soleSpelling(e: Apply): Expr | undefined {
  const [, arm, other] = e.args
  const isUndefined = e.operator === 'select' && other.kind === 'constant' && other.name === 'nan'
  return isUndefined || isSlopeOfTanh(e) ? arm : undefined
}

function isBelow(e: Expr): boolean {
  const size = e.kind === 'apply' && e.operator === 'lt' ? e.args[0] : undefined
  // A hyperbolic tangent that is known to be positive is its modulus.
  const value = size?.kind === 'apply' && size.operator === 'abs' ? size.args[0] : size
  return value?.kind === 'stop' && value.operand.kind === 'apply' && value.operand.operator === 'tanh'
}

function ofNode(e: Expr, at: (part: Expr) => Series, terms: number, isPositive: boolean): Series | undefined {
  switch (e.kind) {
    case 'num':
      return constant(fixed.ofRatio(e.value.n, e.value.d), terms)
    case 'constant':
      return e.name === 'pi' ? constant(fixed.PI, terms) : undefined
    case 'add': {
      let sum = constant(fixed.ofRatio(e.constant.n, e.constant.d), terms)
      for (const { node, coefficient } of e.terms)
        sum = add(sum, scale(coefficient.n, coefficient.d, at(node)))
      return sum
    }
    case 'mul': {
      let result: Series | undefined
      for (const { base, exponent } of e.factors) {
        const factor = power(at(base), exponent.n, exponent.d, isPositive)
        if (!factor) return undefined
        result = result ? mul(result, factor) : factor
      }
      return result
    }
    case 'apply':
      return (
        ofExprel(e, at, terms) ??
        ofSided(e.operator, e.args.map(at), isPositive) ??
        ofGammas(e, at, terms) ??
        ofOperator(e.operator, at(e.args[0]), terms, isPositive)
      )
    case 'stop':
      return at(e.operand)
    case 'read':
    case 'size':
    case 'index':
    case 'test':
    case 'guard':
      return undefined
  }
}

/** Functions that are others on the other side of a pole or a zero. */
function ofSided(operator: OperatorName, [u, v]: readonly Series[], isPositive: boolean): Series | undefined {
  const isSame = isPositive || u.lead % 2 === 0
  const [first] = u.coefficients
  if (operator === 'pow' && u.lead === 0 && u.coefficients.slice(1).every((c) => c === 0n)) {
    const base = log(u)
    return base && exp(mul(v, base))
  }
  if (operator === 'hypot') return power(add(mul(u, u), mul(v, v)), 1n, 2n, isPositive)
  if (operator === 'abs' && isSame && first !== undefined) return first < 0n ? scale(-1n, 1n, u) : u
  if (operator === 'sign' && (isPositive || u.lead === 0) && first !== undefined) return constant(first < 0n ? -ONE : ONE, u.coefficients.length) // prettier-ignore
  return undefined
}

/** lgamma, its derivatives, and differences `f(u + v) - f(u)` of these. */
function ofGammas({ operator, args }: Apply, at: (part: Expr) => Series, terms: number): Series | undefined {
  const [u, v] = args.slice(operator.startsWith('polygamma') ? 1 : 0).map(at)
  const order = orderOfGamma(operator, args[0])
  if (order === undefined) return undefined
  if (operator !== 'lgamma_difference' && operator !== 'polygamma_difference') return ofGamma(order, u, terms)
  const [above, below] = [add(u, v), u].map((argument) => ofGamma(order, argument, terms))
  return above && below && add(above, scale(-1n, 1n, below))
}

/** `(e^u - 1) / u` and its derivatives, by parts. */
function ofExprel(
  { operator, args: [order, argument] }: Apply,
  at: (part: Expr) => Series,
  terms: number,
): Series | undefined {
  if (operator !== 'exprel' || order.kind !== 'num') return undefined
  const [e, over] = [exp(at(argument)), power(at(argument), -1n, 1n)]
  if (!e || !over) return undefined
  let value = mul(add(e, constant(-ONE, terms)), over)
  for (let k = 1n; k <= order.value.n; k++) value = mul(add(e, scale(-k, 1n, value)), over)
  return value
}

function orderOfGamma(operator: OperatorName, first: Expr): number | undefined {
  switch (operator) {
    case 'lgamma':
    case 'lgamma_difference':
      return 0
    case 'digamma':
      return 1
    case 'polygamma':
    case 'polygamma_difference':
      return first.kind === 'num' && first.value.isInteger ? Number(first.value.n) + 1 : undefined
    default:
      return undefined
  }
}

/** `e^(-u²/2) / √(2π)`. */
function density(u: Series, terms: number): Series | undefined {
  const bell = exp(scale(-1n, 2n, mul(u, u)))
  const factor = fixed.quotient(fixed.BELL, fixed.ROOT_OF_2) >> 1n
  return bell && mul(constant(factor, terms), bell)
}

/** `acos(u)` and `asin(u)` of a `u` that is 1 or -1 where `t` is 0. */
function atEnd(operator: 'asin' | 'acos', u: Series, start: Fixed, terms: number): Series | undefined {
  const rest = add(constant(ONE, terms), scale(-1n, 1n, mul(u, u)))
  const slope = power(rest, -1n, 2n, true)
  const value = operator === 'acos' ? (start > 0n ? 0n : fixed.PI) : start > 0n ? fixed.PI >> 1n : -(fixed.PI >> 1n) // prettier-ignore
  return integral(u, operator === 'acos' ? slope && scale(-1n, 1n, slope) : slope, value)
}

function ofOperator(
  operator: OperatorName,
  u: Series,
  terms: number,
  isPositive: boolean,
): Series | undefined {
  const one = constant(ONE, terms)
  const negated = (a: Series): Series => scale(-1n, 1n, a)
  const half = (a: Series): Series => scale(1n, 2n, a)
  const inverse = (a: Series | undefined): Series | undefined => a && power(a, -1n, 1n)
  const sum = (a: Series | undefined, b: Series | undefined): Series | undefined => a && b && add(a, b)
  const times = (a: Series | undefined, b: Series | undefined): Series | undefined => a && b && mul(a, b)
  const difference = (a: Series | undefined, b: Series | undefined): Series | undefined =>
    a && b && add(a, negated(b))
  const square = (): Series => mul(u, u)
  const start: Fixed = u.lead === 0 ? u.coefficients[0] : 0n
  const ofExp = (f: (e: Series) => Series | undefined): Series | undefined => {
    const e = exp(u)
    return e && f(e)
  }
  const bell = (): Series | undefined => {
    const e = exp(negated(square()))
    return e && scaleFixed(fixed.BELL, e)
  }
  const ofErf = (): Series | undefined => integral(u, bell(), fixed.erf(start))
  switch (operator) {
    case 'exp':
      return exp(u)
    case 'expm1':
      return ofExp((e) => add(e, negated(one)))
    case 'log':
      return log(u)
    case 'log1p':
      return log(add(one, u))
    case 'sigmoid':
      return ofExp((e) => times(e, inverse(add(one, e))))
    case 'softplus':
      return ofExp((e) => log(add(one, e)))
    case 'log_sigmoid':
      return ofExp((e) => difference(u, log(add(one, e))))
    case 'log1mexp':
      return ofExp((e) => log(add(one, negated(e))))
    case 'logit':
      return difference(log(u), log(add(one, negated(u))))
    case 'sinh':
      return ofExp((e) => half(difference(e, inverse(e)) ?? one))
    case 'cosh':
      return ofExp((e) => half(sum(e, inverse(e)) ?? one))
    case 'tanh':
      return ofExp((e) => {
        const opposite = inverse(e)
        return times(difference(e, opposite), inverse(sum(e, opposite)))
      })
    case 'sin':
      return sinCos(u)?.[0]
    case 'cos':
      return sinCos(u)?.[1]
    case 'tan': {
      const both = sinCos(u)
      return both && times(both[0], inverse(both[1]))
    }
    case 'atan':
      return integral(u, inverse(add(one, square())), fixed.atan(start))
    case 'asin':
    case 'acos': {
      const rest = fixed.sqrt(ONE - fixed.product(start, start))
      if (rest === 0n) return isPositive ? atEnd(operator, u, start, terms) : undefined
      if (!rest) return undefined
      const asin = integral(u, power(add(one, negated(square())), -1n, 2n), fixed.atan(fixed.quotient(start, rest))) // prettier-ignore
      return operator === 'asin' ? asin : difference(constant(fixed.PI >> 1n, terms), asin)
    }
    case 'acosh': {
      const rest = fixed.sqrt(fixed.product(start, start) - ONE)
      if (start < ONE || rest === undefined || (rest === 0n && !isPositive)) return undefined
      return integral(u, power(add(square(), negated(one)), -1n, 2n, isPositive), fixed.log(start + rest))
    }
    case 'asinh': {
      const root = fixed.sqrt(ONE + fixed.product(start, start)) ?? ONE
      return integral(u, power(add(one, square()), -1n, 2n), fixed.log(start + root))
    }
    case 'atanh':
      return difference(log(add(one, u)) && half(log(add(one, u)) ?? one), log(add(one, negated(u))) && half(log(add(one, negated(u))) ?? one)) // prettier-ignore
    case 'erf':
      return ofErf()
    case 'erfc':
      return difference(one, ofErf())
    case 'gaussian':
      return exp(negated(square()))
    case 'normal_pdf':
      return density(u, terms)
    case 'normal_cdf': {
      const erf = fixed.erf(fixed.quotient(start, fixed.ROOT_OF_2))
      return integral(u, density(u, terms), erf === undefined ? undefined : (ONE + erf) >> 1n)
    }
    case 'erfcx':
      return times(exp(square()), difference(one, ofErf()))
    case 'log_erfc': {
      const rest = difference(one, ofErf())
      return rest && log(rest)
    }
    default:
      return undefined
  }
}
