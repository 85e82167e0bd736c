import type { Rational } from '../ir/rational.js'

/** `x ^ exponent` as straight code computes it: small whole powers by multiplication, halves by roots. */
export function powerOf(x: number, exponent: Rational): number {
  if (exponent.isNegative) return 1 / powerOf(x, exponent.negate())
  if (exponent.d === 2n && exponent.n <= 3n) return exponent.n === 1n ? Math.sqrt(x) : x * Math.sqrt(x)
  if (!exponent.isInteger || exponent.n > 4n) return x ** exponent.toNumber()
  const square = x * x
  if (exponent.n === 2n) return square
  if (exponent.n === 3n) return square * x
  return exponent.n === 4n ? square * square : x
}

/** `coefficient · x`: a reciprocal divides, which rounds once. */
export function scaled(coefficient: Rational, x: number): number {
  const { n, d } = coefficient
  if (d !== 1n && (n === 1n || n === -1n)) return n === 1n ? x / Number(d) : -x / Number(d)
  return coefficient.toNumber() * x
}
