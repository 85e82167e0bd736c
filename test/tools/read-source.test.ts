import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importReader, readSourceFile } from '../../src/tools/cli/read-source.js'
import { temporaryFolder } from './temporary-folder.js'

test('text is read without its byte order mark, and named from the working directory', () => {
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, 'a.nn'), '\ufefffn f(x) = ŷ')
  expect(readSourceFile(join(cwd, 'a.nn'), cwd)).toEqual({ filename: 'a.nn', source: 'fn f(x) = ŷ' })
  mkdirSync(join(cwd, 'sub'))
  expect(readSourceFile(join(cwd, 'a.nn'), join(cwd, 'sub')).filename).toBe(join(cwd, 'a.nn'))
})

describe('what cannot be a program is one clear message', () => {
  const cwd = temporaryFolder()
  mkdirSync(join(cwd, 'folder.nn'), { recursive: true })
  writeFileSync(join(cwd, 'binary.nn'), Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 0, 1))
  writeFileSync(join(cwd, 'latin1.nn'), Uint8Array.of(0x66, 0xe9, 0x20))
  writeFileSync(join(cwd, 'utf16.nn'), Buffer.from('\ufefffn f(x) = x', 'utf16le'))

  test.each([
    ['absent.nn', "cannot read 'absent.nn': no such file or directory"],
    ['folder.nn', "'folder.nn' is a directory; name a .nn file"],
    ['binary.nn', "'binary.nn' is a binary file, not a program"],
    ['latin1.nn', "'latin1.nn' is not UTF-8 text"],
    ['utf16.nn', "'utf16.nn' is UTF-16 text; save it as UTF-8"],
  ])('%s', (name, message) => {
    expect(() => readSourceFile(join(cwd, name), cwd)).toThrow(message)
  })

  test('/dev/zero', () => {
    expect(() => readSourceFile('/dev/zero', cwd)).toThrow("'/dev/zero' is a device, not a file")
  })
})

test('imports are found beside their importer, and recorded even where they are missing', () => {
  const cwd = temporaryFolder()
  mkdirSync(join(cwd, 'lib'))
  writeFileSync(join(cwd, 'lib/a.nn'), 'A')
  writeFileSync(join(cwd, 'b.nn'), 'B')
  const { files, read } = importReader(cwd)
  expect(read('./lib/a.nn', 'main.nn')).toEqual({ filename: join('lib', 'a.nn'), source: 'A' })
  expect(read('../b.nn', join('lib', 'a.nn'))).toEqual({ filename: 'b.nn', source: 'B' })
  expect(() => read('./c.nn', '<stdin>')).toThrow("cannot read 'c.nn'")
  expect([...files]).toEqual([join(cwd, 'lib/a.nn'), join(cwd, 'b.nn'), join(cwd, 'c.nn')])
})
