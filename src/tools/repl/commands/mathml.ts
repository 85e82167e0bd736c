import { printMathml } from '../../../../codegen/mathml/print-mathml.js'
import type { Command } from '../command.js'
import { equationSyntax } from '../../../../grammar/equation-syntax.js'
import { tensorText } from '../index-notation.js'
import { messages } from '../messages.js'
import { textResult } from '../result.js'
import { resultNames } from '../show-answer.js'

export const mathmlCommand: Command = {
  name: 'mathml',
  summary: 'the answer in MathML',
  usage: 'EXPR',
  examples: [':mathml d/dx x/(1+x²)', ':mathml sum[i<3] x^i', ':mathml jacobian(softmax(q), q)'],
  run(session, text) {
    const { expressions, notes } = session.read(mathmlCommand, text)
    if (expressions.length === 0) session.fail(messages.noExpression('mathml', 'sqrt(x) / 2'))
    return expressions.flatMap(({ syntax }) => {
      const nameOf = resultNames(syntax)
      return session.answers([syntax]).map((answer, at) => {
        const names = session.workspace.valueNames()
        const lines =
          answer.kind === 'scalar' ? answer.simplified.toString().split('\n').toReversed() : linesOf(tensorText(answer, nameOf(at), names)) // prettier-ignore
        const shown = lines.map((line) => {
          const equation = equationSyntax(line)
          return equation ? printMathml(equation) : session.fail(messages.notPrintable(line))
        })
        return textResult(shown.join('\n'), 'mathml', notes)
      })
    })
  },
}

const linesOf = ({
  result,
  where,
}: {
  readonly result: string
  readonly where: readonly string[]
}): string[] => [result, ...where]
