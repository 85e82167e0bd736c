import type { Diagnostic } from '../../base/diagnostic.js'
import { renderDiagnostic } from '../../base/frame.js'
import { type Span, positionOf } from '../../base/source.js'
import type { CommandFailure } from './failure.js'
import { type Colors, type Io, colorsFor } from './io.js'

export interface ReporterOptions {
  readonly diagnostics: 'pretty' | 'json'
  readonly color?: boolean
  readonly quiet?: boolean
}

/** Everything a command says that is not its product: diagnostics, failures, what was done. All on standard error. */
export class Reporter {
  readonly colors: Colors
  readonly #io: Io
  readonly #options: ReporterOptions

  constructor(io: Io, options: ReporterOptions) {
    this.#io = io
    this.#options = options
    this.colors = colorsFor(options.color, io.stderr, io.env)
  }

  /** Prints diagnostics (`--quiet` drops warnings) and says whether there was an error. */
  diagnostics(list: readonly Diagnostic[]): boolean {
    for (const diagnostic of list) {
      if (this.#options.quiet && diagnostic.severity === 'warning') continue
      if (this.#options.diagnostics === 'json') this.#line(JSON.stringify(diagnosticRecord(diagnostic)))
      else this.#line(renderDiagnostic(diagnostic, { color: this.colors.isColorSupported }).trimEnd() + '\n')
    }
    return list.some((diagnostic) => diagnostic.severity === 'error')
  }

  failure(failure: CommandFailure): void {
    const { code, message, file } = failure
    if (this.#options.diagnostics === 'json')
      this.#line(JSON.stringify({ severity: 'error', code, message, file }))
    else this.#line(`${this.colors.red('nnc:')} ${message}`)
  }

  /** A remark on progress, dropped by `--quiet`. */
  status(text: string): void {
    if (!this.#options.quiet && this.#options.diagnostics === 'pretty') this.#line(text)
  }

  #line(text: string): void {
    this.#io.stderr.write(`${text}\n`)
  }
}

/** One diagnostic as a JSON object: lines and columns count from 1, the end is exclusive. */
export function diagnosticRecord({ severity, code, message, span, notes, suggestion }: Diagnostic): object {
  return {
    severity,
    code,
    message,
    ...placeRecord(span),
    suggestion,
    notes: notes.map((note) => ({ message: note.message, ...placeRecord(note.span) })),
  }
}

function placeRecord(span: Span | undefined): object {
  if (!span) return {}
  const { line, column } = positionOf(span.source, span.start)
  const end = positionOf(span.source, span.end)
  return { file: span.source.filename, line, column, endLine: end.line, endColumn: end.column }
}
