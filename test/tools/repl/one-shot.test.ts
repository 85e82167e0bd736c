import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ONE_SHOT } from '../../../src/tools/cli/expression.js'
import { nnc } from '../run-cli.js'
import { temporaryFolder } from '../temporary-folder.js'

/** The words of an example as a shell cuts them. */
const words = (example: string): string[] =>
  [...example.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain).slice(1)

describe.each(ONE_SHOT.map((command) => [command.name, command] as const))('nnc %s', (_, command) => {
  test('its examples work', async () => {
    for (const example of command.examples) {
      const { code, stderr } = await nnc(words(example), { cwd: temporaryFolder() })
      expect({ code, stderr }, example).toEqual({ code: 0, stderr: '' })
    }
  })

  test('--json prints one object per line, mistakes included', async () => {
    const [example] = command.examples
    const { stdout } = await nnc([...words(example), '--json'], { cwd: temporaryFolder() })
    for (const line of stdout.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('kind')
    const failed = await nnc([command.name, 'sigmod(x)', '--json'])
    expect(failed.code).toBe(1)
    expect(JSON.parse(failed.stdout)).toMatchObject({
      kind: 'problem',
      diagnostics: [{ code: 'unknown-function', line: 1 }],
    })
  })
})

test.each([
  [['simplify', '3x - x + 2x + 1'], '4x + 1\n'],
  [['simplify', '-x'], '-x\n'],
  [['diff', 'sin(x^2)'], '2x * cos(x^2)\n'],
  [['diff', 'x^5', 'x', '--order', '3'], '60x^2\n'],
  [['diff', 'x^r', 'x', '--assume', 'r != 0'], 'r * x^(r - 1)\n'],
  [['grad', '(x + y)z'], 'z\nz\nx + y\n'],
  [['eval', 'x^2 y', 'x=3', 'y=1/2'], '4.5\n'],
  [['latex', 'sqrt(x)/y'], '\\frac{\\sqrt{x}}{y}\n'],
])('nnc %j', async (argv, expected) => {
  expect(await nnc(argv)).toEqual({ code: 0, stdout: expected, stderr: '' })
})

test('conditions are part of the JSON', async () => {
  const { stdout } = await nnc(['simplify', '(x^2 - 1)/(x - 1)', '--json'])
  expect(JSON.parse(stdout)).toEqual({
    kind: 'expression',
    text: 'x + 1',
    where: [],
    conditions: ['x != 1'],
    notes: [],
  })
})

test('functions of a file, standard input, a file for the plot', async () => {
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, 'bell.nn'), 'fn bell(x, w = 1) = exp(-x^2 / (2 * w^2))\n')
  expect((await nnc(['diff', 'bell(x)', '--load', 'bell.nn'], { cwd })).stdout).toBe('-x * exp(-x^2 / 2)\n')
  expect((await nnc(['simplify', '-'], { stdin: 'x + x\n' })).stdout).toBe('2x\n')
  expect((await nnc(['plot', 'sin(x)', '--svg', 'a.svg'], { cwd })).stdout).toBe('wrote a.svg\n')
  expect(readFileSync(join(cwd, 'a.svg'), 'utf8')).toMatch(/^<svg [^]*<path [^]*<\/svg>\n$/)
})

test.each([
  [['diff', 'x y'], 1, /by which variable: x, y\?/],
  [['eval', 'x'], 1, /no value for 'x'/],
  [['simplify'], 2, /missing required argument 'expression'/],
  [['simplify', 'x', '--jsn'], 2, /unknown option '--jsn'/],
  [['simplify', 'x', '+', '1'], 2, /quote the expression/],
  [['diff', 'x', '--order', 'two'], 2, /An order is a whole number/],
  [['diff', 'x', '--load', 'nowhere.nn'], 1, /cannot read 'nowhere\.nn': no such file/],
])('nnc %j fails', async (argv, code, message) => {
  const outcome = await nnc(argv)
  expect(outcome.code).toBe(code)
  expect(outcome.stderr).toMatch(message)
})

test.each([
  [['diff', 'sin(x', 'x'], '1 | sin(x\n  |    ^'],
  [['eval', 'x + ', 'x=1'], '1 | x +\n  |    ^'],
  [['eval', 'x + y', 'x=1'], "for example nnc eval '…' x=1 y=2"],
])('mistakes are shown in the words that were typed: %j', async (argv, shown) => {
  const { code, stdout, stderr } = await nnc(argv)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain(shown)
})
