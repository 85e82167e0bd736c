/** Diagnostics as callers of the library get them: with the place and the frame as values. */
import type { Diagnostic, Note, Severity } from './diagnostic.js'
import { caretFrame } from './frame.js'
import { positionOf, type Span } from './source.js'

export interface LocatedDiagnostic extends Diagnostic {
  /** Counted from 1; absent where the mistake is in no text. */
  readonly line: number | undefined
  readonly column: number | undefined
  /** The line and, below it, what is meant; without colours. */
  readonly frame: string | undefined
}

class Located implements LocatedDiagnostic {
  readonly severity: Severity
  readonly code: string
  readonly message: string
  readonly notes: readonly Note[]
  readonly span?: Span
  readonly suggestion?: string

  constructor(diagnostic: Diagnostic) {
    const { severity, code, message, notes, span, suggestion } = diagnostic
    this.severity = severity
    this.code = code
    this.message = message
    this.notes = notes
    if (span) this.span = span
    if (suggestion !== undefined) this.suggestion = suggestion
  }

  get line(): number | undefined {
    return this.span && positionOf(this.span.source, this.span.start).line
  }

  get column(): number | undefined {
    return this.span && positionOf(this.span.source, this.span.start).column
  }

  get frame(): string | undefined {
    return this.span && caretFrame(this.span)
  }
}

export const located = (diagnostics: readonly Diagnostic[]): readonly LocatedDiagnostic[] =>
  diagnostics.map((each) => (each instanceof Located ? each : new Located(each)))
