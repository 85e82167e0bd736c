/** Text of the language, as the other printers write it, as LaTeX: they decide on order, signs and quotients for both. */
import { equationSyntax } from '../../grammar/equation-syntax.js'
import { atom, type Piece } from './pieces.js'
import { printSyntaxLatex, syntaxPiece } from './print-syntax.js'

/** An expression. */
export function textPiece(text: string): Piece {
  const syntax = equationSyntax(text)
  return syntax ? syntaxPiece(syntax) : verbatim(text)
}

/** A line, an expression or an equation; several lines below each other at their signs of equality. */
export function printTextLatex(lines: readonly string[]): string {
  return aligned(
    lines.map((line) => {
      const syntax = equationSyntax(line)
      return syntax ? printSyntaxLatex(syntax) : verbatim(line).text
    }),
  )
}

const verbatim = (text: string): Piece => atom(`\\texttt{${text}}`)

/** One equation as it is; several below each other at their signs of equality. */
export function aligned([first, ...others]: readonly string[]): string {
  if (others.length === 0) return first
  const lines = [first, ...others].map((line) => `  ${line.replace(' = ', ' &= ')}`)
  return `\\begin{aligned}\n${lines.join(' \\\\\n')}\n\\end{aligned}`
}
