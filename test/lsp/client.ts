import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node'
import type {
  Diagnostic,
  InitializeResult,
  Position,
  PublishDiagnosticsParams,
  TextEdit,
} from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'

const tsx = fileURLToPath(new URL('../../node_modules/tsx/dist/cli.mjs', import.meta.url))
const entry = fileURLToPath(new URL('../../src/tools/cli/main.ts', import.meta.url))

/** An editor, as far as the server can tell: the real `nnc lsp` over its pipes. */
export class Client {
  readonly #child: ChildProcess
  readonly connection: MessageConnection
  readonly #texts = new Map<string, { version: number; text: string }>()
  readonly #published = new Map<string, Diagnostic[]>()
  #waiting: (() => void)[] = []
  stderr = ''
  readonly exit: Promise<number | null>

  constructor(readonly folder: string) {
    this.#child = spawn(process.execPath, [tsx, entry, 'lsp', '--stdio'], { stdio: 'pipe' })
    const { stdin, stdout, stderr } = this.#child
    if (!stdin || !stdout || !stderr) throw new Error('no pipes')
    stderr.on('data', (chunk) => (this.stderr += String(chunk)))
    this.exit = new Promise((resolve) => this.#child.on('exit', resolve))
    this.connection = createMessageConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin))
    this.connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.#published.set(params.uri, params.diagnostics)
      for (const done of this.#waiting.splice(0)) done()
    })
    this.connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.stderr += message
    })
    this.connection.listen()
  }

  async initialize(): Promise<InitializeResult> {
    const workspaceFolders = [{ uri: pathToFileURL(this.folder).href, name: 'test' }]
    const result = await this.request<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {},
      workspaceFolders,
    })
    await this.connection.sendNotification('initialized', {})
    return result
  }

  request<T>(method: string, params?: unknown): Promise<T> {
    return this.connection.sendRequest<T>(method, params)
  }

  uri(name: string): string {
    return pathToFileURL(`${this.folder}/${name}`).href
  }

  async open(name: string, text: string): Promise<void> {
    const uri = this.uri(name)
    this.#texts.set(uri, { version: 1, text })
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'nn', version: 1, text },
    })
  }

  async change(name: string, text: string): Promise<void> {
    const uri = this.uri(name)
    const version = (this.#texts.get(uri)?.version ?? 0) + 1
    this.#texts.set(uri, { version, text })
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ text }],
    })
  }

  async close(name: string): Promise<void> {
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri: this.uri(name) } })
  }

  text(name: string): string {
    const known = this.#texts.get(this.uri(name))
    if (!known) throw new Error(`${name} is not open`)
    return known.text
  }

  /** The position behind `before` in the first place where `before` and `after` meet. */
  position(name: string, before: string, after = ''): Position {
    const text = this.text(name)
    const at = text.indexOf(before + after)
    if (at < 0) throw new Error(`${name} has no '${before}${after}'`)
    return TextDocument.create('', 'nn', 0, text).positionAt(at + before.length)
  }

  at(name: string, before: string, after = '') {
    return { textDocument: { uri: this.uri(name) }, position: this.position(name, before, after) }
  }

  /** The mistakes of a file, once they are as they should be; fails by the time limit of the test. */
  async diagnostics(name: string, until: (found: readonly Diagnostic[]) => boolean): Promise<Diagnostic[]> {
    for (;;) {
      const found = this.#published.get(this.uri(name))
      if (found && until(found)) return found
      await new Promise<void>((done) => this.#waiting.push(done))
    }
  }

  edited(name: string, edits: TextEdit[]): string {
    return TextDocument.applyEdits(TextDocument.create('', 'nn', 0, this.text(name)), edits)
  }

  async stop(): Promise<number | null> {
    await this.request('shutdown')
    await this.connection.sendNotification('exit')
    return this.exit
  }

  /** The pipe closes, as it does where the editor is gone. */
  hangUp(): void {
    this.connection.dispose()
    this.#child.stdin?.destroy()
  }

  kill(): void {
    this.connection.dispose()
    this.#child.kill()
  }
}
