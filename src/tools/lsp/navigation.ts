import { type DocumentHighlight, DocumentHighlightKind, type Location } from 'vscode-languageserver-types'
import { occurrencesIn, occurrencesOf } from './occurrences.js'
import { locationOf, rangeOf } from './ranges.js'
import type { Workspace } from './workspace.js'

/** Where a name is declared; of an import, in the file that is imported. */
export function definition(workspace: Workspace, name: string, offset: number): Location | undefined {
  const { linker, project } = workspace
  const specifier = importAt(workspace, name, offset)
  if (specifier) return locationOf(specifier, { ...specifier.syntax.span, start: 0, end: 0 })
  const meaning = linker.at(name, offset)?.meaning
  if (meaning?.kind !== 'declaration') return undefined
  const { source, places } = meaning.declaration
  const file = project.file(source.filename)
  return file && locationOf(file, places[0])
}

/** The file that the string of an import names. */
function importAt({ project }: Workspace, name: string, offset: number) {
  for (const statement of project.file(name)?.syntax.statements ?? [])
    if (statement.kind === 'import') {
      const { span, text } = statement.from
      if (span.start <= offset && offset <= span.end) return project.imported(text, name)
    }
  return undefined
}

export function references(
  workspace: Workspace,
  name: string,
  offset: number,
  withDeclaration: boolean,
): Location[] {
  const meaning = workspace.linker.at(name, offset)?.meaning
  if (meaning?.kind !== 'declaration') return []
  return occurrencesOf(workspace, meaning.declaration)
    .filter(({ declares }) => withDeclaration || !declares)
    .map(({ file, span }) => locationOf(file, span))
}

export function highlights(workspace: Workspace, name: string, offset: number): DocumentHighlight[] {
  const file = workspace.project.file(name)
  const meaning = workspace.linker.at(name, offset)?.meaning
  if (!file || meaning?.kind !== 'declaration') return []
  return occurrencesIn(workspace, file, meaning.declaration).map(({ span, declares }) => ({
    range: rangeOf(file.document, span),
    kind: declares ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }))
}
