/** Pieces of text that know how tightly they bind, and how sums, products and powers are made of them. */
import { level } from '../../grammar/precedence.js'
import { Rational } from './rational.js'

export interface Piece {
  readonly text: string
  /** A level of the table of precedence in `grammar/precedence.ts`. */
  readonly level: number
}

/** Which notation: for people, or exact and read back. */
export type Style = 'display' | 'dump'

export const atom = (text: string): Piece => ({ text, level: level.postfix })

/** The text of an operand that must bind at least as tightly as `least`. */
export const within = (piece: Piece, least: number): string =>
  piece.level >= least ? piece.text : `(${piece.text})`

/** Joined without copying the texts: `Array.join` would make printing of deep expressions quadratic. */
export const joined = (texts: readonly string[], separator: string): string =>
  texts.reduce((all, text, at) => (at === 0 ? text : all + separator + text), '')

export const listed = (pieces: readonly Piece[]): string =>
  joined(
    pieces.map((piece) => piece.text),
    ', ',
  )

export const call = (name: string, args: readonly Piece[]): Piece => atom(`${name}(${listed(args)})`)

/** A decimal that denotes exactly the number, if a short one does. */
function decimal(value: Rational): string | undefined {
  const text = String(value.toNumber())
  return /^[\d.]+(?:e[+-]?\d+)?$/.test(text) && Rational.parse(text).equals(value) ? text : undefined
}

const HALVES: ReadonlySet<bigint> = new Set([16n, 32n, 64n, 128n, 256n, 512n, 1024n])

/** Whole, or a decimal of few places: `0.3x`, `1e-7x` and `x^0.3`, but `x / 16` and `x^(1/4)`. */
export function shortNumber(value: Rational): string | undefined {
  if (value.isInteger) return decimal(value) ?? String(value.n)
  const isFraction = value.d <= 9n || HALVES.has(value.d)
  const text = isFraction ? undefined : decimal(value)
  return text !== undefined && /^\d+(?:\.\d{1,12})?(?:e-\d+)?$/.test(text) ? text : undefined
}

export function numberPiece(value: Rational): Piece {
  if (value.isNegative) {
    const { text, level: own } = numberPiece(value.negate())
    return { text: `-${text}`, level: Math.min(own, level.sign) }
  }
  const short = decimal(value)
  if (short !== undefined) return atom(short)
  return value.isInteger ? atom(String(value.n)) : { text: `${value.n} / ${value.d}`, level: level.product }
}

/** `base ^ exponent` for a positive exponent, or a negative one that has to stay. */
function powerPiece(base: Piece, exponent: Rational): Piece {
  if (exponent.isOne) return base
  if (exponent.d === 2n && exponent.n === 1n) return call('sqrt', [base])
  const power = exponent.isInteger && !exponent.isNegative ? `${exponent.n}` : `(${exponent})`
  return { text: `${within(base, level.postfix)}^${power}`, level: level.power }
}

export interface FactorPiece {
  readonly base: Piece
  readonly exponent: Rational
  /** Must not become a denominator: the power of the base is no power of the reciprocal. */
  readonly fixed: boolean
}

/** `coefficient · Π base ^ exponent` for a coefficient that is not negative, as a fraction where exponents are negative. */
export function productPiece(style: Style, coefficient: Rational, factors: readonly FactorPiece[]): Piece {
  const above: Piece[] = []
  const below: Piece[] = []
  const short = decimal(coefficient)
  if (coefficient.n === 1n && coefficient.d < 10n) {
    if (!coefficient.isOne) below.push(atom(String(coefficient.d)))
  } else if (short !== undefined) above.push(atom(short))
  else {
    if (coefficient.n !== 1n) above.push(numberPiece(Rational.of(coefficient.n)))
    if (coefficient.d !== 1n) below.push(numberPiece(Rational.of(coefficient.d)))
  }
  for (const { base, exponent, fixed } of factors)
    if (exponent.isNegative && !fixed) below.push(powerPiece(base, exponent.negate()))
    else above.push(powerPiece(base, exponent))
  if (below.length === 0 && above.length === 1) return above[0]
  const numerator = above.length === 0 ? '1' : numeratorText(above, below.length === 0)
  return { text: numerator + denominatorText(style, below), level: level.product }
}

/** A reduction takes all that follows into its body, so only the last factor may stand bare. */
const numeratorText = (above: readonly Piece[], last: boolean): string =>
  joined(
    above.map((piece, at) => within(piece, last && at === above.length - 1 ? level.reduction : level.sign)),
    ' * ',
  )

function denominatorText(style: Style, below: readonly Piece[]): string {
  if (below.length === 0) return ''
  const texts = below.map((piece) => within(piece, level.sign))
  // Read back, a product of denominators could be expanded; one by one they cannot.
  return style === 'dump' || below.length === 1
    ? ` / ${joined(texts, ' / ')}`
    : ` / (${joined(texts, ' * ')})`
}

export interface SignedPiece {
  readonly negative: boolean
  readonly piece: Piece
}

/** `Σ ± piece + constant`; the constant leads if all else is negative: `1 - x`. */
export function sumPiece(terms: readonly SignedPiece[], constant: Rational): Piece {
  if (terms.length === 0) return numberPiece(constant)
  const all = [...terms]
  if (!constant.isZero) {
    const signed = { negative: constant.isNegative, piece: numberPiece(constant.abs()) }
    if (terms[0].negative && !constant.isNegative) all.unshift(signed)
    else all.push(signed)
  }
  const [first, ...rest] = all
  if (rest.length === 0) return first.negative ? negated(first.piece) : first.piece
  let text = first.negative ? negated(first.piece).text : within(first.piece, level.sum + 1)
  for (const { negative, piece } of rest) text += (negative ? ' - ' : ' + ') + within(piece, level.sum + 1)
  return { text, level: level.sum }
}

const negated = (piece: Piece): Piece => ({
  text: `-${within(piece, level.reduction)}`,
  level: piece.level < level.reduction ? level.sign : Math.min(piece.level, level.sign),
})

/** As JavaScript reads it, with `inf` and `nan`. */
export function doubleText(value: number): string {
  if (Object.is(value, -0)) return '-0'
  return String(value).replace('Infinity', 'inf').replace('NaN', 'nan')
}
