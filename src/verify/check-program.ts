/** Checks every function and model of a compiled program. */
import type { Entry, Program } from '../ir/program.js'
import { checkEntry } from './check-entry.js'
import { Comparisons, type Row } from './comparison.js'
import { compiledEntry } from './compiled-module.js'
import { Random } from './random.js'
import { drawPoint, NoPoint } from './sampling.js'

/** The generated modules of one program, every entry exported. */
export interface Modules {
  readonly f64: unknown
  readonly f32: unknown
}

export interface ProgramOptions {
  readonly seed: number
  readonly points: number
  readonly sizes?: Readonly<Record<string, number>>
}

export interface ProgramReport {
  readonly rows: readonly Row[]
  readonly points: number
  readonly entries: number
  /** Entries that could not be evaluated anywhere, and why. */
  readonly unchecked: readonly { readonly entry: Entry; readonly because: string }[]
}

/** A gradient that is not finite is drawn again this often. */
const REDRAWS = 8

export function checkProgram(program: Program, modules: Modules, options: ProgramOptions): ProgramReport {
  const comparisons = new Comparisons()
  const unchecked: { entry: Entry; because: string }[] = []
  const entries = program.entries.filter(({ kind }) => kind !== 'optimizer')
  let points = 0
  for (const entry of entries) {
    const compiled = {
      f64: compiledEntry(modules.f64, entry, 'f64'),
      f32: compiledEntry(modules.f32, entry, 'f32'),
    }
    // A stream of its own: adding an entry to the file does not move the points of the others.
    const random = new Random(options.seed ^ hash(entry.name))
    try {
      for (let point = 0; point < options.points; point++) {
        let redraws = 0
        while (!checkEntry(entry, compiled, drawPoint(entry, random, options), random, comparisons))
          if (++redraws > REDRAWS)
            throw new NoPoint(`the gradient of '${entry.name}' is finite at no point tried`)
        points++
      }
    } catch (error) {
      if (!(error instanceof NoPoint)) throw error
      unchecked.push({ entry, because: error.message })
    }
  }
  return { rows: comparisons.rows, points, entries: entries.length, unchecked }
}

function hash(text: string): number {
  let value = 0
  for (let at = 0; at < text.length; at++) value = Math.imul(value, 31) + text.charCodeAt(at)
  return value
}

/** Something agreed, and, where differences were taken at all, some of them. */
export function isConclusive(rows: readonly Row[]): boolean {
  const passes = (among: readonly Row[]) => among.some(({ verdict }) => verdict === 'pass')
  const differences = rows.filter(({ against }) => against === 'differences')
  return passes(rows) && (differences.length === 0 || passes(differences))
}
