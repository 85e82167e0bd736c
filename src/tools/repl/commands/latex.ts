import type { Command } from '../command.js'
import { messages } from '../messages.js'
import { textResult } from '../result.js'
import { scalarOf } from '../scalar.js'

export const latexCommand: Command = {
  name: 'latex',
  summary: 'the answer in LaTeX',
  usage: 'EXPR',
  examples: [':latex d/dx x/(1+x²)', ':latex sqrt(alpha)/(3x1)'],
  run(session, text) {
    const { expressions, notes } = session.read(latexCommand, text)
    if (expressions.length === 0) session.fail(messages.noExpression('latex', 'sqrt(x) / 2'))
    return expressions.flatMap(
      ({ syntax }) =>
      session.answers([syntax]).map((answer) => textResult(scalarOf(session, ':latex', answer).simplified.toLatex(), 'latex', notes)), // prettier-ignore
    )
  },
}
