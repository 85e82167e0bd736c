import { dirname } from 'node:path'
import type { Target } from './destination.js'
import { EXIT, type ExitCode } from './failure.js'
import type { Io } from './io.js'
import { displayName } from './read-source.js'
import type { Reporter } from './reporter.js'

/** What came of one input, and the files (absolute paths) whose change calls for building it again. */
export interface Built {
  readonly code: ExitCode
  readonly files: readonly string[]
}

/**
 * Editors write a file in several steps; changes this close together are one. It is longer than the 50 ms in which
 * chokidar drops a second change of the same file, so what a build reads is never older than the last change.
 */
const SETTLE_MS = 75

/**
 * Builds every target, then again whenever its file or one that it imports changes, appears or goes. The folders
 * are watched rather than the files: a file that is replaced or missing for a moment is not lost.
 */
export async function watch(
  targets: readonly Target[],
  build: (target: Target) => Promise<Built>,
  { io, reporter }: { readonly io: Io; readonly reporter: Reporter },
): Promise<ExitCode> {
  const { default: chokidar } = await import('chokidar')
  const watched = new Map<Target, readonly string[]>(targets.map((target) => [target, [target.input ?? '']]))
  const folders = new Set(targets.map(({ input }) => dirname(input ?? '')))
  const inputs = new Set(targets.map(({ input }) => input))
  const watcher = chokidar.watch([...folders], {
    depth: 0,
    ignoreInitial: true,
    ignored: (path, stats) => stats?.isFile() === true && !path.endsWith('.nn') && !inputs.has(path),
  })
  const dirty = new Set<Target>(targets)
  let worst: ExitCode = EXIT.ok
  let wake = () => {}
  const stopped = () => io.signal?.aborted === true

  watcher.on('all', (_event, path) => {
    for (const [target, files] of watched) if (files.includes(path)) dirty.add(target)
    if (dirty.size > 0) wake()
  })
  io.signal?.addEventListener('abort', () => wake())
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()))

  while (!stopped()) {
    const [target] = dirty
    if (target) {
      dirty.delete(target)
      reporter.status(reporter.colors.dim(`building ${displayName(target.input ?? '', io.cwd)} …`))
      const { code, files } = await build(target)
      if (code !== EXIT.ok) reporter.status('not built; waiting for a change')
      worst = code
      watched.set(target, files)
      for (const folder of files.map((file) => dirname(file)))
        if (!folders.has(folder)) {
          folders.add(folder)
          watcher.add(folder)
        }
    } else {
      await new Promise<void>((resolve) => {
        wake = resolve
        if (stopped() || dirty.size > 0) resolve()
      })
      if (!stopped()) await new Promise<void>((resolve) => setTimeout(resolve, SETTLE_MS))
    }
  }
  await watcher.close()
  return worst
}
