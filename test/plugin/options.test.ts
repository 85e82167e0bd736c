import { join } from 'node:path'
import * as rollup from 'rollup'
import { describe, expect, test } from 'vitest'
import { ModuleCompiler } from '../../src/tools/plugin/compiler.js'
import { isCompiled, readQuery } from '../../src/tools/plugin/module-id.js'
import { checkOptions } from '../../src/tools/plugin/options.js'
import nnc, { type Options } from '../../src/tools/plugin/rollup.js'
import { temporaryFolder } from '../tools/temporary-folder.js'
import { write } from './app.js'

describe('options', () => {
  test.each<[object, string]>([
    [{ target: 'wat' }, "nnc: target is 'js', 'wasm' or 'auto', not 'wat'"],
    [{ sourcemaps: true }, "nnc: there is no option 'sourcemaps'; did you mean 'sourcemap'?"],
    [{ dtype: 'f16' }, "nnc: dtype is 'f32' or 'f64', not 'f16'"],
    [{ define: { hidden: '8' } }, "nnc: define.hidden is a number, not '8'"],
    [{ define: [8] }, 'nnc: define is an object of numbers, as in { hidden: 128 }'],
    [{ checkpoint: true }, "nnc: checkpoint is 'sqrt' or not given, not true"],
    [{ include: 8 }, 'nnc: include is a glob, a RegExp or a list of them'],
    [{ types: 'yes' }, "nnc: types is true or false, not 'yes'"],
  ])('%o is refused', (given, message) => {
    expect(() => checkOptions(given)).toThrow(message)
  })

  test('all that there are pass', () => {
    const all: Options = {
      dtype: 'f64',
      define: { hidden: 8 },
      checkpoint: 'sqrt',
      target: 'auto',
      include: ['**/*.nn', /\.nn$/],
      exclude: /old/,
      sourcemap: false,
      types: false,
    }
    expect(checkOptions(all)).toBe(all)
  })
})

test('modules of the bundler itself are left to it', () => {
  for (const id of ['/a.nn', '/a.nn?hidden=3', '/a.nn?nn']) expect(isCompiled(id)).toBe(true)
  for (const id of [
    '/a.nn?raw',
    '/a.nn?url&x=1',
    '/a.nn?worker',
    '\0/a.nn?commonjs-proxy',
    '/a.js',
    '/a.nn.js',
  ])
    expect(isCompiled(id)).toBe(false)
})

test('a query sets numbers, the dtype, checkpoints and the target', () => {
  expect(readQuery('hidden=64&rate=1e-3&dtype=f64&checkpoint=sqrt&target=wasm&nn')).toEqual({
    dtype: 'f64',
    checkpoint: 'sqrt',
    target: 'wasm',
    define: { hidden: 64, rate: 0.001 },
    mistakes: [],
  })
  expect(readQuery('__proto__=1').define).toHaveProperty('__proto__', 1)
  expect(readQuery('a=b&c=Infinity&checkpoint=1').mistakes).toEqual([
    "'a=b' in the import: 'b' is not a number",
    "'c=Infinity' in the import: 'Infinity' is not a number",
    "'checkpoint=1' in the import: the only one is 'checkpoint=sqrt'",
  ])
})

/** What Rollup warns of where it bundles the `main.js` of a folder. */
async function warningsOf(
  files: Readonly<Record<string, string>>,
  options: Options,
): Promise<rollup.RollupLog[]> {
  const folder = temporaryFolder()
  write(folder, files)
  const warnings: rollup.RollupLog[] = []
  await rollup.rollup({
    input: join(folder, 'main.js'),
    plugins: [nnc({ types: false, ...options })],
    onLog: (_level, log) => warnings.push(log),
  })
  return warnings
}

const MAIN = { 'main.js': "import { f } from './models/a.nn?n=2'\nconsole.log(f)\n" }
const CONSTANT = 'const n = 1\nexport fn f(x) = n * x\n'

