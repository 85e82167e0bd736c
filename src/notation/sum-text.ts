import { level } from '../../grammar/precedence.js'
import type { MatrixTerm } from './matrix.js'

interface Piece {
  readonly text: string
  readonly level: number
}

/** `-a + b - c`; `operand` prints a term that must bind at least so tightly. */
export function sumPiece(
  terms: readonly MatrixTerm[],
  operand: (term: MatrixTerm['of'], least: number) => string,
): Piece {
  let text = ''
  for (const [at, { negative, of }] of terms.entries()) {
    const sign = at === 0 ? (negative ? '-' : '') : negative ? ' - ' : ' + '
    text += sign + operand(of, at === 0 && !negative ? level.sum : level.product)
  }
  return { text, level: terms.length === 1 ? level.sign : level.sum }
}
