import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CommandFailure } from '../../src/tools/cli/failure.js'
import { writeOutputs } from '../../src/tools/cli/write-output.js'
import { temporaryFolder } from './temporary-folder.js'

test('files are written, replaced, and no temporary name stays', () => {
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, 'a.js'), 'old')
  writeOutputs(
    [
      { path: join(cwd, 'a.js'), text: 'new' },
      { path: join(cwd, 'sub/folder/a.d.ts'), text: 'types' },
    ],
    cwd,
  )
  expect(readFileSync(join(cwd, 'a.js'), 'utf8')).toBe('new')
  expect(readFileSync(join(cwd, 'sub/folder/a.d.ts'), 'utf8')).toBe('types')
  expect(readdirSync(cwd).sort()).toEqual(['a.js', 'sub'])
})

test('when one of several cannot be written, none is', () => {
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, 'a.js'), 'old')
  mkdirSync(join(cwd, 'a.d.ts'))
  const outputs = [
    { path: join(cwd, 'a.js'), text: 'new' },
    { path: join(cwd, 'a.d.ts'), text: 'types' },
  ]
  expect(() => writeOutputs(outputs, cwd)).toThrow(
    new CommandFailure('io', "cannot write 'a.d.ts': it is a directory"),
  )
  expect(readFileSync(join(cwd, 'a.js'), 'utf8')).toBe('old')
  expect(readdirSync(cwd).sort()).toEqual(['a.d.ts', 'a.js'])
})

test('a file where a folder should be is one clear message', () => {
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, 'out'), '')
  expect(() => writeOutputs([{ path: join(cwd, 'out/a.js'), text: '' }], cwd)).toThrow(
    /^cannot write 'out\/a\.js': /,
  )
})

test('a device is not replaced by a file', () => {
  expect(() => writeOutputs([{ path: '/dev/null', text: '' }], '/')).toThrow(
    "cannot write 'dev/null': it is a device; '-o -' is standard output",
  )
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
})

test.skipIf(!existsSync('/proc/self'))('a folder that cannot be made is refused, not tried forever', () => {
  expect(() => writeOutputs([{ path: '/proc/nnc/a.js', text: '' }], '/')).toThrow(
    /^cannot write 'proc\/nnc\/a\.js': /,
  )
})

test.skipIf(process.getuid?.() === 0)('a folder without permission', () => {
  const cwd = temporaryFolder()
  mkdirSync(join(cwd, 'locked'))
  chmodSync(join(cwd, 'locked'), 0o555)
  expect(() => writeOutputs([{ path: join(cwd, 'locked/a.js'), text: '' }], cwd)).toThrow(
    "cannot write 'locked/a.js': permission denied",
  )
  expect(existsSync(join(cwd, 'locked/a.js'))).toBe(false)
})
