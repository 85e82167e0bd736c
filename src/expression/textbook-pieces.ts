/** Pieces of text that only a textbook sets so. */
import { level } from '../../grammar/precedence.js'
import type { Factor } from '../ir/expr.js'
import { powerOutside } from '../ir/integers.js'
import { atom, shortNumber, within, type Piece } from '../ir/print-pieces.js'
import { HALF, Rational } from '../ir/rational.js'

export interface Signed {
  readonly negative: boolean
  readonly piece: Piece
}

/** A piece with a minus of its own, as `-(x > 0)`, is taken away where it is not the first. */
export const signed = (negative: boolean, piece: Piece): Signed =>
  piece.level === level.sign && piece.text.startsWith('-(')
    ? { negative: !negative, piece: atom(piece.text.slice(1)) }
    : { negative, piece }

/** `1 / 2`, where halves are not 0.5. */
export const fractionPiece = (value: Rational): Piece => ({
  text: `${value.n} / ${value.d}`,
  level: value.isNegative ? level.sign : level.product,
})

/** `√75` as `5 √3`, `√(3/4)` as `√3 / 2`: squares are read before the root of what they leave. Decimals stay. */
export function rootOfNumber({
  base,
  exponent,
}: Factor): { readonly outside: Rational; readonly inside: Rational } | undefined {
  if (base.kind !== 'num' || !exponent.abs().equals(HALF)) return undefined
  const { value } = base
  if (value.isNegative || value.isZero || (!value.isInteger && shortNumber(value) !== undefined))
    return undefined
  const [n, d] = [powerOutside(value.n, 2), powerOutside(value.d, 2)]
  return { outside: Rational.of(n.outside, d.outside), inside: Rational.of(n.inside, d.inside) }
}

export function flipped(sign: string): string {
  return { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }[sign] ?? sign
}

export function conditional(condition: Piece, consequent: Piece, alternate: Piece): Piece {
  const plain = (piece: Piece): string => within(piece, level.conditional + 1)
  return {
    text: `if ${plain(condition)} then ${plain(consequent)} else ${alternate.text}`,
    level: level.conditional,
  }
}
