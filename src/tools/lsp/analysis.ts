/** What checking tells about a file: its mistakes, and the values that its names have. */
import type { FunctionDeclaration, ModelDeclaration } from '../../../grammar/ast.js'
import { type Diagnostic, Diagnostics } from '../../base/diagnostic.js'
import type { Span } from '../../base/source.js'
import { checkInSteps } from '../../check/check.js'
import type { Value } from '../../check/value.js'
import { warningsOf } from '../../compile.js'
import { Graph } from '../../ir/graph.js'
import type { Program } from '../../ir/program.js'
import type { Project, ProjectFile } from './project.js'
import type { Declaration } from './symbols.js'

export interface Analysis {
  readonly file: ProjectFile
  /** The entries without mistakes. */
  readonly program: Program
  readonly values: Values
  readonly diagnostics: readonly Diagnostic[]
  /** The texts that were read, by name; `undefined` for files that are not there. */
  readonly texts: ReadonlyMap<string, string | undefined>
}

/** With a rest after each function or model. */
export function* analyseInSteps(
  project: Project,
  file: ProjectFile,
  only?: string,
): Generator<void, Analysis, void> {
  const { texts: all } = project
  const diagnostics = new Diagnostics()
  for (const mistake of file.mistakes) diagnostics.add(mistake)
  const texts = new Map<string, string | undefined>([[file.name, file.text]])
  const values = new Values()
  const graph = new Graph()
  const program = yield* checkInSteps(file.syntax, {
    graph,
    diagnostics,
    filename: file.name,
    observer: values,
    only,
    read(specifier, importer) {
      const name = all.imported(specifier, importer)
      if (name === undefined) throw new Error('save the file first: imports are found beside it')
      texts.set(name, undefined)
      const source = all.read(name)
      texts.set(name, source)
      return { filename: name, source }
    },
  })
  if (!diagnostics.hasErrors) for (const remark of warningsOf(program)) diagnostics.add(remark)
  return { file, program, values, diagnostics: diagnostics.list, texts }
}

/** The values of names, by the places of the names: as the function around them has them, or else as a call of it. */
export class Values {
  private readonly seen = new Map<string, Value>()
  private entry: Span | undefined

  readonly enter = ({ span }: FunctionDeclaration | ModelDeclaration): void => {
    this.entry = span
  }

  readonly bind = (name: string, value: Value, span: Span): void => {
    if (value.kind === 'poison') return
    const { entry } = this
    const isOwn = entry?.source === span.source && entry.start <= span.start && span.end <= entry.end
    const key = keyOf(name, span)
    if (isOwn || !this.seen.has(key)) this.seen.set(key, value)
  }

  of({ name, places, text }: Declaration): Value | undefined {
    for (const place of [...places, text]) {
      const found = this.seen.get(keyOf(name, place))
      if (found) return found
    }
    return undefined
  }
}

const keyOf = (name: string, { source, start }: Span): string => `${source.filename}:${start}:${name}`
