/** The session that README.md shows, word for word: in the real program on a terminal, and through a pipe. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { README_COLUMNS, typedIn, withSession } from '../../../scripts/readme-session.js'
import { bundled, hasTmux, Pane, type Program } from './program.js'
import { expectSame, expectSameValue, TEXTBOOK_ROWS } from './textbook-rows.js'

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
const [, shown] = /<!-- session: [^]*?```text\n([^]*?)\n```/.exec(readme) ?? []

let program: Program
beforeAll(async () => {
  program = await bundled()
})
afterAll(() => program.remove())

const env = { ...process.env, NNC_HISTORY: '', NO_COLOR: '1' }

function piped(lines: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program.cli, 'repl'], {
    input: lines.join('\n'),
    encoding: 'utf8',
    env,
  })
  return { stdout, stderr, status }
}

test('README.md shows what a session answers today (npm run readme)', async () => {
  expect(readme).toBe(await withSession(readme))
})

// Where tmux is not installed there is no terminal to look at; the test above compares the same answers.
test.skipIf(!hasTmux)(
  'a terminal shows it',
  async () => {
    const pane = await Pane.open([process.execPath, program.cli], {
      columns: README_COLUMNS,
      rows: 200,
      env: { NNC_HISTORY: '', NO_COLOR: '1' },
    })
    try {
      await pane.until((screen) => screen === '>')
      let screen = ''
      for (const line of typedIn(readme)) screen = await pane.enter(line)
      expect(screen).toBe(`${shown}\n>`)
    } finally {
      pane.close()
    }
  },
  60_000,
)

test('a pipe prints results alone; mistakes go to standard error and into the exit code', () => {
  expect(piped(['d/dx x^3'])).toEqual({ stdout: '3x^2\n', stderr: '', status: 0 })
  expect(piped(['f(x) = x^2', '', "f'(3)", '// a comment', '(1 +', '2)'])).toEqual({
    stdout: '6\n3\n',
    stderr: '',
    status: 0,
  })
  const { stdout, stderr, status } = piped(['sigmod(x)', 'x + x'])
  expect({ stdout, status }).toEqual({ stdout: '2x\n', status: 1 })
  expect(stderr).toContain("did you mean 'sigmoid'?")
})

test('the program answers the rows of the course as they stand in it', () => {
  const lines = TEXTBOOK_ROWS.flatMap(([, before, typed]) => [...before, typed, ':forget'])
  const { stdout, stderr, status } = piped(lines)
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  const answers = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('//'))
  expect(answers).toHaveLength(TEXTBOOK_ROWS.length)
  for (const [at, [, , , expected]] of TEXTBOOK_ROWS.entries()) expectSame(answers[at], expected)
})

test('what is printed can be read back', () => {
  const answers = piped(['d/dx x σ(βx)', '(x^3 - y^3)/(x - y)', "σ'(x)", 'd/dx max(0, x)^2']).stdout
  const plain = (text: string): string[] =>
    text
      .split('\n')
      .map((line) => line.replace(/ *\/\/.*/, ''))
      .filter((line) => line !== '')
  // Derivatives look as a textbook has them; what is typed is made as short as it can be, once and for all.
  const again = plain(piped(plain(answers)).stdout)
  expect(again).toHaveLength(4)
  for (const [at, answer] of plain(answers).entries()) expectSameValue(again[at], answer)
  expect(plain(piped(again).stdout)).toEqual(again)
})
