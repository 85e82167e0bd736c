import type { TextEdit } from 'vscode-languageserver-types'
import type { ProjectFile } from './project.js'
import { rangeOf } from './ranges.js'

/** Into the braces of an import of that file, or as a new first line. */
export function importEdit({ syntax, document }: ProjectFile, specifier: string, name: string): TextEdit {
  for (const statement of syntax.statements) {
    const last =
      statement.kind === 'import' && statement.from.text === specifier ? statement.names.at(-1) : undefined
    if (!last) continue
    const { end } = (last.as ?? last.name).span
    return { range: rangeOf(document, { start: end, end }), newText: `, ${name}` }
  }
  const first = syntax.statements.find(({ kind }) => kind === 'import')?.span.start ?? 0
  return {
    range: rangeOf(document, { start: first, end: first }),
    newText: `import { ${name} } from "${specifier}"\n`,
  }
}
