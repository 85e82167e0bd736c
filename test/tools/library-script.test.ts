/** The library as one script in a process, as the built command loads it: here another library, of two entries with a part in common. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { joinModules } from '../../src/tools/cli/joined-modules.js'
import { temporaryFolder } from './temporary-folder.js'

const folder = temporaryFolder()
const dist = join(folder, 'dist')
const home = join(folder, 'cache')
const cache = join(home, 'nnc')

const FUNCTIONS = 3000
const SOURCES = {
  'shared.js': 'export const loaded = []; export const twice = (x) => 2 * x; export { twice as "default" }',
  'plain.js': 'import { loaded, twice as double } from "./shared.js"; loaded.push("plain"); export const answer = () => double(21); export { loaded as seen }', // prettier-ignore
  'large.js': `import { loaded } from "./shared.js"; loaded.push("large");
    const all = [${Array.from({ length: FUNCTIONS }, (_, n) => `(x) => { let y = ${n} * x; for (let i = 0; i < 3; i++) y += i * x - ${n}; return y }`).join(',')}];
    export const answer = () => all.reduce((sum, f) => sum + f(1), 0)`,
} as const
const LARGE = Array.from({ length: FUNCTIONS }, (_, n) => n + 3 - 3 * n).reduce((a, b) => a + b)

beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(folder, name), text)
  const entryPoints = ['plain.js', 'large.js'].map((name) => join(folder, name))
  const shared = { outdir: dist, bundle: true, format: 'esm', logLevel: 'error' } as const
  await build({ ...shared, entryPoints, splitting: true, minifyWhitespace: true })
  await build({
    ...shared,
    platform: 'node',
    stdin: {
      contents: `
        import { scriptLibrary } from './library-script.ts'
        const exportsOf = scriptLibrary(${JSON.stringify(dist)}, ['plain.js', 'large.js'])
        for (const name of process.argv.slice(2)) console.log(exportsOf(name).answer())
        console.log(exportsOf('plain.js').seen.join())`,
      resolveDir: fileURLToPath(new URL('../../src/tools/cli', import.meta.url)),
    },
    outdir: undefined,
    outfile: join(folder, 'main.mjs'),
  })
})

beforeEach(() => rmSync(home, { recursive: true, force: true }))

function run(names: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const { NODE_DISABLE_COMPILE_CACHE: _, NODE_COMPILE_CACHE: __, ...own } = process.env
  const options = { cwd: folder, encoding: 'utf8', env: { ...own, XDG_CACHE_HOME: home, ...env } } as const
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(folder, 'main.mjs'), ...names],
    options,
  )
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

/** The one file in a folder. */
function fileIn(path = cache): string {
  const files = readdirSync(path)
  expect(files).toHaveLength(1)
  return join(path, files[0])
}

/** Marks a file, so that it is seen whether another was put in its place. */
const PAST = new Date('2020-01-01')
const isMarked = (path: string): boolean => statSync(path).mtime.getTime() === PAST.getTime()

test('modules are run once, in the order in which they are needed', () => {
  expect(run(['plain.js'])).toBe('42\nplain\n')
  expect(run(['large.js', 'plain.js'])).toBe(`${LARGE}\n42\nlarge,plain\n`)
})

describe('the file', () => {
  test('is written once, and used', () => {
    expect(run(['plain.js'])).toBe('42\nplain\n')
    utimesSync(fileIn(), PAST, PAST)
    expect(run(['plain.js'])).toBe('42\nplain\n')
    expect(isMarked(fileIn())).toBe(true)
  })

  test('is written again after a run that called much more', () => {
    run(['plain.js'])
    const { size } = statSync(fileIn())
    run(['large.js'])
    expect(statSync(fileIn()).size).toBeGreaterThan(2 * size)
    utimesSync(fileIn(), PAST, PAST)
    expect(run(['large.js', 'plain.js'])).toBe(`${LARGE}\n42\nlarge,plain\n`)
    expect(isMarked(fileIn())).toBe(true)
  })

  test.each([
    ['empty', () => Buffer.alloc(0)],
    ['cut off', (whole: Buffer) => whole.subarray(0, whole.length / 2)],
    ['changed in one bit', (whole: Buffer) => whole.with(whole.length >> 1, whole[whole.length >> 1] ^ 4)],
    ['of another kind', () => Buffer.from('something else altogether')],
  ])('is replaced where it is %s', (_, damage) => {
    run(['plain.js'])
    const file = fileIn()
    const whole = readFileSync(file)
    writeFileSync(file, damage(whole))
    expect(run(['plain.js'])).toBe('42\nplain\n')
    expect(fileIn()).toBe(file)
    utimesSync(file, PAST, PAST)
    expect(run(['plain.js'])).toBe('42\nplain\n')
    expect(isMarked(file)).toBe(true)
  })

  test('belongs to one text of the library', () => {
    run(['plain.js'])
    const before = readdirSync(cache)
    const path = join(dist, 'plain.js')
    const text = readFileSync(path, 'utf8')
    // V8 itself only looks at the length.
    writeFileSync(path, text.replace('21', '22'))
    expect(run(['plain.js'])).toBe('44\nplain\n')
    writeFileSync(path, text)
    expect(readdirSync(cache)).toHaveLength(2)
    expect(readdirSync(cache)).toEqual(expect.arrayContaining(before))
  })

  test('those of other versions are removed but the latest', () => {
    mkdirSync(cache, { recursive: true })
    for (let day = 1; day <= 5; day++) {
      const path = join(cache, `${day}.v8`)
      writeFileSync(path, '')
      utimesSync(path, new Date(2020, 0, day), new Date(2020, 0, day))
    }
    writeFileSync(join(cache, 'other.txt'), '')
    run(['plain.js'])
    const left = readdirSync(cache)
    expect(left).toHaveLength(5)
    expect(left).toEqual(expect.arrayContaining(['3.v8', '4.v8', '5.v8', 'other.txt']))
  })
})

describe('where it lies', () => {
  test('nowhere, if Node is told to do without', () => {
    expect(run(['plain.js'], { NODE_DISABLE_COMPILE_CACHE: '1' })).toBe('42\nplain\n')
    expect(() => readdirSync(home)).toThrow(/ENOENT/)
  })

  test('in the folder that Node is told to use', () => {
    expect(run(['plain.js'], { NODE_COMPILE_CACHE: join(home, 'node') })).toBe('42\nplain\n')
    fileIn(join(home, 'node', 'nnc'))
  })

  test('nowhere, if there can be no folder', () => {
    writeFileSync(home, 'a file')
    expect(run(['plain.js'])).toBe('42\nplain\n')
    expect(readFileSync(home, 'utf8')).toBe('a file')
  })
})

test('nothing is written where the user has no folder', () => {
  const before = readdirSync(folder)
  const none = { XDG_CACHE_HOME: '', HOME: '', USERPROFILE: '', LOCALAPPDATA: '' }
  expect(run(['plain.js'], none)).toBe('42\nplain\n')
  expect(readdirSync(folder)).toEqual(before)
})

describe('modules of another form', () => {
  test.each([
    ['import{a}from"node:fs";export{a};\n', "imports 'node:fs'"],
    ['var a=1;export default a;\n', 'does not end with a list of exports'],
  ])('%s', (text, message) => {
    writeFileSync(join(folder, 'odd.js'), text)
    expect(() => joinModules(folder, ['odd.js'])).toThrow(message)
  })
})
