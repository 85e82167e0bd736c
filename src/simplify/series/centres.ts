/** Points other than 0 next to which terms may cancel. */
import type { AppliedOperator, Expr } from '../../ir/expr.js'
import { gcdOf, ONE, Rational, ZERO } from '../../ir/rational.js'
import { postorder } from '../../ir/walk.js'
import { monomialsOf } from '../polynomial.js'

/** More are not looked at. */
const MOST = 3

/**
 * Zeros of logarithms, and of what is divided by: `(x - 1) / log(x)` has one of each, and they are the same. Polynomials that are wholes by
 * themselves are lost in rounding next to their zeros as well.
 */
export function centresOf(e: Expr, leaf: Expr): readonly Rational[] {
  const found = new Map<string, Rational>()
  const add = (centre: Rational | undefined): void => {
    if (!centre || centre.isZero || found.size >= MOST) return
    const x = centre.toNumber()
    if (leaf.facts.low < x && x < leaf.facts.high) found.set(String(centre), centre)
  }
  for (const node of postorder([e], (part) => part !== leaf)) {
    if (node.kind === 'apply' && node.operator === 'log') add(solved(node.args[0], leaf, ONE))
    if (node.kind === 'mul')
      for (const { base, exponent } of node.factors) {
        if (!exponent.isNegative) continue
        if (base.kind === 'add') zerosOf(base, leaf).forEach(add)
        if (base.kind === 'apply' && ZERO_AT_0.has(base.operator)) add(solved(base.args[0], leaf, ZERO))
      }
  }
  zerosOf(e, leaf).forEach(add)
  return [...found.values()]
}

const ZERO_AT_0: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>(['expm1', 'log1p', 'sin', 'tan', 'asin', 'atan', 'sinh', 'tanh', 'asinh', 'atanh', 'erf']) // prettier-ignore

/** Where `a x + b` is `value`. */
export function solved(e: Expr, leaf: Expr, value: Rational): Rational | undefined {
  const [rest, slope, ...more] = coefficientsOf(e, leaf) ?? []
  return slope === undefined || more.length > 0 ? undefined : value.minus(rest).dividedBy(slope)
}

// ── Polynomials ──────────────────────────────────────────────────────────────────────────────────────────────

/** Zeros of longer polynomials, or with larger whole coefficients, are not looked for. */
const HIGHEST = 6
const LARGEST = 10_000n
const MOST_CANDIDATES = 200

/** From the constant up, the last of them not 0; absent where it is no polynomial of the leaf. */
function coefficientsOf(e: Expr, leaf: Expr): readonly Rational[] | undefined {
  const found: Rational[] = []
  for (const { coefficient, factors } of monomialsOf(e)) {
    const [power, ...more] = factors
    if (more.length > 0 || (power && power.base !== leaf)) return undefined
    const exponent = power?.exponent ?? ZERO
    if (!exponent.isInteger || exponent.isNegative || Number(exponent.n) > HIGHEST) return undefined
    found[Number(exponent.n)] = coefficient
  }
  const all = Array.from(found, (coefficient) => coefficient ?? ZERO)
  // Terms `0 · x` are there where `x` may be infinite.
  return all.slice(0, all.findLastIndex((coefficient) => !coefficient.isZero) + 1)
}

/** Rational zeros: of whole coefficients the first is a multiple of the numerator, the last one of the denominator. */
function zerosOf(e: Expr, leaf: Expr): readonly Rational[] {
  const all = e.kind === 'add' ? coefficientsOf(e, leaf) : undefined
  // Zeros at 0 aside.
  const coefficients = all?.slice(all.findIndex((c) => !c.isZero))
  if (!coefficients || coefficients.length < 2) return []
  if (coefficients.length === 2) return [coefficients[0].dividedBy(coefficients[1]).negate()]
  const whole = coefficients.reduce((d, c) => d * (c.d / gcdOf(d, c.d)), 1n)
  const [first, last] = [coefficients[0], coefficients[coefficients.length - 1]].map((c) => c.abs().times(Rational.of(whole)).n) // prettier-ignore
  if (first > LARGEST || last > LARGEST) return []
  const [above, below] = [first, last].map((n) => divisorsOf(Number(n)))
  if (above.length * below.length > MOST_CANDIDATES) return []
  const isZero = (x: Rational): boolean =>
    coefficients.reduceRight((sum, c) => sum.times(x).plus(c), ZERO).isZero
  const sizes = above.flatMap((n) => below.map((d) => Rational.of(n, d)))
  return sizes.flatMap((x) => [x, x.negate()]).filter(isZero)
}

function divisorsOf(n: number): number[] {
  const found: number[] = []
  for (let d = 1; d <= n; d++) if (n % d === 0) found.push(d)
  return found
}
