/** Derivatives of operators on matrices: compiled ones against the derivative of every step of an elimination. */
import { describe, expect, test } from 'vitest'
import { analyse } from '../../src/compile.js'
import { runPasses } from '../../src/ir/pass.js'
import { printProgram } from '../../src/ir/print.js'
import type { Program } from '../../src/ir/program.js'
import { readProgram } from '../../src/ir/read.js'
import { verifyProgram } from '../../src/ir/verify.js'
import { pipeline } from '../../src/pipeline.js'
import { checkGradients, formatReport } from '../../src/verify/check.js'
import { compileModule } from '../../src/compile.js'
import { createRandom } from '../../examples/shared/random.js'
import { load, member, run } from '../codegen/load.js'
import { TARGET } from '../target.js'

const FIRST: Readonly<Record<string, string>> = {
  'a vector on the right': 'fn f(A: [n, n], b: [n]) = solve(A, b)',
  'columns on the right': 'fn f(A: [n, n], B: [n, m]) = solve(A, B)',
  'of itself': 'fn f(A: [n, n]) = solve(A, A @ A)',
  'a transpose': "fn f(A: [n, n], b: [n]) = solve(A', b) + solve(A, b)",
  inverse: 'fn f(A: [n, n]) = inv(A)',
  'inverse of an expression': "fn f(X: [d, n]) = inv(X @ X' + eye(d))",
  determinant: 'fn f(A: [n, n]) = det(A)',
  cofactors: 'fn f(A: [n, n]) = cofactors(A)',
  'cofactors of several': 'fn f(A: [s, n, n], B: [n, n]) = cofactors(A + B)',
  'logarithm of the determinant': 'fn f(A: [n, n]) = logdet(A)',
  'Cholesky factor': 'fn f(A: [n, n]) = cholesky(A)',
  'Cholesky factor of a product': "fn f(A: [n, n], c: [n]) = cholesky(A @ A' + eye(n)) @ c",
  'one by one': 'fn f(A: [1, 1], b: [1]) = solve(A, b) * det(A) + logdet(A) + inv(A)[0] + cholesky(A^2)[0]',
  'several matrices': 'fn f(A: [s, n, n], b: [s, n]) = solve(A, b)',
  'one matrix, several right sides': `fn f(A: [n, n], b: [s, n]) {
  y[t, i] = solve(A, b[t])[i]
  return y
}`,
  'in a recurrence': `fn f(F: [n, n], x: [T, n]) {
  recur t < T {
    P[-1] = eye(n)
    P[t] = inv(F @ P[t-1] @ F' + eye(n))
    h[-1] = x[0]
    h[t] = solve(P[t] + eye(n), h[t-1] + x[t])
  }
  return h[T-1]
}`,
  'in an arm': `fn f(A: [s, n, n], c: [s]) {
  y[t] = if c[t] > 0 then logdet(A[t]) else c[t] * A[t, 0, 0]
  return y
}`,
}

const HIGHER: Readonly<Record<string, string>> = {
  'second, solve': 'fn f(A: [2, 2], b: [2]) = hessian(b @ solve(A, b), A)',
  'second, columns': 'fn f(A: [2, 2], B: [2, 3]) = grad(sum(grad(sum(solve(A, B)^2), A)^2), B)',
  'second, inverse': 'fn f(A: [3, 3], C: [3, 3]) = grad(sum(grad(sum(inv(A)^2), A) * C), A)',
  'second, determinant': 'fn f(A: [3, 3]) = hessian(det(A), A)',
  'second, cofactors':
    'fn f(A: [3, 3], B: [3, 3]) = grad(sum(grad(sum(cofactors(A + 5 * eye(3)) * B), A) * B), A)',
  'second, logdet': 'fn f(A: [3, 3]) = hessian(logdet(A), A)',
  'second, Cholesky':
    "fn f(A: [3, 3], C: [3, 3]) = grad(sum(grad(sum(cholesky(A @ A' + eye(3))^3), A) * C), A)",
  'third, determinant of 2 × 2': 'fn f(A: [2, 2]) = grad(sum(hessian(det(A)^2, A)^2), A)',
  Jacobian: 'fn f(A: [n, n], b: [n]) = jacobian(solve(A, b), A)',
  'forward, solve':
    'fn f(A: [n, n], b: [n], D: [n, n], c: [n]) = jvp(solve(A, b), A, D) + jvp(solve(A, b), b, c)',
  'forward, Cholesky': "fn f(A: [n, n], D: [n, n]) = jvp(cholesky(A @ A' + eye(n)), A, D)",
  'forward, the others':
    'fn f(A: [n, n], D: [n, n]) = jvp(logdet(A) + det(A) + sum(inv(A) * cofactors(A)), A, D)',
}

test.each(Object.entries({ ...FIRST, ...HIGHER }))('%s', async (_, source) => {
  const report = await checkGradients(source, { target: TARGET })
  expect(formatReport(report)).toMatch(/, 0 of them inconclusive .*\nPASS: all gradients agree\n$/)
})

