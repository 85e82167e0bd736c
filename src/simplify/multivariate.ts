/**
 * Polynomials in numbered variables with rational coefficients, as polynomials in the last variable whose coefficients are
 * polynomials in those before: greatest common divisors and factors. Work beyond a limit is given up.
 */
import { gcdOf, MINUS_ONE, ONE, Rational, ZERO } from '../ir/rational.js'
import { wholeRoot } from '../ir/integers.js'

/** A number, or `Σ coefficients[k] · variable^k`: of degree at least 1, the last coefficient not 0. */
export type Poly = Rational | Powers

interface Powers {
  readonly variable: number
  readonly coefficients: readonly Poly[]
}

export interface PolyFactor {
  readonly poly: Poly
  readonly multiplicity: number
}

/** Multiplications of coefficients that may be spent before results no longer count. */
const WORK = 4000
/** The largest constant and leading coefficient whose divisors are tried as roots. */
const LARGEST_ROOT = 10_000n

const isNumber = (p: Poly): p is Rational => p instanceof Rational
export const isZero = (p: Poly): boolean => isNumber(p) && p.isZero

export class Polynomials {
  private work = 0

  /** Whether the limit was reached: results do not count then. */
  get isExhausted(): boolean {
    return this.work > WORK
  }

  variable(number: number): Poly {
    return { variable: number, coefficients: [ZERO, ONE] }
  }

  private of(variable: number, coefficients: readonly Poly[]): Poly {
    let length = coefficients.length
    while (length > 0 && isZero(coefficients[length - 1])) length--
    if (length === 0) return ZERO
    return length === 1 ? coefficients[0] : { variable, coefficients: coefficients.slice(0, length) }
  }

  add(a: Poly, b: Poly): Poly {
    if (isZero(a)) return b
    if (isZero(b)) return a
    if (isNumber(a) && isNumber(b)) return a.plus(b)
    const variable = this.last(a, b)
    const [x, y] = [coefficientsIn(a, variable), coefficientsIn(b, variable)]
    const length = Math.max(x.length, y.length)
    return this.of(
      variable,
      Array.from({ length }, (_, k) => this.add(x[k] ?? ZERO, y[k] ?? ZERO)),
    )
  }

  subtract(a: Poly, b: Poly): Poly {
    return this.add(a, this.multiply(MINUS_ONE, b))
  }

  multiply(a: Poly, b: Poly): Poly {
    if (isZero(a) || isZero(b) || this.isExhausted) return ZERO
    if (isNumber(a) && isNumber(b)) {
      this.work++
      return a.times(b)
    }
    if (isNumber(a) && a.isOne) return b
    if (isNumber(b) && b.isOne) return a
    const variable = this.last(a, b)
    if (isNumber(a) || a.variable < variable) return this.scaled(b, a, variable)
    if (isNumber(b) || b.variable < variable) return this.scaled(a, b, variable)
    const product: Poly[] = Array.from(
      { length: a.coefficients.length + b.coefficients.length - 1 },
      () => ZERO,
    )
    for (const [i, p] of a.coefficients.entries()) {
      // High powers of several variables are mostly gaps.
      if (isZero(p)) continue
      for (const [j, q] of b.coefficients.entries())
        if (!isZero(q)) product[i + j] = this.add(product[i + j], this.multiply(p, q))
    }
    return this.of(variable, product)
  }

  /** Times what is without the variable. */
  private scaled(p: Poly, by: Poly, variable: number): Poly {
    return this.of(
      variable,
      coefficientsIn(p, variable).map((coefficient) => this.multiply(by, coefficient)),
    )
  }

  power(a: Poly, exponent: number): Poly {
    let result: Poly = ONE
    for (let count = 0; count < exponent; count++) result = this.multiply(result, a)
    return result
  }

  /** `a / b` if that leaves no remainder. */
  divide(a: Poly, b: Poly): Poly | undefined {
    if (isZero(b) || this.isExhausted) return undefined
    if (isZero(a)) return ZERO
    if (isNumber(b)) return this.multiply(a, b.inverse())
    if (isNumber(a) || a.variable < b.variable) return undefined
    const { variable } = a
    const rest = [...a.coefficients]
    const divisor = coefficientsIn(b, variable)
    const quotient: Poly[] = []
    for (let at = rest.length - divisor.length; at >= 0; at--) {
      const digit = this.divide(rest[at + divisor.length - 1], divisor[divisor.length - 1])
      if (digit === undefined) return undefined
      quotient[at] = digit
      for (const [k, coefficient] of divisor.entries())
        rest[at + k] = this.subtract(rest[at + k], this.multiply(digit, coefficient))
    }
    return rest.every(isZero) && !this.isExhausted ? this.of(variable, quotient) : undefined
  }

