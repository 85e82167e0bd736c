import type { Files } from './command.js'
import { textResult, type Result } from './result.js'
import type { LoadedFile, Workspace } from './workspace.js'

/** A loaded model, by its name alone: its equations and those of its gradient. */
export async function equationsOfModel(
  { workspace, files }: { readonly workspace: Workspace; readonly files: Files },
  name: string,
): Promise<Result | undefined> {
  const loaded = fileOfLoadedModel(workspace, name)
  if (!loaded) return undefined
  const { equations } = await import('../../compile.js')
  const { entries } = equations(loaded.text, { filename: loaded.path, read: (path) => files.read(path) })
  const lines = entries
    .filter((entry) => entry.name === name)
    .flatMap(({ value, gradient }) => [
      ...value,
      ...(gradient.length > 0 ? ['', 'gradient', ...gradient] : []),
    ])
  return textResult(lines.join('\n'))
}

/** The file of a model that was loaded: a model is no expression, but it has equations, code and gradients. */
export function fileOfLoadedModel(workspace: Workspace, name: string): LoadedFile | undefined {
  return [...workspace.files.values()]
    .reverse()
    .find(({ file }) =>
      file.statements.some(
        (statement) => statement.kind === 'model' && statement.signature.name.name === name,
      ),
    )
}
