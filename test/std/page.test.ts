import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { formattedPage } from '../../scripts/standard-library-page.js'
import { LIBRARY, outlineOf, parseLibrary } from '../../src/std/library.js'

test('docs/standard-library.md describes the library of today (npm run library-page)', async () => {
  const page = readFileSync(new URL('../../docs/standard-library.md', import.meta.url), 'utf8')
  expect(page).toBe(await formattedPage())
})

test.each(LIBRARY)('everything that $specifier offers is documented', (file) => {
  const silent = parseLibrary(file).statements.flatMap((statement) => {
    const isOffered = statement.kind === 'model' || (statement.kind === 'function' && statement.exported)
    return isOffered && !statement.doc?.match(/[.)]$/m) ? [statement.signature.name.name] : []
  })
  expect(silent).toEqual([])
})

test.each(LIBRARY)('$specifier is the same declaration by declaration', (file) => {
  const { imports, declarations } = outlineOf(file)
  expect([...imports, ...declarations.map(({ syntax }) => syntax())]).toEqual(parseLibrary(file).statements)
  const named = (isModel: boolean): string[] =>
    declarations.filter((each) => each.exported && each.isModel === isModel).map(({ name }) => name)
  expect(named(true)).toEqual(file.models)
  expect(named(false)).toEqual(expect.arrayContaining([...file.functions, ...file.optimizers]))
})

test('no name is there twice', () => {
  const names = LIBRARY.flatMap(({ functions, optimizers, models }) => [
    ...functions,
    ...optimizers,
    ...models,
  ])
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})
