/** Exact rational arithmetic for the coefficients and exponents of the IR. */

const absolute = (a: bigint): bigint => (a < 0n ? -a : a)

function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b]
  return a
}

/** The greatest common divisor, not negative. */
export function gcdOf(a: bigint, b: bigint): bigint {
  let [x, y] = [absolute(a), absolute(b)]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

const bitLength = (a: bigint): number => absolute(a).toString(16).length * 4

interface BigFraction {
  readonly n: bigint
  readonly d: bigint
}

/**
 * `n / d` in lowest terms with `d > 0`. Immutable. Nearly all are small: safe integers are kept as numbers, since arithmetic
 * on them is far faster than on bigints.
 */
export class Rational {
  private constructor(
    private readonly numerator: number,
    private readonly denominator: number,
    /** Where one of them is no safe integer. */
    private readonly big: BigFraction | undefined,
  ) {}

  static readonly zero = new Rational(0, 1, undefined)
  static readonly one = new Rational(1, 1, undefined)

  private static integer(n: number): Rational {
    // `-0` is no number of its own here.
    return n === 0 ? Rational.zero : n === 1 ? Rational.one : new Rational(n, 1, undefined)
  }

  /** Undefined unless both are safe integers and `d` is not 0. */
  private static small(n: number, d: number): Rational | undefined {
    if (!Number.isSafeInteger(n) || !Number.isSafeInteger(d) || d === 0) return undefined
    if (d === 1) return Rational.integer(n)
    const divisor = gcd(Math.abs(n), Math.abs(d)) * Math.sign(d)
    return d === divisor ? Rational.integer(n / d) : new Rational(n / divisor, d / divisor, undefined)
  }

  static of(n: bigint | number, d: bigint | number = 1): Rational {
    const small = typeof n === 'number' && typeof d === 'number' ? Rational.small(n, d) : undefined
    return small ?? Rational.ofBig(BigInt(n), BigInt(d))
  }

  private static ofBig(n: bigint, d: bigint): Rational {
    if (d === 0n) throw new RangeError('a rational number has no zero denominator')
    const divisor = gcdOf(n, d) * (d < 0n ? -1n : 1n)
    const big = { n: n / divisor, d: d / divisor }
    const numerator = Number(big.n)
    const denominator = Number(big.d)
    return Rational.small(numerator, denominator) ?? new Rational(numerator, denominator, big)
  }

  get n(): bigint {
    return this.big ? this.big.n : BigInt(this.numerator)
  }
  get d(): bigint {
    return this.big ? this.big.d : BigInt(this.denominator)
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
    return this.numerator === 0
  }
  get isOne(): boolean {
    return this.numerator === 1 && this.denominator === 1
  }
  get isMinusOne(): boolean {
    return this.numerator === -1 && this.denominator === 1
  }
  get isInteger(): boolean {
    return this.denominator === 1
  }
  get isNegative(): boolean {
    return this.numerator < 0
  }

  /** Worth folding exactly; beyond it arithmetic is left to floating point. */
  get isSmall(): boolean {
    return !this.big || bitLength(this.big.n) + bitLength(this.big.d) <= 2048
  }

  negate(): Rational {
    return this.big ? Rational.ofBig(-this.big.n, this.big.d) : Rational.of(-this.numerator, this.denominator)
  }
  abs(): Rational {
    return this.isNegative ? this.negate() : this
  }
  inverse(): Rational {
    return Rational.small(this.denominator, this.numerator) ?? Rational.ofBig(this.d, this.n)
  }
  plus(other: Rational): Rational {
    if (other.isZero) return this
    if (this.isZero) return other
    const a = this.numerator * other.denominator
    const b = other.numerator * this.denominator
    const areExact = Number.isSafeInteger(a) && Number.isSafeInteger(b)
    const small = areExact ? Rational.small(a + b, this.denominator * other.denominator) : undefined
    return small ?? Rational.ofBig(this.n * other.d + other.n * this.d, this.d * other.d)
  }
  minus(other: Rational): Rational {
    return this.plus(other.negate())
  }
  times(other: Rational): Rational {
    if (other.isOne) return this
    if (this.isOne) return other
    const small = Rational.small(this.numerator * other.numerator, this.denominator * other.denominator)
    return small ?? Rational.ofBig(this.n * other.n, this.d * other.d)
  }
  dividedBy(other: Rational): Rational {
    return other.isOne ? this : this.times(other.inverse())
  }
  floor(): Rational {
    const { n, d } = this
    const quotient = n / d
    return Rational.of(n < 0n && quotient * d !== n ? quotient - 1n : quotient)
  }
  compare(other: Rational): number {
    const difference = this.minus(other)
    return difference.isNegative ? -1 : difference.isZero ? 0 : 1
  }
  equals(other: Rational): boolean {
    if (this === other) return true
    if (this.numerator !== other.numerator || this.denominator !== other.denominator) return false
    return !this.big || (this.big.n === other.n && this.big.d === other.d)
  }

  /** A hash in 32 bits: of equal numbers equal. */
  get hash(): number {
    return (Math.imul(this.numerator, 31) + this.denominator) | 0
  }

  /** The nearest binary64 number. */
  toNumber(): number {
    if (!this.big) return this.numerator / this.denominator
    if (this.big.d === 1n) return this.numerator
    const { n, d } = this.big
    const tiny = absolute(n) << 1074n
    // Below 2^-1021 numbers are multiples of the least one: rounding to 53 bits first would round twice.
    if (tiny < d << 53n) {
      const floor = tiny / d
      const excess = 2n * (tiny % d) - d
      const isUp = excess > 0n || (excess === 0n && floor % 2n === 1n)
      return Number(isUp ? floor + 1n : floor) * (n < 0n ? -Number.MIN_VALUE : Number.MIN_VALUE)
    }
    // 64 significant bits with a sticky last bit round the same way as the exact quotient.
    const shift = BigInt(64 + bitLength(d) - bitLength(n))
    const scaled = shift >= 0n ? absolute(n) << shift : absolute(n)
    const divisor = shift >= 0n ? d : d << -shift
    let quotient = scaled / divisor
    if (quotient * divisor !== scaled) quotient |= 1n
    let result = Number(quotient)
    let exponent = -Number(shift)
    while (exponent < -1000) {
      result *= 2 ** -1000
      exponent += 1000
    }
    result *= 2 ** exponent
    return n < 0n ? -result : result
  }

  toString(): string {
    const [n, d] = this.big ? [this.big.n, this.big.d] : [this.numerator, this.denominator]
    return this.isInteger ? `${n}` : `${n}/${d}`
  }
}

export const ZERO = Rational.zero
export const ONE = Rational.one
export const MINUS_ONE = Rational.of(-1)
export const TWO = Rational.of(2)
export const HALF = Rational.of(1, 2)
