/** Starts the language server, and lets the editor talk to it. */
import { type ExtensionContext, workspace } from 'vscode'
import { LanguageClient, type ServerOptions, TransportKind } from 'vscode-languageclient/node'

export async function activate(context: ExtensionContext): Promise<void> {
  const path = workspace.getConfiguration('nnc').get<string>('serverPath', '')
  const server: ServerOptions =
    path === ''
      ? { module: context.asAbsolutePath('dist/server.mjs'), transport: TransportKind.stdio }
      : { command: path, args: ['lsp'], options: { cwd: workspace.workspaceFolders?.[0]?.uri.fsPath } }
  const client = new LanguageClient('nnc', 'nnc', server, {
    documentSelector: [
      { scheme: 'file', language: 'nn' },
      { scheme: 'untitled', language: 'nn' },
    ],
  })
  context.subscriptions.push(client)
  await client.start()
}
