import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { reasonOf } from '../cli/failure.js'
import type { Files } from './command.js'

/** Files named from a folder. */
export function nodeFiles(folder: string): Files {
  return {
    read(path) {
      try {
        return { filename: path, source: readFileSync(resolve(folder, path), 'utf8') }
      } catch (thrown) {
        throw new Error(reasonOf(thrown), { cause: thrown })
      }
    },
    write(path, text) {
      try {
        writeFileSync(resolve(folder, path), text)
      } catch (thrown) {
        throw new Error(reasonOf(thrown), { cause: thrown })
      }
    },
  }
}
