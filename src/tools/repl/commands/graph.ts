import { computed } from '../computation.js'
import type { Command } from '../command.js'
import { graphAs, isGraphFormat, GRAPH_FORMATS } from '../graph-text.js'
import { messages } from '../messages.js'
import { textResult, type Result } from '../result.js'
import { written } from '../written.js'

export const graphCommand: Command = {
  name: 'graph',
  summary: 'the computation graph as text, DOT, Mermaid or SVG',
  usage: 'EXPR [--as text|dot|mermaid|svg] [--svg FILE]',
  options: { as: 'text, dot, mermaid or svg', svg: 'FILE: writes the graph there' },
  examples: [':graph 1/(exp(-(w x + b))+1)', ':graph x sin(x) --as dot', ':graph x sin(x) --as mermaid'],
  run(session, text): Result[] {
    const { expressions, options, notes } = session.read(graphCommand, text)
    const [typed] = expressions
    if (!typed) return session.fail(messages.noExpression('graph', 'x sin(x)'))
    const format = options.get('as') ?? 'text'
    if (!isGraphFormat(format)) return session.fail(messages.badOption(format, `the formats are ${GRAPH_FORMATS.join(', ')}`)) // prettier-ignore
    const { computation, notes: own } = computed(session, graphCommand, typed)
    const file = options.get('svg')
    if (file !== undefined) return [written(session, file, graphAs('svg', computation), [...notes, ...own])]
    if (format !== 'text') return [textResult(graphAs(format, computation), format, [...notes, ...own])]
    const { steps, variables, result } = computation
    const readers = (name: string): string =>
      steps.flatMap((step) => (step.operands.some(({ kind, text: operand }) => kind !== 'constant' && operand === name) ? [step.name] : [])).join(', ') // prettier-ignore
    const rows = [
      ...variables.map((name) => [name, 'variable', readers(name)]),
      ...steps.map(({ name, text: operation }) => [
        name,
        operation,
        name === result.text ? 'the result' : readers(name),
      ]),
    ]
    return [{ kind: 'table', title: '', head: ['node', 'is', 'read by'], rows, notes: [...notes, ...own] }]
  },
}
