import type { Def } from '../../../ir/expr.js'
import { trace } from '../elementary.js'
import { computed } from '../computation.js'
import { arrayText, type Values } from '../array-text.js'
import type { Command, Input, SessionView, Typed } from '../command.js'
import { evaluateEntry } from '../evaluate-tensors.js'
import { givenValues, takesArrays } from '../given-values.js'
import { messages } from '../messages.js'
import type { Result } from '../result.js'
import { showShape } from '../scalar.js'
import { showNumber } from '../settings.js'
import { tensorSteps } from '../tensor-trace.js'

export const traceCommand: Command = {
  name: 'trace',
  summary: 'forward values and tangents, reverse cotangents, operation by operation',
  usage: 'EXPR x=1 y=2 v=[1, 2]',
  examples: [
    ':trace 1/(exp(-(w x + b))+1) x=1 w=0 b=0',
    ':trace (x + y)z at (-2, 5, -4)',
    ':trace sum(tanh(W @ x)) W=[[1, 0], [0, 2]] x=[0.5, 1]',
  ],
  run(session, text) {
    const input = session.read(traceCommand, text)
    const [typed] = input.expressions
    if (!typed) return session.fail(messages.noExpression('trace', '(x + y)z at (-2, 5, -4)'))
    if (takesArrays(session, typed, input)) return tensorTables(session, typed, input)
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

/** Values of whole arrays going forward, and cotangents of the result going back. */
function tensorTables(session: SessionView, typed: Typed, input: Input): Result[] {
  const [answer] = session.answers([typed.syntax])
  if (answer.kind === 'tensor') return session.fail(messages.onlyNumbers(':trace', showShape(answer.def.idx)))
  const traced = tensorSteps(typed.syntax, session.query([typed.syntax]), session.workspace)
  if (!traced) return session.fail(messages.notTraceable(typed.text))
  const { steps, query } = traced
  const [forwards] = session.check(query([])).entries
  // There is no derivative by whole numbers, such as conditions.
  const inner = steps.slice(0, -1).filter((_, at) => !isWhole(forwards.outputs[at].def))
  const variables = forwards.inputs.filter(({ type }) => type === 'real')
  const cotangents = [...inner.reverse(), ...variables].map(({ name }) => name)
  const [entry] = session.check(query(cotangents)).entries
  const given = givenValues(session, entry, input, 'trace')
  const results = evaluateEntry(entry, given)
  if ('message' in results) return session.fail(results)
  const show = (values: Values): string => arrayText(values, session.settings.digits).replaceAll(/\n */g, ' ')
  const forward: Result = {
    kind: 'table',
    title: 'forward: values',
    head: ['step', 'value'],
    rows: [
      ...[...given].map(([name, values]) => [name, show(values)]),
      ...steps.map(({ name, text }, at) => [`${name} = ${text}`, show(results[at])]),
    ],
    notes: input.notes,
  }
  const last = steps[steps.length - 1].name
  const reverse: Result = {
    kind: 'table',
    title: `reverse: cotangents ∂${last}/∂(…)`,
    head: ['', 'cotangent'],
    rows: [[last, '1'], ...cotangents.map((name, at) => [name, show(results[steps.length + at])])],
    notes: [],
  }
  return [forward, reverse]
}

const isWhole = (def: Def): boolean => def.kind === 'computed' && def.body !== undefined && def.body.integer
