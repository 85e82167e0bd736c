import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { zip } from '../../scripts/zip.js'
import { legend } from '../../src/tools/lsp/semantic-tokens.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const manifest = JSON.parse(readFileSync(`${root}/editors/vscode/package.json`, 'utf8'))

/** What VS Code knows without being told. */
const STANDARD = [
  'keyword',
  'function',
  'class',
  'type',
  'parameter',
  'typeParameter',
  'variable',
  'property',
  'number',
  'string',
  'comment',
  'operator',
]

test('the manifest names files that are there and every token type that the server has', () => {
  const { languages, grammars, semanticTokenTypes } = manifest.contributes
  const paths: string[] = [
    ...languages.map((each: { configuration: string }) => each.configuration),
    ...grammars.map((each: { path: string }) => each.path),
  ]
  expect(paths.length).toBe(3)
  for (const path of paths) expect(existsSync(`${root}/editors/vscode/${path}`), path).toBe(true)
  const own = semanticTokenTypes.map(({ id }: { id: string }) => id)
  expect(new Set([...STANDARD, ...own])).toEqual(new Set(legend.tokenTypes))
  expect(manifest.version).toBe(JSON.parse(readFileSync(`${root}/package.json`, 'utf8')).version)
})

test('a zip archive holds what was put into it', () => {
  const contents = new Map([
    ['a.txt', Buffer.from('one')],
    ['b/ŷ.bin', Buffer.alloc(100_000, 7)],
    ['empty', Buffer.alloc(0)],
  ])
  const archive = zip([...contents].map(([path, bytes]) => ({ path, bytes })))
  const end = archive.length - 22
  expect(archive.readUInt32LE(end)).toBe(0x06054b50)
  expect(archive.readUInt16LE(end + 10)).toBe(contents.size)
  let at = archive.readUInt32LE(end + 16)
  for (const [path, bytes] of contents) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50)
    const length = archive.readUInt16LE(at + 28)
    expect(archive.toString('utf8', at + 46, at + 46 + length)).toBe(path)
    const local = archive.readUInt32LE(at + 42)
    expect(archive.readUInt32LE(local)).toBe(0x04034b50)
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    const data = archive.subarray(start, start + archive.readUInt32LE(at + 20))
    expect(inflateRawSync(data).equals(bytes)).toBe(true)
    expect(archive.readUInt32LE(at + 24)).toBe(bytes.length)
    at += 46 + length
  }
  expect(at).toBe(end)
})
