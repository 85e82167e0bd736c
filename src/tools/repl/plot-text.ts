/** Plots of braille dots: two columns and four rows of dots in each character. */
import { SAMPLES, ticks, valueRange, type Curve } from './curve.js'

const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const

type Paint = (curve: number, text: string) => string

/** Lines of text; `paint` gives each curve its colour. */
export function curvesAsText(
  { variable, from, to, curves }: { readonly variable: string; readonly from: number; readonly to: number; readonly curves: readonly Curve[] }, // prettier-ignore
  columns: number,
  paint: Paint,
): string[] {
  const { low, high } = valueRange(curves)
  const marks = ticks(low, high, 4)
  const gutter = Math.max(...marks.map((mark) => String(mark).length), 1)
  const width = Math.max(12, Math.min(columns - gutter - 2, 100))
  const height = Math.max(6, Math.min(16, Math.round(width / 4)))
  const cells = curves.map(({ ys }) => dotsOf(ys, width, height, low, high))
  const rowOf = (y: number): number => Math.round(((high - y) / (high - low)) * (height * 4 - 1)) >> 2
  const labels = new Map(marks.map((mark) => [rowOf(mark), String(mark)]))
  const zeroRow = low < 0 && high > 0 ? rowOf(0) : -1
  const zeroColumn = from < 0 && to > 0 ? Math.round(((0 - from) / (to - from)) * (width * 2 - 1)) >> 1 : -1
  const lines: string[] = []
  for (let row = 0; row < height; row++) {
    let line = `${(labels.get(row) ?? '').padStart(gutter)} ${labels.has(row) ? '┤' : '│'}`
    for (let column = 0; column < width; column++) {
      const at = row * width + column
      const owner = cells.findLastIndex((own) => own[at] !== 0)
      const dots = cells.reduce((all, own) => all | own[at], 0)
      if (owner >= 0) line += paint(owner, String.fromCharCode(0x2800 + dots))
      else line += row === zeroRow ? '╌' : column === zeroColumn ? '╎' : ' '
    }
    lines.push(line.trimEnd())
  }
  lines.push(`${' '.repeat(gutter)} └${'─'.repeat(width)}`, axis(from, to, width, gutter, variable))
  const legend = curves.map(({ label }, at) => paint(at, label)).join('   ')
  return [legend, ...lines]
}

function axis(from: number, to: number, width: number, gutter: number, variable: string): string {
  let line = ''
  for (const tick of ticks(from, to, Math.max(2, Math.floor(width / 12)))) {
    const text = String(tick)
    const column = Math.round(((tick - from) / (to - from)) * (width - 1))
    const start = Math.max(0, Math.min(width - text.length, column - (text.length >> 1)))
    if (start > line.length || line === '') line = line.padEnd(start) + text
  }
  const end = ` ${variable}`
  if (line.length + end.length <= width + 2) line = line.padEnd(width - variable.length - 1) + end
  return `${' '.repeat(gutter + 2)}${line}`
}

/** One bit for each dot that the curve meets; steep parts are filled. */
function dotsOf(ys: readonly number[], width: number, height: number, low: number, high: number): Uint8Array {
  const cells = new Uint8Array(width * height)
  const columns = width * 2
  const rows = height * 4
  const put = (x: number, y: number): void => {
    if (y < 0 || y >= rows) return
    cells[(y >> 2) * width + (x >> 1)] |= DOTS[y & 3][x & 1]
  }
  const rowOf = (value: number): number => Math.round(((high - value) / (high - low)) * (rows - 1))
  let previous: number | undefined
  for (let at = 0; at < SAMPLES; at++) {
    const value = ys[at]
    if (!Number.isFinite(value)) {
      previous = undefined
      continue
    }
    const x = Math.min(columns - 1, Math.floor((at / (SAMPLES - 1)) * columns))
    const y = rowOf(value)
    put(x, y)
    // A jump across the whole picture is a pole, no slope.
    if (previous !== undefined && Math.abs(y - previous) > 1 && Math.abs(y - previous) < rows)
      for (let between = Math.min(y, previous) + 1; between < Math.max(y, previous); between++)
        put(x, between)
    previous = y
  }
  return cells
}