test('forward mode of functions', async () => {
  const { code } = compileModule('export fn f(A: [n, n], b: [n]) = solve(A, b) * det(A)', { tangents: true })
  expect(code).toContain('f_jvp')
  const module = await load('export fn f(A: [n, n], b: [n]) = solve(A, b) * det(A)', { tangents: true })
  const at = (t: number): unknown => run(module, 'f', [[1 + t, 2], [3, 5 - 2 * t]], [1, 1 + 3 * t]) // prettier-ignore
  const tangent = run(module, 'f.jvp', [[[1, 2], [3, 5]], [1, 1]], [[[1, 0], [0, -2]], [0, 3]]) // prettier-ignore
  const [above, below] = [at(1e-5), at(-1e-5)]
  if (!(tangent instanceof Float64Array && above instanceof Float64Array && below instanceof Float64Array))
    throw new Error('no vectors')
  for (const [i, slope] of tangent.entries()) expect(slope).toBeCloseTo((above[i] - below[i]) / 2e-5, 8)
})

/** By Laplace's expansion: exact for whole numbers. */
function minors(matrix: readonly (readonly number[])[]): number {
  if (matrix.length === 0) return 1
  return matrix[0].reduce((sum, entry, j) => sum + (j % 2 === 0 ? 1 : -1) * entry * without(matrix, 0, j), 0)
}

const without = (matrix: readonly (readonly number[])[], row: number, column: number): number =>
  minors(matrix.filter((_, i) => i !== row).map((entries) => entries.filter((_, j) => j !== column)))

test('the gradient of a determinant is that of its expansion, of whatever rank the matrix is', async () => {
  const module = await load('export fn f(A: [n, n]) = det(A)\nexport fn C(A: [n, n]) = cofactors(A)')
  const random = createRandom(5)
  const whole = (rows: number, columns: number) =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => Math.floor(7 * random()) - 3))
  for (let n = 1; n <= 6; n++)
    for (let rank = 0; rank <= n; rank++) {
      const [left, right] = [whole(n, rank), whole(rank, n)]
      const matrix = left.map((row) =>
        Array.from({ length: n }, (_, j) => row.reduce((sum, entry, k) => sum + entry * right[k][j], 0)),
      )
      const expected = matrix.flatMap((row, i) => row.map((_, j) => (-1) ** (i + j) * without(matrix, i, j)))
      const largest = Math.max(1, ...matrix.flat().map(Math.abs)) ** (n - 1)
      for (const found of [run(module, 'C', matrix), member(run(module, 'f.grad', matrix), '0')]) {
        if (!(found instanceof Float64Array)) throw new Error('no matrix')
        for (const [at, entry] of found.entries())
          expect(Math.abs(entry - expected[at]) / largest).toBeLessThan(1e-14)
      }
    }
})

test('a matrix near a singular one keeps the digits of its cofactors', async () => {
  const module = await load('export fn f(A: [2, 2]) = det(A)')
  for (const tiny of [1e-300, 1e-16, 0]) {
    const [gradient] = [run(module, 'f.grad', [[1, 2], [2, 4 + tiny]])] // prettier-ignore
    expect(member(gradient, '0')).toEqual(Float64Array.of(4 + tiny, -2, -2, 1))
  }
})

test('second derivatives of a determinant are refused where there is no inverse', async () => {
  const module = await load('export fn f(A: [n, n]) = sum(grad(det(A), A))')
  expect(run(module, 'f', [[1, 2], [2, 4]])).toBe(1) // prettier-ignore
  expect(() => run(module, 'f.grad', [[1, 2], [2, 4]])).toThrow('the matrix A is singular') // prettier-ignore
})

test('one factorisation serves the value and the gradients', () => {
  const source =
    "export fn f(A: [n, n], b: [n]) = b @ solve(A, b) + logdet(A) + sum(solve(A', b)) + sum(inv(A))"
  const { code } = compileModule(source)
  const [, kernel] = /function f_valueAndGrad_kernel([^]*?)\n}\n/.exec(code) ?? []
  expect(kernel.match(/factorise\(/g)).toHaveLength(1)
  expect(kernel).toContain('solveTransposed(')
})

test('what is not used is not copied into the module', () => {
  const { code } = compileModule('export fn f(A: [n, n]) = floor(cholesky(A))')
  expect(code).toContain('function choleskyFactor(')
  expect(code).not.toContain('function factorise(')
})

function programOf(source: string): Program {
  const { program, diagnostics } = analyse(source)
  if (!program) throw new Error(diagnostics.map(({ message }) => message).join())
  return program
}

describe('the dump reads back', () => {
  test.each(Object.entries({ ...FIRST, ...HIGHER }))('%s', (_, source) => {
    const dumps: string[] = []
    runPasses(programOf(source), pipeline(), {
      after: (program, pass) => {
        verifyProgram(program, pass?.name ?? 'check')
        dumps.push(printProgram(program))
      },
    })
    for (const text of dumps) expect(printProgram(readProgram(text))).toBe(text)
  })
})
