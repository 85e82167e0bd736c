import { type CodeAction, CodeActionKind, type Diagnostic as Published } from 'vscode-languageserver-types'
import { nameAt } from '../../../grammar/characters.js'
import { importEdit } from './import-edit.js'
import type { ProjectFile } from './project.js'

/** Fixes for mistakes that say what was meant. */
export function quickFixes(file: ProjectFile, mistakes: readonly Published[]): CodeAction[] {
  return mistakes.flatMap((mistake) => [...meant(file, mistake), ...missingImport(file, mistake)])
}

function meant({ document }: ProjectFile, mistake: Published): CodeAction[] {
  const data: unknown = mistake.data
  if (typeof data !== 'object' || data === null || !('newText' in data) || typeof data.newText !== 'string')
    return []
  const written = document.getText(mistake.range)
  // The file of an import is marked with its quotes.
  const quote = /^(["'])[^"']*\1$/.exec(written)?.[1] ?? ''
  if (quote === '' && nameAt(written, 0) !== written) return []
  return [
    action(`Replace with '${data.newText}'`, document.uri, mistake, {
      range: mistake.range,
      newText: quote + data.newText + quote,
    }),
  ]
}

function missingImport(file: ProjectFile, mistake: Published): CodeAction[] {
  const [, name, specifier] = /write: import \{ (\S+) \} from "(nnc\/[^"]+)"/.exec(textOf(mistake)) ?? []
  if (name === undefined) return []
  return [
    action(
      `Import '${name}' from "${specifier}"`,
      file.document.uri,
      mistake,
      importEdit(file, specifier, name),
    ),
  ]
}

const textOf = ({ message }: Published): string => (typeof message === 'string' ? message : message.value)

function action(
  title: string,
  uri: string,
  mistake: Published,
  edit: ReturnType<typeof importEdit>,
): CodeAction {
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [mistake],
    isPreferred: true,
    edit: { changes: { [uri]: [edit] } },
  }
}
