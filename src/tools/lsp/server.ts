/** The language server: requests of an editor, answered from a workspace. */
import {
  type Connection,
  type InitializeParams,
  type InitializeResult,
  type MarkupContent,
  MarkupKind,
  LSPErrorCodes,
  ResponseError,
  SemanticTokensBuilder,
  TextDocuments,
  TextDocumentSyncKind,
  DidChangeWatchedFilesNotification,
} from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import manifest from '../../../package.json' with { type: 'json' }
import { DiagnosticsFeed } from './diagnostics-feed.js'
import {
  complete,
  definition,
  documented,
  foldings,
  formatting,
  highlights,
  hover,
  isFile,
  legend,
  nameOf,
  outline,
  plainText,
  Project,
  quickFixes,
  type Refused,
  references,
  rename,
  renameable,
  semanticTokens,
  signatureHelp,
  Texts,
  type Workspace,
  workspaceOf,
} from './engine.js'

const CAPABILITIES: InitializeResult['capabilities'] = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  documentFormattingProvider: true,
  codeActionProvider: { codeActionKinds: ['quickfix'] },
  completionProvider: { triggerCharacters: ['.', '"', "'", '/'], resolveProvider: true },
  signatureHelpProvider: { triggerCharacters: ['(', ','] },
  renameProvider: { prepareProvider: true },
  semanticTokensProvider: { legend, full: true },
}

/** `library` is the folder in which the files of the standard library can be read. */
export function serve(connection: Connection, library: string | undefined): void {
  const onBug = (thrown: unknown): void =>
    connection.console.error(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
  const documents = new TextDocuments(TextDocument)
  const texts = new Texts(library)
  let watches = false
  let showsMarkdown = true
  let workspace = workspaceOf(new Project(texts, []), onBug)
  let feed = new DiagnosticsFeed(connection, workspace, onBug)

  connection.onInitialize((params) => {
    workspace = workspaceOf(new Project(texts, foldersOf(params)), onBug)
    feed = new DiagnosticsFeed(connection, workspace, onBug)
    showsMarkdown =
      params.capabilities.textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) ?? true
    watches = params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true
    return { capabilities: CAPABILITIES, serverInfo: { name: 'nnc', version: manifest.version } }
  })
  connection.onInitialized(() => {
    if (!watches) return
    const watchers = [{ globPattern: '**/*.nn' }]
    connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(onBug)
  })
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) feed.changed(nameOf(uri))
  })
  connection.onShutdown(() => feed.stop())

  documents.onDidChangeContent(({ document }) => feed.changed(texts.open(document)))
  documents.onDidClose(({ document }) => {
    const name = nameOf(document.uri)
    texts.close(name)
    workspace.checker.forget(name)
    feed.closed(name)
    // What was not saved is gone.
    feed.changed(name)
  })
  const shown = ({ kind, value }: MarkupContent): MarkupContent =>
    showsMarkdown ? { kind, value } : { kind: MarkupKind.PlainText, value: plainText(value) }
  listen(connection, () => workspace, shown)
  documents.listen(connection)
  connection.listen()
}

/** Requests about a place. Files that are not there have no answer. */
function listen(
  connection: Connection,
  current: () => Workspace,
  shown: (text: MarkupContent) => MarkupContent,
): void {
  interface Place {
    readonly textDocument: { readonly uri: string }
    readonly position: { readonly line: number; readonly character: number }
  }
  const at = <T>(
    { textDocument, position }: Place,
    answer: (workspace: Workspace, name: string, offset: number) => T,
  ): T | undefined => {
    const workspace = current()
    const file = workspace.project.file(nameOf(textDocument.uri))
    return file && answer(workspace, file.name, file.document.offsetAt(position))
  }
  const fileOf = (uri: string) => current().project.file(nameOf(uri))

  connection.onHover((params) => {
    const found = at(params, hover)
    return found ? { ...found, contents: shown(found.contents) } : null
  })
  connection.onDefinition((params) => at(params, definition) ?? null)
  connection.onReferences(
    (params) =>
      at(params, (workspace, name, offset) =>
        references(workspace, name, offset, params.context.includeDeclaration),
      ) ?? null,
  )
  connection.onDocumentHighlight((params) => at(params, highlights) ?? null)
  connection.onCompletion((params) => at(params, complete) ?? null)
  connection.onCompletionResolve((item) => {
    const { documentation, ...rest } = documented(current(), item)
    return typeof documentation === 'object' ? { ...rest, documentation: shown(documentation) } : rest
  })
  connection.onSignatureHelp((params) => at(params, signatureHelp) ?? null)
  connection.onPrepareRename((params) => {
    const found = at(params, renameable)
    if (!found) return null
    const { range, placeholder } = accepted(found)
    return { range, placeholder }
  })
  connection.onRenameRequest((params) => {
    const edit = at(params, (workspace, name, offset) => rename(workspace, name, offset, params.newName))
    return edit ? accepted(edit) : null
  })
  connection.onDocumentSymbol(({ textDocument }) => {
    const file = fileOf(textDocument.uri)
    return file ? outline(file) : null
  })
  connection.onFoldingRanges(({ textDocument }) => {
    const file = fileOf(textDocument.uri)
    return file ? foldings(file) : null
  })
  connection.onDocumentFormatting(({ textDocument }) => {
    const file = fileOf(textDocument.uri)
    return file ? formatting(file) : null
  })
  connection.onCodeAction(({ textDocument, context }) => {
    const file = fileOf(textDocument.uri)
    return file ? quickFixes(file, context.diagnostics) : null
  })
  connection.languages.semanticTokens.on(({ textDocument }) => {
    const file = fileOf(textDocument.uri)
    const builder = new SemanticTokensBuilder()
    if (file) semanticTokens(current(), file, (...token) => builder.push(...token))
    return builder.build()
  })
}

/** A refusal is an answer that editors show. */
function accepted<T extends object>(result: T | Refused): T {
  if ('refusal' in result) throw new ResponseError(LSPErrorCodes.RequestFailed, result.refusal)
  return result
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : [])
  return uris.map(nameOf).filter(isFile)
}
