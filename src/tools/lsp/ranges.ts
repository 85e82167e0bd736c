import type { Location, Range } from 'vscode-languageserver-types'
import type { TextDocument } from 'vscode-languageserver-textdocument'
import type { Span } from '../../base/source.js'
import type { ProjectFile } from './project.js'

export function rangeOf(document: TextDocument, { start, end }: Pick<Span, 'start' | 'end'>): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) }
}

export const locationOf = ({ document }: ProjectFile, span: Span): Location => ({
  uri: document.uri,
  range: rangeOf(document, span),
})
