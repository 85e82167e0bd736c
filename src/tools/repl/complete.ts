/** What a word may become: commands, functions, names of the session, settings. */
import type { Session } from './session.js'
import { SETTINGS } from './settings.js'

export interface Completion {
  /** Where the word begins that is completed. */
  readonly from: number
  readonly candidates: readonly string[]
}

const WORDS = ['assume', 'wrt', 'at', 'if', 'then', 'else', 'and', 'or', 'not', 'pi', 'inf']

export function completions(session: Session, text: string, cursor: number): Completion {
  const before = text.slice(0, cursor)
  const command = /^\s*:(\p{L}*)$/u.exec(before)
  const ordered = (words: Iterable<string>): string[] => [...new Set(words)].sort()
  if (command) {
    const from = cursor - command[1].length
    return { from, candidates: ordered(session.commands.map(({ name }) => name).filter((name) => name.startsWith(command[1]))) } // prettier-ignore
  }
  const [word] = /[\p{L}_][\p{L}\p{N}_₀-₉]*$/u.exec(before) ?? ['']
  const from = cursor - word.length
  if (word === '') return { from, candidates: [] }
  const argument = /^\s*:(set|help|forget)\s+\p{L}*$/u.exec(before)?.[1]
  const { workspace } = session
  const names =
    argument === 'set'
      ? Object.keys(SETTINGS)
      : argument === 'help'
        ? session.commands.map(({ name }) => name)
        : [...workspace.valueNames(), ...workspace.functionNames().map((name) => `${name}(`), ...WORDS]
  return { from, candidates: ordered(names.filter((name) => name.startsWith(word) && name !== word)) }
}
