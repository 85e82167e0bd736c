import type { Io } from '../../src/tools/cli/io.js'
import { main } from '../../src/tools/cli/program.js'

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions extends Partial<Pick<Io, 'cwd' | 'env' | 'signal'>> {
  readonly stdin?: string | Uint8Array
  /** Called with each piece of standard error as it is written. */
  readonly onStderr?: (text: string) => void
}

/** Runs `nnc` in process and collects what it prints. */
export async function nnc(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  let stdout = ''
  let stderr = ''
  const code = await main(argv, {
    stdin: chunks(options.stdin ?? ''),
    stdout: { write: (text) => (stdout += text) },
    stderr: {
      write(text) {
        stderr += text
        options.onStderr?.(text)
      },
    },
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    signal: options.signal,
  })
  return { code, stdout, stderr }
}

async function* chunks(input: string | Uint8Array): AsyncGenerator<string | Uint8Array> {
  yield input
}