test('only files that are included and not excluded are compiled, whatever their queries', async () => {
  const files = { ...MAIN, 'models/a.nn': CONSTANT }
  expect(await warningsOf(files, { include: '**/models/*.nn' })).toEqual([])
  expect(await warningsOf(files, { include: [/models\/.*\.nn$/], exclude: '**/other/*.nn' })).toEqual([])
  for (const options of [{ exclude: /a\.nn$/ }, { exclude: '**/models/*.nn' }, { include: '**/other/*.nn' }])
    await expect(warningsOf(files, options)).rejects.toThrow()
})

test('values for all files reach those that have such names', async () => {
  const folder = temporaryFolder()
  write(folder, { 'a.nn': CONSTANT, 'b.nn': 'export fn g(x) = 2 * x\n' })
  const compiler = new ModuleCompiler({ define: { n: 77 } }, folder)
  expect(compiler.compile({ path: join(folder, 'a.nn'), query: '' }).code).toContain('77 * x')
  expect(compiler.compile({ path: join(folder, 'b.nn'), query: '' }).diagnostics).toEqual([])
  expect(compiler.compile({ path: join(folder, 'a.nn'), query: 'n=88' }).code).toContain('88 * x')
})

test('checkpoints are set for all files or by an import', () => {
  const folder = temporaryFolder()
  write(folder, {
    'a.nn':
      'export fn f(x: [T], w) {\n  recur t < T {\n    h[-1] = 0\n    h[t] = tanh(w * h[t-1] + x[t])\n  }\n  return h[T-1]\n}\n',
  })
  const compile = (options: Options, query: string) =>
    new ModuleCompiler(options, folder).compile({ path: join(folder, 'a.nn'), query }).code
  const plain = compile({}, '')
  const kept = compile({ checkpoint: 'sqrt' }, '')
  expect(plain).not.toContain('Math.sqrt(')
  expect(kept).toContain('Math.sqrt(')
  expect(compile({}, 'checkpoint=sqrt')).toBe(kept)
})

test('a derivative rule that disagrees with its function fails the build, also in an imported file', () => {
  const folder = temporaryFolder()
  const file = (factor: string) => `export fn g(x) = x^2\nderivative of g(x) by x = ${factor} * x\n`
  write(folder, { 'b.nn': file('3'), 'a.nn': 'import { g } from "./b.nn"\nexport fn f(x) = 2 * g(x)\n' })
  const compile = (name: string) =>
    new ModuleCompiler({}, folder).compile({ path: join(folder, name), query: '' })
  for (const name of ['a.nn', 'b.nn']) {
    const { code, diagnostics } = compile(name)
    expect(code).toBe('')
    expect(diagnostics).toMatchObject([{ severity: 'error', span: { source: { filename: 'b.nn' } } }])
  }
  write(folder, { 'b.nn': file('2') })
  expect(compile('a.nn').diagnostics).toEqual([])
})

test('a module is compiled again only when a file of it has changed', () => {
  const folder = temporaryFolder()
  write(folder, {
    'a.nn': 'import { g } from "./b.nn"\nexport fn f(x) = g(x)\n',
    'b.nn': 'export fn g(x) = 2 * x\n',
  })
  const compiler = new ModuleCompiler({}, folder)
  const compile = () => compiler.compile({ path: join(folder, 'a.nn'), query: '' })
  const first = compile()
  expect(first.files).toEqual([join(folder, 'a.nn'), join(folder, 'b.nn')])
  expect(compile()).toBe(first)
  write(folder, { 'b.nn': 'export fn g(x) = 3 * x\n' })
  expect(compile().code).toContain('3 * x')
})

test('warnings have their place and frame', async () => {
  const model = 'model M(x: [n]) {\n  param w ~ normal(0, 1)\n  loss sum[s] (w * x[s] > 0)\n}\n'
  const main = { 'main.js': "import { M } from './a.nn'\nconsole.log(M)\n" }
  const [warning, ...others] = await warningsOf({ ...main, 'a.nn': model }, {})
  expect(others).toEqual([])
  expect(warning).toMatchObject({
    plugin: 'nnc',
    message: expect.stringContaining('warning[zero-gradient]'),
    frame: expect.stringMatching(/^2 \| {3}param w ~ normal\(0, 1\)\n/),
    loc: { line: 2, column: 9 },
  })
})
