/** Operators on matrices in generated modules, against definitions that need no elimination. */
import { describe, expect, test } from 'vitest'
import { load, run } from '../codegen/load.js'

type Matrix = readonly (readonly number[])[]

const flat = (matrix: Matrix): number[] => matrix.flat()

/** Leibniz: by permutations, for small matrices. */
function determinant(a: Matrix): number {
  if (a.length === 0) return 1
  return a[0].reduce((sum, entry, j) => {
    const minor = a.slice(1).map((row) => row.filter((_, at) => at !== j))
    return sum + (j % 2 === 0 ? 1 : -1) * entry * determinant(minor)
  }, 0)
}

/** Cramer's rule. */
function solution(a: Matrix, b: readonly number[]): number[] {
  const whole = determinant(a)
  return b.map(
    (_, j) => determinant(a.map((row, i) => row.map((entry, at) => (at === j ? b[i] : entry)))) / whole,
  )
}

const column = (b: Matrix, j: number): number[] => b.map((row) => row[j])

function expectClose(actual: unknown, expected: readonly number[], tolerance = 1e-12): void {
  const values = actual instanceof Float64Array ? [...actual] : [actual]
  expect(values.length).toBe(expected.length)
  const scale = Math.max(...expected.map(Math.abs), 1e-300)
  for (const [at, value] of values.entries())
    expect(typeof value === 'number' ? Math.abs(value - expected[at]) / scale : NaN).toBeLessThan(tolerance)
}

/** Not symmetric; the second needs an exchange of rows in its first step, the third in its second as well. */
const MATRICES: Record<string, Matrix> = {
  '1 × 1': [[-4]],
  '2 × 2, zero pivot': [[0, 2], [3, 1]],
  '3 × 3, zero pivots': [[0, 1, 2], [4, 0, 1], [2, 0, -3]],
  '4 × 4': [[2, -1, 0.5, 3], [1, 4, -2, 0], [0.25, 1, 5, -1], [-3, 2, 1, 1]],
} // prettier-ignore

const SOURCE = `
export fn one(A: [n, n], b: [n]) = solve(A, b)
export fn many(A: [n, n], B: [n, m]) = solve(A, B)
export fn inverse(A: [n, n]) = inv(A)
export fn volume(A: [n, n]) = det(A)
export fn size(A: [n, n]) = logdet(A)
export fn root(A: [n, n]) = cholesky(A)
export fn each(A: [s, n, n], b: [s, n]) = solve(A, b)
export fn picked(A: [s, n, n], b: [n]) {
  y[t] = solve(A[t], b)[0]
  return y
}
export fn unless(A: [n, n], b: [n], c) = if c > 0 then solve(A, b) else b
`

describe.each(Object.entries(MATRICES))('%s', (_, a) => {
  const b = a.map((row, i) => [row[0] - i, 2 * i + 1])

  test('solve', async () => {
    const module = await load(SOURCE)
    expectClose(run(module, 'one', a, column(b, 1)), solution(a, column(b, 1)))
    const both = run(module, 'many', a, b)
    expectClose(
      both,
      b.flatMap((_row, i) => [solution(a, column(b, 0))[i], solution(a, column(b, 1))[i]]),
    )
  })

  test('inv', async () => {
    const unit = (j: number): number[] => a.map((_row, i) => Number(i === j))
    const expected = a.flatMap((_row, i) => a.map((_other, j) => solution(a, unit(j))[i]))
    expectClose(run(await load(SOURCE), 'inverse', a), expected)
  })

  test('det and logdet', async () => {
    const module = await load(SOURCE)
    expectClose(run(module, 'volume', a), [determinant(a)])
    expectClose(run(module, 'size', a), [Math.log(Math.abs(determinant(a)))])
  })

  test('cholesky reads the lower triangle alone', async () => {
    const lower = a.map((row, i) => row.map((entry, j) => (j < i ? entry : j > i ? 0 : 1 + Math.abs(entry))))
    const product = lower.map((row) => lower.map((other) => row.reduce((sum, x, k) => sum + x * other[k], 0)))
    const spoilt = product.map((row, i) => row.map((entry, j) => (j > i ? NaN : entry)))
    expectClose(run(await load(SOURCE), 'root', spoilt), flat(lower))
  })

  test('leading axes count matrices', async () => {
    const other = a.map((row, i) => row.map((entry, j) => entry / 2 + (i === j ? 9 : 0)))
    const module = await load(SOURCE)
    const [first, second] = [column(b, 0), column(b, 1)]
    expectClose(run(module, 'each', [a, other], [first, second]), [
      ...solution(a, first),
      ...solution(other, second),
    ])
    expectClose(run(module, 'picked', [a, other], first), [solution(a, first)[0], solution(other, first)[0]])
  })

  test('nothing is solved in an arm that is not taken', async () => {
    const module = await load(SOURCE)
    const zeros = a.map((row) => row.map(() => 0))
    expect(run(module, 'unless', zeros, column(b, 0), -1)).toEqual(Float64Array.from(column(b, 0)))
    expect(() => run(module, 'unless', zeros, column(b, 0), 1)).toThrow('the matrix A is singular')
  })
})

describe('singular matrices', () => {
  const singular = [[1, 2], [2, 4]] // prettier-ignore

  test('have no inverse', async () => {
    const module = await load(SOURCE)
    expect(() => run(module, 'one', singular, [1, 1])).toThrow(new RangeError('the matrix A is singular'))
    expect(() => run(module, 'inverse', singular)).toThrow(new RangeError('the matrix A is singular'))
    expect(() => run(module, 'one', [[0]], [1])).toThrow('the matrix A is singular')
  })

  test('have the determinant 0', async () => {
    const module = await load(SOURCE)
    expect(run(module, 'volume', singular)).toBeCloseTo(0, 300)
    expect(run(module, 'size', singular)).toBe(-Infinity)
  })

  test('are named as the file names them', async () => {
    const module = await load("export fn f(X: [n, d], y: [n]) = solve(X' @ X,\n   X' @ y)")
    expect(() => run(module, 'f', [[1, 1]], [1])).toThrow("the matrix X' @ X is singular")
  })
})

test('what is not positive definite has no Cholesky factor', async () => {
  const module = await load(SOURCE)
  const message = new RangeError('the matrix A is not positive definite')
  expect(() => run(module, 'root', [[1, 2], [2, 1]])).toThrow(message) // prettier-ignore
  expect(() => run(module, 'root', [[0]])).toThrow(message)
})

test('NaN is passed on, not called singular', async () => {
  const module = await load(SOURCE)
  expect(run(module, 'one', [[NaN]], [1])).toEqual(Float64Array.of(NaN))
  expect(run(module, 'root', [[NaN]])).toEqual(Float64Array.of(NaN))
})

test('a model in 32 bits factorises in 64', async () => {
  const module = await load(`
model M(b: [3]) {
  param A: [3, 3] = 1
  out x = solve(A, b)
  loss sum(x)
}`)
  // Elimination in 32 bits would lose all digits of the small pivot.
  const params = { A: Float32Array.of(1, 1, 1, 1, 1 + 2 ** -20, 1, 1, 1, 3) }
  const { x } = Object(run(module, 'forwardM', params, { b: Float32Array.of(1, 1 + 2 ** -20, 3) }))
  expect([...x]).toEqual([-1, 1, 1])
})
