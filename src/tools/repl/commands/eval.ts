import { evaluate } from '../../../expression.js'
import { arrayText, nested, typeOf, valuesOf, type Values } from '../array-text.js'
import type { Command, Input, SessionView, Typed } from '../command.js'
import { evaluateEntry } from '../evaluate-tensors.js'
import { messages } from '../messages.js'
import type { Result } from '../result.js'
import { scalarOf } from '../scalar.js'
import { showNumber } from '../settings.js'

export const evalCommand: Command = {
  name: 'eval',
  summary: 'the value at a point',
  usage: 'EXPR x=1 y=pi/2 v=[1, 2]',
  examples: [
    ':eval x^2 y x=3 y=1/2',
    'exp(-x^2) at x=0.5',
    'grad((x + y)z) at (-2, 5, -4)',
    ':eval A @ v A=[[1, 2], [3, 4]] v=[1, -1]',
    'jacobian(softmax(q), q) at q=[0, 0]',
  ],
  run(session, text) {
    const input = session.read(evalCommand, text)
    if (input.expressions.length === 0) session.fail(messages.noExpression('eval', 'x^2 x=3'))
    return input.expressions.flatMap((typed): readonly Result[] => {
      const arrays = arraysIn(session, typed, input)
      // What is wrong with the expression is said before what is missing beside it.
      const answers = session.answers([typed.syntax])
      const isTensor = answers.some(
        (answer) =>
          answer.kind === 'tensor' || [...answer.given.names.values()].some(({ idx }) => idx.length > 0),
      )
      if (arrays || isTensor) return evaluateTensors(session, typed, input)
      const { variables } = session.query([typed.syntax])
      const { values } = session.point(evalCommand, variables, input)
      return answers.map((answer): Result => {
        // The expression as written, in its accurate spelling: the simplified one may be defined in more places.
        const value = evaluate(scalarOf(session, ':eval', answer).given, values)
        return { kind: 'number', value, text: showNumber(value, session.settings.digits), notes: input.notes }
      })
    })
  },
}

/** Whether arrays are given; those in order, `at ([1, 2], 3)`, are known by name from now on. */
function arraysIn(session: SessionView, typed: Typed, { assignments }: Input): boolean {
  if (!assignments.some(({ value }) => value.startsWith('['))) return false
  const { variables } = session.query([typed.syntax])
  const types = assignments.flatMap(({ name, value }) => {
    const own = name.startsWith('#') ? (variables[Number(name.slice(1))] ?? name) : name
    const given = valuesOf(value)
    return given && given.shape.length > 0 && !session.workspace.shapes.has(own)
      ? [[own, typeOf(given)] as const]
      : []
  })
  session.workspace.givenTypes = new Map(types)
  return true
}

function evaluateTensors(session: SessionView, { syntax }: Typed, input: Input): readonly Result[] {
  const { digits } = session.settings
  const query = session.query([syntax])
  const [entry] = session.check(query).entries
  const names = entry.inputs.map(({ name }) => name)
  const positional = input.assignments.filter(({ name }) => name.startsWith('#'))
  if (positional.length > names.length) session.fail(messages.tooManyValues(names, positional.length))
  const given = new Map<string, Values>()
  for (const { name, value } of input.assignments) {
    const own = name.startsWith('#') ? names[Number(name.slice(1))] : name
    given.set(own, valuesOf(value) ?? session.fail(messages.badOption(value, 'numbers and arrays of equally long rows: [[1, 0], [0, 1]]'))) // prettier-ignore
  }
  const missing = names.filter((name) => !given.has(name))
  if (missing.length > 0)
    session.fail(messages.noValue(missing, `:eval … ${missing.map((name) => `${name}=${exampleOf(entry.inputs.find((each) => each.name === name)?.def.idx.length ?? 0)}`).join(' ')}`)) // prettier-ignore
  const results = evaluateEntry(entry, given)
  if ('message' in results) return session.fail(results)
  return results.map((each): Result => {
    const text = arrayText(each, digits)
    return each.shape.length === 0
      ? { kind: 'number', value: each.values[0], text, notes: input.notes }
      : { kind: 'array', value: nested(each), text, notes: input.notes }
  })
}

/** A value of a rank, to show how one is written. */
const exampleOf = (rank: number): string => `${'['.repeat(rank)}1${rank > 0 ? ', 2' : ''}${']'.repeat(rank)}`
