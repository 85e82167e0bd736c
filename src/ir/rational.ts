/** Exact rational arithmetic for the coefficients and exponents of the IR. */

const absolute = (a: bigint): bigint => (a < 0n ? -a : a)

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b]
  return a
}

const bitLength = (a: bigint): number => absolute(a).toString(16).length * 4

/** `n / d` in lowest terms with `d > 0`. Immutable. */
export class Rational {
  readonly n: bigint
  readonly d: bigint

  private constructor(n: bigint, d: bigint) {
    this.n = n
    this.d = d
  }

  static of(n: bigint | number, d: bigint | number = 1n): Rational {
    let numerator = BigInt(n)
    let denominator = BigInt(d)
    if (denominator === 0n) throw new RangeError('a rational number has no zero denominator')
    if (denominator === 1n) return new Rational(numerator, 1n)
    if (denominator < 0n) {
      numerator = -numerator
      denominator = -denominator
    }
    const divisor = gcd(absolute(numerator), denominator)
    return new Rational(numerator / divisor, denominator / divisor)
  }

  /** The exact value of a decimal literal: `.5`, `1e-5`, `12.75`. */
  static parse(text: string): Rational {
    const match = /^(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text)
    if (!match || match[1] + match[2] === '') throw new RangeError(`not a decimal number: '${text}'`)
    const digits = BigInt(match[1] + match[2])
    const exponent = Number(match[3] ?? 0) - match[2].length
    // Beyond binary64 by far: the literal is zero or infinite for every use, and the digits would not end.
    if (Math.abs(exponent) > 5000) throw new RangeError(`out of range: '${text}'`)
    return exponent >= 0
      ? Rational.of(digits * 10n ** BigInt(exponent))
      : Rational.of(digits, 10n ** BigInt(-exponent))
  }

  /** The exact value of a finite binary64 number, as the shortest decimal that denotes it. */
  static fromNumber(value: number): Rational {
    if (Number.isSafeInteger(value)) return Rational.of(value)
    if (!Number.isFinite(value)) throw new RangeError(`not a finite number: ${value}`)
    const magnitude = Rational.parse(String(Math.abs(value)))
    return value < 0 ? magnitude.negate() : magnitude
  }

  get isZero(): boolean {
    return this.n === 0n
  }
  get isOne(): boolean {
    return this.n === 1n && this.d === 1n
  }
  get isMinusOne(): boolean {
    return this.n === -1n && this.d === 1n
  }
  get isInteger(): boolean {
    return this.d === 1n
  }
  get isNegative(): boolean {
    return this.n < 0n
  }

  /** Worth folding exactly; beyond it arithmetic is left to floating point. */
  get isSmall(): boolean {
    return bitLength(this.n) + bitLength(this.d) <= 2048
  }

  negate(): Rational {
    return new Rational(-this.n, this.d)
  }
  abs(): Rational {
    return this.n < 0n ? this.negate() : this
  }
  inverse(): Rational {
    return Rational.of(this.d, this.n)
  }
  plus(other: Rational): Rational {
    if (this.d === 1n && other.d === 1n) return new Rational(this.n + other.n, 1n)
    return Rational.of(this.n * other.d + other.n * this.d, this.d * other.d)
  }
  minus(other: Rational): Rational {
    return this.plus(other.negate())
  }
  times(other: Rational): Rational {
    if (this.d === 1n && other.d === 1n) return new Rational(this.n * other.n, 1n)
    return Rational.of(this.n * other.n, this.d * other.d)
  }
  dividedBy(other: Rational): Rational {
    return Rational.of(this.n * other.d, this.d * other.n)
  }
  floor(): Rational {
    const quotient = this.n / this.d
    return new Rational(this.n < 0n && quotient * this.d !== this.n ? quotient - 1n : quotient, 1n)
  }
  compare(other: Rational): number {
    const difference = this.n * other.d - other.n * this.d
    return difference < 0n ? -1 : difference > 0n ? 1 : 0
  }
  equals(other: Rational): boolean {
    return this.n === other.n && this.d === other.d
  }

  /** The nearest binary64 number. */
  toNumber(): number {
    const n = Number(this.n)
    const d = Number(this.d)
    if (Number.isSafeInteger(n) && Number.isSafeInteger(d)) return n / d
    if (this.d === 1n) return n
    // 64 significant bits with a sticky last bit round the same way as the exact quotient.
    const shift = BigInt(64 + bitLength(this.d) - bitLength(this.n))
    const scaled = shift >= 0n ? absolute(this.n) << shift : absolute(this.n)
    const divisor = shift >= 0n ? this.d : this.d << -shift
    let quotient = scaled / divisor
    if (quotient * divisor !== scaled) quotient |= 1n
    let result = Number(quotient)
    let exponent = -Number(shift)
    while (exponent < -1000) {
      result *= 2 ** -1000
      exponent += 1000
    }
    result *= 2 ** exponent
    return this.n < 0n ? -result : result
  }

  toString(): string {
    return this.d === 1n ? String(this.n) : `${this.n}/${this.d}`
  }
}

export const ZERO = Rational.of(0)
export const ONE = Rational.of(1)
export const MINUS_ONE = Rational.of(-1)
export const HALF = Rational.of(1, 2)
