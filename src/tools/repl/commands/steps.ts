import { derivationOf } from '../derivation.js'
import type { Command } from '../command.js'
import { messages } from '../messages.js'
import type { Result } from '../result.js'

export const stepsCommand: Command = {
  name: 'steps',
  summary: 'how the answer comes about, rule by rule',
  usage: 'EXPR',
  examples: [':steps d/dx sin(x^2)', ':steps 2σ(2x) - 1', ':steps d/dx x exp(-x)'],
  run(session, text) {
    const { expressions, notes } = session.read(stepsCommand, text)
    if (expressions.length === 0) session.fail(messages.noExpression('steps', 'd/dx sin(x^2)'))
    return expressions.map((typed): Result => {
      const steps = derivationOf(session, stepsCommand, typed)
      return {
        kind: 'table',
        title: '',
        head: [],
        rows: steps.map(({ text: line, rule }) => [line, rule]),
        notes,
      }
    })
  },
}
