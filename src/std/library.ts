/** The standard library. Nothing of it is read before it is used: a function or model is parsed when it is first looked at. */
import type {
  File,
  FunctionDeclaration,
  ImportDeclaration,
  ModelDeclaration,
  Statement,
} from '../../grammar/ast.js'
import { parseFile } from '../../grammar/parse.js'
import { Diagnostics } from '../base/diagnostic.js'
import type { Source } from '../base/source.js'
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

/** The whole syntax of a file. */
export function parseLibrary(file: LibraryFile): File {
  const source = { filename: file.specifier, text: file.text }
  return parsePart(source, 0, file.text.length)
}

export interface LibraryDeclaration {
  readonly name: string
  readonly exported: boolean
  readonly isModel: boolean
  /** Parsed when it is first asked for. */
  readonly syntax: () => FunctionDeclaration | ModelDeclaration
}

/** What a file imports, and the names that it declares. */
interface Outline {
  readonly imports: readonly ImportDeclaration[]
  readonly declarations: readonly LibraryDeclaration[]
}

const outlines = new WeakMap<LibraryFile, Outline>()

/** A declaration begins with the comments right above it, and reaches to the next one. */
const DECLARATION = /^(?:\/\/.*\n)*(export )?(fn|optimizer|model) (\w+)/gm

/** A file by its declarations: constant text, so that each is parsed once in a process. */
export function outlineOf(file: LibraryFile): Outline {
  const known = outlines.get(file)
  if (known) return known
  const source = { filename: file.specifier, text: file.text }
  const found = [...file.text.matchAll(DECLARATION)]
  const declarations = found.map(({ index, 1: exported, 2: word, 3: name }, at): LibraryDeclaration => {
    const end = found.at(at + 1)?.index ?? file.text.length
    return {
      name,
      exported: exported !== undefined,
      isModel: word === 'model',
      syntax: once(() => declarationIn(parsePart(source, index, end).statements, name)),
    }
  })
  const [{ index: start }] = found
  const before = file.text.slice(0, start).includes('\nimport ') ? parsePart(source, 0, start).statements : []
  const imports = before.filter((statement) => statement.kind === 'import')
  const outline = { imports, declarations }
  outlines.set(file, outline)
  return outline
}

function parsePart(source: Source, start: number, end: number): File {
  const diagnostics = new Diagnostics()
  const syntax = parseFile(source, diagnostics, { start, end })
  const [mistake] = diagnostics.list
  if (mistake) throw new Error(`${source.filename}: ${mistake.message}`)
  return syntax
}

function declarationIn(
  [statement, ...others]: readonly Statement[],
  name: string,
): FunctionDeclaration | ModelDeclaration {
  const isDeclaration = statement?.kind === 'function' || statement?.kind === 'model'
  if (!isDeclaration || others.length > 0) throw new Error(`'${name}' is not declared alone`)
  return statement
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
