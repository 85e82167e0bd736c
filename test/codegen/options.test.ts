import { expect, test } from 'vitest'
import { compileModule, type CompileResult } from '../../src/compile.js'
import { load } from '../../src/load.js'
import { parse } from '../../src/parse.js'
import { checkGradients } from '../../src/verify/check.js'

const compiled = (options: unknown): CompileResult => Reflect.apply(compileModule, undefined, ['export fn f(x) = x^2', options]) // prettier-ignore

test.each([
  [{ target: 'cuda' }, "target is 'js', 'wasm' or 'auto', not 'cuda'"],
  [{ dtype: 'f16' }, "dtype is 'f32' or 'f64', not 'f16'"],
  [{ define: { hidden: '64' } }, "define.hidden is a number, not '64'"],
  [{ checkpoint: true }, "checkpoint is 'sqrt' or not given, not true"],
  [{ sourcemap: 'inline' }, "sourcemap is true or false, not 'inline'"],
  [null, 'the options are an object, not null'],
])('the options %j are refused', (options, message) => {
  const { code, diagnostics } = compiled(options)
  expect(code).toBe('')
  expect(diagnostics.map((each) => [each.code, each.message])).toEqual([['invalid-option', message]])
})

test('callers may have options of their own', () => {
  expect(compiled({ target: 'js', images: 10, batch: 3 }).diagnostics).toEqual([])
})

test('so they are where modules are loaded and checked', async () => {
  await expect(Reflect.apply(load, undefined, ['export fn f(x) = x', { dtype: 'f16' }])).rejects.toThrow("dtype is 'f32' or 'f64'") // prettier-ignore
  const report = await checkGradients('export fn f(x) = x^2', { sizes: { q: 3 } })
  expect(report.ok).toBe(true)
  expect(report.diagnostics.map(({ code }) => code)).toEqual(['unknown-size'])
})

test('diagnostics have line, column and frame', () => {
  const source = 'export fn f(x) =\n  sigmod(x)'
  for (const [mistake] of [compileModule(source).diagnostics, parse(`${source} +`).diagnostics])
    expect(mistake).toMatchObject({ line: 2, frame: expect.stringContaining('^') })
})
