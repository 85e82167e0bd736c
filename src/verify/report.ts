import type { LocatedDiagnostic } from '../base/located.js'
import type { Row, Verdict } from './comparison.js'

/** What `checkGradients` found. */
export interface Report {
  /** Nothing disagrees, and something was conclusive. */
  readonly ok: boolean
  /** Gives the same points again. */
  readonly seed: number
  /** Of the compiler, and of entries that could not be checked. */
  readonly diagnostics: readonly LocatedDiagnostic[]
  readonly rows: readonly Row[]
  /** How many points were drawn, over all entries. */
  readonly points: number
  /** How many functions, models and optimizers were checked. */
  readonly entries: number
  /** Own derivative rules that were taken as stated: their bodies pass no derivative on. */
  readonly surrogates: readonly string[]
}

const ESCAPES = {
  pass: '\u001b[32m',
  fail: '\u001b[31m',
  inconclusive: '\u001b[33m',
  dim: '\u001b[2m',
} as const
const RESET = '\u001b[0m'

/** A table of the worst errors with their lines, counts, and one line that says how it went. */
export function formatReport(report: Report, { color = false }: { readonly color?: boolean } = {}): string {
  const paint = (kind: keyof typeof ESCAPES, text: string) =>
    color ? `${ESCAPES[kind]}${text}${RESET}` : text
  const lines: string[] = []
  if (report.rows.length > 0) {
    const cells = sorted(report.rows).map(cellsOf)
    const widths = HEADER.map((title, at) =>
      Math.max(title.length, ...cells.map((row) => row.text[at].length)),
    )
    const line = (text: readonly string[]) =>
      text.map((cell, at) => (RIGHT.has(at) ? cell.padStart(widths[at]) : cell.padEnd(widths[at]))).join('  ')
    lines.push(paint('dim', line(HEADER).trimEnd()))
    for (const { text, verdict } of cells) {
      const formatted = line(text).trimEnd()
      lines.push(verdict === 'pass' ? formatted : paint(verdict, formatted))
    }
    lines.push('')
  }
  if (report.surrogates.length > 0)
    lines.push(`taken as stated, beside bodies without a derivative: ${report.surrogates.join(', ')}`)
  lines.push(summary(report), paint(report.ok ? 'pass' : 'fail', verdictLine(report)))
  return `${lines.join('\n')}\n`
}

const HEADER = ['entry', 'by', 'against', 'worst error', 'limit', 'verdict', 'line']
/** Columns of numbers. */
const RIGHT = new Set([3, 4])

function cellsOf(row: Row): { readonly text: readonly string[]; readonly verdict: Verdict } {
  const { entry, wrt, against, error, limit, verdict, filename, line } = row
  const place = `${filename}:${line}`
  return { text: [entry, wrt, against, scientific(error), scientific(limit), verdict, place], verdict }
}

const scientific = (x: number): string =>
  x === 0 ? '0' : Number.isFinite(x) ? x.toExponential(1) : String(x)

/** Failures first, in the order of the program otherwise. */
function sorted(rows: readonly Row[]): readonly Row[] {
  const failures = rows.filter(({ verdict }) => verdict === 'fail')
  return [...failures, ...rows.filter((row) => !failures.includes(row))]
}

function summary({ rows, entries, points, seed }: Report): string {
  const comparisons = rows.reduce((sum, { count }) => sum + count, 0)
  const undecided = rows.reduce((sum, { inconclusive }) => sum + inconclusive, 0)
  return (
    `${counted(entries, 'entry', 'entries')}, ${counted(points, 'point')}, ` +
    `${counted(comparisons, 'comparison')}, ${undecided} of them inconclusive (seed ${seed})`
  )
}

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

function verdictLine({ ok, entries, rows, diagnostics }: Report): string {
  if (ok) {
    // An optimizer has no gradient.
    const isOnlyValues = rows.every(({ against }) => against === 'value')
    return isOnlyValues ? 'PASS: all values agree' : 'PASS: all gradients agree'
  }
  if (diagnostics.some(({ severity }) => severity === 'error')) return 'FAIL: there are errors'
  if (entries === 0) return 'FAIL: there is nothing to check'
  const failed = rows.filter(({ verdict }) => verdict === 'fail')
  if (failed.length === 0) return 'FAIL: nothing was conclusive'
  const [worst] = [...failed].sort((a, b) => excess(b) - excess(a))
  return `FAIL: ${worst.entry} by ${worst.wrt} disagrees with ${worst.against} (${worst.filename}:${worst.line})`
}

const excess = ({ error, limit }: Row): number => (Number.isNaN(error) ? Infinity : error / limit)
