/** One text that was compiled: a `.nn` file, standard input, or a string typed into the REPL. */
export interface Source {
  readonly filename: string
  readonly text: string
}

/** A stretch of source text: offsets in UTF-16 code units, `end` exclusive. */
export interface Span {
  readonly source: Source
  readonly start: number
  readonly end: number
}

/** 1-based line and column (in code units) of an offset. */
export interface Position {
  readonly line: number
  readonly column: number
}

const lineStarts = new WeakMap<Source, number[]>()

function startsOf(source: Source): number[] {
  let starts = lineStarts.get(source)
  if (!starts) {
    starts = [0]
    for (let at = source.text.indexOf('\n'); at >= 0; at = source.text.indexOf('\n', at + 1))
      starts.push(at + 1)
    lineStarts.set(source, starts)
  }
  return starts
}

/** Line and column of an offset; binary search over line starts computed once per source. */
export function positionOf(source: Source, offset: number): Position {
  const starts = startsOf(source)
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle] <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - starts[low] + 1 }
}

/** The text of a 1-based line, without its line break. */
export function lineText(source: Source, line: number): string {
  const starts = startsOf(source)
  const end = line < starts.length ? starts[line] - 1 : source.text.length
  return source.text.slice(starts[line - 1], end).replace(/\r$/, '')
}
