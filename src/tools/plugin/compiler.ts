/** The core of the plugin: the identifier of a module becomes code, map, typings, files to watch and diagnostics. */
import { resolve } from 'node:path'
import { type Diagnostic } from '../../base/diagnostic.js'
import { error } from '../../base/messages.js'
import { type CompileOptions, compileModule, type CompileResult } from '../../compile.js'
import { parse } from '../../parse.js'
import { libraryFile } from '../../std/library.js'
import { wrongRules } from '../../verify/check.js'
import { CommandFailure } from '../cli/failure.js'
import { importReader, readSourceFile, type SourceText } from '../cli/read-source.js'
import { messages } from './messages.js'
import { type ModuleId, readQuery } from './module-id.js'
import type { Options } from './options.js'

/** A source map as bundlers take it. */
export interface SourceMap {
  readonly version: 3
  readonly file?: string
  readonly names: string[]
  readonly sources: string[]
  readonly sourcesContent?: (string | null)[]
  readonly mappings: string
}

export interface CompiledModule {
  /** Empty if there are errors. */
  readonly code: string
  /** Its sources are absolute paths. */
  readonly map: SourceMap | undefined
  readonly dts: string
  readonly dtsMap: SourceMap | undefined
  readonly interface: CompileResult['interface']
  readonly diagnostics: readonly Diagnostic[]
  /** The file itself and what it imports, whether or not they could be read: absolute paths. */
  readonly files: readonly string[]
}

const NOTHING = { code: '', map: undefined, dts: '', dtsMap: undefined }

/** Compiles modules; one whose files have not changed is not compiled again. */
export class ModuleCompiler {
  readonly #options: Options
  readonly #cwd: string
  readonly #known = new Map<
    string,
    { readonly texts: ReadonlyMap<string, string>; readonly module: CompiledModule }
  >()

  constructor(options: Options, cwd: string) {
    this.#options = options
    this.#cwd = cwd
  }

  compile(id: ModuleId): CompiledModule {
    const key = `${id.path}?${id.query}`
    const known = this.#known.get(key)
    if (known && [...known.texts].every(([path, text]) => this.#textOf(path) === text)) return known.module
    const texts = new Map<string, string>()
    const module = this.#compile(id, texts)
    if (texts.size === module.files.length) this.#known.set(key, { texts, module })
    else this.#known.delete(key)
    return module
  }

  #textOf(path: string): string | undefined {
    try {
      return readSourceFile(path, this.#cwd).source
    } catch {
      return undefined
    }
  }

  /** Files that were read are added to `texts`. */
  #compile({ path, query }: ModuleId, texts: Map<string, string>): CompiledModule {
    const imports = importReader(this.#cwd)
    const failed = (diagnostics: readonly Diagnostic[]): CompiledModule => ({
      ...NOTHING,
      interface: { exports: [], parameters: {} },
      diagnostics,
      files: [path, ...imports.files],
    })
    let main: SourceText
    try {
      main = readSourceFile(path, this.#cwd)
    } catch (failure) {
      if (!(failure instanceof CommandFailure)) throw failure
      return failed([error(messages.unreadable(failure.message))])
    }
    texts.set(path, main.source)
    const { filename, source } = main
    const {
      dtype = this.#options.dtype,
      checkpoint = this.#options.checkpoint,
      target = this.#options.target,
      define,
      mistakes,
    } = readQuery(query)
    if (mistakes.length > 0) return failed(mistakes.map((mistake) => error(messages.query(mistake))))
    const options: CompileOptions = {
      filename,
      dtype,
      checkpoint,
      define: Object.fromEntries([...ofFile(this.#options.define, source), ...Object.entries(define)]),
      sourcemap: this.#options.sourcemap !== false,
      target,
      read: (specifier, importer) => {
        const found = imports.read(specifier, importer)
        texts.set(resolve(this.#cwd, found.filename), found.source)
        return found
      },
    }
    const compiled = compileModule(source, options)
    // Compiling is pure; that the derivatives a file states are right is seen by numbers.
    const statesRules = [...texts.values()].some((text) => /\bderivative\s+of\b/.test(text))
    const diagnostics = [...compiled.diagnostics, ...(statesRules ? wrongRules(source, options) : [])]
    if (diagnostics.some(({ severity }) => severity === 'error')) return failed(diagnostics)
    return {
      ...compiled,
      diagnostics,
      map: this.#located(compiled.map),
      dtsMap: this.#located(compiled.dtsMap),
      files: [path, ...imports.files],
    }
  }

  /** The compiler names sources from the working directory. Those of the library are shown as part of the package. */
  #located(text: string | undefined): SourceMap | undefined {
    if (text === undefined) return undefined
    const map: SourceMap = JSON.parse(text)
    const sources = map.sources.map((source) =>
      libraryFile(source) ? resolve(this.#cwd, 'node_modules', `${source}.nn`) : resolve(this.#cwd, source),
    )
    return { ...map, sources }
  }
}

/** The options speak of all files, and set what a file has; the query of an import must fit its file. */
function ofFile(define: Readonly<Record<string, number>> | undefined, source: string): [string, number][] {
  if (define === undefined) return []
  const names = parse(source).ast.statements.flatMap((statement) => {
    if (statement.kind === 'const') return statement.definition.targets.map(({ name }) => name.name)
    return statement.kind === 'model' ? (statement.signature.sizes ?? []).map(({ name }) => name.name) : []
  })
  return Object.entries(define).filter(([name]) => names.includes(name.normalize('NFKC')))
}
