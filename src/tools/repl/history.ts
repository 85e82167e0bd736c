/** What was typed, in this session and before. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const LONGEST = 1000

/** Where histories are kept: `NNC_HISTORY`, else the user's folder for state. An empty `NNC_HISTORY` keeps none. */
export function historyFile(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env.NNC_HISTORY !== undefined) return env.NNC_HISTORY === '' ? undefined : env.NNC_HISTORY
  const folder =
    env.XDG_STATE_HOME ?? (env.HOME === undefined ? undefined : join(env.HOME, '.local', 'state'))
  return folder === undefined ? undefined : join(folder, 'nnc', 'history')
}

export class History {
  private readonly entries: string[]

  constructor(private readonly file: string | undefined) {
    this.entries = file === undefined ? [] : read(file)
  }

  add(text: string): void {
    if (text.trim() === '' || text === this.entries.at(-1)) return
    this.entries.push(text)
    if (this.file === undefined) return
    try {
      mkdirSync(dirname(this.file), { recursive: true })
      if (this.entries.length > 2 * LONGEST)
        writeFileSync(this.file, this.entries.slice(-LONGEST).map(line).join(''), { mode: 0o600 }) // prettier-ignore
      else appendFileSync(this.file, line(text), { mode: 0o600 })
    } catch {
      // A history that cannot be kept is no reason to stop: the session has it.
    }
  }

  /** The position of the next entry in a direction that begins with a text; `entries.length` is the line being typed. */
  find(from: number, direction: -1 | 1, prefix: string): number | undefined {
    for (let at = from + direction; at >= 0 && at < this.entries.length; at += direction)
      if (this.entries[at].startsWith(prefix)) return at
    return undefined
  }

  at(position: number): string | undefined {
    return this.entries[position]
  }

  get length(): number {
    return this.entries.length
  }
}

/** One entry a line: its own line breaks are written as `\n`. */
const line = (text: string): string => `${text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n`

function read(file: string): string[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    // The first session has none.
    return []
  }
  return text
    .split('\n')
    .filter((entry) => entry !== '')
    .slice(-LONGEST)
    .map((entry) => entry.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character)))
}
