/**
 * What V8 compiled a script to, kept in a file between runs: nearly half of a short run is compiling the compiler. Whatever is wrong with the file or its
 * folder, the script runs without it. Scripts do not `import()`.
 */
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { cachedDataVersionTag, getHeapCodeStatistics } from 'node:v8'
import { Script } from 'node:vm'
import { crc32 } from 'node:zlib'

/** Functions are compiled when they are first called: the file is written again when a run called so many more. */
const GROWTH = 1.1
/** Files of other versions, of the command or of Node, that are left. */
const KEPT = 3
/** In front of the code: its checksum, which V8 does not look at, and how much was compiled when it was written. */
const HEADER = 8
const SUFFIX = '.v8'

/** The folder, if files are wanted and there is one, by the variables that Node has for a cache of its own. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env.NODE_DISABLE_COMPILE_CACHE) return undefined
  if (env.NODE_COMPILE_CACHE) return join(env.NODE_COMPILE_CACHE, 'nnc')
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'nnc')
  if (process.platform === 'win32') return env.LOCALAPPDATA && join(env.LOCALAPPDATA, 'nnc', 'cache')
  const home = homeFolder()
  return home && join(home, process.platform === 'darwin' ? 'Library/Caches' : '.cache', 'nnc')
}

/** Users of a container may have none: the system says so by an error or by an empty name. */
function homeFolder(): string | undefined {
  try {
    return homedir() || undefined
  } catch {
    return undefined
  }
}

export interface CachedScript {
  readonly script: Script
  /** Writes what has been compiled meanwhile, if that is worth it. */
  readonly save: () => void
}

export function cachedScript(
  text: string,
  fingerprint: string,
  filename: string,
  folder: string | undefined,
): CachedScript {
  if (folder === undefined) return { script: new Script(text, { filename }), save: () => undefined }
  const version = `${fingerprint}-${process.arch}-${cachedDataVersionTag().toString(16)}`
  const file = join(folder, version + SUFFIX)
  const known = read(file)
  const script = new Script(text, { filename, cachedData: known?.code })
  const enough = known && script.cachedDataRejected !== true ? GROWTH * known.compiled : 0
  return { script, save: () => compiledBytes() > enough && write(folder, file, script) }
}

const compiledBytes = (): number => getHeapCodeStatistics().bytecode_and_metadata_size

function read(file: string): { readonly code: Buffer; readonly compiled: number } | undefined {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch {
    return undefined
  }
  const code = bytes.subarray(HEADER)
  if (code.length === 0 || crc32(code) !== bytes.readUInt32LE(0)) return undefined
  return { code, compiled: bytes.readUInt32LE(4) }
}

function write(folder: string, file: string, script: Script): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch {
    return
  }
  const code = script.createCachedData()
  const header = Buffer.alloc(HEADER)
  header.writeUInt32LE(crc32(code), 0)
  header.writeUInt32LE(compiledBytes(), 4)
  const unfinished = `${file}.${process.pid}`
  try {
    writeFileSync(unfinished, Buffer.concat([header, code]), { mode: 0o600 })
    renameSync(unfinished, file)
    removeOthers(folder, file)
  } catch {
    rmSync(unfinished, { force: true })
  }
}

/** All but the latest of other versions. */
function removeOthers(folder: string, file: string): void {
  const others = readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith(SUFFIX) && path !== file)
  const latestFirst = others.map((path) => ({ path, time: statSync(path).mtimeMs })).sort((a, b) => b.time - a.time) // prettier-ignore
  for (const { path } of latestFirst.slice(KEPT)) rmSync(path, { force: true })
}
