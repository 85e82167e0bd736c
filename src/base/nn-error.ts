import type { Diagnostic } from './diagnostic.js'
import { located, type LocatedDiagnostic } from './located.js'

/** Thrown by the expression functions of the library API, which have no other way to report a mistake. */
export class NnError extends Error {
  readonly diagnostics: readonly LocatedDiagnostic[]

  constructor(message: string, diagnostics: readonly Diagnostic[]) {
    super(message)
    this.name = 'NnError'
    this.diagnostics = located(diagnostics)
  }
}
