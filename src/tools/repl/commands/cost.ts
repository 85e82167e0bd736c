import { gradientOfExpression } from '../../../expression/derivative.js'
import { countOperations } from '../../../expression/operations.js'
import type { Command } from '../command.js'
import { messages } from '../messages.js'
import type { Result } from '../result.js'
import { KINDS, tensorCost } from '../tensor-cost.js'

const LABELS = {
  additions: 'additions',
  products: 'products',
  quotients: 'quotients and roots',
  functions: 'functions',
  comparisons: 'comparisons',
  all: 'in all',
} as const

export const costCommand: Command = {
  name: 'cost',
  summary: 'operations of the value, and of value and gradient together, shared parts counted once',
  usage: 'EXPR',
  examples: [':cost x sin(x y)', ':cost log(1 + exp(x))', ':cost sum((A @ v - y)^2)'],
  run(session, text) {
    const { expressions, notes } = session.read(costCommand, text)
    if (expressions.length === 0) session.fail(messages.noExpression('cost', 'x sin(x y)'))
    return expressions.map((typed): Result => {
      const [answer] = session.answers([typed.syntax])
      if (answer.kind === 'tensor' || [...answer.given.names.values()].some(({ idx }) => idx.length > 0)) {
        const { value, together, isBound } = tensorCost(session.check(session.query([typed.syntax])))
        const what = answer.kind === 'tensor' ? 'value and pullback' : 'value and gradient'
        const remarks = isBound
          ? [...notes, 'at most: what conditions on indices leave out is counted too']
          : notes
        const rows = KINDS.map((kind) => [LABELS[kind], value[kind], together[kind]])
        return { kind: 'table', title: typed.text, head: ['', 'value', what], rows, notes: remarks }
      }
      const { given, simplified } = answer
      const inputs = simplified.free.map((name) => simplified.input(name))
      const value = simplified.stable()
      const gradient = gradientOfExpression(given.graph, value, inputs).map((part) =>
        simplified.with(part).stable(),
      )
      const alone = countOperations([value])
      const together = countOperations([value, ...gradient])
      const rows = KINDS.map((kind) => [LABELS[kind], String(alone[kind]), String(together[kind])])
      return { kind: 'table', title: typed.text, head: ['', 'value', 'value and gradient'], rows, notes }
    })
  },
}
