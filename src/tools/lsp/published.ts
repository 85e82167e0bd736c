/** Mistakes as editors take them, each in the file where it belongs. */
import { type Diagnostic as Published, DiagnosticSeverity } from 'vscode-languageserver-types'
import type { Diagnostic } from '../../base/diagnostic.js'
import type { Span } from '../../base/source.js'
import { libraryFile } from '../../std/library.js'
import type { Analysis } from './analysis.js'
import { rangeOf } from './ranges.js'
import type { Workspace } from './workspace.js'

/** What a quick fix writes instead. */
export interface Replacement {
  readonly newText: string
}

/** By the URI of the file. Those without a place, and those inside the library, stand in the file that was checked. */
export function publishedOf(workspace: Workspace, analysis: Analysis): ReadonlyMap<string, Published[]> {
  const found = new Map<string, Published[]>()
  for (const diagnostic of analysis.diagnostics) {
    const span = placeOf(diagnostic, analysis)
    const { uri, range } = located(workspace, analysis, span)
    const own = found.get(uri) ?? []
    found.set(uri, own)
    own.push({
      range,
      severity: diagnostic.severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
      code: diagnostic.code,
      source: 'nnc',
      message: messageOf(diagnostic),
      relatedInformation: diagnostic.notes.flatMap((note) =>
        note.span ? [{ location: located(workspace, analysis, note.span), message: note.message }] : [],
      ),
      data: replacementOf(diagnostic),
    })
  }
  return found
}

function placeOf({ span, notes }: Diagnostic, { file }: Analysis): Span {
  const places = [span, ...notes.map((note) => note.span)]
  const own = places.find((place) => place && !libraryFile(place.source.filename))
  return own ?? { source: file.syntax.span.source, start: 0, end: 0 }
}

function located({ project, texts }: Workspace, analysis: Analysis, span: Span) {
  const { filename } = span.source
  const file = filename === analysis.file.name ? analysis.file : project.file(filename)
  const range = file
    ? rangeOf(file.document, span)
    : { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
  return { uri: file?.document.uri ?? texts.uri(filename), range }
}

/** Notes without a place and the way out belong to the message. */
function messageOf({ message, notes, suggestion }: Diagnostic): string {
  const plain = notes.flatMap((note) => (note.span ? [] : [note.message]))
  return [message, ...plain, ...(suggestion ? [`help: ${suggestion}`] : [])].join('\n')
}

const replacementOf = ({ suggestion = '' }: Diagnostic): Replacement | undefined => {
  const meant = /^did you mean ('[^']+'|"[^"]+")\?$/.exec(suggestion)?.[1]
  return meant === undefined ? undefined : { newText: meant.slice(1, -1) }
}
