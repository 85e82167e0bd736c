import type { Span } from './source.js'

export type Severity = 'error' | 'warning'

export interface Note {
  readonly message: string
  readonly span?: Span
}

/** A mistake of the user, as a value: collected, never thrown. Mistakes of the compiler are exceptions. */
export interface Diagnostic {
  readonly severity: Severity
  /** Stable kebab-case identifier; every code is declared once, in the `messages.ts` of its layer. */
  readonly code: string
  readonly message: string
  readonly span?: Span
  /** Further places that explain the mistake: "W is declared here: [784, 512]". */
  readonly notes: readonly Note[]
  /** The way out, in one sentence: "did you mean 'relu'?". */
  readonly suggestion?: string
}

/** Collects the diagnostics of one compilation, in source order of discovery. */
export class Diagnostics {
  readonly list: Diagnostic[] = []

  add(diagnostic: Diagnostic): void {
    this.list.push(diagnostic)
  }

  get hasErrors(): boolean {
    return this.list.some((diagnostic) => diagnostic.severity === 'error')
  }
}
