import { nameText } from '../../../../codegen/latex/pieces.js'
import { printMatrixLatex } from '../../../../codegen/latex/print-matrix.js'
import { aligned, printTextLatex } from '../../../../codegen/latex/print-text.js'
import type { Answer } from '../answer.js'
import type { Command } from '../command.js'
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
  if (answer.kind === 'scalar') return answer.simplified.toLatex()
  const { result, where, matrix, named } = tensorText(answer, name, names)
  if (!matrix) return printTextLatex([result, ...where])
  return aligned([
    `${nameText(name)} = ${printMatrixLatex(matrix)}`,
    ...named.map((line) => printTextLatex([line])),
  ])
}
