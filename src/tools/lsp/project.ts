/** The files of an editor's workspace: parsed and resolved when asked for, and again when their text has changed. */
import { type Dirent, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { TextDocument } from 'vscode-languageserver-textdocument'
import type { File } from '../../../grammar/ast.js'
import { parseFile } from '../../../grammar/parse.js'
import { type Diagnostic, Diagnostics } from '../../base/diagnostic.js'
import { LIBRARY } from '../../std/library.js'
import { resolveFile } from './resolve.js'
import type { FileSymbols } from './symbols.js'
import type { Texts } from './texts.js'

export interface ProjectFile {
  readonly name: string
  readonly text: string
  /** For positions. */
  readonly document: TextDocument
  readonly syntax: File
  /** The syntax errors. */
  readonly mistakes: readonly Diagnostic[]
  readonly symbols: FileSymbols
}

/** Files beyond this number are not looked into when all uses of a name are asked for. */
const MOST_FILES = 2000
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'dist', 'build', 'coverage'])

export class Project {
  readonly #files: Map<string, ProjectFile>

  constructor(
    readonly texts: Texts,
    readonly folders: readonly string[],
    known: ReadonlyMap<string, ProjectFile> = new Map(),
  ) {
    this.#files = new Map(known)
  }

  /** The same files, some with other texts. */
  with(texts: Texts): Project {
    return new Project(texts, this.folders, this.#files)
  }

  /** Undefined where there is no such file. */
  file(name: string): ProjectFile | undefined {
    const text = this.textOf(name)
    if (text === undefined) {
      this.#files.delete(name)
      return undefined
    }
    const known = this.#files.get(name)
    if (known?.text === text) return known
    const file = parsed(name, text, this.texts.uri(name))
    this.#files.set(name, file)
    return file
  }

  imported(specifier: string, importer: string): ProjectFile | undefined {
    const name = this.texts.imported(specifier, importer)
    return name === undefined ? undefined : this.file(name)
  }

  /** A function of the library, which needs no import. */
  libraryFileOf(functionName: string): ProjectFile | undefined {
    const file = LIBRARY.find(({ functions }) => functions.includes(functionName))
    return file && this.file(file.specifier)
  }

  /** The files of the workspace and those that are open, where the text may hold what is looked for. */
  all(mayHold: (text: string) => boolean): ProjectFile[] {
    const names = new Set(this.texts.names)
    const folders = [...this.folders]
    for (let folder = folders.pop(); folder !== undefined && names.size < MOST_FILES; folder = folders.pop())
      for (const entry of entriesOf(folder)) {
        if (entry.isFile() && entry.name.endsWith('.nn')) names.add(join(folder, entry.name))
        else if (entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name))
          folders.push(join(folder, entry.name))
      }
    return [...names].flatMap((name) => {
      const text = this.textOf(name)
      return (text !== undefined && mayHold(text) && this.file(name)) || []
    })
  }

  /** Undefined where there is no such file. */
  textOf(name: string): string | undefined {
    try {
      return this.texts.read(name)
    } catch {
      return undefined
    }
  }
}

/** A folder that cannot be read has nothing to offer. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

export function parsed(name: string, text: string, uri: string): ProjectFile {
  const diagnostics = new Diagnostics()
  const syntax = parseFile({ filename: name, text }, diagnostics)
  return {
    name,
    text,
    document: TextDocument.create(uri, 'nn', 0, text),
    syntax,
    mistakes: diagnostics.list,
    symbols: resolveFile(syntax),
  }
}
