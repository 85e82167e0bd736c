import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

/** The folder listing is the data flow; imports point left only. A file belongs to the longest entry that fits. */
const LAYERS: readonly (readonly string[])[] = [
  ['src/base'],
  ['src/ops'],
  ['grammar'],
  ['src/ir'],
  ['src/notation'],
  ['src/std'],
  ['src/check'],
  ['src/rewrite'],
  ['src/simplify'],
  ['src/differentiate'],
  ['src/schedule'],
  ['codegen'],
  [
    'src/pipeline.ts',
    'src/compile-options.ts',
    'src/compile.ts',
    'src/expression.ts',
    'src/expression',
    'src/load.ts',
    'src/parse.ts',
  ],
  ['src/verify'],
  ['src/index.ts'],
  ['src/tools'],
]

const LONG_FILE = 350
const TOO_LONG_FILE = 500

const root = fileURLToPath(new URL('..', import.meta.url))

interface SourceFile {
  readonly path: string
  readonly text: string
  /** Paths of the files of this project that it imports, also for their types alone. */
  readonly imports: readonly string[]
}

const files = ['src', 'grammar', 'codegen'].flatMap(listTypeScript).map(readSource)
const byPath = new Map(files.map((file) => [file.path, file]))

function listTypeScript(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort()
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  const code = text.replace(/\/\*[^]*?\*\/|(^|\s)\/\/.*/gm, ' ')
  const specifiers = [
    ...code.matchAll(/^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm),
    ...code.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm),
    ...code.matchAll(/\bimport\s*\(\s*['"]([^'"]+)['"]\s*\)/g),
  ].map((match) => match[1])
  const imports = specifiers
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => sourceOf(normalize(join(path, '..', specifier))))
  return { path, text, imports }
}

/** The run-time functions are JavaScript; everything else is TypeScript imported by its output's name. */
function sourceOf(path: string): string {
  return existsSync(join(root, path)) ? path : path.replace(/\.js$/, '.ts')
}

function layerOf(path: string): number {
  return LAYERS.findIndex((places) => places.some((place) => path === place || path.startsWith(`${place}/`)))
}

/** Groups of files that reach each other through imports (strongly connected sets with more than one member). */
function importCycles(): string[][] {
  const order: string[] = []
  const visited = new Set<string>()
  const importers = new Map<string, string[]>()
  for (const file of files)
    for (const target of file.imports) importers.set(target, [...(importers.get(target) ?? []), file.path])

  const walk = (start: string, next: (path: string) => readonly string[], done: (path: string) => void) => {
    if (visited.has(start)) return
    visited.add(start)
    const stack = [{ path: start, rest: [...next(start)] }]
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const target = top.rest.pop()
      if (target === undefined) {
        done(top.path)
        stack.pop()
      } else if (byPath.has(target) && !visited.has(target)) {
        visited.add(target)
        stack.push({ path: target, rest: [...next(target)] })
      }
    }
  }

  for (const file of files)
    walk(
      file.path,
      (path) => byPath.get(path)?.imports ?? [],
      (path) => order.push(path),
    )
  visited.clear()
  const cycles: string[][] = []
  for (const path of order.reverse()) {
    const members: string[] = []
    walk(
      path,
      (member) => importers.get(member) ?? [],
      (member) => members.push(member),
    )
    const selfImport = byPath.get(path)?.imports.includes(path)
    if (members.length > 1 || selfImport) cycles.push(members.sort())
  }
  return cycles
}

describe('layers', () => {
  test('every source file belongs to one', () => {
    expect(files.map((file) => file.path).filter((path) => layerOf(path) < 0)).toEqual([])
  })

  test('imports name files that exist', () => {
    const missing = files.flatMap(({ path, imports }) =>
      imports
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${path} imports ${target}`),
    )
    expect(missing).toEqual([])
  })

  test('imports point left only', () => {
    const wrong = files.flatMap(({ path, imports }) =>
      imports
        .filter((target) => byPath.has(target) && layerOf(target) > layerOf(path))
        .map((target) => `${path} imports ${target}`),
    )
    expect(wrong).toEqual([])
  })

  test('no files import each other in a circle', () => {
    expect(importCycles()).toEqual([])
  })
})

describe('source files', () => {
  test(`are short: none above ${TOO_LONG_FILE} lines`, () => {
    const written = files.filter(({ text }) => !text.startsWith('// Generated by'))
    const lengths = written.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    const long = lengths.filter(({ lines }) => lines > LONG_FILE).sort((a, b) => b.lines - a.lines)
    if (long.length > 0)
      console.warn(
        `longer than ${LONG_FILE} lines:\n${long.map(({ path, lines }) => `  ${path} ${lines}`).join('\n')}`,
      )
    expect(long.filter(({ lines }) => lines > TOO_LONG_FILE)).toEqual([])
  })

  test('are named for what they do', () => {
    const vague = /^(utils?|helpers?|misc|common|manager)\b/
    expect(files.map((file) => file.path).filter((path) => vague.test(basename(path)))).toEqual([])
  })

  test('have no escape from the type checker', () => {
    const escapes =
      /(?:[:<,|&]|=>|\bas)\s*any\b(?!\s*[(:'])|@ts-(?:ignore|nocheck|expect-error)|\bas unknown as\b/
    const found = files.flatMap(({ path, text }) =>
      text
        .split('\n')
        .map((line, index) => ({ line, place: `${path}:${index + 1}` }))
        .filter(
          ({ line }) => !/^\s*(?:\*|\/[/*])/.test(line) && escapes.test(line.replace(/(['"`]).*?\1/g, "''")),
        )
        .map(({ line, place }) => `${place}: ${line.trim()}`),
    )
    expect(found).toEqual([])
  })
})
