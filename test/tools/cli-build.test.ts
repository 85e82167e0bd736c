import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nnc } from './run-cli.js'
import { temporaryFolder } from './temporary-folder.js'

const SQUARE = 'export fn square(x) = x^2\n'

function project(files: Readonly<Record<string, string | Uint8Array>>): string {
  const cwd = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(cwd, name, '..'), { recursive: true })
    writeFileSync(join(cwd, name), text)
  }
  return cwd
}

describe('outputs', () => {
  test('go beside the input: module and typings', async () => {
    const cwd = project({ 'a.nn': SQUARE })
    const { code, stdout, stderr } = await nnc(['build', 'a.nn'], { cwd })
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toMatch(/^built a\.js, a\.d\.ts in \d+ ms\n$/)
    expect(readdirSync(cwd).sort()).toEqual(['a.d.ts', 'a.js', 'a.nn'])
    const module = await import(join(cwd, 'a.js'))
    expect(module.square(3)).toBe(9)
    expect(module.square.grad(3)).toEqual([6])
  })

  test('go into a folder, to a named file, to standard output', async () => {
    const cwd = project({ 'a.nn': SQUARE, 'b.nn': SQUARE })
    expect((await nnc(['build', 'a.nn', 'b.nn', '-q', '-o', 'out/'], { cwd })).stderr).toBe('')
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['a.d.ts', 'a.js', 'b.d.ts', 'b.js'])
    await nnc(['build', 'a.nn', '--out', 'other/name.mjs'], { cwd })
    expect(readdirSync(join(cwd, 'other')).sort()).toEqual(['name.d.mts', 'name.mjs'])
    const { stdout } = await nnc(['build', 'a.nn', '-o', '-'], { cwd })
    expect(stdout).toBe(readFileSync(join(cwd, 'out/a.js'), 'utf8'))
  })

  test('--target wasm: the loops in WebAssembly, in the module or in a file beside it', async () => {
    const cwd = project({ 'a.nn': 'export fn f(x: [n]) = sum[i] x[i]^2\n' })
    expect((await nnc(['build', 'a.nn', '--target', 'wasm', '-q'], { cwd })).code).toBe(0)
    expect(readdirSync(cwd).sort()).toEqual(['a.d.ts', 'a.js', 'a.nn'])
    const whole = await import(join(cwd, 'a.js'))
    expect(whole.f([1, 2])).toBe(5)
    const args = ['build', 'a.nn', '--target=auto', '--wasm-file', '-o', 'out/b.mjs']
    const { stderr } = await nnc(args, { cwd })
    expect(stderr).toMatch(/^built out\/b\.mjs, out\/b\.d\.mts, out\/b\.wasm in \d+ ms\n$/)
    const bytes = readFileSync(join(cwd, 'out/b.wasm'))
    await nnc(args, { cwd })
    expect(readFileSync(join(cwd, 'out/b.wasm'))).toEqual(bytes)
    const apart = await import(join(cwd, 'out/b.mjs'))
    expect(apart.f.grad([1, 2])).toEqual([Float64Array.of(2, 4)])
    await apart.f.ready
    expect(apart.f.grad([1, 2])).toEqual([Float64Array.of(2, 4)])
  })

  test('with a .wasm file that cannot be written nothing is', async () => {
    const cwd = project({ 'a.nn': 'export fn f(x: [n]) = sum[i] x[i]^2\n', 'a.js': 'old' })
    mkdirSync(join(cwd, 'a.wasm'))
    const { code, stderr } = await nnc(['build', 'a.nn', '--target=wasm', '--wasm-file'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toMatch(/cannot write 'a\.wasm': it is a directory/)
    expect(readdirSync(cwd).sort()).toEqual(['a.js', 'a.nn', 'a.wasm'])
    expect(readFileSync(join(cwd, 'a.js'), 'utf8')).toBe('old')
  })

  test('--checkpoint: gradients of recurrences go by segments', async () => {
    const cwd = project({
      'a.nn': `export fn f(a, x: [T]) {
        recur t < T { h[-1] = 0; h[t] = tanh(a * h[t-1] + x[t]) }
        return h[T-1]
      }\n`,
    })
    const { stdout } = await nnc(['build', 'a.nn', '--checkpoint', '-o', '-'], { cwd })
    expect(stdout).toMatch(/for \(let segment = segments - 1; segment >= 0; segment--\)/)
    expect((await nnc(['build', 'a.nn', '-o', '-'], { cwd })).stdout).not.toMatch(/segment/)
    const { code, stdout: report } = await nnc(['check', 'a.nn', '--checkpoint', '--size', 'T=7'], { cwd })
    expect({ code, last: report.trimEnd().split('\n').at(-1) }).toEqual({
      code: 0,
      last: 'PASS: all gradients agree',
    })
  })

  test('standard input goes to standard output, typings nowhere', async () => {
    const cwd = project({})
    const { code, stdout, stderr } = await nnc(['build', '-'], { cwd, stdin: SQUARE })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/export .*square/)
    expect(readdirSync(cwd)).toEqual([])
  })

  test('source maps: linked, external, inline', async () => {
    const cwd = project({ 'src/a.nn': SQUARE })
    await nnc(['build', 'src/a.nn', '-o', 'out/a.js', '--sourcemap'], { cwd })
    expect(readFileSync(join(cwd, 'out/a.js'), 'utf8')).toMatch(/\n\/\/# sourceMappingURL=a\.js\.map\n$/)
    expect(JSON.parse(readFileSync(join(cwd, 'out/a.js.map'), 'utf8'))).toMatchObject({
      version: 3,
      file: 'a.js',
      sources: ['../src/a.nn'],
    })
    await nnc(['build', 'src/a.nn', '-o', 'external/a.js', '--sourcemap', 'external'], { cwd })
    expect(readFileSync(join(cwd, 'external/a.js'), 'utf8')).not.toMatch(/sourceMappingURL/)
    expect(existsSync(join(cwd, 'external/a.js.map'))).toBe(true)
    const { stdout } = await nnc(['build', '--sourcemap=inline', '-o', '-', 'src/a.nn'], { cwd })
    expect(stdout).toMatch(/\n\/\/# sourceMappingURL=data:application\/json;charset=utf-8;base64,\S+\n$/)
  })

  test('the same text twice', async () => {
    const first = await nnc(['build', '-'], { stdin: SQUARE })
    expect(await nnc(['build', '-'], { stdin: SQUARE })).toEqual(first)
  })

  test('-D overrides a constant, --dtype the element type', async () => {
    const stdin = 'const k = 2\nexport fn f(x) = k * x\n'
    const { stdout } = await nnc(['build', '-', '-D', 'k=5'], { stdin })
    const { stdout: other } = await nnc(['build', '-'], { stdin: stdin.replace('2', '5') })
    expect(stdout.replace(/\/\/.*|\/\*[^]*?\*\//g, '')).toBe(other.replace(/\/\/.*|\/\*[^]*?\*\//g, ''))
    const vector = 'export fn f(x: [n]) { y[i] = 2x[i]; return y }\n'
    expect((await nnc(['build', '-', '--dtype', 'f32'], { stdin: vector })).stdout).toMatch(/Float32Array/)
  })

  test('imports are compiled in', async () => {
    const cwd = project({
      'lib/square.nn': SQUARE,
      'a.nn': 'import { square } from "./lib/square.nn"\nexport fn f(x) = square(x) + 1\n',
    })
    expect((await nnc(['build', 'a.nn', '-q'], { cwd })).stderr).toBe('')
    const module = await import(join(cwd, 'a.js'))
    expect(module.f(3)).toBe(10)
  })
})

describe('mistakes: one clear message, the right exit code, nothing half-written', () => {
  test.each<[string, Record<string, string | Uint8Array>, string[], number, RegExp]>([
    ['a missing file', {}, ['a.nn'], 2, /^nnc: cannot read 'a\.nn': no such file or directory\n$/],
    ['a directory', { 'a.nn/b': '' }, ['a.nn'], 2, /^nnc: 'a\.nn' is a directory; name a \.nn file\n$/],
    ['a binary file', { 'a.nn': Uint8Array.of(1, 0, 2) }, ['a.nn'], 2, /^nnc: 'a\.nn' is a binary file/],
    [
      'an unwritable output',
      { 'a.nn': SQUARE, out: '' },
      ['a.nn', '-o', 'out/a.js'],
      2,
      /cannot write 'out\/a\.js'/,
    ],
    ['a syntax error', { 'a.nn': 'fn f(x) = x +\n' }, ['a.nn'], 1, /a\.nn:1:\d+/],
    ['UTF-16 text', { 'a.nn': Uint8Array.of(0xff, 0xfe, 0x66, 0) }, ['a.nn'], 2, /^nnc: 'a\.nn' is UTF-16/],
    ['an unknown option', { 'a.nn': SQUARE }, ['a.nn', '--fast'], 2, /^nnc: unknown option '--fast'/],
    [
      'the input as output',
      { 'a.nn': SQUARE },
      ['a.nn', '-o', 'a.nn'],
      2,
      /would overwrite the input 'a\.nn'/,
    ],
    ['a -D that is no number', { 'a.nn': SQUARE }, ['a.nn', '-D', 'k=x'], 2, /'x' is not a number/],
    ['an infinite -D', { 'a.nn': SQUARE }, ['a.nn', '-D', 'k=1e999'], 2, /'1e999' is not a finite number/],
    ['a -D without a value', { 'a.nn': SQUARE }, ['a.nn', '-D', 'k'], 2, /Write name=value/],
    [
      'a fractional size',
      { 'a.nn': 'model M[h = 2](x: [n]) {\n  param w: [h]\n  loss sum(x) * sum(w)\n}\n' },
      ['a.nn', '-D', 'h=2.5'],
      1,
      /whole number/,
    ],
    [
      'a negative size',
      { 'a.nn': 'model M[h = 2](x: [n]) {\n  param w: [h]\n  loss sum(x) * sum(w)\n}\n' },
      ['a.nn', '-D', 'h=-1'],
      1,
      /a size cannot be -1/,
    ],
    ['an unknown name', { 'a.nn': 'fn f(x) = y\n' }, ['a.nn'], 1, /'y'/],
    ['a shape error', { 'a.nn': 'fn f(x: [2], y: [3]) = x + y\n' }, ['a.nn'], 1, /a\.nn:1:/],
    [
      'an unknown -D',
      { 'a.nn': 'const hidden = 2\nfn f(x) = x * hidden\n' },
      ['a.nn', '-D', 'hiden=3'],
      1,
      /hiden/,
    ],
    ['an import that is missing', { 'a.nn': 'import { g } from "./b.nn"\n' }, ['a.nn'], 1, /b\.nn/],
    [
      'a cyclic import',
      {
        'a.nn': 'import { g } from "./b.nn"\nexport fn f(x) = g(x)\n',
        'b.nn': 'import { f } from "./a.nn"\nexport fn g(x) = f(x)\n',
      },
      ['a.nn'],
      1,
      /a\.nn[^]*b\.nn|b\.nn[^]*a\.nn/,
    ],
  ])('%s', async (_name, files, argv, exitCode, message) => {
    const cwd = project(files)
    const before = readdirSync(cwd, { recursive: true })
    const { code, stdout, stderr } = await nnc(['build', ...argv], { cwd })
    expect(stderr).toMatch(message)
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' })
    expect(stderr.match(/^nnc:|\berror\[/gm)).toHaveLength(1)
    expect(stderr).not.toMatch(/internal error/)
    expect(readdirSync(cwd, { recursive: true })).toEqual(before)
  })

  test('an old output stays when the new one fails', async () => {
    const cwd = project({ 'a.nn': 'fn f(x) = (\n', 'a.js': 'old' })
    expect((await nnc(['build', 'a.nn'], { cwd })).code).toBe(1)
    expect(readFileSync(join(cwd, 'a.js'), 'utf8')).toBe('old')
  })

  test('one bad file does not keep the others from being built', async () => {
    const cwd = project({ 'a.nn': SQUARE, 'c.nn': SQUARE })
    const { code } = await nnc(['build', 'a.nn', 'b.nn', 'c.nn', '-q'], { cwd })
    expect(code).toBe(2)
    expect(readdirSync(cwd).sort()).toEqual(['a.d.ts', 'a.js', 'a.nn', 'c.d.ts', 'c.js', 'c.nn'])
  })

  test('--diagnostics json prints one object per line', async () => {
    const stdin = 'fn f(x) = y\nfn g(x) = z\n'
    const { code, stderr } = await nnc(['build', '-', '--diagnostics', 'json', '--filename', 'model.nn'], {
      stdin,
    })
    expect(code).toBe(1)
    const records = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(records).toMatchObject([
      { severity: 'error', file: 'model.nn', line: 1, column: 11, endLine: 1, endColumn: 12 },
      { severity: 'error', file: 'model.nn', line: 2, column: 11, endLine: 2, endColumn: 12 },
    ])
    expect(records[0].message).toMatch(/y/)
  })

  test('colour: never into a pipe unless asked, NO_COLOR is heard, a flag wins', async () => {
    const escape = '\u001b['
    const stdin = 'fn f(x) = y\n'
    expect((await nnc(['build', '-'], { stdin })).stderr).not.toContain(escape)
    expect((await nnc(['build', '-', '--color'], { stdin })).stderr).toContain(escape)
    expect((await nnc(['build', '-', '--color'], { stdin, env: { NO_COLOR: '1' } })).stderr).toContain(escape)
    expect((await nnc(['build', '-'], { stdin, env: { FORCE_COLOR: '1' } })).stderr).toContain(escape)
    const both = { NO_COLOR: '1', FORCE_COLOR: '1' }
    expect((await nnc(['build', '-'], { stdin, env: both })).stderr).not.toContain(escape)
    expect(
      (await nnc(['build', '-', '--no-color'], { stdin, env: { FORCE_COLOR: '1' } })).stderr,
    ).not.toContain(escape)
  })
})
