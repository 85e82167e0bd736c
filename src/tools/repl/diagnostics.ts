/** Diagnostics about translated text, led back to what was typed. */
import type { Diagnostic } from '../../base/diagnostic.js'
import type { Source, Span } from '../../base/source.js'

interface Origin {
  readonly source: Source
  /** The offset in `source` of each character, and of the end. */
  readonly offsets: readonly number[]
}

export class Origins {
  private readonly origins = new Map<Source, Origin>()

  /** A text to parse whose characters stand for places of another. */
  add(text: string, source: Source, offsets: readonly number[]): Source {
    const translated = { filename: source.filename, text }
    this.origins.set(translated, { source, offsets })
    return translated
  }

  typed(diagnostic: Diagnostic): Diagnostic {
    const { span, notes } = diagnostic
    return {
      ...diagnostic,
      span: span && this.span(span),
      notes: notes.map((note) => (note.span ? { ...note, span: this.span(note.span) } : note)),
    }
  }

  private span(span: Span): Span {
    const origin = this.origins.get(span.source)
    if (!origin) return span
    const { offsets, source } = origin
    const at = (offset: number): number => offsets[Math.min(offset, offsets.length - 1)] ?? 0
    const start = at(span.start)
    // The last character that is meant: what was put in behind it stands for no place of its own.
    const end = span.end > span.start ? at(span.end - 1) + 1 : start
    return { source, start, end: Math.max(end, start) }
  }
}
