import type { Diagnostic, Note } from './diagnostic.js'
import type { Span } from './source.js'

/** What a `messages.ts` table of a layer gives for one mistake: its stable code and its words. */
export interface Message {
  readonly code: string
  readonly message: string
  readonly suggestion?: string
}

/** An error with the words of a message table, at a place. */
export function error(message: Message, span?: Span, notes: readonly Note[] = []): Diagnostic {
  return { severity: 'error', ...message, span, notes }
}

/** A warning with the words of a message table, at a place. */
export function warning(message: Message, span?: Span, notes: readonly Note[] = []): Diagnostic {
  return { severity: 'warning', ...message, span, notes }
}
