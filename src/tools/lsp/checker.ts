/** Files are checked when somebody asks, and again when a text that was read has changed. */
import { finished } from '../../check/check.js'
import { error } from '../../base/messages.js'
import { derivativesOf } from '../../compile.js'
import type { PartialDerivative } from '../../expression/equations.js'
import { Graph } from '../../ir/graph.js'
import { type Analysis, analyseInSteps, Values } from './analysis.js'
import { messages } from './messages.js'
import type { Project, ProjectFile } from './project.js'

/** One function or model of a file, checked alone; `''` for the constants. */
interface Part {
  readonly entry: string
  readonly analysis: Analysis
}

export class Checker {
  readonly #known = new Map<string, Analysis>()
  /** The part of each file that was asked for last. */
  readonly #parts = new Map<string, Part>()
  readonly #derivatives = new WeakMap<Analysis, Map<string, readonly PartialDerivative[]>>()

  constructor(
    private readonly project: Project,
    private readonly onBug: (thrown: unknown) => void,
  ) {}

  /** Checks a file, with rests. A text that changes meanwhile is that of the next check. */
  *steps(name: string): Generator<void, Analysis | undefined, void> {
    const known = this.#known.get(name)
    if (known && this.isCurrent(known)) return known
    const file = this.project.file(name)
    if (!file) {
      this.#known.delete(name)
      return undefined
    }
    const analysis = yield* this.#analyse(file)
    this.#known.set(name, analysis)
    return analysis
  }

  /** What is known of a function or model of a file, at once: of the whole file, or else of that alone. */
  part(name: string, entry: string): Analysis | undefined {
    const whole = this.#known.get(name)
    if (whole && this.isCurrent(whole)) return whole
    const part = this.#parts.get(name)
    if (part?.entry === entry && this.isCurrent(part.analysis)) return part.analysis
    const file = this.project.file(name)
    if (!file) return undefined
    const analysis = finished(this.#analyse(file, entry))
    this.#parts.set(name, { entry, analysis })
    return analysis
  }

  private isCurrent({ texts }: Analysis): boolean {
    return [...texts].every(([name, text]) => this.project.textOf(name) === text)
  }

  /** Whether the last check of a file read another one, or would have. */
  reads(name: string, other: string): boolean {
    return this.#known.get(name)?.texts.has(other) ?? true
  }

  forget(name: string): void {
    this.#known.delete(name)
    this.#parts.delete(name)
  }

  /** The partial derivatives of a function or model of the file, if it has one number to differentiate. */
  derivatives(name: string, entryName: string): readonly PartialDerivative[] {
    const analysis = this.part(name, entryName)
    if (!analysis) return []
    const known = this.#derivatives.get(analysis) ?? new Map<string, readonly PartialDerivative[]>()
    this.#derivatives.set(analysis, known)
    const present = known.get(entryName)
    if (present) return present
    const found = this.#derive(analysis, entryName)
    known.set(entryName, found)
    return found
  }

  /** Passes use up the program they are given. */
  #derive({ file }: Analysis, entryName: string): readonly PartialDerivative[] {
    try {
      const { program } = finished(analyseInSteps(this.project, file, entryName))
      const entry = program.entries.find(({ kind }) => kind !== 'optimizer')
      return entry ? derivativesOf(program, entry) : []
    } catch (thrown) {
      this.onBug(thrown)
      return []
    }
  }

  /** A bug of the compiler is shown in the file that brought it out, and the server goes on. */
  *#analyse(file: ProjectFile, only?: string): Generator<void, Analysis, void> {
    try {
      return yield* analyseInSteps(this.project, file, only)
    } catch (thrown) {
      this.onBug(thrown)
      const { source } = file.syntax.span
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      return {
        file,
        program: { graph: new Graph(), entries: [] },
        values: new Values(),
        diagnostics: [...file.mistakes, error(messages.bug(why), { source, start: 0, end: 0 })],
        texts: new Map([[file.name, file.text]]),
      }
    }
  }
}
