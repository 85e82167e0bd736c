import type { SessionView } from './command.js'
import { messages } from './messages.js'
import type { Result } from './result.js'

/** Writes a file that a command was asked for. */
export function written(session: SessionView, file: string, text: string, notes: readonly string[]): Result {
  try {
    session.files.write(file, text)
  } catch (thrown) {
    return session.fail(
      messages.unwritableFile(file, thrown instanceof Error ? thrown.message : String(thrown)),
    )
  }
  return { kind: 'made', text: `wrote ${file}`, notes }
}
