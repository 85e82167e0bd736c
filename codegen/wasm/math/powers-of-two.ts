/** Exponents as whole numbers beside mantissas: what exponentials end with and logarithms begin with. */
import type { Arithmetic } from '../arithmetic.js'
import type { Code } from '../code.js'

/** Added to a small number it leaves no bits for a fraction: the sum holds the nearest whole number in its lowest bits. */
const ROUNDER = { single: 1.5 * 2 ** 23, double: 1.5 * 2 ** 52 }
const BIAS = { single: 127, double: 1023 }

export interface Nearest {
  /** The nearest whole number, as a number. */
  readonly n: Code
  /** In its lowest bits n and what was asked to be added. */
  readonly bits: Code
}

/** The whole number nearest to `x`; `offset` is a whole number that n is wanted with as bits. */
export function nearest(m: Arithmetic, x: Code, offset: number): Nearest {
  const rounder = m.number(m.of(ROUNDER) + offset)
  const sum = m.let(m.add(x, rounder), 'rounded')
  return { n: m.let(m.sub(sum, rounder), 'n'), bits: m.let(m.bitsOf(sum), 'bits') }
}

/** The offset of `powerOfTwo` for 2^(n + shift). */
export const biasOf = (m: Arithmetic, shift = 0): number => m.of(BIAS) + shift

/** 2^(n + shift) of bits with `biasOf(m, shift)`, where it is a normal number. */
export const powerOfTwo = (m: Arithmetic, bits: Code): Code => m.ofBits(m.left(bits, m.mantissa))

/** The offset of `scaled`. */
export const twiceBias = (m: Arithmetic): number => 2 * m.of(BIAS)

/**
 * a 2^n of bits with `twiceBias(m)`, rounded once where a is near 1, by two powers of two: for n of at most twice the largest exponent of a
 * number, and no less than minus that.
 */
export function scaled(m: Arithmetic, a: Code, bits: Code): Code {
  const one = m.bits({ single: 1, double: 1 })
  const below = m.ofBits(m.left(m.right(bits, 1), m.mantissa))
  const above = m.ofBits(m.left(m.right(m.addBits(bits, one), 1), m.mantissa))
  return m.mul(m.mul(a, below), above)
}

export interface Split {
  /** As a number. */
  readonly exponent: Code
  /** From √½ to √2. */
  readonly mantissa: Code
  /** 2^(1 - exponent), 0 instead of what is not normal. */
  readonly inverse: () => Code
}

/** √½, and what is between it and 1, as bits. */
const LOWEST = { single: 0x3f3504f3, double: 0x3fe6a09e * 2 ** 32 }
const BELOW_ONE = { single: 0x3f800000 - 0x3f3504f3, double: (0x3ff00000 - 0x3fe6a09e) * 2 ** 32 }
const MANTISSA = { single: 2 ** 23 - 1, double: 2 ** 52 - 1 }
/** A number with room for a whole one in its lowest bits. */
const ROOM = { single: 2 ** 23, double: 2 ** 52 }
const ROOM_BITS = { single: 0x4b000000, double: 0x43300000 * 2 ** 32 }
const TWO = { single: 0x40000000, double: 0x40000000 * 2 ** 32 }

/** A normal positive number as mantissa · 2^exponent. */
export function split(m: Arithmetic, x: Code): Split {
  const bits = m.let(m.bitsOf(x), 'bits')
  const moved = m.let(m.addBits(bits, m.bits(BELOW_ONE)), 'moved')
  const held = m.ofBits(m.orBits(m.right(moved, m.mantissa), m.bits(ROOM_BITS)))
  const mantissa = m.let(m.addBits(m.andBits(moved, m.bits(MANTISSA)), m.bits(LOWEST)), 'mantissa')
  return {
    exponent: m.sub(held, m.number(m.of(ROOM) + m.of(BIAS))),
    mantissa: m.ofBits(mantissa),
    inverse: () => m.ofBits(m.addBits(m.subBits(mantissa, bits), m.bits(TWO))),
  }
}

const SMALLEST_NORMAL = { single: 2 ** -126, double: 2 ** -1022 }

/** Any positive number as mantissa · 2^exponent. */
export function splitAny(m: Arithmetic, x: Code): Split {
  const small = m.let(m.lt(x, m.constant(SMALLEST_NORMAL)), 'small')
  const moved = m.let(m.select(small, m.mul(x, m.number(2 ** m.mantissa)), x), 'x')
  const { exponent, ...rest } = split(m, moved)
  return { ...rest, exponent: m.sub(exponent, m.where(small, m.number(m.mantissa))) }
}
