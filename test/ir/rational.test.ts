import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Rational } from '../../src/ir/rational.js'

const big = fc.oneof(
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
  fc.bigInt({ min: -20n, max: 20n }),
  fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
)
const rational = fc
  .tuple(
    big,
    big.filter((d) => d !== 0n),
  )
  .map(([n, d]) => Rational.of(n, d))
const double = fc.double({ noNaN: true, noDefaultInfinity: true })

/** The next number of larger or smaller magnitude. */
function neighbour(value: number, step: 1 | -1): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(step))
  return view.getFloat64(0)
}

describe('rational numbers', () => {
  test('obey the laws of a field', () => {
    fc.assert(
      fc.property(rational, rational, rational, (a, b, c) => {
        expect(a.plus(b).minus(b).equals(a)).toBe(true)
        expect(a.times(b.plus(c)).equals(a.times(b).plus(a.times(c)))).toBe(true)
        expect(a.plus(b.plus(c)).equals(a.plus(b).plus(c))).toBe(true)
        if (!b.isZero) expect(a.times(b).dividedBy(b).equals(a)).toBe(true)
      }),
    )
  })

  test('are in lowest terms, in order, and know their floor', () => {
    fc.assert(
      fc.property(rational, rational, fc.bigInt({ min: 1n, max: 10n ** 9n }), (a, b, k) => {
        expect(String(Rational.of(a.n * k, -a.d * k))).toBe(String(a.negate()))
        expect(Math.sign(a.compare(b))).toBe(a.minus(b).isZero ? 0 : a.minus(b).isNegative ? -1 : 1)
        const rest = a.minus(a.floor())
        expect(rest.isNegative || rest.compare(Rational.of(1)) >= 0).toBe(false)
      }),
    )
  })

  test('round once below the least normal number', () => {
    for (const value of [-1.143507021467348e-308, 5e-324, 2.2250738585072014e-308, 2.225073858507201e-308])
      expect(Rational.fromNumber(value).toNumber()).toBe(value)
  })

  test('hold every finite number of binary64 and give it back', () => {
    fc.assert(
      fc.property(double, (value) => {
        expect(Rational.fromNumber(value).toNumber()).toBe(value === 0 ? 0 : value)
      }),
      { examples: [[5e-324], [Number.MAX_VALUE], [0.1], [-0], [2.2250738585072014e-308]] },
    )
  })

  test('round to the nearest number of binary64', () => {
    fc.assert(
      fc.property(rational, (exact) => {
        const rounded = exact.toNumber()
        if (rounded === 0) return
        const distance = (value: number): Rational => exact.minus(ofDouble(value)).abs()
        for (const step of [1, -1] as const)
          expect(distance(rounded).compare(distance(neighbour(rounded, step)))).toBeLessThanOrEqual(0)
      }),
    )
  })
})

/** The exact value, not the shortest decimal. */
function ofDouble(value: number): Rational {
  let exponent = 0
  let mantissa = value
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2
    exponent++
  }
  return Rational.of(BigInt(mantissa), 2n ** BigInt(exponent))
}
