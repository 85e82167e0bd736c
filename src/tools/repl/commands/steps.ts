import { derivationOf } from '../derivation.js'
import type { Command, Typed } from '../command.js'
import { evaluateAt } from './eval.js'
import { messages } from '../messages.js'
import type { Result } from '../result.js'
import { Trees } from '../syntax-tree.js'

export const stepsCommand: Command = {
  name: 'steps',
  summary: 'how the answer comes about, rule by rule',
  usage: 'EXPR',
  examples: [':steps d/dx sin(x^2)', ':steps 2σ(2x) - 1', ':steps d/dx x exp(-x)', ':steps grad x^2 y'],
  run(session, text) {
    const { expressions, assignments, notes } = session.read(stepsCommand, text)
    if (expressions.length === 0) session.fail(messages.noExpression('steps', 'd/dx sin(x^2)'))
    const derivations = expressions.flatMap(componentsOf).map((typed, at): Result => ({
      kind: 'table',
      title: '',
      head: [],
      rows: derivationOf(session, stepsCommand, typed).map(({ text: line, rule }) => [line, rule]),
      notes: at === 0 ? notes : [],
    }))
    return assignments.length > 0 ? [...derivations, ...evaluateAt(session, text, true)] : derivations
  },
}

/** A gradient by several numbers is one derivative after the other. */
function componentsOf(typed: Typed): readonly Typed[] {
  const { syntax } = typed
  if (syntax.kind !== 'call' || syntax.callee.kind !== 'name' || syntax.callee.name !== 'grad') return [typed]
  const [of, ...by] = syntax.arguments.map(({ value }) => value)
  const trees = new Trees(syntax.span)
  return by.map((variable) => ({ text: typed.text, syntax: trees.call('d', [of, variable]) }))
}
