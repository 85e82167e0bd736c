/** The standard library. Nothing of it is read before it is used: a file is parsed at the first use of one of its names. */
import type { File } from '../../grammar/ast.js'
import { parseFile } from '../../grammar/parse.js'
import { Diagnostics } from '../base/diagnostic.js'
import { STANDARD } from './text.js'

/** A file of the library, `nnc/<name>` for imports. */
interface LibraryFile {
  readonly specifier: string
  readonly functions: readonly string[]
  readonly optimizers: readonly string[]
  readonly models: readonly string[]
  readonly text: string
}

export const LIBRARY: readonly LibraryFile[] = Object.entries(STANDARD).map(([name, file]) => ({
  specifier: `nnc/${name}`,
  ...file,
}))

/** The file that `import … from "nnc/…"` names. */
export const libraryFile = (specifier: string): LibraryFile | undefined =>
  LIBRARY.find((file) => file.specifier === specifier)

/** The file that has a model. */
export const fileOfModel = (model: string): LibraryFile | undefined =>
  LIBRARY.find(({ models }) => models.includes(model))

/** The file from which a model or an optimizer is imported. */
export const fileToImport = (name: string): LibraryFile | undefined =>
  fileOfModel(name) ?? LIBRARY.find(({ optimizers }) => optimizers.includes(name))

const parsed = new WeakMap<LibraryFile, File>()

/** The syntax of a file: constant text, so it is parsed once in a process. */
export function parseLibrary(file: LibraryFile): File {
  const present = parsed.get(file)
  if (present) return present
  const diagnostics = new Diagnostics()
  const syntax = parseFile({ filename: file.specifier, text: file.text }, diagnostics)
  const [mistake] = diagnostics.list
  if (mistake) throw new Error(`${file.specifier}: ${mistake.message}`)
  parsed.set(file, syntax)
  return syntax
}
