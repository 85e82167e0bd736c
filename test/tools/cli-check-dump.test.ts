import { describe, expect, test } from 'vitest'
import { nnc } from './run-cli.js'

const WAVE = 'export fn wave(x) = sin(x) * exp(-x^2)\n'

describe('nnc check', () => {
  test('prints a table and exits with 0 where gradients agree', async () => {
    const { code, stdout, stderr } = await nnc(['check', '-'], { stdin: WAVE })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/wave/)
  })

  test('the report as JSON', async () => {
    const { code, stdout } = await nnc(['check', '-', '--diagnostics=json'], { stdin: WAVE })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ file: '<stdin>', ok: true })
  })

  test('the same seed, the same report', async () => {
    const first = await nnc(['check', '-', '--seed', '7'], { stdin: WAVE })
    expect(await nnc(['check', '-', '--seed', '7'], { stdin: WAVE })).toEqual(first)
  })

  test('--target wasm: the module in WebAssembly', async () => {
    const stdin = 'export fn f(x: [n]) = sum[i] tanh(x[i])^2\n'
    const { code, stdout } = await nnc(['check', '-', '--target', 'wasm'], { stdin })
    expect(code).toBe(0)
    expect(stdout).toMatch(/PASS/)
  })

  test('a wrong derivative rule exits with 1', async () => {
    const stdin = 'fn cube(x) = x^3\nderivative of cube(x) = 2x^2\nexport fn f(x) = cube(x)\n'
    for (const command of ['check', 'build']) {
      const { code, stdout, stderr } = await nnc([command, '-'], { stdin })
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(
        /<stdin>:2:1 error\[wrong-derivative-rule\]: the derivative rule of 'cube' by 'x' gives/,
      )
    }
  })

  test('a syntax error is reported as by nnc build', async () => {
    const { code, stdout, stderr } = await nnc(['check', '-'], { stdin: 'fn f(x) = x +\n' })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/<stdin>:1:/)
  })
})

describe('nnc dump', () => {
  test('lists the passes, and prints the program after each', async () => {
    const { code, stdout } = await nnc(['dump', '--list'])
    expect(code).toBe(0)
    const passes = stdout.trimEnd().split('\n')
    expect(passes).toContain('differentiate')
    for (const pass of passes) {
      const dumped = await nnc(['dump', '-', `--after=${pass}`], { stdin: WAVE })
      expect(dumped).toMatchObject({ code: 0, stderr: '' })
      expect(dumped.stdout).not.toBe('')
    }
  })

  test('--target wasm: the text of the WebAssembly', async () => {
    const stdin = 'export fn f(x: [n]) = sum[i] x[i]^2\n'
    const { code, stdout } = await nnc(['dump', '-', '--target=wasm'], { stdin })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\(module\n/)
    expect(stdout).toContain('(export "f_kernel")')
    expect(await nnc(['dump', '-', '--target=wasm'], { stdin: 'fn f(x) = x +\n' })).toMatchObject({ code: 1, stdout: '' }) // prettier-ignore
  })

  test('an unknown pass is wrong usage', async () => {
    const { code, stdout, stderr } = await nnc(['dump', '-', '--after', 'magic'], { stdin: WAVE })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^nnc: there is no pass 'magic'; the passes are .*differentiate/)
  })
})

describe('nnc equations', () => {
  const stdin = "export fn f(X: [d, n], w: [d], y: [n]) = sum((X' @ w - y)^2)\n"

  test('prints functions and their gradients in matrix notation', async () => {
    const { code, stdout, stderr } = await nnc(['equations', '-'], { stdin })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain("f = sum((X' @ w - y)^2)")
    expect(stdout).toMatch(/gradient\n/)
  })

  test('as LaTeX', async () => {
    const { stdout } = await nnc(['equations', '-', '--latex'], { stdin })
    expect(stdout).toContain('X^\\top w - y')
  })

  test('mistakes are reported, and nothing is printed', async () => {
    const { code, stdout, stderr } = await nnc(['equations', '-'], { stdin: 'fn f(x) = y\n' })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain("'y'")
  })
})
