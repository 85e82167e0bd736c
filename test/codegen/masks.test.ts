/** Products with one-hot and identity matrices: what they select is read, nothing is multiplied by zeros. */
import { describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { checkGradients, formatReport } from '../../src/verify/check.js'
import { load, run } from './load.js'
import { TARGET } from '../target.js'

/** The text of the kernel of the value, without its comments. */
function kernel(source: string): string {
  const { code, diagnostics } = compileModule(source)
  expect(diagnostics).toEqual([])
  const [text] = /^function f_kernel[^]*?^}/m.exec(code) ?? ['']
  return text.replace(/^ *\/\/.*\n/gm, '')
}

describe.each([
  ['rows by labels', 'export fn f(l: int[n], W: [10, k]) = one_hot(l, 10) @ W', 2],
  ['the identity on the left', 'export fn f(A: [n, k]) = 3 * eye(n) @ A', 2],
  ['the identity on the right', 'export fn f(A: [n, k]) = A @ eye(k)', 0],
  ['the trace', 'export fn f(A: [n, n]) = sum(eye(n) * A)', 1],
  [
    'a written comparison',
    'export fn f(l: int[n], x: [n, k]) { y[s] = sum[c] (c == l[s]) * x[s, c]; return y }',
    1,
  ],
  [
    'several',
    'export fn f(A: [n, n], l: int[n]) { y[s] = sum[i, j] (i == j) * (i == l[s]) * A[i, j]; return y }',
    1,
  ],
])('%s', (_, source, loops) => {
  test('reads what is selected', () => {
    const text = kernel(source)
    expect(text.split('for (').length - 1).toBe(loops)
    expect(text).not.toMatch(/===/)
  })

  test('nnc check', async () => {
    const report = await checkGradients(source, { verify: true, target: TARGET })
    expect(formatReport(report)).toMatch(/PASS: all gradients agree\n$/)
  })
})

test('what may be infinite is multiplied: 0 · ∞ is not a number', async () => {
  const module = await load('export fn f(x: [n], l: int) = sum[i] (i == l) * log(x[i])')
  expect(run(module, 'f', [0, 1], 1)).toBeNaN()
  expect(run(module, 'f', [2, 1], 0)).toBe(Math.log(2))
})

test('a label that is no class is said', async () => {
  const module = await load('export fn f(l: int[n]) = one_hot(l, 10)')
  expect(() => run(module, 'f', [3, 10])).toThrow('l[1] = 10 is outside 0 … 9')
  const scalar = await load('export fn f(label: int, classes: int) = one_hot(label, classes)')
  expect(() => run(scalar, 'f', 10, 10)).toThrow('label = 10 is outside 0 … 9')
})
