/**
 * Operators on whole matrices by elimination over any field: on tape variables and duals the derivative is that of every
 * step, so no rule for derivatives of matrices is taken for granted. Shares nothing with the runtime.
 */
import type { MatrixOperator } from '../ops/matrix.js'
import type { Field } from './field.js'
import type { KinkMonitor } from './kinks.js'

type Matrix<N> = readonly (readonly N[])[]

/** The result, row-major. `right` holds one row for each row of the matrix. The monitor hears how near it is to a singular one. */
export function eliminate<N>(
  operator: MatrixOperator,
  field: Field<N>,
  matrix: Matrix<N>,
  right: Matrix<N>,
  monitor: KinkMonitor = () => {},
): N[] {
  const eliminated = (b: Matrix<N>): Eliminated<N> => {
    const result = gaussJordan(field, matrix, b)
    monitor(spread(field, result.pivots))
    return result
  }
  switch (operator) {
    case 'solve':
      return eliminated(right).solution.flat()
    case 'inv':
      return eliminated(identity(field, matrix.length)).solution.flat()
    case 'det':
      return [product(field, eliminated([]))]
    case 'cofactors': {
      eliminated([])
      return matrix.flatMap((_, i) => matrix.map((_row, j) => cofactor(field, matrix, i, j)))
    }
    case 'logdet': {
      const { pivots } = eliminated([])
      const logs = pivots.map((pivot) => field.apply('log', [field.apply('abs', [pivot])]))
      return [logs.reduce((sum, log) => field.apply('add', [sum, log]))]
    }
    case 'cholesky':
      return cholesky(field, matrix, monitor)
  }
}

/** The least pivot over the largest: about the relative distance from a singular matrix. */
function spread<N>(field: Field<N>, pivots: readonly N[]): number {
  const sizes = pivots.map((pivot) => Math.abs(field.value(pivot)))
  return Math.min(...sizes) / Math.max(...sizes)
}

const identity = <N>(field: Field<N>, n: number): N[][] =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => field.constant(i === j ? 1 : 0)))

interface Eliminated<N> {
  readonly pivots: readonly N[]
  readonly odd: boolean
  readonly solution: N[][]
}

/** Rows and columns are exchanged for the largest entry left, so a matrix that lacks one rank meets 0 in the last step only. */
function gaussJordan<N>(field: Field<N>, matrix: Matrix<N>, right: Matrix<N>): Eliminated<N> {
  const n = matrix.length
  const a = matrix.map((row) => [...row])
  const b = right.map((row) => [...row])
  const order = matrix.map((_, at) => at)
  const pivots: N[] = []
  let odd = false
  for (let k = 0; k < n; k++) {
    let [row, column] = [k, k]
    for (let i = k; i < n; i++)
      for (let j = k; j < n; j++)
        if (Math.abs(field.value(a[i][j])) > Math.abs(field.value(a[row][column]))) [row, column] = [i, j]
    if (row !== k) {
      swap(a, row, k)
      if (b.length > 0) swap(b, row, k)
      odd = !odd
    }
    if (column !== k) {
      for (const each of a) swap(each, column, k)
      swap(order, column, k)
      odd = !odd
    }
    const pivot = a[k][k]
    pivots.push(pivot)
    for (let i = 0; i < n; i++) {
      if (i === k || field.isZero(a[i][k])) continue
      const factor = field.apply('div', [a[i][k], pivot])
      for (let j = k + 1; j < n; j++) a[i][j] = subtract(field, a[i][j], factor, a[k][j])
      for (let j = 0; j < (b[i]?.length ?? 0); j++) b[i][j] = subtract(field, b[i][j], factor, b[k][j])
    }
  }
  const solution: N[][] = []
  for (const [k, row] of b.entries())
    solution[order[k]] = row.map((entry) => field.apply('div', [entry, pivots[k]]))
  return { pivots, odd, solution }
}

const subtract = <N>(field: Field<N>, from: N, factor: N, of: N): N =>
  field.apply('sub', [from, field.apply('mul', [factor, of])])

function swap<T>(list: T[], a: number, b: number): void {
  ;[list[a], list[b]] = [list[b], list[a]]
}

function product<N>(field: Field<N>, { pivots, odd }: Eliminated<N>): N {
  return pivots.reduce((all, pivot) => field.apply('mul', [all, pivot]), field.constant(odd ? -1 : 1))
}

/** The determinant without a row and a column, with its sign. */
function cofactor<N>(field: Field<N>, matrix: Matrix<N>, row: number, column: number): N {
  const minor = matrix.filter((_, i) => i !== row).map((entries) => entries.filter((_, j) => j !== column))
  const eliminated = gaussJordan(field, minor, [])
  return product(field, { ...eliminated, odd: eliminated.odd !== ((row + column) % 2 === 1) })
}

/** Column by column, from the lower triangle alone. */
function cholesky<N>(field: Field<N>, matrix: Matrix<N>, monitor: KinkMonitor): N[] {
  const l = matrix.map((row) => row.map(() => field.constant(0)))
  for (let j = 0; j < matrix.length; j++)
    for (let i = j; i < matrix.length; i++) {
      let rest = matrix[i][j]
      for (let k = 0; k < j; k++) rest = subtract(field, rest, l[i][k], l[j][k])
      l[i][j] = i === j ? field.apply('sqrt', [rest]) : field.apply('div', [rest, l[j][j]])
    }
  const diagonal = l.map((row, i) => row[i])
  monitor(spread(field, diagonal) ** 2)
  return l.flat()
}
