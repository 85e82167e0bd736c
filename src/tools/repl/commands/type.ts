import { provenRange } from '../../../expression/range.js'
import type { Def, Facts } from '../../../ir/expr.js'
import type { Graph } from '../../../ir/graph.js'
import { areShares } from '../../../simplify/rules/exponential.js'
import type { Command } from '../command.js'
import { messages } from '../messages.js'
import type { Result } from '../result.js'
import { showShape } from '../scalar.js'
import { showNumber } from '../settings.js'

export const typeCommand: Command = {
  name: 'type',
  summary: 'shape, proven range and facts',
  usage: 'EXPR',
  examples: [":type σ'(x)", ":type tanh'(x)", 'W: [d, h]', 'x: [n, d]', ':type x @ W'],
  run(session, text) {
    const { expressions, notes } = session.read(typeCommand, text)
    if (expressions.length === 0) session.fail(messages.noExpression('type', 'exp(x)'))
    return expressions.flatMap(({ text: typed, syntax }): Result[] =>
      session.answers([syntax]).map((answer): Result => {
        if (answer.kind === 'tensor') {
          const { def, program } = answer
          const more = sumsToOne(program.graph, def) ? ['sums to 1 along the last axis'] : []
          return table(
            typed,
            [['shape', showShape(def.idx)], ...factRows(def.facts, def.integer, more)],
            notes,
          )
        }
        const { node, free } = answer.simplified
        const facts = { ...node.facts, ...provenRange(node) }
        const variables = free.length > 0 ? [['variables', free.join(', ')]] : []
        return table(
          typed,
          [['shape', '[]: a number'], ...variables, ...factRows(facts, node.integer)],
          notes,
        )
      }),
    )
  },
}

const table = (title: string, rows: readonly (readonly string[])[], notes: readonly string[]): Result => ({
  kind: 'table',
  title,
  head: [],
  rows,
  notes,
})

function sumsToOne(graph: Graph, def: Def): boolean {
  const last = def.idx.slice(-1)
  return (
    def.kind === 'computed' && !def.reduction && def.body !== undefined && areShares(graph, last, def.body)
  )
}

function factRows(
  { low, high, nonzero, finite }: Facts,
  integer: boolean,
  more: readonly string[] = [],
): string[][] {
  const open = (bound: number): boolean => !Number.isFinite(bound) || (bound === 0 && nonzero)
  const range = `${open(low) ? '(' : '['}${showNumber(low, 6)}, ${showNumber(high, 6)}${open(high) ? ')' : ']'}`
  const facts = [
    ...(integer ? ['whole'] : []),
    ...(low > 0 || (low === 0 && nonzero) ? ['positive'] : high < 0 || (high === 0 && nonzero) ? ['negative'] : nonzero ? ['never 0'] : []), // prettier-ignore
    finite ? 'defined and finite everywhere' : 'not proven to be defined everywhere',
    ...more,
  ]
  return [
    ['range', range],
    ['facts', facts.join(', ')],
  ]
}
