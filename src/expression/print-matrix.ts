/** Matrix notation in `.nn` syntax: `2 * X @ (X' @ w - y)`. */
import { level } from '../../grammar/precedence.js'
import { printExpression } from './print.js'
import { atom, numberPiece, within, type Piece } from '../ir/print-pieces.js'
import { spread, type Matrix, type Times } from '../notation/matrix.js'
import { sumPiece } from '../notation/sum-text.js'

export const printMatrix = (matrix: Matrix): string => pieceOf(matrix).text

function pieceOf(matrix: Matrix): Piece {
  switch (matrix.kind) {
    case 'scalar':
      // What it is computed from has an equation of its own.
      return atom(matrix.expr.kind === 'read' ? matrix.expr.def.name : printExpression(matrix.expr))
    case 'number':
      return numberPiece(matrix.value)
    case 'name':
      return atom(matrix.name)
    case 'identity':
      return atom(`eye(${printExpression(matrix.extent)})`)
    case 'transpose':
      return atom(`${within(pieceOf(matrix.of), level.postfix)}'`)
    case 'product':
      return { text: operands(matrix.factors).join(' @ '), level: level.product }
    case 'times':
      return timesPiece(matrix)
    case 'sum':
      return sumPiece(matrix.terms, (of, least) => within(pieceOf(of), least))
    case 'power': {
      const { n, d } = matrix.exponent
      if (n === 1n && d === 2n) return atom(`sqrt(${pieceOf(matrix.base).text})`)
      const exponent = d === 1n ? `${n}` : `(${n}/${d})`
      return { text: `${within(pieceOf(matrix.base), level.postfix)}^${exponent}`, level: level.power }
    }
    case 'call':
      return atom(`${matrix.name}(${matrix.args.map((arg) => pieceOf(arg).text).join(', ')})`)
    case 'compare': {
      const [left, right] = [matrix.left, matrix.right].map((side) => within(pieceOf(side), level.sum))
      return { text: `${left} ${matrix.sign} ${right}`, level: level.comparison }
    }
  }
}

/** Products group to the left: what follows the first operand must bind more tightly. */
const operands = (factors: readonly Matrix[]): string[] =>
  factors.map((factor, at) => within(pieceOf(factor), at === 0 ? level.product : level.sign + 1))

function timesPiece(matrix: Times): Piece {
  const { above: numerator, below } = spread(matrix)
  const denominator = operands(below)
  const text = numerator.length === 0 ? '1' : multiplied(numerator)
  if (denominator.length === 0) return { text, level: level.product }
  const divisor = denominator.length === 1 ? denominator[0] : `(${denominator.join(' * ')})`
  return { text: `${text} / ${divisor}`, level: level.product }
}

/** `2x`, and `2X @ y`: a chain of products may follow scalars without parentheses. */
function multiplied(factors: readonly Matrix[]): string {
  const texts = operands(factors)
  const last = factors[factors.length - 1]
  const scalars = factors.slice(0, -1).every((factor) => factor.kind === 'number' || factor.kind === 'scalar')
  if (last.kind === 'product' && scalars) texts[texts.length - 1] = pieceOf(last).text
  const [first, ...rest] = texts
  const touches =
    factors[0].kind === 'number' &&
    factors[0].value.isInteger &&
    rest.length > 0 &&
    /^[\p{L}(]/u.test(rest[0])
  return touches && !/^[eE]\d/.test(rest[0]) ? first + rest.join(' * ') : texts.join(' * ')
}
