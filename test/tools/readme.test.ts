import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withGeneratedCode } from '../../scripts/readme-parts.js'
import { compileModule } from '../../src/index.js'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

test('README.md shows what the compiler writes today (npm run readme)', () => {
  const readme = read('README.md')
  expect(readme).toBe(withGeneratedCode(readme))
})

const programs = ['README.md', 'docs/language.md'].flatMap((file) =>
  [...read(file).matchAll(/```nn\n([^]*?)```/g)].map((match, at): [string, number, string] => [
    file,
    at + 1,
    match[1],
  ]),
)

test.each(programs)('%s: program %i compiles', (_file, _at, program) => {
  expect(compileModule(program, { filename: 'shown.nn' }).diagnostics).toEqual([])
})
