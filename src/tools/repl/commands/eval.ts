import { evaluate } from '../../../expression.js'
import { Dependencies } from '../../../ir/dependencies.js'
import { arrayText, nested } from '../array-text.js'
import type { Command, Input, SessionView, Typed } from '../command.js'
import { evaluateEntry } from '../evaluate-tensors.js'
import { givenValues, takesArrays } from '../given-values.js'
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
      const arrays = takesArrays(session, typed, input)
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

/** The values of expressions of arrays without variables, which have no shorter form: `[[1, 2], [3, 4]] @ [1, -1]`. */
export function constantArrays(
  session: SessionView,
  typed: Typed,
  notes: readonly string[],
): readonly Result[] | undefined {
  const query = session.query([typed.syntax])
  if (query.variables.length > 0) return undefined
  const [entry] = session.check(query).entries
  const results = entry.outputs.map(({ def }) => def)
  const isOfArrays = new Dependencies().components(results).flat().some(({ kind }) => kind === 'table') // prettier-ignore
  if (!isOfArrays || entry.sizes.length > 0) return undefined
  return evaluateTensors(session, typed, { expressions: [], assignments: [], options: new Map(), notes })
}

function evaluateTensors(session: SessionView, { syntax }: Typed, input: Input): readonly Result[] {
  const { digits } = session.settings
  const [entry] = session.check(session.query([syntax])).entries
  const results = evaluateEntry(entry, givenValues(session, entry, input, 'eval'))
  if ('message' in results) return session.fail(results)
  return results.map((each): Result => {
    const text = arrayText(each, digits)
    return each.shape.length === 0
      ? { kind: 'number', value: each.values[0], text, notes: input.notes }
      : { kind: 'array', value: nested(each), text, notes: input.notes }
  })
}
