import { printMathml } from '../../../../codegen/mathml/print-mathml.js'
import { parseExpression } from '../../../../grammar/parse.js'
import { Diagnostics } from '../../../base/diagnostic.js'
import type { Command } from '../command.js'
import { messages } from '../messages.js'
import { textResult } from '../result.js'

export const mathmlCommand: Command = {
  name: 'mathml',
  summary: 'the answer in MathML',
  usage: 'EXPR',
  examples: [':mathml d/dx x/(1+x²)', ':mathml sum[i<3] x^i'],
  run(session, text) {
    const { expressions, notes } = session.read(mathmlCommand, text)
    if (expressions.length === 0) session.fail(messages.noExpression('mathml', 'sqrt(x) / 2'))
    return expressions.map((typed) => {
      const shown = session.scalar(mathmlCommand, typed).simplified.toString()
      const syntax = parseExpression({ filename: 'answer', text: shown }, new Diagnostics())
      return textResult(printMathml(syntax ?? typed.syntax), 'mathml', notes)
    })
  },
}
