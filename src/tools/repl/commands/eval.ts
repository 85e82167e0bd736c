import { evaluate } from '../../../expression.js'
import { Dependencies } from '../../../ir/dependencies.js'
import { rewrite } from '../../../ir/walk.js'
import { simplifyExpression } from '../../../simplify/simplify-expression.js'
import type { ScalarAnswer } from '../answer.js'
import { arrayText, nested } from '../array-text.js'
import type { Command, Input, SessionView, Typed } from '../command.js'
import { evaluateEntry } from '../evaluate-tensors.js'
import { givenValues, takesArrays } from '../given-values.js'
import { messages } from '../messages.js'
import { constant } from '../point.js'
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
  run: (session, text) => evaluateAt(session, text, false),
}

/** `EXPR at x=1`, which may leave variables, and `:eval EXPR x=1`, which asks for a number or an array. */
export function evaluateAt(session: SessionView, text: string, mayLeave: boolean): readonly Result[] {
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
    const named = input.assignments.map(({ name }) => name)
    const some = variables.filter((name) => named.includes(name))
    if (mayLeave && some.length > 0 && some.length < variables.length)
      return answers.map((answer) => atSome(session, scalarOf(session, ':eval', answer), input))
    const { values } = session.point(evalCommand, variables, input)
    return answers.map((answer): Result => {
      // The expression as written, in its accurate spelling: the simplified one may be defined in more places.
      const value = evaluate(scalarOf(session, ':eval', answer).given, values)
      return { kind: 'number', value, text: showNumber(value, session.settings.digits), notes: input.notes }
    })
  })
}

/** Where some variables have values, what is left of the others: `x σ(β x) at β=0` is `x / 2`. */
function atSome(session: SessionView, { given }: ScalarAnswer, { assignments, notes }: Input): Result {
  const { graph } = given
  const values = new Map(assignments.map(({ name, value }) => [name, constant(session, value)]))
  const node = rewrite(graph, given.node, (_, part) => {
    const value = part.kind === 'read' && part.def.kind === 'input' ? values.get(part.def.name) : undefined
    return value === undefined ? part : graph.num(value)
  })
  const { expr, conditions, trace } = simplifyExpression(graph, node)
  const text = given.with(expr, { steps: trace, conditions })
  const [last, ...shared] = text.toString().split('\n').reverse()
  return {
    kind: 'expression',
    text: last,
    ...(shared.length > 0 ? { parts: shared.reverse() } : {}),
    where: [],
    conditions: text.conditions,
    notes,
  }
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
