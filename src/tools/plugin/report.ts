/** Diagnostics as bundlers show them: a message, a place, a frame. */
import { resolve } from 'node:path'
import type { Diagnostic } from '../../base/diagnostic.js'
import { renderDiagnostic } from '../../base/frame.js'
import { positionOf } from '../../base/source.js'

export interface Place {
  /** An absolute path. */
  readonly file: string
  /** Both count from 1. */
  readonly line: number
  readonly column: number
}

export class Report {
  readonly message: string
  readonly loc: Place | undefined
  /** The marked lines, notes and the way out. */
  readonly frame: string
  /** All of it in one text, the place included. */
  readonly text: string

  constructor(
    readonly diagnostic: Diagnostic,
    cwd: string,
  ) {
    const { span, severity, code, message } = diagnostic
    this.text = renderDiagnostic(diagnostic, { color: false })
    this.message = `${severity}[${code}]: ${message}`
    this.loc = span && {
      file: resolve(cwd, span.source.filename),
      ...positionOf(span.source, span.start),
    }
    const [, ...frame] = this.text.split('\n')
    // Vite's overlay takes a frame for one by a line that begins with its number, and trims it.
    this.frame = span ? `${frame.join('\n').trimStart()}\n` : frame.join('\n')
  }
}

/** Several mistakes for hosts that stop at the first: its message and place, and the frames of all. */
export function allFrames([first, ...others]: readonly Report[]): string {
  return first.frame + others.map(({ text }) => `\n${text}\n`).join('')
}

/** An error that is all message: the stack of the compiler says nothing about a mistake in a `.nn` file. */
export class BuildFailure extends Error {
  /** webpack and rspack leave the stack out. */
  readonly hideStack = true

  constructor(message: string) {
    super(message)
    this.name = 'NnError'
    this.stack = ''
  }
}
