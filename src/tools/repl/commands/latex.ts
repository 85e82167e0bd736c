import { nameText } from '../../../../codegen/latex/print-latex.js'
import { printMatrixLatex } from '../../../../codegen/latex/print-matrix.js'
import { printSyntaxLatex } from '../../../../codegen/latex/print-syntax.js'
import type { Answer } from '../answer.js'
import type { Command } from '../command.js'
import { equationSyntax } from '../../../expression/equation-syntax.js'
import { tensorText } from '../index-notation.js'
import { messages } from '../messages.js'
import { textResult } from '../result.js'
import { resultNames } from '../show-answer.js'

export const latexCommand: Command = {
  name: 'latex',
  summary: 'the answer in LaTeX',
  usage: 'EXPR',
  examples: [':latex d/dx x/(1+x²)', ':latex sqrt(alpha)/(3x1)', ':latex jacobian(softmax(q), q)'],
  run(session, text) {
    const { expressions, notes } = session.read(latexCommand, text)
    if (expressions.length === 0) session.fail(messages.noExpression('latex', 'sqrt(x) / 2'))
    return expressions.flatMap(({ syntax }) => {
      const nameOf = resultNames(syntax)
      const names = session.workspace.valueNames()
      return session
        .answers([syntax])
        .map((answer, at) => textResult(latexOf(answer, nameOf(at), names), 'latex', notes))
    })
  },
}

function latexOf(answer: Answer, name: string, names: readonly string[]): string {
  if (answer.kind === 'scalar') {
    const { simplified } = answer
    const isPlain = [...simplified.names.values()].every(({ idx }) => idx.length === 0)
    return isPlain ? simplified.toLatex() : equations(simplified.toString().split('\n'))
  }
  const { result, where, matrix, named } = tensorText(answer, name, names)
  return matrix
    ? aligned([`${nameText(name)} = ${printMatrixLatex(matrix)}`, ...named.map(lineOf)])
    : aligned([result, ...where].map(lineOf))
}

/** Shared parts stand before what is made of them, and below it here. */
const equations = (lines: readonly string[]): string => aligned(lines.toReversed().map(lineOf))

function lineOf(line: string): string {
  const syntax = equationSyntax(line)
  return syntax ? printSyntaxLatex(syntax) : `\\texttt{${line}}`
}

/** One equation as it is; several below each other at their signs of equality. */
function aligned([first, ...others]: readonly string[]): string {
  if (others.length === 0) return first
  const lines = [first, ...others].map((line) => `  ${line.replace(' = ', ' &= ')}`)
  return `\\begin{aligned}\n${lines.join(' \\\\\n')}\n\\end{aligned}`
}
