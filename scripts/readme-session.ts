/** The session that README.md shows, as the program answers today. */
import { COMMANDS } from '../src/tools/repl/commands.js'
import { printResult } from '../src/tools/repl/print-result.js'
import { Session } from '../src/tools/repl/session.js'

const BLOCK = /(<!-- session: [^]*?```text\n)([^]*?)(```)/

/** How wide the terminal of the session is. */
export const README_COLUMNS = 72

/** What is typed in the session of README.md, in order. */
export function typedIn(readme: string): string[] {
  const [, , block] = BLOCK.exec(readme) ?? []
  if (block === undefined) throw new Error('README.md shows no session')
  return block.split('\n').flatMap((line) => (line.startsWith('> ') ? [line.slice(2)] : []))
}

/** The text with the session answered anew. */
export async function withSession(readme: string): Promise<string> {
  const session = new Session(COMMANDS)
  const lines: string[] = []
  for (const typed of typedIn(readme)) {
    const results = await session.run(typed)
    const printed = results.map((result) => printResult(result, { color: false, columns: README_COLUMNS }))
    lines.push(`> ${typed}`, ...printed)
  }
  return readme.replace(
    BLOCK,
    (_, before: string, __, after: string) => `${before}${lines.join('\n')}\n${after}`,
  )
}
