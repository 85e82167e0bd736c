/** Checks every function, model and optimizer of a compiled program. */
import type { Entry, Program } from '../ir/program.js'
import { checkEntry, type CompiledPair } from './check-entry.js'
import { Comparisons, type Row } from './comparison.js'
import { compiledEntry, ModuleMismatch } from './compiled-module.js'
import { Random } from './random.js'
import { type Drawn, drawPoint, NoPoint } from './sampling.js'

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
  readonly unchecked: readonly Remark[]
  /** Entries whose compiled functions are missing or throw. */
  readonly broken: readonly Remark[]
}

interface Remark {
  readonly entry: Entry
  readonly because: string
}

/** A gradient that is not finite is drawn again this often. */
const REDRAWS = 8
/** Instructions of the interpreter after which an entry gets no further point. */
const WORK_LIMIT = 1e6

export function checkProgram(program: Program, modules: Modules, options: ProgramOptions): ProgramReport {
  const comparisons = new Comparisons()
  const unchecked: Remark[] = []
  const broken: Remark[] = []
  const { entries } = program
  let points = 0
  for (const entry of entries) {
    // A stream of its own: adding an entry to the file does not move the points of the others.
    const random = new Random(options.seed ^ hash(entry.name))
    try {
      const compiled = {
        f64: compiledEntry(modules.f64, entry, 'f64'),
        f32: compiledEntry(modules.f32, entry, 'f32'),
      }
      let spent = 0
      for (let point = 0; point < options.points && spent < WORK_LIMIT; point++) {
        const { work } = checkPoint(entry, compiled, random, options, comparisons)
        spent += work
        points++
      }
    } catch (error) {
      if (error instanceof NoPoint) unchecked.push({ entry, because: error.message })
      else if (error instanceof ModuleMismatch) broken.push({ entry, because: error.message })
      else throw error
    }
  }
  return { rows: comparisons.rows, points, entries: entries.length, unchecked, broken }
}

/** Compares at one random point where the gradient is finite. */
function checkPoint(
  entry: Entry,
  compiled: CompiledPair,
  random: Random,
  options: ProgramOptions,
  comparisons: Comparisons,
): Drawn {
  for (let attempt = 0; attempt <= REDRAWS; attempt++) {
    const drawn = drawPoint(entry, random, options)
    if (checkEntry(entry, compiled, drawn, random, comparisons)) return drawn
  }
  throw new NoPoint(`the gradient of '${entry.name}' is finite at no point tried`)
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
