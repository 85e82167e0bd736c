/** The server as a process of its own: what extensions of editors start. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createConnection } from 'vscode-languageserver/node'
import { serve } from './server.js'

/** Built, the files of the standard library lie beside this one. */
function libraryFolder(): string | undefined {
  const folder = import.meta.url.endsWith('.ts') ? '../../std' : './std'
  const path = fileURLToPath(new URL(folder, import.meta.url))
  return existsSync(path) ? path : undefined
}

/** Over standard input and output, until the editor says `exit` or is gone. */
export function start(): void {
  if (process.stdin.isTTY)
    process.stderr.write('nnc lsp speaks with an editor, which starts it: see docs/editors.md\n')
  serve(createConnection(process.stdin, process.stdout), libraryFolder())
}
