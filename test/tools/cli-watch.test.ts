import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nnc } from './run-cli.js'
import { temporaryFolder } from './temporary-folder.js'

/** Standard error as it grows, with a way to wait for the next line that matches. */
class Transcript {
  #text = ''
  #from = 0
  #wake = () => {}

  write(text: string): void {
    this.#text += text
    this.#wake()
  }

  async next(pattern: RegExp): Promise<string> {
    for (;;) {
      const match = pattern.exec(this.#text.slice(this.#from))
      if (match) {
        this.#from += match.index + match[0].length
        return match[0]
      }
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}

test('builds at every change of the file and of what it imports, through errors and replaced files', async () => {
  const cwd = temporaryFolder()
  mkdirSync(join(cwd, 'lib'))
  const write = (name: string, text: string) => writeFileSync(join(cwd, name), text)
  const read = () => readFileSync(join(cwd, 'a.js'), 'utf8')
  write('lib/b.nn', 'export fn g(x) = 2x\n')
  write('a.nn', 'import { g } from "./lib/b.nn"\nexport fn f(x) = g(x) + 100\n')

  const stop = new AbortController()
  const log = new Transcript()
  const running = nnc(['build', 'a.nn', '--watch'], {
    cwd,
    signal: stop.signal,
    onStderr: (text) => log.write(text),
  })
  await log.next(/building a\.nn …\n/)
  await log.next(/built a\.js, a\.d\.ts in \d+ ms\n/)
  expect(read()).toContain('100')

  write('a.nn', 'import { g } from "./lib/b.nn"\nexport fn f(x) = g(x) + 200\n')
  await log.next(/built a\.js/)
  expect(read()).toContain('200')

  write('lib/b.nn', 'export fn g(x) = 300x\n')
  await log.next(/built a\.js/)
  expect(read()).toContain('300')

  write('lib/b.nn', 'export fn g(x) = (\n')
  await log.next(/not built; waiting for a change\n/)
  expect(read()).toContain('300')

  rmSync(join(cwd, 'lib/b.nn'))
  await log.next(/not built; waiting for a change\n/)

  write('lib/b.nn.new', 'export fn g(x) = 400x\n')
  renameSync(join(cwd, 'lib/b.nn.new'), join(cwd, 'lib/b.nn'))
  await log.next(/built a\.js/)
  expect(read()).toContain('400')

  stop.abort()
  expect(await running).toMatchObject({ code: 0, stdout: '' })
})

test('waits for a file that is not there yet', async () => {
  const cwd = temporaryFolder()
  const stop = new AbortController()
  const log = new Transcript()
  const running = nnc(['build', 'a.nn', '--watch'], {
    cwd,
    signal: stop.signal,
    onStderr: (text) => log.write(text),
  })
  await log.next(/cannot read 'a\.nn': no such file or directory\n/)
  writeFileSync(join(cwd, 'a.nn'), 'export fn f(x) = 2x\n')
  await log.next(/built a\.js/)
  expect(existsSync(join(cwd, 'a.js'))).toBe(true)
  stop.abort()
  expect((await running).code).toBe(0)
})
