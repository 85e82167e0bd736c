import { gradientOfExpression } from '../../../expression/derivative.js'
import { countOperations } from '../../../expression/operations.js'
import type { Command } from '../command.js'
import { messages } from '../messages.js'
import type { Result } from '../result.js'
import { scalarOf } from '../scalar.js'

export const costCommand: Command = {
  name: 'cost',
  summary: 'operations of the value, and of value and gradient together, shared parts counted once',
  usage: 'EXPR',
  examples: [':cost x sin(x y)', ':cost log(1 + exp(x))'],
  run(session, text) {
    const { expressions, notes } = session.read(costCommand, text)
    if (expressions.length === 0) session.fail(messages.noExpression('cost', 'x sin(x y)'))
    return expressions.map((typed): Result => {
      const { given, simplified } = scalarOf(session, ':cost', session.answers([typed.syntax])[0])
      const inputs = simplified.free.map((name) => simplified.input(name))
      const value = simplified.stable()
      const gradient = gradientOfExpression(given.graph, value, inputs).map((part) =>
        simplified.with(part).stable(),
      )
      const alone = countOperations([value])
      const together = countOperations([value, ...gradient])
      const rows = [
        ['additions', String(alone.additions), String(together.additions)],
        ['products', String(alone.products), String(together.products)],
        ['quotients and roots', String(alone.quotients), String(together.quotients)],
        ['functions', String(alone.functions), String(together.functions)],
        ['comparisons', String(alone.comparisons), String(together.comparisons)],
        ['in all', String(alone.all), String(together.all)],
      ]
      return { kind: 'table', title: typed.text, head: ['', 'value', 'value and gradient'], rows, notes }
    })
  },
}
