/** Matrix notation as LaTeX: products without a sign, `\odot` entry by entry, `\top` for transposes. */
import { level } from '../../grammar/precedence.js'
import { printExpr } from '../../src/ir/print.js'
import { spread, type Matrix } from '../../src/notation/matrix.js'
import { sumPiece } from '../../src/notation/sum-text.js'
import { isOperator } from '../../src/ops/table.js'
import { atom, fraction, nameText, numberPiece, operatorPiece, raised, within, type Piece } from './pieces.js'
import { textPiece } from './print-text.js'

export const printMatrixLatex = (matrix: Matrix): string => pieceOf(matrix).text

const RELATIONS = { '<': '<', '<=': '\\le', '>': '>', '>=': '\\ge', '==': '=', '!=': '\\ne' } as const

function pieceOf(matrix: Matrix): Piece {
  switch (matrix.kind) {
    case 'scalar':
      return textPiece(printExpr(matrix.expr))
    case 'number':
      return numberPiece(matrix.value)
    case 'name':
      return atom(nameText(matrix.name))
    case 'identity':
      return atom('I')
    case 'transpose':
      return { text: `${within(pieceOf(matrix.of), level.postfix)}^\\top`, level: level.power }
    case 'product':
      return { text: operands(matrix.factors).join(' '), level: level.product }
    case 'times': {
      if (matrix.below.length === 0)
        return { text: matrix.above.length === 0 ? '1' : multiplied(matrix.above), level: level.product }
      const { above, below } = spread(matrix)
      return fraction(alone(above), alone(below))
    }
    case 'sum':
      return sumPiece(matrix.terms, (of, least) => within(pieceOf(of), least))
    case 'power': {
      const { n, d } = matrix.exponent
      if (n === 1n && d === 2n) return atom(`\\sqrt{${pieceOf(matrix.base).text}}`)
      const exponent = d === 1n ? `${n}` : `${n}/${d}`
      return raised(pieceOf(matrix.base), exponent)
    }
    case 'call':
      return callPiece(matrix.name, matrix.args)
    case 'compare': {
      const [left, right] = [matrix.left, matrix.right].map((side) => within(pieceOf(side), level.sum))
      return atom(`\\mathbf{1}_{${left} ${RELATIONS[matrix.sign]} ${right}}`)
    }
  }
}

function callPiece(name: string, args: readonly Matrix[]): Piece {
  const pieces = args.map(pieceOf)
  const texts = pieces.map(({ text }) => text)
  if (isOperator(name)) return operatorPiece(name, pieces)
  if (name === 'inv') return { text: `${within(pieceOf(args[0]), level.postfix)}^{-1}`, level: level.power }
  if (name === 'det') return atom(`\\det\\left(${texts[0]}\\right)`)
  if (name === 'ones') return atom('\\mathbf{1}')
  return atom(`\\operatorname{${name.replaceAll('_', '\\_')}}\\left(${texts.join(', ')}\\right)`)
}

/** One side of a fraction, whose bar is parentheses enough. */
function alone(factors: readonly Matrix[]): string {
  if (factors.length === 0) return '1'
  return factors.length === 1 ? pieceOf(factors[0]).text : multiplied(factors)
}

/** Scalars and chains of products stand side by side; entry by entry is `\odot`. */
function multiplied(factors: readonly Matrix[]): string {
  const isFront = (factor: Matrix): boolean => factor.kind === 'number' || factor.kind === 'scalar'
  const scalars = factors.filter(isFront).map((factor) => within(pieceOf(factor), level.power))
  const rest = factors.filter((factor) => !isFront(factor))
  const main =
    rest.length === 1 ? [within(pieceOf(rest[0]), level.product)] : [operands(rest).join(' \\odot ')]
  return [...scalars, ...(rest.length === 0 ? [] : main)].join(' ')
}

const operands = (factors: readonly Matrix[]): string[] =>
  factors.map((factor) => within(pieceOf(factor), level.sign + 1))
