import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { CommandFailure, reasonOf } from './failure.js'
import { displayName } from './read-source.js'

export interface OutputFile {
  readonly path: string
  readonly text: string
}

interface AnyFile {
  readonly path: string
  readonly text: string | Uint8Array
}

/**
 * Writes a set of files whole or not at all: each under a temporary name in its own folder, then all renamed.
 * A reader never sees half a file, and after a failure no file is left that was not there before.
 */
export function writeOutputs(files: readonly AnyFile[], cwd: string): void {
  const pending: { temporary: string; path: string }[] = []
  let current = ''
  try {
    for (const { path, text } of files) {
      current = path
      const present = statSync(path, { throwIfNoEntry: false })
      if (present && !present.isFile()) {
        const what = present.isDirectory() ? 'it is a directory' : "it is a device; '-o -' is standard output"
        throw new CommandFailure('io', `cannot write '${displayName(path, cwd)}': ${what}`)
      }
      makeFolder(dirname(path))
      const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
      pending.push({ temporary, path })
      writeFileSync(temporary, text, { flag: 'wx' })
    }
    for (let next = pending[0]; next; next = pending[0]) {
      current = next.path
      renameSync(next.temporary, next.path)
      pending.shift()
    }
  } catch (error) {
    if (error instanceof CommandFailure) throw error
    throw new CommandFailure('io', `cannot write '${displayName(current, cwd)}': ${reasonOf(error)}`)
  } finally {
    for (const { temporary } of pending) rmSync(temporary, { force: true })
  }
}

/** Not `recursive`: where a folder can neither be found nor made, as in /proc, Node 20 then tries forever. */
function makeFolder(path: string): void {
  const missing: string[] = []
  let folder = path
  while (!existsSync(folder) && dirname(folder) !== folder) {
    missing.push(folder)
    folder = dirname(folder)
  }
  for (const next of missing.reverse()) mkdirSync(next)
}
