/** The table in examples/README.md says what is in the folder, and each file compiles without a warning. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { TARGET } from '../target.js'

const folder = new URL('../../examples/', import.meta.url)
const readme = readFileSync(new URL('README.md', folder), 'utf8')
const rows = readme.split('\n').filter((line) => line.startsWith('| ['))
const examples = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
  .map(({ name }) => name)
const models = examples.flatMap((name) =>
  readdirSync(new URL(`${name}/`, folder))
    .filter((file) => file.endsWith('.nn'))
    .map((file) => `${name}/${file}`),
)

test('each example has a script and one row', () => {
  expect(rows.map((row) => /^\| \[(\w+)\]\(\1\/train\.ts\)/.exec(row)?.[1]).sort()).toEqual(examples.sort())
  for (const name of examples) expect(existsSync(new URL(`${name}/train.ts`, folder)), name).toBe(true)
})

test('each .nn file is linked in the row of its example, and nothing else is', () => {
  const linked = rows.flatMap((row) => {
    const name = /^\| \[(\w+)\]/.exec(row)?.[1]
    const files = [...row.matchAll(/\]\(([\w/]+\.nn)\)/g)].map(([, file]) => file)
    expect(files.length, row).toBeGreaterThan(0)
    for (const file of files) expect(file.startsWith(`${name}/`), file).toBe(true)
    return files
  })
  expect(linked.sort()).toEqual([...models].sort())
})

test.each(models)('%s compiles without a remark', (file) => {
  const source = readFileSync(new URL(file, folder), 'utf8')
  const { code, diagnostics } = compileModule(source, { filename: file, target: TARGET })
  expect(diagnostics.map(({ message }) => message)).toEqual([])
  expect(code).not.toBe('')
})
