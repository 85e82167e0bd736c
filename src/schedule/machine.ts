/** Where the scheduler's choices depend on what runs the loops. */
export interface Machine {
  /** Rows of a product of matrices that are computed at a time. */
  readonly blockRows: number
  /** Products with fewer columns are plain loops. */
  readonly leastColumns: number
  /** What lies side by side in the panel of their sums: the entries of a column, or those of a row. */
  readonly panel: 'columns' | 'rows'
  /** Panels, and rows that live within a loop, have the element type of the arrays, not 64 bits: arithmetic on vectors is done in that type. */
  readonly narrow: boolean
  /** Right operands of up to so many columns are read also where the entries of a column lie side by side, not those of a row. */
  readonly transposed: number
  /** Sums of at most so many terms, known when compiling, are written out. */
  readonly spelled: number
  /** Independent accumulators of a dot product. */
  readonly accumulators: number
  /** Samples that are computed at a time, forwards and backwards, where that saves memory; all at once where that is faster. */
  readonly samples: { readonly plain: number | undefined; readonly recurrent: number | undefined }
  /** So many neighbouring entries are computed in one step. */
  readonly lanes: number
}

/** Arithmetic is in 64 bits whatever is stored, and the kernel for products holds sixteen rows in variables. */
export const JAVASCRIPT: Machine = {
  blockRows: 16,
  leastColumns: 5,
  panel: 'columns',
  narrow: false,
  transposed: 64,
  spelled: 16,
  accumulators: 4,
  samples: { plain: 16, recurrent: 8 },
  lanes: 1,
}

/** Vectors run along the entries of a row; a right operand is packed once for all rows of a block. */
export const WEBASSEMBLY: Machine = {
  blockRows: 64,
  leastColumns: 8,
  panel: 'rows',
  narrow: true,
  transposed: Infinity,
  spelled: 4,
  accumulators: 1,
  samples: { plain: undefined, recurrent: undefined },
  lanes: 4,
}
