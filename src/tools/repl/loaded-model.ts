import type { LoadedFile, Workspace } from './workspace.js'

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
