/** The operators on whole matrices: those of the language, and the routines that they are computed by. */

export interface MatrixRecord {
  /** Shown in messages and documentation. */
  readonly doc: string
  /** What it is applied to, in order: a square matrix, or right sides (a vector or a matrix of columns). */
  readonly operands: readonly ('matrix' | 'right')[]
  /** The operand whose shape the result has. */
  readonly result: 'matrix' | 'right' | 'scalar'
  /** The value is finite for every finite matrix: a polynomial. */
  readonly total: boolean
}

/** A factorisation throws where the matrix is singular, or not positive definite. */
export const MATRIX_OPERATORS = {
  solve: {
    doc: 'solve(A, b): the x with A x = b; of a matrix B, one column for each of its columns',
    operands: ['matrix', 'right'],
    result: 'right',
    total: false,
  },
  inv: { doc: 'inv(A): the inverse', operands: ['matrix'], result: 'matrix', total: false },
  det: {
    doc: 'det(A): the determinant; 0 for a singular matrix',
    operands: ['matrix'],
    result: 'scalar',
    total: true,
  },
  cofactors: {
    doc: "cofactors(A): the matrix of cofactors, the derivatives of det(A) by the entries of A; det(A) inv(A)' where A has an inverse",
    operands: ['matrix'],
    result: 'matrix',
    total: true,
  },
  logdet: {
    doc: 'logdet(A): log |det A|; -∞ for a singular matrix',
    operands: ['matrix'],
    result: 'scalar',
    total: false,
  },
  cholesky: {
    doc: 'cholesky(A): the lower triangular L with L Lᵀ = A; reads the lower triangle of A alone',
    operands: ['matrix'],
    result: 'matrix',
    total: false,
  },
} as const satisfies Readonly<Record<string, MatrixRecord>>

export type MatrixOperator = keyof typeof MATRIX_OPERATORS

export const isMatrixOperator = (name: string): name is MatrixOperator =>
  Object.hasOwn(MATRIX_OPERATORS, name)

/**
 * What a generated module calls, each in place on row-major 64-bit numbers (`runtime/matrix.js`): `factorise` and `choleskyFactor`
 * make factors, `solve…` use those of `factorise`.
 */
export const ROUTINES = [
  'factorise',
  'solveFactored',
  'solveTransposed',
  'choleskyFactor',
  'cofactorise',
] as const
export type Routine = (typeof ROUTINES)[number]
