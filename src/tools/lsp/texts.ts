/** The texts of files: what an editor holds open leads over what is on the disk. */
import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { TextDocument } from 'vscode-languageserver-textdocument'
import { libraryFile } from '../../std/library.js'
import { readSourceFile } from '../cli/read-source.js'

/** A document of an editor is named by its URI, a file by its path: one name for both, which messages show too. */
export function nameOf(uri: string): string {
  if (!uri.startsWith('file:')) return uri
  try {
    return fileURLToPath(uri)
  } catch {
    return uri
  }
}

const uriOf = (name: string): string => (isFile(name) ? pathToFileURL(name).href : name)

/** Documents that were never saved lie in no folder. */
export const isFile = (name: string): boolean => !/^[a-z][\w+.-]+:/i.test(name)

export class Texts {
  /** The open documents, by name. */
  readonly #open = new Map<string, TextDocument>()

  /** `library` is the folder with the files of the standard library, for reading them in the editor. */
  constructor(private readonly library: string | undefined) {}

  open(document: TextDocument): string {
    const name = nameOf(document.uri)
    this.#open.set(name, document)
    return name
  }

  /** The same with other texts for some of the documents. */
  with(documents: readonly TextDocument[]): Texts {
    const changed = new Texts(this.library)
    for (const document of [...this.#open.values(), ...documents]) changed.open(document)
    return changed
  }

  close(name: string): void {
    this.#open.delete(name)
  }

  get names(): readonly string[] {
    return [...this.#open.keys()]
  }

  /** The URI under which the editor knows it, or would open it. */
  uri(name: string): string {
    const path = libraryFile(name) ? (this.libraryPath(name) ?? `nnc:${name}`) : name
    return this.#open.get(name)?.uri ?? uriOf(path)
  }

  /** @throws Error that says why there is none. */
  read(name: string): string {
    const open = this.#open.get(name)
    if (open) return open.getText()
    const own = libraryFile(name)
    if (own) return own.text
    if (!isFile(name)) throw new Error('the document is not open')
    return readSourceFile(name, dirname(name)).source
  }

  /** The name of the file that an import means; undefined from a document without a folder. */
  imported(specifier: string, importer: string): string | undefined {
    if (specifier.startsWith('nnc/')) return specifier
    return isFile(importer) && !libraryFile(importer) ? resolve(dirname(importer), specifier) : undefined
  }

  /** Where a file of the library can be read, if it lies there. */
  private libraryPath(name: string): string | undefined {
    if (!this.library || !libraryFile(name)) return undefined
    const path = resolve(this.library, `${name.slice('nnc/'.length)}.nn`)
    return existsSync(path) ? path : undefined
  }

  /** Whether a name is the library's own file, which nobody edits. */
  isLibrary(name: string): boolean {
    return (
      libraryFile(name) !== undefined ||
      (this.library !== undefined && dirname(name) === resolve(this.library))
    )
  }
}
