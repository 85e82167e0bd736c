/** Diagnostics about translated text, led back to what was typed. */
import type { Diagnostic } from '../../base/diagnostic.js'
import type { Source, Span } from '../../base/source.js'

interface Origin {
  readonly source: Source
  /** The offset in `source` of each character, and of the end. */
  readonly offsets: readonly number[]
}

/** What somebody wrote, of which a line was made: for each character of the line, and its end, the offset in the text. */
export interface Written {
  readonly text: string
  readonly offsets: readonly number[]
}

export class Origins {
  private readonly origins = new Map<Source, Origin>()

  /** The characters of a source stand for places of another. */
  standsFor(source: Source, { text, offsets }: Written): void {
    this.origins.set(source, { source: { filename: source.filename, text }, offsets })
  }

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

  private span(given: Span): Span {
    let span = given
    for (let origin = this.origins.get(span.source); origin; origin = this.origins.get(span.source))
      span = this.moved(span, origin)
    return span
  }

  private moved(span: Span, { offsets, source }: Origin): Span {
    const at = (offset: number): number => offsets[Math.min(offset, offsets.length - 1)] ?? 0
    const start = at(span.start)
    // The last character that is meant: what was put in behind it stands for no place of its own.
    const end = span.end > span.start ? at(span.end - 1) + 1 : start
    return { source, start, end: Math.max(end, start) }
  }
}
