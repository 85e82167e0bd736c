import { expect, test, vi } from 'vitest'
import { parseFile } from '../../grammar/parse.js'
import { compileModule } from '../../src/compile.js'
import { simplify } from '../../src/expression.js'

vi.mock(import('../../grammar/parse.js'), async (original) => {
  const actual = await original()
  return { ...actual, parseFile: vi.fn(actual.parseFile) }
})

/** The files that were parsed meanwhile; of the library the names of what was parsed. */
function parsedBy(run: () => void): string[] {
  vi.mocked(parseFile).mockClear()
  run()
  return vi.mocked(parseFile).mock.calls.map(([{ filename, text }, , part]) => {
    const [, name] = /^export fn (\w+)/m.exec(text.slice(part?.start)) ?? []
    return part ? `${filename}: ${name}` : filename
  })
}

test('the library is not parsed where nothing of it is used, and each declaration of it once', () => {
  const compile = (text: string) => () => void compileModule(text, { filename: 'a.nn' })
  expect(parsedBy(compile('export fn f(x) = relu(x)'))).toEqual(['a.nn'])
  expect(parsedBy(() => void simplify('x + x'))).toEqual([])
  expect(parsedBy(compile('export fn f(x) = silu(x)'))).toEqual(['a.nn', 'nnc/activations: silu'])
  expect(parsedBy(compile('export fn f(x) = mish(x) + silu(x)'))).toEqual(['a.nn', 'nnc/activations: mish'])
  expect(parsedBy(compile('export fn f(x, y) = huber(x, y)'))).toEqual(['a.nn', 'nnc/losses: huber'])
  expect(parsedBy(compile('export fn f(x, y) = huber(x, y)'))).toEqual(['a.nn'])
})