  /** The greatest common divisor, primitive: 1 where there is none but numbers. */
  gcd(a: Poly, b: Poly): Poly {
    if (isZero(a)) return this.primitive(b)
    if (isZero(b)) return this.primitive(a)
    if (isNumber(a) || isNumber(b) || this.isExhausted) return ONE
    if (a.variable < b.variable) return this.gcd(a, this.content(b))
    if (b.variable < a.variable) return this.gcd(this.content(a), b)
    const [contentOfA, contentOfB] = [this.content(a), this.content(b)]
    const content = this.gcd(contentOfA, contentOfB)
    let p = this.divide(a, contentOfA) ?? ONE
    let q = this.divide(b, contentOfB) ?? ONE
    if (degreeIn(p, a.variable) < degreeIn(q, a.variable)) [p, q] = [q, p]
    while (!isZero(q)) {
      if (degreeIn(q, a.variable) === 0) return this.primitive(content)
      const rest = this.remainder(p, q, a.variable)
      p = q
      q = isZero(rest) ? ZERO : this.primitivePart(rest, a.variable)
      if (this.isExhausted) return ONE
    }
    return this.primitive(this.multiply(content, this.primitivePart(p, a.variable)))
  }

  /** What all coefficients of the last variable have in common. */
  private content(p: Powers): Poly {
    return p.coefficients.reduce((common: Poly, coefficient) => this.gcd(common, coefficient), ZERO)
  }

  private primitivePart(p: Poly, variable: number): Poly {
    if (isNumber(p) || p.variable !== variable) return ONE
    return this.primitive(this.divide(p, this.content(p)) ?? ONE)
  }

  /** With whole coefficients that share no divisor, the leading one positive. */
  primitive(p: Poly): Poly {
    const scale = numericContent(p)
    return scale.isZero || scale.isOne ? p : this.multiply(p, scale.inverse())
  }

  /** The remainder of `lead^k p` divided by `q`, which needs no fractions. */
  private remainder(p: Poly, q: Poly, variable: number): Poly {
    const divisor = coefficientsIn(q, variable)
    const lead = divisor[divisor.length - 1]
    let rest = p
    while (!isZero(rest) && degreeIn(rest, variable) >= divisor.length - 1 && !this.isExhausted) {
      const coefficients = coefficientsIn(rest, variable)
      const shift = coefficients.length - divisor.length
      const shifted = [...Array.from({ length: shift }, () => ZERO), ...divisor]
      const factor = coefficients[coefficients.length - 1]
      rest = this.subtract(this.multiply(lead, rest), this.multiply(factor, this.of(variable, shifted)))
    }
    return rest
  }

  private derivative({ variable, coefficients }: Powers): Poly {
    return this.of(
      variable,
      coefficients.slice(1).map((coefficient, k) => this.multiply(Rational.of(k + 1), coefficient)),
    )
  }

  // ── Factors ──────────────────────────────────────────────────────────────────────────────────────────────

  /** `p` is the number times the product of the powers. */
  factor(p: Poly): { readonly scale: Rational; readonly factors: readonly PolyFactor[] } {
    const factors: PolyFactor[] = []
    const pending: PolyFactor[] = [{ poly: this.primitive(p), multiplicity: 1 }]
    for (let next = pending.pop(); next; next = pending.pop()) {
      const { poly, multiplicity } = next
      if (isNumber(poly)) continue
      const content = this.content(poly)
      pending.push({ poly: content, multiplicity })
      const part = this.primitive(this.divide(poly, content) ?? ONE)
      for (const { poly: free, multiplicity: count } of this.squareFree(part))
        for (const split of this.split(free))
          factors.push({ poly: split, multiplicity: multiplicity * count })
    }
    return { scale: numericContent(p), factors }
  }

  /** Yun: factors that occur once, twice, … */
  private squareFree(p: Poly): PolyFactor[] {
    if (isNumber(p)) return []
    const derivative = this.derivative(p)
    const common = this.gcd(p, derivative)
    let b = this.divide(p, common)
    let c = this.divide(derivative, common)
    const found: PolyFactor[] = []
    for (let multiplicity = 1; b !== undefined && c !== undefined && !isNumber(b); multiplicity++) {
      const d: Poly = b.variable === p.variable ? this.subtract(c, this.derivative(b)) : c
      const factor = this.gcd(b, d)
      if (!isNumber(factor)) found.push({ poly: factor, multiplicity })
      b = this.divide(b, factor)
      c = this.divide(d, factor)
      if (this.isExhausted) return [{ poly: p, multiplicity: 1 }]
    }
    return found
  }

