/** What may stand where the cursor is. */
import { readdirSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { type CompletionItem, CompletionItemKind, MarkupKind } from 'vscode-languageserver-types'
import { reservedWords, statementWords } from '../../../grammar/tokens.js'
import { BUILTIN_NAMES, isReduction } from '../../check/builtin-names.js'
import { LIBRARY } from '../../std/library.js'
import { callAt } from './call-context.js'
import { classify } from './classify.js'
import { describe } from './describe.js'
import { descriptionText, docText } from './hover.js'
import { importEdit } from './import-edit.js'
import { languageDoc } from './language-docs.js'
import { parsed, type ProjectFile } from './project.js'
import { rangeOf } from './ranges.js'
import { parameterText } from './signature-help.js'
import type { Block, Declaration, DeclarationKind, Subject } from './symbols.js'
import { isFile } from './texts.js'
import type { Workspace } from './workspace.js'

/** What `resolve` needs to document an item; clients hand it back as it was. */
type ItemData =
  | { readonly of: 'language'; readonly name: string }
  | { readonly of: 'file'; readonly file: string; readonly name: string }
  | { readonly of: 'declaration'; readonly file: string; readonly name: string; readonly at: number }

const WORD = /[\p{L}_][\p{L}\p{Nd}\p{Mn}\p{Mc}_₀-₉]*$/u
/** Stands for the word that is not typed yet, so that the text around it parses. */
const STAND_IN = 'ζ'
const INITIALISERS = ['he', 'glorot', 'lecun', 'normal', 'uniform', 'orthogonal']

export function complete(workspace: Workspace, name: string, offset: number): CompletionItem[] {
  const given = workspace.project.file(name)
  if (!given) return []
  const { text } = given
  const [word] = WORD.exec(text.slice(0, offset)) ?? ['']
  const start = offset - word.length
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start)
  const inside = classify(given).find((token) => token.start < offset && offset <= token.end)
  if (inside?.class === 'string')
    return specifiers(text.slice(inside.start + 1, offset), given, inside.start + 1, offset)
  if (inside?.class === 'comment' || inside?.class === 'number') return []
  const file =
    word === ''
      ? parsed(name, text.slice(0, offset) + STAND_IN + text.slice(offset), given.document.uri)
      : given
  const braces = /^\s*import\s*\{[^}]*$/.exec(line)
  if (braces) return importable(workspace, given, text.slice(offset))
  const reference = file.symbols.references.find(({ span }) => span.start === start)
  if (/\.\s*$/.test(line))
    return reference?.target.kind === 'member' ? members(workspace, reference.target.of, name) : []
  if (/~\s*$/.test(line)) return INITIALISERS.map((each) => languageItem(each, CompletionItemKind.Function))
  if (/\bparam\s+\S+\s*:\s*$/.test(line)) return models(workspace, file, given, start)
  const visible = visibleAt(file, start).map((declaration) => itemOf(workspace, declaration))
  const named = namedArguments(workspace, file, offset)
  return distinct([...named, ...visible, ...global(/^\s*(?:export\s+)?$|[{;]\s*$/.test(line))])
}

/** Documentation, for the item that is looked at. */
export function documented(workspace: Workspace, item: CompletionItem): CompletionItem {
  const data: ItemData | undefined = item.data
  if (!data) return item
  if (data.of === 'language') {
    const doc = languageDoc(data.name)
    return doc ? { ...item, documentation: { kind: MarkupKind.Markdown, value: docText(doc) } } : item
  }
  const symbols = workspace.project.file(data.file)?.symbols
  const declaration =
    data.of === 'file'
      ? symbols?.exported.get(data.name)
      : symbols?.declarations.find((each) => each.name === data.name && isAt(each, data.at))
  if (!declaration) return item
  const value = descriptionText(describe(workspace, declaration, { kind: 'declared', declaration }))
  return { ...item, documentation: { kind: MarkupKind.Markdown, value } }
}

/** What stands below the cursor was moved by the stand-in. */
const isAt = ({ places: [{ start }] }: Declaration, at: number): boolean =>
  start === at || start + STAND_IN.length === at

// ── Items ────────────────────────────────────────────────────────────────────────────────────────────────────

const KINDS: Readonly<Record<DeclarationKind, CompletionItemKind>> = {
  function: CompletionItemKind.Function,
  optimizer: CompletionItemKind.Function,
  model: CompletionItemKind.Class,
  constant: CompletionItemKind.Constant,
  import: CompletionItemKind.Reference,
  size: CompletionItemKind.TypeParameter,
  parameter: CompletionItemKind.Variable,
  param: CompletionItemKind.Property,
  layer: CompletionItemKind.Module,
  definition: CompletionItemKind.Variable,
  index: CompletionItemKind.Variable,
}

function itemOf({ linker }: Workspace, local: Declaration): CompletionItem {
  const declaration =
    linker.declaration({ kind: 'declared', declaration: local }, local.source.filename) ?? local
  const { kind, parts, source, places } = declaration
  const data: ItemData = {
    of: 'declaration',
    file: source.filename,
    name: declaration.name,
    at: places[0].start,
  }
  const detail = parts ? `(${[...parts.parameters.values()].map(parameterText).join(', ')})` : kind
  return { label: local.name, kind: KINDS[kind], detail, data }
}

function languageItem(name: string, kind: CompletionItemKind): CompletionItem {
  const data: ItemData = { of: 'language', name }
  return { label: name, kind, detail: languageDoc(name)?.head, data }
}

const keyword = (label: string): CompletionItem => ({ label, kind: CompletionItemKind.Keyword })

/** The first of several items of one name is the nearest. */
function distinct(items: readonly CompletionItem[]): CompletionItem[] {
  const byLabel = new Map<string, CompletionItem>()
  for (const item of items) if (!byLabel.has(item.label)) byLabel.set(item.label, item)
  return [...byLabel.values()]
}

// ── Names ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Names declared around an offset and before it, nearest first. */
export function visibleAt({ symbols }: ProjectFile, offset: number): Declaration[] {
  let innermost: Block | undefined
  for (const block of symbols.blocks)
    if (
      block.start <= offset &&
      offset <= block.end &&
      (!innermost || (block.start >= innermost.start && block.end <= innermost.end))
    )
      innermost = block
  const found: Declaration[] = []
  for (let block = innermost; block; block = block.outer)
    for (const { declaration, from } of block.names)
      if (from <= offset && declaration.name !== STAND_IN) found.push(declaration)
  return found
}

function global(atStatement: boolean): CompletionItem[] {
  const words = [...(atStatement ? statementWords.keys() : []), ...reservedWords.keys()]
  return [
    ...words.map(keyword),
    ...BUILTIN_NAMES.map((name) =>
      languageItem(name, isReduction(name) ? CompletionItemKind.Operator : CompletionItemKind.Function),
    ),
    ...['pi', 'inf'].map((name) => languageItem(name, CompletionItemKind.Constant)),
    ...LIBRARY.flatMap(({ specifier, functions }) =>
      functions.map((name) => fileItem(specifier, name, CompletionItemKind.Function)),
    ),
  ]
}

function fileItem(file: string, name: string, kind: CompletionItemKind): CompletionItem {
  const data: ItemData = { of: 'file', file, name }
  return { label: name, kind, detail: file, data }
}

function members(workspace: Workspace, subject: Subject, importer: string): CompletionItem[] {
  const { targets, filename } = workspace.linker.members(subject, importer)
  return [...targets].flatMap(([label, target]) => {
    const declaration = workspace.linker.declaration(target, filename)
    return declaration ? [{ ...itemOf(workspace, declaration), label }] : []
  })
}

/** `axis = `, where an argument begins. */
function namedArguments({ linker }: Workspace, file: ProjectFile, offset: number): CompletionItem[] {
  const call = callAt(file, offset)
  if (!call?.atStart) return []
  const target = file.symbols.references.find(({ span }) => span.start === call.callee)?.target
  const declaration = target && linker.declaration(target, file.name)
  const parts = declaration && linker.callable(declaration)?.parts
  return [...(parts?.parameters.values() ?? [])]
    .slice(call.position)
    .filter(({ name }) => !call.named.includes(name))
    .map((each) => ({
      label: `${each.name} =`,
      insertText: `${each.name} = `,
      kind: CompletionItemKind.Field,
      detail: parameterText(each),
      sortText: `~${each.name}`,
    }))
}

// ── Models and imports ───────────────────────────────────────────────────────────────────────────────────────

/** Types of parameters; a model of the library is imported with its name. */
function models(
  workspace: Workspace,
  file: ProjectFile,
  given: ProjectFile,
  offset: number,
): CompletionItem[] {
  const visible = visibleAt(file, offset).flatMap((declaration) => {
    const behind = workspace.linker.declaration({ kind: 'declared', declaration }, file.name)
    return behind?.kind === 'model' && behind !== declaration.owner ? [itemOf(workspace, declaration)] : []
  })
  const library = LIBRARY.flatMap(({ specifier, models: own }) =>
    own.map((name) => ({
      ...fileItem(specifier, name, CompletionItemKind.Class),
      additionalTextEdits: [importEdit(given, specifier, name)],
    })),
  )
  return distinct([
    ...visible,
    ...library,
    ...['int', 'real', 'bool'].map((name) => languageItem(name, CompletionItemKind.Keyword)),
  ])
}

/** Names in the braces of an import: what the file has that is named behind them, or what the library has for import. */
function importable(workspace: Workspace, { name }: ProjectFile, rest: string): CompletionItem[] {
  const specifier = /^[^}\r\n]*\}\s*from\s*["']([^"'\r\n]+)/.exec(rest)?.[1]
  if (specifier === undefined)
    return LIBRARY.flatMap(({ specifier: file, models: own, optimizers }) =>
      [...own, ...optimizers].map((each) => fileItem(file, each, CompletionItemKind.Class)),
    )
  const exported = workspace.project.imported(specifier, name)?.symbols.exported
  return [...(exported?.values() ?? [])].map((declaration) => itemOf(workspace, declaration))
}

/** Files of the library, and those beside the one that imports. */
function specifiers(typed: string, file: ProjectFile, start: number, end: number): CompletionItem[] {
  const range = rangeOf(file.document, { start, end })
  const item = (label: string): CompletionItem => ({
    label,
    kind: CompletionItemKind.File,
    textEdit: { range, newText: label },
  })
  return [...LIBRARY.map(({ specifier }) => specifier), ...neighbours(file.name, typed)].map(item)
}

function neighbours(importer: string, typed: string): string[] {
  if (!isFile(importer)) return []
  const prefix = typed.startsWith('.') ? typed.slice(0, typed.lastIndexOf('/') + 1) : './'
  try {
    return readdirSync(resolve(dirname(importer), prefix || './'), { withFileTypes: true }).flatMap(
      (entry) => {
        if (entry.isDirectory())
          return entry.name.startsWith('.') || entry.name === 'node_modules'
            ? []
            : [`${prefix || './'}${entry.name}/`]
        return entry.name.endsWith('.nn') && entry.name !== basename(importer)
          ? [`${prefix || './'}${entry.name}`]
          : []
      },
    )
  } catch {
    // A folder that is not there has no files.
    return []
  }
}
