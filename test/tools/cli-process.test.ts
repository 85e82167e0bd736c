import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const tsx = fileURLToPath(new URL('../../node_modules/tsx/dist/cli.mjs', import.meta.url))
const entry = fileURLToPath(new URL('../../src/tools/cli/main.ts', import.meta.url))

function start(argv: readonly string[]): ChildProcess {
  return spawn(process.execPath, [tsx, entry, ...argv], { stdio: ['pipe', 'pipe', 'pipe'] })
}

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on('exit', (code) => resolve(code)))
}

test('the exit code reaches the shell', async () => {
  const child = start(['build', 'there-is-no-such-file.nn'])
  let stderr = ''
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)))
  expect(await exitCode(child)).toBe(2)
  expect(stderr).toBe("nnc: cannot read 'there-is-no-such-file.nn': no such file or directory\n")
})

test('a program through pipes, larger than a pipe holds', async () => {
  const child = start(['build', '-'])
  const functions = Array.from({ length: 300 }, (_, i) => `export fn f${i}(x) = sin(${i}x) * exp(x)\n`).join(
    '',
  )
  child.stdin?.end(functions)
  let stdout = ''
  child.stdout?.on('data', (chunk) => (stdout += String(chunk)))
  expect(await exitCode(child)).toBe(0)
  expect(stdout.length).toBeGreaterThan(65_536)
  expect(stdout).toMatch(/f299/)
})

test('a reader that has seen enough is no error', async () => {
  const child = start(['build', '--help'])
  child.stdout?.destroy()
  let stderr = ''
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)))
  expect(await exitCode(child)).toBe(0)
  expect(stderr).toBe('')
})
