import { trace } from '../elementary.js'
import { computed } from '../computation.js'
import type { Command } from '../command.js'
import { messages } from '../messages.js'
import type { Result } from '../result.js'
import { showNumber } from '../settings.js'

export const traceCommand: Command = {
  name: 'trace',
  summary: 'forward values and tangents, reverse cotangents, operation by operation',
  usage: 'EXPR x=1 y=2',
  examples: [':trace 1/(exp(-(w x + b))+1) x=1 w=0 b=0', ':trace (x + y)z at (-2, 5, -4)'],
  run(session, text) {
    const input = session.read(traceCommand, text)
    const [typed] = input.expressions
    if (!typed) return session.fail(messages.noExpression('trace', '(x + y)z at (-2, 5, -4)'))
    const { computation, notes } = computed(session, traceCommand, typed)
    const { variables, steps, result } = computation
    const { values: at } = session.point(traceCommand, session.query([typed.syntax]).variables, input)
    const missing = variables.filter((name) => !Object.hasOwn(at, name))
    if (missing.length > 0) session.fail(messages.noValue(missing, ':trace … x=1'))
    const traced = trace(computation, at)
    const show = (value: number): string => showNumber(value, session.settings.digits)
    const forward: Result = {
      kind: 'table',
      title: 'forward: values, and tangents with respect to each variable',
      head: ['step', 'value', ...variables.map((name) => `∂/∂${name}`)],
      rows: [
        ...variables.map((name) => [
          name,
          show(at[name]),
          ...variables.map((other) => (other === name ? '1' : '0')),
        ]),
        ...steps.map(({ name, text: operation }, n) => [`${name} = ${operation}`, show(traced.values[n]), ...traced.tangents.map((own) => show(own[n]))]), // prettier-ignore
      ],
      notes: [...input.notes, ...notes],
    }
    const last = result.text
    const reverse: Result = {
      kind: 'table',
      title: `reverse: cotangents ∂${last}/∂(…)`,
      head: ['', 'cotangent'],
      rows: [
        ...steps.map(({ name }, n) => [name, show(traced.cotangents[n])]).reverse(),
        ...variables.map((name, n) => [name, show(traced.gradient[n])]),
      ],
      notes: [],
    }
    return [forward, reverse]
  },
}
