/** The check of one source text by means of a compiler, which tests replace by a faulty one. */
import type { Diagnostic } from '../base/diagnostic.js'
import { located } from '../base/located.js'
import { error, warning } from '../base/messages.js'
import type { Program } from '../ir/program.js'
import { closest } from '../base/suggest.js'
import { checkRules } from './check-rules.js'
import { checkProgram, isConclusive, type Modules } from './check-program.js'
import type { Dtype } from './compiled-module.js'
import { messages } from './messages.js'
import type { Report } from './report.js'

/** What the check needs of the compiler. */
export interface Compiler {
  /** The program as checking leaves it, before any rewriting; undefined if there are errors. */
  analyse(): { readonly program: Program | undefined; readonly diagnostics: readonly Diagnostic[] }
  /** The module with every function and model exported; `code` is '' if there are errors. */
  emit(dtype: Dtype): { readonly code: string; readonly diagnostics: readonly Diagnostic[] }
}

export interface CheckOptions {
  /** Sizes that the data are drawn with, by name; others are drawn too. */
  readonly sizes?: Readonly<Record<string, number>>
  /** Where the random numbers start: the same seed, the same report. */
  readonly seed?: number
  /** Random points for each function and model; large ones get fewer. */
  readonly points?: number
}

const SEED = 1
const POINTS = 2

export async function checkSource(compiler: Compiler, options: CheckOptions = {}): Promise<Report> {
  const { sizes, seed = SEED, points = POINTS } = options
  const { program, diagnostics } = compiler.analyse()
  const f64 = compiler.emit('f64')
  const known = diagnostics.length >= f64.diagnostics.length ? diagnostics : f64.diagnostics
  const nothing = { ok: false, seed, rows: [], points: 0, entries: 0, surrogates: [] }
  if (!program || f64.code === '') return { ...nothing, diagnostics: located(known) }
  const f32 = compiler.emit('f32')
  let modules: Modules
  try {
    modules = { f64: await importCode(f64.code), f32: await importCode(f32.code) }
  } catch (thrown) {
    const because = `it cannot be loaded: ${thrown instanceof Error ? thrown.message : String(thrown)}`
    return { ...nothing, diagnostics: located([...known, error(messages.broken(because))]) }
  }
  const report = checkProgram(program, modules, { seed, points, sizes })
  const rules = checkRules(program, { seed, sizes })
  const remarks = [
    ...unknownSizes(program, sizes),
    ...rules.diagnostics,
    ...report.unchecked.map(({ entry, because }) => warning(messages.unchecked(because), entry.span)),
    ...report.broken.map(({ entry, because }) => error(messages.broken(because), entry.span)),
  ]
  const failed = report.rows.some(({ verdict }) => verdict === 'fail')
  return {
    ok: !failed && report.broken.length === 0 && rules.diagnostics.length === 0 && isConclusive(report.rows),
    seed,
    diagnostics: located([...known, ...remarks]),
    rows: report.rows,
    points: report.points,
    entries: report.entries,
    surrogates: rules.surrogates.map((rule) => `${rule.function} by ${rule.argument.name}`),
  }
}

/** The emitted text itself runs, as it would in a user's page. */
async function importCode(code: string): Promise<unknown> {
  return import(`data:text/javascript;charset=utf-8,${encodeURIComponent(code)}`)
}

/** Names that no entry has a size or a whole-numbered input of. */
function unknownSizes({ entries }: Program, sizes: CheckOptions['sizes'] = {}): Diagnostic[] {
  const known = entries.flatMap((entry) => [...entry.sizes.map(({ size }) => size.name), ...entry.inputs.map(({ name }) => name)]) // prettier-ignore
  const unknown = Object.keys(sizes).filter((name) => !known.includes(name))
  return unknown.map((name) => warning(messages.unknownSize(name, closest(name, new Set(known)))))
}
