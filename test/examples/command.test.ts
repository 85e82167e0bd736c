/** The command line of the examples: help, mistakes, and the exit code of a missed bound. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

function run(...argv: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--import', 'tsx', ...argv], { cwd: root, encoding: 'utf8' })
}

/** A module that says results, as the scripts do. */
const saying = (...calls: readonly string[]): readonly string[] => [
  '--input-type=module',
  '--eval',
  `import { expectAtLeast, expectAtMost } from './examples/shared/command.ts'; ${calls.join('; ')}`,
]

test('--help says what is learned, and learns nothing', () => {
  const { status, stdout } = run('examples/xor/train.ts', '--help')
  expect(status).toBe(0)
  expect(stdout).toContain('Usage: npx tsx examples/xor/train.ts\n')
  expect(stdout).not.toContain('compiled')
})

test.each(['--fulll', '--full'])(
  '%s of an example without such an option ends with exit code 2',
  (option) => {
    const { status, stdout, stderr } = run('examples/xor/train.ts', option)
    expect(status).toBe(2)
    expect(stderr).toContain(option)
    expect(stdout).toBe('')
  },
)

test('bounds that are reached', () => {
  const { status, stdout } = run(
    ...saying('expectAtLeast("accuracy", 0.5, 0.5)', 'expectAtMost("error", 1, 1)'),
  )
  expect(status).toBe(0)
  expect(stdout).toBe('accuracy 50.00 % (at least 50.00 %)\nerror 1.00 (at most 1)\n')
})

test.each(['expectAtLeast("a", 0.49, 0.5)', 'expectAtLeast("a", NaN, 0.5)', 'expectAtMost("a", NaN, 1)'])(
  '%s ends with exit code 1, whatever follows',
  (call) => {
    const { status, stdout } = run(...saying(call, 'expectAtMost("error", 0, 1)'))
    expect(status).toBe(1)
    expect(stdout).toMatch(/MISSED\nerror/)
  },
)

test('an unknown example is said, with those there are', () => {
  const { status, stderr } = run('examples/run.ts', 'xorr')
  expect(status).toBe(2)
  expect(stderr).toMatch(/no example xorr; there are .*\bxor\b/)
})
