import { expect, test } from 'vitest'
import { separateSourcemapMode } from '../../src/tools/cli/options.js'
import { attachSourceMap } from '../../src/tools/cli/source-map.js'

const map = JSON.stringify({ version: 3, sources: ['models/a.nn', 'layers.nn'], names: [], mappings: '' })
const place = { output: '/work/out/a.js', cwd: '/work' }

test('linked: the module names its map, and the map finds the sources', () => {
  const attached = attachSourceMap('code\n', map, { ...place, mode: 'linked' })
  expect(attached.code).toBe('code\n//# sourceMappingURL=a.js.map\n')
  expect(JSON.parse(attached.map ?? '')).toEqual({
    version: 3,
    file: 'a.js',
    sources: ['../models/a.nn', '../layers.nn'],
    names: [],
    mappings: '',
  })
})

test('external: the module stays as it is', () => {
  expect(attachSourceMap('code\n', map, { ...place, mode: 'external' }).code).toBe('code\n')
})

test('inline: the module carries its map', () => {
  const attached = attachSourceMap('code\n', map, { mode: 'inline', output: undefined, cwd: '/work' })
  const data = /^code\n\/\/# sourceMappingURL=data:application\/json;charset=utf-8;base64,(.*)\n$/.exec(
    attached.code,
  )
  expect(Buffer.from(data?.[1] ?? '', 'base64').toString()).toBe(map)
  expect(attached.map).toBeUndefined()
})

test('a file after --sourcemap is not its mode', () => {
  expect(separateSourcemapMode(['build', '--sourcemap', 'a.nn'])).toEqual([
    'build',
    '--sourcemap=linked',
    'a.nn',
  ])
  expect(separateSourcemapMode(['--sourcemap', 'inline', 'a.nn'])).toEqual(['--sourcemap', 'inline', 'a.nn'])
  expect(separateSourcemapMode(['a.nn', '--sourcemap'])).toEqual(['a.nn', '--sourcemap=linked'])
  expect(separateSourcemapMode(['--', '--sourcemap'])).toEqual(['--', '--sourcemap'])
})
