import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import * as prettier from 'prettier'
import { describe, expect, test } from 'vitest'
import { formatSource } from '../../grammar/format.js'
import { lex } from '../../grammar/lexer.js'
import { sameSyntax } from '../../grammar/equal.js'
import { parse } from '../../src/parse.js'
import * as plugin from '../../src/tools/prettier/plugin.js'
import { nnc } from '../tools/run-cli.js'
import { temporaryFolder } from '../tools/temporary-folder.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

const format = (text: string, width?: number): string => {
  const { text: formatted, diagnostics } = formatSource({ filename: 'a.nn', text }, { width })
  if (formatted === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return formatted
}

const withPrettier = (text: string, options: prettier.Options = {}): Promise<string> =>
  prettier.format(text, { parser: 'nn', plugins: [plugin], ...options })

const SAMPLES = ['test/programs', 'src/std', 'examples/mnist', 'examples/pinn'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.nn'))
    .map((name) => join(folder, name)),
)

test.each(SAMPLES)('%s: twice is once, the meaning and all comments stay', (name) => {
  const text = readFileSync(join(root, name), 'utf8')
  const once = format(text)
  expect(format(once)).toBe(once)
  expect(sameSyntax(parse(text).ast, parse(once).ast)).toBe(true)
  const comments = (source: string) =>
    lex({ filename: name, text: source }).comments.map((one) => one.text.trim())
  expect(comments(once)).toEqual(comments(text))
})

test('statements on a line each, as the grammar prints them', () => {
  const text = `import {Dense} from 'nnc/layers'   // tail


const   hidden=8
/// A model.
model Mlp( x : [n,4] ) {
    param l1:Dense[hidden]   // first
    // between
    out y = softmax( l1(x)
       + 1 )
}
fn a(x) = x; fn b(x) = 2·x²
`
  expect(format(text)).toBe(`import { Dense } from "nnc/layers" // tail

const hidden = 8
/// A model.
model Mlp(x: [n, 4]) {
  param l1: Dense[hidden] // first
  // between
  out y = softmax(l1(x) + 1)
}
fn a(x) = x
fn b(x) = 2 * x^2
`)
})

test('statements that do not fit on a line, or have comments inside, keep their lines', () => {
  const text = `fn f(x) {
      y = sin(x) *
          cos(x)
      z = y +   // half
          y
      // prettier-ignore
      w   =   y
      return z + w
}
`
  expect(format(text, 20)).toBe(`fn f(x) {
  y = sin(x) *
      cos(x)
  z = y +   // half
      y
  // prettier-ignore
  w   =   y
  return z + w
}
`)
  expect(format(text)).toContain('  y = sin(x) * cos(x)\n')
})

test('names keep the spelling of their author', () => {
  const text = 'fn f(x₁, x₂) = x₁² + 2x₂ + 0 * x₁\n'
  expect(format(text)).toBe('fn f(x₁, x₂) = x₁^2 + 2x₂ + 0 * x₁\n')
})

test('whatever the text: no exception, the same meaning, and twice is once', () => {
  const piece = fc.constantFrom(
    'x₁',
    'x1',
    '0',
    '2',
    'e1',
    '.5',
    '_0',
    ' ',
    '*',
    '+',
    '(',
    ')',
    '[',
    ']',
    '²',
    "'",
    ', ',
    'ⅷ',
    '; ',
    '\n',
    '\n\n',
    '\n  y = ',
    '// c\n',
    '/* d */',
    '\n// prettier-ignore\n',
    '/// doc\n',
    '\r\n',

    'if ',
    'then ',
    'else ',
    'sum[i] ',
    '\nfn f(x₁) = ',
    '\nmodel M(x) {\n',
    'out y = ',
    '}\n',
    '{\n',
    'return ',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
      const text = `fn g(x₁) = x₁ + ${pieces.join('')}`
      const { text: once } = formatSource({ filename: 'a.nn', text }, { width: 30 })
      if (once === undefined) return
      expect(formatSource({ filename: 'a.nn', text: once }, { width: 30 }).text).toBe(once)
    }),
    { numRuns: 3000 },
  )
})

describe('Prettier', () => {
  const text = 'fn f(x) =   x\r\n\r\n\r\nfn g(x) = f( x )  // g\r\n'

  test('formats the same, with the line ends and the mark that it is asked for', async () => {
    expect(await withPrettier(text)).toBe('fn f(x) = x\n\nfn g(x) = f(x) // g\n')
    expect(await withPrettier(text, { endOfLine: 'crlf' })).toBe('fn f(x) = x\r\n\r\nfn g(x) = f(x) // g\r\n')
    expect(await withPrettier(`\uFEFF${text}`)).toBe('\uFEFFfn f(x) = x\n\nfn g(x) = f(x) // g\n')
    expect(await withPrettier('')).toBe('')
    expect(await prettier.check('fn f(x) = x\n', { parser: 'nn', plugins: [plugin] })).toBe(true)
  })

  test('knows the files by their names', async () => {
    const info = await prettier.getFileInfo('models/mlp.nn', { plugins: [plugin] })
    expect(info.inferredParser).toBe('nn')
  })

  test('shows where a mistake is', async () => {
    await expect(withPrettier('fn f(x) = x\nfn g(x) = (x\n')).rejects.toMatchObject({
      message: expect.stringContaining('never closed'),
      loc: { start: { line: 2, column: 11 } },
      codeFrame: expect.stringContaining('> 2 | fn g(x) = (x'),
    })
  })
})

describe('nnc fmt', () => {
  test('writes, checks, and leaves files with mistakes alone', async () => {
    const cwd = temporaryFolder()
    const write = (name: string, text: string) => writeFileSync(join(cwd, name), text)
    write('a.nn', 'fn f(x)=x\n')
    write('b.nn', 'fn f(x) = x\n')
    write('c.nn', 'fn f(x) = than\nfn g(x) = (\n')
    const check = await nnc(['fmt', '--check', 'a.nn', 'b.nn'], { cwd })
    expect(check).toEqual({ code: 1, stdout: '', stderr: "nnc: 'a.nn' is not in its standard form\n" })
    const all = await nnc(['fmt', 'a.nn', 'b.nn', 'c.nn'], { cwd })
    expect(all.code).toBe(1)
    expect(all.stderr).toMatch(/^wrote a\.nn\nc\.nn:2:11 error\[unclosed-bracket\]/)
    expect(readFileSync(join(cwd, 'a.nn'), 'utf8')).toBe('fn f(x) = x\n')
    expect(readFileSync(join(cwd, 'c.nn'), 'utf8')).toBe('fn f(x) = than\nfn g(x) = (\n')
    expect((await nnc(['fmt', '--check', 'a.nn', 'b.nn'], { cwd })).code).toBe(0)
  })

  test('formats standard input', async () => {
    const { stdout } = await nnc(['fmt', '-'], { stdin: 'fn f(x)=x' })
    expect(stdout).toBe('fn f(x) = x\n')
  })

  test('says where brackets are too deep', async () => {
    const text = `fn f(x) = ${'('.repeat(501)}x${')'.repeat(501)}\n`
    const { code, stderr } = await nnc(['fmt', '-'], { stdin: text })
    expect(code).toBe(1)
    expect(stderr).toContain('<stdin>:1:511 error[too-deep]: brackets are nested more than 500 deep')
    expect(format(text.replace('((', '(').replace('))', ')'))).toBe('fn f(x) = x\n')
  })
})
