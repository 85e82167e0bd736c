import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { analyse } from '../../src/compile.js'
import { printProgram } from '../../src/ir/print-dump.js'
import { rename } from '../../src/tools/lsp/rename.js'
import { Files } from './workspace.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const programs = [
  'test/programs',
  'src/std',
  ...readdirSync(`${root}/examples`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `examples/${name}`),
]
  .flatMap((folder) => readdirSync(`${root}/${folder}`).map((name) => `${folder}/${name}`))
  .filter((path) => path.endsWith('.nn'))

const MOST = 25

/** The file and those beside it, from which it may import. */
const neighbours = (path: string): Record<string, string> =>
  Object.fromEntries(
    programs
      .filter((other) => dirname(other) === dirname(path))
      .map((other) => [basename(other), readFileSync(`${root}/${other}`, 'utf8')]),
  )

/** What is left of a checked program without its names: the order of operands depends on them. */
function structure(files: Files, name: string): string {
  const { program, diagnostics } = analyse(files.text(name), {
    filename: name,
    read: (specifier) => {
      const filename = specifier.replace(/^.*\//, '')
      return { filename, source: files.text(filename) }
    },
  })
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const lines = program ? printProgram(program).split('\n') : []
  const nameless = lines.map((line) =>
    line
      .replace(/\/\/@.*|"[^"]*"|\d+:\d+(-\d+:\d+)?/g, '')
      .replace(/%\d+|[\p{L}_][\p{L}\p{Nd}\p{Mn}_.]*/gu, ''),
  )
  return nameless
    .map((line) => [...line].sort().join(''))
    .sort()
    .join('\n')
}

describe('renaming everything that a file declares, one after the other, leaves the same program', () => {
  test.each(programs)('%s', (path) => {
    const name = basename(path)
    const files = new Files(neighbours(path))
    const before = structure(files, name)
    const { workspace } = files
    const file = workspace.project.file(files.path(name))
    const count = file?.symbols.declarations.length ?? 0
    let renamed = 0
    // Large files have more names than there is time for.
    for (let at = 0; at < count; at += Math.ceil(count / MOST)) {
      const declaration = workspace.project.file(files.path(name))?.symbols.declarations[at]
      if (!declaration || declaration.kind === 'import') continue
      const edit = rename(workspace, files.path(name), declaration.places[0].start, `fresh${at}`)
      if ('refusal' in edit) throw new Error(`${declaration.name}: ${edit.refusal}`)
      files.apply(edit)
      renamed++
    }
    expect(renamed).toBeGreaterThan(0)
    expect(structure(files, name)).toBe(before)
  })
})