  /** Linear factors of polynomials in one variable, and of quadratic ones in several. */
  private split(p: Poly): Poly[] {
    if (isNumber(p)) return []
    if (p.coefficients.every(isNumber)) return this.splitRoots(p)
    if (p.coefficients.length !== 3) return [p]
    const [c, b, a] = p.coefficients
    const discriminant = this.subtract(
      this.multiply(b, b),
      this.multiply(Rational.of(4), this.multiply(a, c)),
    )
    const root = this.squareRoot(discriminant)
    if (root === undefined) return [p]
    const x = this.variable(p.variable)
    const twice = this.multiply(Rational.of(2), this.multiply(a, x))
    const linear = this.primitivePart(this.add(twice, this.subtract(b, root)), p.variable)
    const other = this.divide(p, linear)
    return other === undefined ? [p] : [linear, this.primitive(other)]
  }

  private squareRoot(p: Poly): Poly | undefined {
    if (isZero(p)) return ZERO
    const scale = numericContent(p)
    const [n, d] = [wholeRoot(scale.n), wholeRoot(scale.d)]
    if (n === undefined || d === undefined) return undefined
    let root: Poly = Rational.of(n, d)
    const rest = this.primitive(p)
    if (isNumber(rest)) return root
    const content = this.squareRoot(this.content(rest))
    if (content === undefined) return undefined
    root = this.multiply(root, content)
    for (const { poly, multiplicity } of this.squareFree(this.primitivePart(rest, rest.variable))) {
      if (multiplicity % 2 !== 0) return undefined
      root = this.multiply(root, this.power(poly, multiplicity / 2))
    }
    const square = this.multiply(root, root)
    return isZero(this.subtract(square, p)) && !this.isExhausted ? root : undefined
  }

  private splitRoots(p: Powers): Poly[] {
    const found: Poly[] = []
    let rest: Poly = p
    while (!isNumber(rest) && rest.coefficients.length > 2) {
      const linear = this.linearFactor(rest)
      const quotient: Poly | undefined = linear && this.divide(rest, linear)
      if (!linear || quotient === undefined) break
      found.push(linear)
      rest = this.primitive(quotient)
    }
    return isNumber(rest) ? found : [...found, rest]
  }

  private linearFactor({ variable, coefficients }: Powers): Poly | undefined {
    const numbers = coefficients.filter(isNumber)
    const [constant, lead] = [numbers[0], numbers[numbers.length - 1]]
    if (constant.isZero) return this.variable(variable)
    for (const n of divisorsOf(constant.n))
      for (const d of divisorsOf(lead.n))
        for (const root of [Rational.of(n, d), Rational.of(-n, d)]) {
          const value = numbers.reduceRight((sum, coefficient) => sum.times(root).plus(coefficient), ZERO)
          if (value.isZero) return this.of(variable, [Rational.of(-root.n), Rational.of(root.d)])
        }
    return undefined
  }

  private last(a: Poly, b: Poly): number {
    return Math.max(isNumber(a) ? -1 : a.variable, isNumber(b) ? -1 : b.variable)
  }
}

const coefficientsIn = (p: Poly, variable: number): readonly Poly[] =>
  isNumber(p) || p.variable !== variable ? [p] : p.coefficients

const degreeIn = (p: Poly, variable: number): number => coefficientsIn(p, variable).length - 1

export interface PolyTerm {
  readonly coefficient: Rational
  readonly exponents: ReadonlyMap<number, number>
}

/** The terms, written out. */
export function termsOf(p: Poly): PolyTerm[] {
  const terms: PolyTerm[] = []
  const collect = (part: Poly, outer: readonly (readonly [number, number])[]): void => {
    if (!isNumber(part))
      for (const [k, coefficient] of part.coefficients.entries())
        collect(coefficient, k === 0 ? outer : [[part.variable, k], ...outer])
    else if (!part.isZero) terms.push({ coefficient: part, exponents: new Map(outer) })
  }
  collect(p, [])
  return terms
}

/** The numbers that stand before the terms. */
function numbersIn(p: Poly): Rational[] {
  if (isNumber(p)) return p.isZero ? [] : [p]
  return p.coefficients.flatMap(numbersIn)
}

/** The number that a polynomial is the multiple of a primitive one by. */
function numericContent(p: Poly): Rational {
  const coefficients = numbersIn(p)
  if (coefficients.length === 0) return ZERO
  const n = coefficients.reduce((common, coefficient) => gcdOf(common, coefficient.n), 0n)
  const d = coefficients.reduce((common, { d: own }) => (common / gcdOf(common, own)) * own, 1n)
  const content = Rational.of(n, d)
  return coefficients[coefficients.length - 1].isNegative ? content.negate() : content
}

function divisorsOf(value: bigint): bigint[] {
  const n = value < 0n ? -value : value
  if (n > LARGEST_ROOT) return []
  const found: bigint[] = []
  for (let k = 1n; k * k <= n; k++) if (n % k === 0n) found.push(k, n / k)
  return found
}
