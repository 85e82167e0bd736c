import { expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'

const codes = (source: string): readonly string[] => compileModule(source).diagnostics.map(({ code }) => code)

test.each([
  'export fn f(A: [n, n]) = grad(logdet(A), A)',
  'export fn f(A: [n, n], b: [n]) = jacobian(solve(A, b), b)',
  'export fn f(A: [n, n], b: [n]) = jacobian(solve(A, b), A)',
  'export fn f(A: [n, n]) = grad(sum(inv(A)), A)',
])('a derivative through an operator on matrices is no slip: %s', (source) => {
  expect(codes(source)).toEqual([])
})

test('what does not depend on the matrix is one', () => {
  expect(codes('export fn f(A: [n, n], B: [n, n]) = grad(logdet(A), B)')).toEqual(['independent'])
  expect(codes('export fn f(A: [n, n]) = grad(logdet(floor(A)), A)')).toEqual(['stepwise'])
})
