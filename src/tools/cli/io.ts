import pc from 'picocolors'
import type { Terminal } from '../repl/terminal.js'

/** What the command line writes to: a Node stream, or a collector in a test. */
export interface OutputStream {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** The world outside the command line, passed in so that tests can run it in process. */
export interface Io {
  readonly stdin: AsyncIterable<Uint8Array | string>
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** The terminal on both sides, if there is one: for sessions. */
  readonly terminal?: Terminal
  /** Ends `--watch`, which otherwise runs until the process is stopped. */
  readonly signal?: AbortSignal
}

/** Whether to colour a stream: the flag decides, then NO_COLOR and FORCE_COLOR, then whether it is a terminal. */
export function wantsColor(flag: boolean | undefined, stream: OutputStream, env: Io['env']): boolean {
  if (flag !== undefined) return flag
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0'
  return stream.isTTY === true && env.TERM !== 'dumb'
}

export type Colors = ReturnType<typeof pc.createColors>

/** One set of colours per stream: standard output may be a file while standard error is a terminal. */
export function colorsFor(flag: boolean | undefined, stream: OutputStream, env: Io['env']): Colors {
  return pc.createColors(wantsColor(flag, stream, env))
}
