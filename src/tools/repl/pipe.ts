/** A session that is fed by a pipe: it prints results alone, and mistakes on standard error. */
import type { Io } from '../cli/io.js'
import { wantsColor } from '../cli/io.js'
import { EXIT, type ExitCode } from '../cli/failure.js'
import { printResult } from './print-result.js'
import type { Result } from './result.js'
import { isIncomplete } from './scan.js'

export async function runPipe(
  io: Io,
  session: { run(text: string): Promise<readonly Result[]> },
  color: boolean | undefined,
): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok
  for await (const text of statements(io.stdin)) {
    for (const result of await session.run(text)) {
      if (result.kind === 'quit') return code
      const isProblem = result.kind === 'problem'
      const stream = isProblem ? io.stderr : io.stdout
      if (isProblem) code = EXIT.diagnostics
      // What was defined needs no echo where nobody looks.
      if (result.kind === 'made') continue
      const printing = { color: wantsColor(color, stream, io.env), columns: io.stdout.columns ?? 80 }
      stream.write(`${printResult(result, printing)}\n`)
    }
  }
  return code
}

/** Lines, joined while a bracket is open or an operator stands at the end. */
async function* statements(input: AsyncIterable<Uint8Array | string>): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  let pending = ''
  for await (const chunk of input) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      pending += pending === '' ? line : `\n${line}`
      if (isIncomplete(pending)) continue
      if (pending.trim() !== '') yield pending
      pending = ''
    }
  }
  pending += pending === '' ? rest : `\n${rest}`
  if (pending.trim() !== '') yield pending
}
