import { printExpr } from '../../ir/print.js'
import type { Index } from '../../ir/expr.js'
import type { Answer, ScalarAnswer } from './answer.js'
import type { SessionView } from './command.js'
import { messages } from './messages.js'

/** An answer that must be a number that depends on numbers. */
export function scalarOf(session: SessionView, command: string, answer: Answer): ScalarAnswer {
  if (answer.kind === 'tensor') return session.fail(messages.onlyNumbers(command, showShape(answer.def.idx)))
  const tensor = [...answer.given.names.values()].find(({ idx }) => idx.length > 0)
  if (tensor)
    return session.fail(messages.onlyNumbers(command, `in ${tensor.name}: ${showShape(tensor.idx)}`))
  return answer
}

export const showShape = (idx: readonly Index[]): string =>
  `[${idx.map(({ extent }) => printExpr(extent)).join(', ')}]`
