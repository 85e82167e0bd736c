/** The real program, bundled for the tests, in a pseudo-terminal or fed by a pipe. */
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const run = promisify(execFile)

export interface Program {
  readonly cli: string
  readonly folder: string
  remove(): void
}

/** Built as `scripts/build.ts` builds it, but for what only the published package needs. */
export async function bundled(): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'nnc-repl-'))
  await build({
    absWorkingDir: root,
    entryPoints: { cli: 'src/tools/cli/main.ts', 'repl-worker': 'src/tools/repl/session-worker.ts' },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'es2023',
    external: ['unplugin'],
    alias: { chevrotain: './node_modules/chevrotain/lib/chevrotain.mjs' },
    banner: {
      js: "import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);",
    },
    logLevel: 'error',
  })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return {
    cli: join(folder, 'cli.js'),
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export const hasTmux = spawnSync('tmux', ['-V']).status === 0

const QUIET = 40
const PATIENCE = 15_000

/** A terminal of a given size in which the program runs; what is on its screen is what a user sees. */
export class Pane {
  private constructor(private readonly name: string) {}

  static async open(
    command: readonly string[],
    {
      columns = 80,
      rows = 50,
      env = {},
    }: { columns?: number; rows?: number; env?: Readonly<Record<string, string>> } = {},
  ): Promise<Pane> {
    const pane = new Pane(`nnc-test-${process.pid}-${Math.random().toString(36).slice(2)}`)
    const set = Object.entries({ TERM: 'screen-256color', LC_ALL: 'C.UTF-8', ...env }).map(
      ([name, value]) => `${name}=${value}`,
    )
    const size = ['-x', String(columns), '-y', String(rows)]
    await pane.tmux(
      '-f',
      '/dev/null',
      '-u',
      'new-session',
      '-d',
      ...size,
      ['env', ...set, ...command].map(quoted).join(' '),
    )
    return pane
  }

  private tmux(...args: string[]) {
    return run('tmux', ['-L', this.name, ...args], { encoding: 'utf8' })
  }

  /** Types text as it is. */
  async type(text: string): Promise<void> {
    if (text !== '') await this.tmux('send-keys', '-l', text)
  }

  /** Presses named keys: `Enter`, `Tab`, `C-c`, `Up`. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.tmux('send-keys', key)
  }

  /** The screen, without the empty lines below; with the colours as escapes if asked for. */
  async screen({ colors = false } = {}): Promise<string> {
    const { stdout } = await this.tmux('capture-pane', '-p', ...(colors ? ['-e'] : []))
    return stdout
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd()
  }

  /** Waits until the screen is as wanted, and still is a moment later. */
  async until(wanted: (screen: string) => boolean): Promise<string> {
    const started = Date.now()
    let screen = ''
    while (Date.now() - started < PATIENCE) {
      screen = await this.screen()
      if (wanted(screen)) {
        await sleep(QUIET)
        if ((await this.screen()) === screen) return screen
      }
      await sleep(QUIET)
    }
    throw new Error(`the screen never came to be as wanted:\n${screen}`)
  }

  /** Types a line and waits for the next prompt. */
  async enter(text: string): Promise<string> {
    const before = prompts(await this.screen())
    await this.type(text)
    await this.press('Enter')
    return this.until((screen) => prompts(screen) > before && screen.endsWith('\n>'))
  }

  close(): void {
    try {
      execFileSync('tmux', ['-L', this.name, 'kill-server'], { stdio: 'ignore' })
    } catch {
      // It has ended by itself.
    }
  }
}

const prompts = (screen: string): number => screen.split('\n').filter((line) => line.startsWith('>')).length

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`
