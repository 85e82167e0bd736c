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
  numbered = false,
): string[] {
  const { low, high } = valueRange(curves)
  const marks = ticks(low, high, 6)
  const gutter = Math.max(...marks.map((mark) => String(mark).length), 1)
  const width = Math.max(12, Math.min(columns - gutter - 2, 100))
  const height = Math.max(6, Math.min(16, Math.round(width / 4)))
  const cells = curves.map(({ ys }) => dotsOf(ys, width, height, low, high))
  const rowOf = (y: number): number => Math.round(((high - y) / (high - low)) * (height * 4 - 1)) >> 2
  const labels = new Map(marks.map((mark) => [rowOf(mark), String(mark)]))
  const zeroRow = low < 0 && high > 0 ? rowOf(0) : -1
  const zeroColumn = from < 0 && to > 0 ? Math.round(((0 - from) / (to - from)) * (width * 2 - 1)) >> 1 : -1
  // Where there are no colours, numbers stand on the curves.
  const numbers = numbered && curves.length > 1 ? numbersOn(cells, width, height) : new Map<number, string>()
  const lines: string[] = []
  for (let row = 0; row < height; row++) {
    let line = `${(labels.get(row) ?? '').padStart(gutter)} ${labels.has(row) ? '┤' : '│'}`
    for (let column = 0; column < width; column++) {
      const at = row * width + column
      const owner = cells.findLastIndex((own) => own[at] !== 0)
      const dots = cells.reduce((all, own) => all | own[at], 0)
      const number = numbers.get(at)
      if (number !== undefined) line += number
      else if (owner >= 0) line += paint(owner, String.fromCharCode(0x2800 + dots))
      else line += row === zeroRow ? '╌' : column === zeroColumn ? '╎' : ' '
    }
    lines.push(line.trimEnd())
  }
  lines.push(`${' '.repeat(gutter)} └${'─'.repeat(width)}`, axis(from, to, width, gutter))
  const legend = curves
    .map(({ label }, at) => paint(at, numbers.size > 0 ? `${at + 1}: ${label}` : label))
    .join('   ')
  return [`${legend}   against ${variable}`, ...lines]
}

/** Some places of each curve where no other one passes. */
function numbersOn(cells: readonly Uint8Array[], width: number, height: number): Map<number, string> {
  const numbers = new Map<number, string>()
  for (const [curve, own] of cells.entries())
    for (const share of [0.12, 0.37, 0.62, 0.87]) {
      const column = Math.min(width - 1, Math.round(width * share) + curve * 3)
      const rows = Array.from({ length: height }, (_, row) => row * width + column)
      const free = rows.find(
        (at) => own[at] !== 0 && cells.every((other) => other === own || other[at] === 0),
      )
      if (free !== undefined) numbers.set(free, String(curve + 1))
    }
  return numbers
}

function axis(from: number, to: number, width: number, gutter: number): string {
  let line = ''
  for (const tick of ticks(from, to, Math.max(2, Math.floor(width / 12)))) {
    const text = String(tick)
    const column = Math.round(((tick - from) / (to - from)) * (width - 1))
    const start = Math.max(0, Math.min(width - text.length, column - (text.length >> 1)))
    if (start > line.length || line === '') line = line.padEnd(start) + text
  }
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
