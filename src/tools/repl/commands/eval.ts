import { evaluate } from '../../../expression.js'
import type { Command } from '../command.js'
import { messages } from '../messages.js'
import type { Result } from '../result.js'
import { showNumber } from '../settings.js'
import { scalarOf } from '../scalar.js'

export const evalCommand: Command = {
  name: 'eval',
  summary: 'the value at a point',
  usage: 'EXPR x=1 y=pi/2',
  examples: [':eval x^2 y x=3 y=1/2', 'exp(-x^2) at x=0.5', 'grad((x + y)z) at (-2, 5, -4)'],
  run(session, text) {
    const input = session.read(evalCommand, text)
    if (input.expressions.length === 0) session.fail(messages.noExpression('eval', 'x^2 x=3'))
    return input.expressions.flatMap(({ syntax }): Result[] => {
      // What is wrong with the expression is said before what is missing beside it.
      const answers = session.answers([syntax])
      const { variables } = session.query([syntax])
      const { values } = session.point(evalCommand, variables, input)
      return answers.map((answer): Result => {
        // The expression as written, in its accurate spelling: the simplified one may be defined in more places.
        const value = evaluate(scalarOf(session, ':eval', answer).given, values)
        return { kind: 'number', value, text: showNumber(value, session.settings.digits), notes: input.notes }
      })
    })
  },
}
