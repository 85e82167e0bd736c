import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { WorkspaceEdit } from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { Project } from '../../src/tools/lsp/project.js'
import { Texts } from '../../src/tools/lsp/texts.js'
import { type Workspace, workspaceOf } from '../../src/tools/lsp/workspace.js'

/** A workspace with these files open, in a folder that is not there. */
export class Files {
  readonly workspace: Workspace
  private readonly texts = new Texts(undefined)

  constructor(
    files: Readonly<Record<string, string>>,
    private readonly folder = '/nowhere',
  ) {
    for (const [name, text] of Object.entries(files)) this.write(name, text)
    this.workspace = workspaceOf(new Project(this.texts, []), (thrown) => {
      throw thrown
    })
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  write(name: string, text: string): void {
    this.texts.open(TextDocument.create(pathToFileURL(this.path(name)).href, 'nn', 1, text))
  }

  text(name: string): string {
    return this.texts.read(this.path(name))
  }

  apply({ changes = {} }: WorkspaceEdit): void {
    for (const [uri, edits] of Object.entries(changes)) {
      const name = decodeURI(uri.slice(pathToFileURL(this.folder).href.length + 1))
      this.write(name, TextDocument.applyEdits(TextDocument.create(uri, 'nn', 1, this.text(name)), edits))
    }
  }
}
