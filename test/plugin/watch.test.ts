import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../tools/temporary-folder.js'
import { write } from './app.js'
import { BUNDLERS, type Run } from './bundlers.js'

/** Watchers take changes that are closer together for one. */
const APART_MS = 250

/** The runs of a bundler, of which some may come twice. */
class Runs {
  #seen: Run[] = []
  #wake = () => {}

  readonly add = (run: Run): void => {
    this.#seen.push(run)
    this.#wake()
  }

  /** The error of the next run that has one, or none. */
  async next(kind: 'fails' | 'succeeds'): Promise<string> {
    for (;;) {
      for (let run = this.#seen.shift(); run; run = this.#seen.shift())
        if ((run.error === undefined) === (kind === 'succeeds')) return run.error ?? ''
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}

const FILES = {
  'main.js': "import { f } from './a.nn'\nconsole.log(f)\n",
  'a.nn': 'import { g } from "./lib/b.nn"\nexport fn f(x) = g(x) + 1\n',
  'lib/b.nn': 'export fn g(x) = 100x\n',
}

describe.concurrent.each(BUNDLERS)('$name', ({ watch }) => {
  test('bundles again when a file or an import of it changes, through mistakes and files that are gone', async () => {
    const folder = temporaryFolder()
    write(folder, FILES)
    const code = () => readFileSync(join(folder, 'out', 'main.mjs'), 'utf8')
    const runs = new Runs()
    const stop = await watch(folder, runs.add)
    // A bundler may run twice for one change, the first time before it has seen it.
    const bundled = async (text: string) => {
      do await runs.next('succeeds')
      while (!code().includes(text))
    }
    const change = async (files: Readonly<Record<string, string>>) => {
      await pause(APART_MS)
      write(folder, files)
    }
    try {
      await bundled('100')

      await change({ 'lib/b.nn': 'export fn g(x) = 200x\n' })
      await bundled('200')

      await change({ 'lib/b.nn': 'export fn g(x) = 300y\n' })
      const error = await runs.next('fails')
      expect(error).toContain("'y' is not defined")
      expect(error).toContain('export fn g(x) = 300y')

      await change({ 'lib/b.nn': 'export fn g(x) = 400x\n' })
      await bundled('400')

      await pause(APART_MS)
      rmSync(join(folder, 'a.nn'))
      expect(await runs.next('fails')).toContain('a.nn')

      await change({ 'a.nn': 'export fn f(x) = 500x\n' })
      await bundled('500')
      await pause(APART_MS)
      expect(readFileSync(join(folder, 'a.d.nn.ts'), 'utf8')).toContain('export declare const f:')
    } finally {
      await stop()
    }
  })
})
