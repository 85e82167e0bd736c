import { parseExpression } from '../../../grammar/parse.js'
import { Diagnostics } from '../../base/diagnostic.js'
import type { Command, SessionView, Typed } from './command.js'
import { computationOf, type Computation } from './elementary.js'
import { messages } from './messages.js'

export interface Computed {
  readonly computation: Computation
  readonly notes: readonly string[]
}

/** The elementary operations of an expression as written, or of its simplified form where it holds other things. */
export function computed(session: SessionView, command: Command, typed: Typed): Computed {
  const asWritten = computationOf(typed.syntax, session.workspace)
  // Mistakes are reported by the checker, also where the steps alone would do.
  const { simplified } = session.scalar(command, typed)
  if (asWritten) return { computation: asWritten, notes: [] }
  const text = simplified.toString()
  const syntax = text.includes('\n')
    ? undefined
    : parseExpression({ filename: 'input', text }, new Diagnostics())
  const computation = syntax && computationOf(syntax, session.workspace)
  if (!computation) return session.fail(messages.notTraceable(typed.text))
  return { computation, notes: [`the steps of the simplified expression ${text}`] }
}
