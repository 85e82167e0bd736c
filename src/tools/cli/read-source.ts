import { readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { CommandFailure, reasonOf } from './failure.js'
import type { Io } from './io.js'

/** Larger than any program; a guard against reading a disk image. */
const LARGEST_SOURCE = 64 * 2 ** 20

export interface SourceText {
  readonly filename: string
  readonly source: string
}

/** Reads what `import` names; `files` are the absolute paths asked for so far, whether or not they exist. */
export interface ImportReader {
  readonly files: ReadonlySet<string>
  read(specifier: string, importer: string): SourceText
}

/** The name of a file in messages: relative to the working directory where it lies inside, absolute elsewhere. */
export function displayName(path: string, cwd: string): string {
  const name = relative(cwd, path)
  return name === '' || name === '..' || name.startsWith(`..${sep}`) || isAbsolute(name) ? path : name
}

export function readSourceFile(path: string, cwd: string): SourceText {
  const filename = displayName(path, cwd)
  let bytes: Uint8Array
  try {
    const stats = statSync(path)
    if (stats.isDirectory())
      throw new CommandFailure('io', `'${filename}' is a directory; name a .nn file`, filename)
    if (stats.isCharacterDevice() || stats.isBlockDevice())
      throw new CommandFailure('io', `'${filename}' is a device, not a file`, filename)
    if (stats.size > LARGEST_SOURCE)
      throw new CommandFailure(
        'io',
        `'${filename}' is too large for a program: ${stats.size} bytes`,
        filename,
      )
    bytes = readFileSync(path)
  } catch (error) {
    if (error instanceof CommandFailure) throw error
    throw new CommandFailure('io', `cannot read '${filename}': ${reasonOf(error)}`, filename)
  }
  return { filename, source: decode(bytes, filename) }
}

export async function readStdin(io: Io, filename: string): Promise<SourceText> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of io.stdin) {
    const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
    size += bytes.length
    if (size > LARGEST_SOURCE)
      throw new CommandFailure('io', 'standard input is too large for a program', filename)
    chunks.push(bytes)
  }
  return { filename, source: decode(Buffer.concat(chunks), filename) }
}

function decode(bytes: Uint8Array, filename: string): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new CommandFailure('io', `'${filename}' is UTF-16 text; save it as UTF-8`, filename)
  if (bytes.includes(0))
    throw new CommandFailure('io', `'${filename}' is a binary file, not a program`, filename)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CommandFailure('io', `'${filename}' is not UTF-8 text`, filename)
  }
}

/** Imports are found beside the file that names them. */
export function importReader(cwd: string): ImportReader {
  const files = new Set<string>()
  return {
    files,
    read(specifier, importer) {
      const path = resolve(cwd, dirname(importer), specifier)
      files.add(path)
      return readSourceFile(path, cwd)
    },
  }
}
