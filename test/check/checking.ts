/** Checking texts, for the tests of this folder. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseFile } from '../../grammar/parse.js'
import { Diagnostics } from '../../src/base/diagnostic.js'
import { positionOf } from '../../src/base/source.js'
import { checkProgram } from '../../src/check/check.js'
import type { Program } from '../../src/ir/program.js'
import { showShape } from '../../src/check/show.js'
import type { Def } from '../../src/ir/expr.js'
import { Graph } from '../../src/ir/graph.js'

export const programs = fileURLToPath(new URL('../programs/', import.meta.url))

export interface Checked {
  readonly program: Program
  readonly graph: Graph
  readonly diagnostics: Diagnostics
  /** Errors as `line:column message`, with the suggestion in brackets. */
  readonly errors: string[]
  readonly warnings: string[]
}

export interface Options {
  readonly define?: Readonly<Record<string, number>>
  /** Further files by specifier; otherwise imports are read from the programs folder. */
  readonly files?: Readonly<Record<string, string>>
}

export function check(text: string, { define, files }: Options = {}): Checked {
  const diagnostics = new Diagnostics()
  const graph = new Graph()
  const file = parseFile({ filename: 'test.nn', text }, diagnostics)
  const read = (specifier: string): { filename: string; source: string } => {
    if (files) {
      if (!Object.hasOwn(files, specifier)) throw new Error('no such file')
      return { filename: specifier, source: files[specifier] }
    }
    return { filename: specifier, source: readFileSync(programs + specifier, 'utf8') }
  }
  const program = checkProgram(file, { graph, diagnostics, filename: 'test.nn', define, read })
  const say = (severity: 'error' | 'warning'): string[] =>
    diagnostics.list
      .filter((diagnostic) => diagnostic.severity === severity)
      .map(({ message, span, suggestion }) => {
        const at = span ? positionOf(span.source, span.start) : undefined
        const place = at
          ? `${span?.source.filename === 'test.nn' ? '' : `${span?.source.filename}:`}${at.line}:${at.column} `
          : ''
        return `${place}${message}${suggestion ? ` (${suggestion})` : ''}`
      })
  return { program, graph, diagnostics, errors: say('error'), warnings: say('warning') }
}

/** The printed shape of a definition. */
export const shapeOf = (graph: Graph, def: Def): string =>
  showShape(
    graph,
    def.idx.map((index) => index.extent),
  )

/** `name: shape` of every result of an entry. */
export function results({ program, graph }: Checked, entry: string): string[] {
  const found = program.entries.find(({ name }) => name === entry)
  if (!found) throw new Error(`no entry '${entry}'`)
  return found.outputs.map(({ name, def }) => `${name}: ${shapeOf(graph, def)}`)
}
