/** Results as text for people. What is an answer can be typed in again; what is about it stands after `//` or dimmed. */
import { displayWidth, renderDiagnostic } from '../../base/frame.js'
import pc from 'picocolors'
import { joinedConditions } from '../../expression/print.js'
import { curvesAsText } from './plot-text.js'
import type { Result } from './result.js'

export interface Printing {
  readonly color: boolean
  readonly columns: number
}

type Colors = ReturnType<typeof pc.createColors>

export function printResult(result: Result, { color, columns }: Printing): string {
  const colors = pc.createColors(color)
  switch (result.kind) {
    case 'expression': {
      const { text, parts = [], where, matrix, conditions, notes } = result
      const first =
        conditions.length > 0 ? `${text}  ${colors.dim(`// where ${joinedConditions(conditions)}`)}` : text
      return [
        ...remarks(notes, colors),
        ...parts,
        first,
        ...where.map((line) => `  ${colors.dim('where')} ${line}`),
        ...(matrix === undefined ? [] : remarks([`in matrix notation: ${matrix}`], colors)),
      ].join('\n')
    }
    case 'number':
    case 'array':
      return [...remarks(result.notes, colors), result.text].join('\n')
    case 'made':
      return [...remarks(result.notes, colors), result.text].join('\n')
    case 'text':
      return [...remarks(result.notes, colors), result.text].join('\n')
    case 'table':
      return table(result, colors, columns)
    case 'plot': {
      const paints = [colors.cyan, colors.yellow, colors.magenta, colors.green, colors.blue]
      const paint = (at: number, text: string): string => paints[at % paints.length](text)
      return [...remarks(result.notes, colors), ...curvesAsText(result, columns, paint, !color)].join('\n')
    }
    case 'problem':
      return result.diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, { color })).join('\n')
    case 'quit':
      return ''
  }
}

const remarks = (notes: readonly string[], colors: Colors): string[] =>
  notes.map((note) => colors.dim(`// ${note}`))

const NUMERIC = /^[-+]?(?:\d|\.\d|inf\b|NaN\b)/

function table(
  { title, head, rows, notes }: Extract<Result, { kind: 'table' }>,
  colors: Colors,
  columns: number,
): string {
  const all = head.length > 0 ? [head, ...rows] : rows
  const count = Math.max(0, ...all.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, at) =>
    Math.max(...all.map((row) => displayWidth(row[at] ?? ''))),
  )
  const isRight = Array.from(
    { length: count },
    (_, at) => at > 0 && rows.every((row) => NUMERIC.test(row[at] ?? '0')),
  )
  const cell = (text: string, at: number): string => {
    const space = ' '.repeat(Math.max(0, widths[at] - displayWidth(text)))
    return isRight[at] ? space + text : text + space
  }
  const total = widths.reduce((sum, width) => sum + width + 2, -2)
  const line = (row: readonly string[]): string =>
    // Too wide for the terminal: the last cell goes below the others.
    total > columns && count === 2 && displayWidth(row[0]) + 2 + displayWidth(row[1] ?? '') > columns
      ? `${row[0]}\n    ${row[1] ?? ''}`.trimEnd()
      : row.map(cell).join('  ').trimEnd()
  return [
    ...(title === '' ? [] : [colors.bold(title)]),
    ...(head.length > 0 ? [colors.dim(line(head))] : []),
    ...rows.map(line),
    ...notes.map((note) => colors.dim(`// ${note}`)),
  ].join('\n')
}
