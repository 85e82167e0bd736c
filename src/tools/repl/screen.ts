/** The line being typed on the terminal: wrapped by hand, so that its place is known at any width. */
import { displayWidth } from '../../base/frame.js'
import { highlighted } from './highlight.js'
import type { Buffer } from './line-buffer.js'

export const PROMPT = '> '
export const CONTINUED = '. '

export interface Screen {
  write(text: string): unknown
  readonly columns?: number
}

interface Place {
  readonly row: number
  readonly column: number
}

/** A change of colour: what the highlighter puts between characters. */
const ESCAPE = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'y')

export class LineView {
  /** Rows between the first one and the one where the cursor stands. */
  private row = 0

  constructor(
    private readonly screen: Screen,
    private readonly color: boolean,
  ) {}

  show(buffer: Buffer): void {
    const columns = Math.max(4, this.screen.columns || 80)
    const { text, cursor, end } = wrapped(buffer, columns, this.color)
    const up = this.row > 0 ? `\u001b[${this.row}A` : ''
    const back = end.row > cursor.row ? `\u001b[${end.row - cursor.row}A` : ''
    const right = cursor.column > 0 ? `\u001b[${cursor.column}C` : ''
    this.screen.write(`\u001b[?25l${up}\r\u001b[J${text}${back}\r${right}\u001b[?25h`)
    this.row = cursor.row
  }

  /** Leaves the line as it is; what comes next begins below. */
  finish(buffer: Buffer): void {
    this.show({ ...buffer, cursor: buffer.text.length })
    this.screen.write('\r\n')
    this.row = 0
  }

  forget(): void {
    this.row = 0
  }
}

/** The text with prompts and line breaks where the terminal ends, and where the cursor stands in it. */
export function wrapped(buffer: Buffer, columns: number, color: boolean) {
  const shown = highlighted(buffer.text, buffer.cursor, color)
  let text = PROMPT
  let row = 0
  let column = PROMPT.length
  let cursor: Place = { row, column }
  let offset = 0
  const line = (prompt: string): void => {
    text += `\r\n${prompt}`
    row++
    column = prompt.length
  }
  for (let at = 0; at < shown.length;) {
    ESCAPE.lastIndex = at
    const escape = ESCAPE.exec(shown)
    if (escape) {
      text += escape[0]
      at += escape[0].length
      continue
    }
    const character = String.fromCodePoint(shown.codePointAt(at) ?? 0)
    const width = character === '\n' ? 0 : displayWidth(character)
    if (column + width > columns) line('')
    if (offset === buffer.cursor) cursor = { row, column }
    if (character === '\n') line(CONTINUED)
    else {
      text += /\p{Cc}/u.test(character) ? '·' : character
      column += width
    }
    at += character.length
    offset += character.length
  }
  if (column >= columns) line('')
  if (offset <= buffer.cursor) cursor = { row, column }
  return { text, cursor, end: { row, column } }
}
