/**
 * Products of matrices in any index pattern: a sum `S[…] = Σ left · right` in which one own index, the row, occurs in `left` alone, another,
 * the column, in `right` alone, and one summed index in both. Further own indices count matrices of a batch; what else is
 * summed is a loop around: the window of a convolution, the steps of a recurrence.
 */
import type { ComputedDef, Expr, Factor, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { Rational } from '../ir/rational.js'
import { BLOCK_LEAST, SPELLED_MATRIX } from './cost.js'
import type { Machine } from './machine.js'
import { rangesOf } from './ranges.js'

export interface Product {
  readonly row: Index
  readonly column: Index
  readonly depth: Index
  /** The other summed indices, outermost first. */
  readonly outer: readonly Index[]
  readonly left: Expr
  readonly right: Expr
  readonly conditions: readonly Expr[]
}

/** A sum that is written out instead. Conditions would be tested term by term. */
export function isShort({ reduction }: ComputedDef, body: Expr, { spelled }: Machine): boolean {
  if (reduction?.kind !== 'sum' || body.kind === 'guard') return false
  return reduction.idx.reduce((count, index) => count * lengthOf(index), 1) <= spelled
}

/** A product that pays although its sums are short. */
export const isLarge = ({ depth, column }: Product): boolean =>
  lengthOf(depth) * lengthOf(column) >= SPELLED_MATRIX

/**
 * Whether a kernel reads the right operand also where the entries of a column lie side by side. A short sum that is written out reads them as well,
 * but not in vectors.
 */
export const mayBeTransposed = (
  { column, depth }: Product,
  { transposed, spelled, lanes }: Machine,
): boolean => lengthOf(column) <= transposed && (lanes > 1 || lengthOf(depth) > spelled)

/** All ways to see a sum as a product; `own` as the result lies in memory, outermost first; `bound` are summed. */
export function productsOf(
  graph: Graph,
  body: Expr,
  own: readonly Index[],
  bound: readonly Index[],
  { leastColumns }: Machine,
): readonly Product[] {
  const conditions = body.kind === 'guard' ? body.conditions : []
  const factors = factorsOf(body.kind === 'guard' ? body.body : body)
  if (factors.length < 2) return []
  const found: Product[] = []
  for (const column of own.toReversed())
    for (const row of own.toReversed()) {
      if (row === column || !isLong(row, BLOCK_LEAST.rows) || !isLong(column, leastColumns)) continue
      const sides = split(factors, row, column)
      if (!sides) continue
      const [left, right] = [sides.left, sides.right].map((side) => multiplied(graph, side))
      const inner = bound
        .filter(
          (index) =>
            isLong(index, BLOCK_LEAST.depth) && left.free.includes(index) && right.free.includes(index),
        ) // prettier-ignore
        .sort((a, b) => lengthOf(b) - lengthOf(a))
      const products = inner.map((depth): Product => {
        const outer = bound.filter((index) => index !== depth)
        return { row, column, depth, outer, left, right, conditions }
      })
      const first = products.find((product) => isWorthIt(product) && areBounds(graph, product))
      if (first) found.push(first)
    }
  return found
}

/** Conditions are ranges of the loops around, of the depth, or of the columns, the same for all rows. */
function areBounds(graph: Graph, { row, column, depth, outer, conditions }: Product): boolean {
  if (conditions.length === 0) return true
  if (conditions.some(({ free }) => free.includes(row))) return false
  const { loops } = rangesOf(graph, [...outer, depth, column], conditions)
  const [along, across] = loops.slice(-2)
  return (
    along.conditions.length === 0 &&
    across.conditions.length === 0 &&
    !across.from.free.includes(depth) &&
    !across.to.free.includes(depth)
  )
}

const ONE = Rational.of(1)

/** A coefficient is a factor. */
function factorsOf(e: Expr): readonly (Factor | Rational)[] {
  if (e.kind === 'mul') return e.factors
  if (e.kind === 'add' && e.constant.isZero && e.terms.length === 1)
    return [e.terms[0].coefficient, ...factorsOf(e.terms[0].node)]
  return [{ base: e, exponent: ONE }]
}

type Factors = readonly (Factor | Rational)[]

/** What does not depend on the column is on the left. */
function split(factors: Factors, row: Index, column: Index): { left: Factors; right: Factors } | undefined {
  const left: (Factor | Rational)[] = []
  const right: Factor[] = []
  for (const factor of factors) {
    const free = factor instanceof Rational ? [] : factor.base.free
    if (factor instanceof Rational || !free.includes(column)) left.push(factor)
    else if (free.includes(row)) return undefined
    else right.push(factor)
  }
  return occursIn(left, row) && right.length > 0 ? { left, right } : undefined
}

const occursIn = (factors: Factors, index: Index): boolean =>
  factors.some((factor) => !(factor instanceof Rational) && factor.base.free.includes(index))

const multiplied = (graph: Graph, factors: Factors): Expr =>
  graph.mulAll(
    factors.map((factor) =>
      factor instanceof Rational ? graph.num(factor) : graph.power(factor.base, factor.exponent),
    ),
  )

const lengthOf = ({ extent }: Index): number => (extent.kind === 'num' ? extent.value.toNumber() : Infinity)

const isLong = (index: Index, least: number): boolean => lengthOf(index) >= least

const isWorthIt = ({ row, column, depth, outer }: Product): boolean =>
  [row, column, depth, ...outer].reduce((volume, index) => volume * lengthOf(index), 1) >= BLOCK_LEAST.volume
