import { describe, expect, test } from 'vitest'
import { nnc } from './run-cli.js'

describe('help', () => {
  test.each([
    [['--help']],
    [['help']],
    [['help', 'build']],
    [['build', '--help']],
    [['check', '-h']],
    [['dump', '-h']],
  ])('nnc %j prints help with examples to standard output', async (argv) => {
    const { code, stdout, stderr } = await nnc(argv)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/Usage: nnc/)
    expect(stdout).toMatch(/Examples:\n {2}nnc /)
  })

  test('no command at all prints help to standard error', async () => {
    const { code, stdout, stderr } = await nnc([])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/Usage: nnc/)
  })

  test('--version prints the version of the package', async () => {
    expect(await nnc(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' })
  })
})

describe('wrong usage is one message and exit code 2', () => {
  test.each<[string[], RegExp]>([
    [['biuld', 'a.nn'], /unknown command 'biuld'\n\(Did you mean build\?\)/],
    [['build', 'a.nn', '--dtpye', 'f32'], /unknown option '--dtpye'\n\(Did you mean --dtype\?\)/],
    [['build', '--dtype', 'f16', 'a.nn'], /'f16' is invalid\. Allowed choices are f32, f64/],
    [['build'], /missing required argument 'files'/],
    [['check'], /missing required argument 'files'/],
    [['dump'], /name a \.nn file/],
    [['build', 'a.nn', '-D', 'hidden'], /Write name=value, for example hidden=128/],
    [['build', 'a.nn', '-D', 'hidden=many'], /'many' is not a number/],
    [['build', 'a.nn', '-D', 'hidden=0x10'], /'0x10' is not a number/],
    [['build', 'a.nn', '-D', '2h=1'], /'2h' is not a name/],
    [['build', 'a.nn', '--sourcemap=nowhere'], /Allowed choices are linked, inline, external/],
    [['check', 'a.nn', '--size', 'n=0'], /A size is a whole number from 1 on, not '0'/],
    [['check', 'a.nn', '--size', 'n=1.5'], /A size is a whole number from 1 on, not '1.5'/],
    [['check', 'a.nn', '--seed', '-1'], /A seed is a whole number/],
    [
      ['build', 'a.nn', 'b.nn', '-o', 'c.js'],
      /several files cannot all go to 'c\.js'; name a folder: -o c\.js\//,
    ],
    [['build', 'a.nn', 'b.nn', '-o', '-'], /several files cannot all go to '-'/],
    [['build', 'x/a.nn', 'y/a.nn', '-o', 'out/'], /'x\/a\.nn' and 'y\/a\.nn' both become 'out\/a\.js'/],
    [['build', 'a.nn', '-o', 'a.nn'], /the output would overwrite the input 'a\.nn'/],
    [['build', '-', '-o', 'out/'], /standard input has no name/],
    [['build', '-', '--sourcemap'], /only --sourcemap=inline works on standard output/],
    [['build', '-', '--watch'], /--watch needs files/],
    [['build', 'a.nn', '--target', 'wat'], /'wat' is invalid\. Allowed choices are js, wasm, auto/],
    [['build', 'a.nn', '--wasm-file'], /--wasm-file needs WebAssembly: add --target wasm or --target auto/],
    [['build', '-', '--target=wasm', '--wasm-file'], /--wasm-file needs a file to stand beside/],
    [['build', 'a.nn', '--target=wasm', '--math=libm'], /--math is about JavaScript/],
    [['check', 'a.nn', '--target=wasm', '--math=fast'], /--math is about JavaScript/],
    [['dump', 'a.nn', '--target=wasm', '--after=simplify'], /leave out --after/],
  ])('nnc %j', async (argv, message) => {
    const { code, stdout, stderr } = await nnc(argv)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(/^nnc: /)
  })

  test('as JSON where JSON is asked for', async () => {
    const { code, stderr } = await nnc(['build', 'a.nn', '-o', 'a.nn', '--diagnostics', 'json'])
    expect(code).toBe(2)
    expect(JSON.parse(stderr)).toEqual({
      severity: 'error',
      code: 'usage',
      message: "the output would overwrite the input 'a.nn'",
    })
  })
})
