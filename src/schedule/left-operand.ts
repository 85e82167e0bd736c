/**
 * Left operands of products. They are read where they lie; what is computed, or not evenly spaced, is put into memory first, block by block.
 */
import type { ComputedDef, Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { isNonNegative } from '../ir/prove.js'
import { substitute } from '../ir/walk.js'
import { type Emission, plainName } from './emission.js'
import { nameOf } from './fuse.js'
import type { AddProduct, Statement } from './loop-program.js'
import type { Machine } from './machine.js'
import type { Product } from './products.js'
import { type Steps, isInLastAxis, stepsOf } from './steps.js'

/** The rows of one block: a range of those of the product. */
export interface Rows {
  readonly start: Expr
  readonly count: Expr
  readonly range: { readonly from: Expr; readonly to: Expr }
}

/** A range of the columns of a row. */
export type Columns = Rows

export interface BlockOfRows {
  readonly def: ComputedDef
  readonly product: Product
  readonly rows: Rows
}

/** How high the panel is. */
export function heightOf({ row }: Product, { blockRows }: Machine): number {
  const { extent } = row
  return Math.min(blockRows, extent.kind === 'num' ? extent.value.toNumber() : blockRows)
}

/** So many rows are ever in it: all of them, where a block has room for more. */
export function rowsOf(graph: Graph, product: Product, machine: Machine): Expr {
  const height = graph.num(heightOf(product, machine))
  const { extent } = product.row
  if (extent.free.length > 0 || isNonNegative(graph, graph.sub(extent, height))) return height
  return graph.apply('min', [height, extent])
}

export interface LeftOperand {
  readonly operand: AddProduct['left']
  /** What makes it. */
  readonly packing: readonly Statement[]
}

/** Where it lies; `first` is the first value of each index. */
export function storedLeft(
  emission: Emission,
  { left, row }: Product,
  first: ReadonlyMap<Index, Expr>,
  summed: readonly Index[],
): Steps | undefined {
  const steps = stepsOf(emission, left, first, row, summed)
  return steps?.buffer.element === 'i32' ? undefined : steps
}

/** `innermost` counts summed indices. */
export function leftIn(
  emission: Emission,
  { buffer, offset, across, along }: Steps,
  innermost: number,
): LeftOperand {
  const operand = {
    buffer,
    offset: emission.value(offset),
    rowStep: emission.value(across),
    depthStep: emission.value(along.at(innermost) ?? emission.graph.zero),
  }
  return { operand, packing: [] }
}

/** A copy of the rows of a block; `ranges` are those of the summed indices, outermost first. */
export function packedLeft(
  emission: Emission,
  block: BlockOfRows,
  first: ReadonlyMap<Index, Expr>,
  ranges: readonly { readonly own: Index; readonly from: Expr; readonly to: Expr }[],
  depth: number,
): LeftOperand {
  const { def, product, rows } = block
  const { graph, scalars, storage } = emission
  const height = graph.num(heightOf(product, storage.machine))
  const length = graph.mul(...ranges.map(({ own }) => substitute(graph, own.extent, first)))
  const at = new Map(first)
  const loops = ranges.map((range) => ({ ...range, index: emission.open(def, [range.own], at)[0] }))
  const row = graph.freshIndex(substitute(graph, product.row.extent, first), nameOf(def, product.row))
  at.set(product.row, row)
  // What lies side by side is copied side by side.
  const byRow = isInLastAxis(graph, storage, product.left, product.row)
  const count = byRow ? height : rowsOf(graph, product, storage.machine)
  const buffer = emission.temporary(`${plainName(def)}Left`, def, emission.element, [count, length], 'left')
  const [rowStep, depthStep] = byRow ? [graph.one, height] : [length, graph.one]
  const k = loops.reduce<Expr>(
    (sum, { index, from }) => graph.add(graph.mul(sum, index.extent), graph.sub(index, from)),
    graph.zero,
  )
  const place = graph.add(graph.mul(graph.sub(row, rows.start), rowStep), graph.mul(k, depthStep))
  const own = { index: row, ...rows.range }
  const entry = (): Statement[] => [{ kind: 'store', buffer, offset: emission.value(place), value: emission.value(product.left, at), accumulate: false }] // prettier-ignore
  const packing = (byRow ? [...loops, own] : [own, ...loops]).reduceRight<(within: number) => Statement[]>(
    (body, range) => (within) => [emission.loop(range.index, within, body, range)],
    entry,
  )
  const operand = {
    buffer,
    offset: scalars.zero,
    rowStep: emission.value(rowStep),
    depthStep: emission.value(depthStep),
  }
  return { operand, packing: packing(depth) }
}
