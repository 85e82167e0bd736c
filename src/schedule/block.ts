/**
 * Products of matrices, block by block: the sums of a few rows are made side by side in a panel that stays in the cache. What reads them row by row finds them there; else they are rounded into the result.
 */
import type { ComputedDef, Expr, Index } from '../ir/expr.js'
import { substitute } from '../ir/walk.js'
import { ROW_UNROLL } from './cost.js'
import { type Emission, plainName, type Target } from './emission.js'
import { nameOf } from './fuse.js'
import type { AddProduct, Buffer, Statement } from './loop-program.js'
import type { Panel, Layout } from './lower.js'
import type { Machine } from './machine.js'
import type { Product } from './products.js'
import { type RangedIndex, rangesOf } from './ranges.js'
import { isInLastAxis, nested, stepsOf } from './steps.js'
import type { LeafNode } from './tree.js'
import { unrolled } from './unroll.js'

/** A left operand of more entries is not put into memory at once. */
const JOINED_MOST = 65536

export interface BlockLeaf {
  readonly leaf: LeafNode
  readonly product: Product
}

/** The rows of one block: a range of those of the product. */
export interface Rows {
  readonly start: Expr
  readonly count: Expr
  readonly range: { readonly from: Expr; readonly to: Expr }
}

/** The sums of a block need no other memory than their panel: they are read only while the block is there. */
export const isPanel = (def: ComputedDef, { column }: Product, { axes, window }: Layout): boolean =>
  !window && axes.length === 1 && def.idx[axes[0]] === column

/** How high the panel is. */
export function heightOf({ row }: Product, { blockRows }: Machine): number {
  const { extent } = row
  return Math.min(blockRows, extent.kind === 'num' ? extent.value.toNumber() : blockRows)
}

/** A loop over blocks of rows; none, if all rows are one block. */
export function emitBlocks(
  emission: Emission,
  row: Index,
  depth: number,
  body: (rows: Rows, depth: number) => Statement[],
): Statement[] {
  const { graph, scalars } = emission
  const { blockRows } = emission.storage.machine
  const { extent } = row
  const known = extent.kind === 'num' ? extent.value.toNumber() : undefined
  if (known !== undefined && known <= blockRows)
    return body({ start: graph.zero, count: extent, range: { from: graph.zero, to: extent } }, depth)
  const name = graph.indexNames.get(row) ?? 'i'
  const start = graph.freshIndex(extent, `${name}Start`)
  const index = emission.bind(start, depth + 1)
  const height = scalars.number(blockRows)
  const to = emission.value(extent)
  const ragged = known === undefined || known % blockRows !== 0
  const statements: Statement[] = []
  let count: Expr = graph.num(blockRows)
  if (ragged) {
    const local = emission.local('rows', 'integer', depth + 1, true)
    const rest = scalars.sub(to, scalars.local(index))
    statements.push({ kind: 'constant', local, value: scalars.apply('min', [height, rest]) })
    count = graph.freshIndex(graph.num(blockRows + 1), 'rows')
    emission.lowering.locals.set(count, local)
  }
  statements.push(...body({ start, count, range: { from: start, to: graph.add(start, count) } }, depth + 1))
  return [{ kind: 'loop', index, from: scalars.zero, to, step: blockRows, ragged, descending: false, body: statements }] // prettier-ignore
}

/** The product for one block of rows. */
export function emitBlock(
  emission: Emission,
  { leaf, product }: BlockLeaf,
  rows: Rows,
  depth: number,
): Statement[] {
  return new Block(emission, leaf, product, rows).emit(depth)
}

class Block {
  private readonly def: ComputedDef
  private readonly target: Target

  constructor(
    private readonly emission: Emission,
    private readonly leaf: LeafNode,
    private readonly product: Product,
    private readonly rows: Rows,
  ) {
    this.def = leaf.nest.def
    const target = emission.target(this.def)
    if (!target) throw new Error(`the rows of '${this.def.name}' have no memory`)
    this.target = target
  }

  emit(depth: number): Statement[] {
    const { emission, def, leaf, product, rows, target } = this
    const { graph, scalars } = emission
    const { machine } = emission.storage
    const panel: Panel = { axis: def.idx.indexOf(product.row), start: rows.start, rows: rows.count, order: machine.panel } // prettier-ignore
    const column = def.idx.indexOf(product.column)
    if (target.panel) emission.setTarget(def, { ...target, panel })
    const extents = [graph.num(heightOf(product, machine)), product.column.extent]
    const buffer = target.panel ? target.buffer : emission.temporary(`${plainName(def)}Panel`, def, emission.sums, extents, 'panel') // prettier-ignore
    const at = new Map(leaf.at)
    const columns = emission.value(substitute(graph, product.column.extent, at))
    const clear: Statement = {
      kind: 'fill',
      buffer,
      range: { from: scalars.zero, count: scalars.mul(emission.value(rows.count), columns) },
    }
    const sums = this.sums(buffer, depth)
    return [clear, ...sums, ...(target.panel ? [] : this.round({ buffer, axes: [column], panel }, depth))]
  }

  private panelPlace(buffer: Buffer, from: Expr): AddProduct['panel'] {
    const { emission, rows, product, leaf } = this
    const { graph, scalars, storage } = emission
    const columns = substitute(graph, product.column.extent, leaf.at)
    const [rowStep, columnStep] =
      storage.machine.panel === 'columns'
        ? [scalars.one, emission.value(rows.count)]
        : [emission.value(columns), scalars.one]
    return { buffer, offset: scalars.mul(emission.value(from), columnStep), rowStep, columnStep }
  }

  /** The loops over what else is summed, around the product. */
  private sums(panel: Buffer, depth: number): Statement[] {
    const { product } = this
    const joined = this.joined(panel, depth)
    if (joined) return joined
    const all = [product.depth, ...product.outer]
    for (const along of [...all, undefined]) {
      const found = this.sumsAlong(panel, along, all.filter((index) => index !== along), depth) // prettier-ignore
      if (found) return found
    }
    throw new Error(`the rows of an operand of '${plainName(this.def)}' are apart`)
  }

  /**
   * All summed indices as one, where the right operand has them side by side: a block is a single product, not one for each step of loops
   * around. A left operand that is computed anyway is put into memory in that order.
   */
  private joined(panel: Buffer, depth: number): Statement[] | undefined {
    const { emission, product, leaf, rows } = this
    const { graph } = emission
    const summed = [product.depth, ...product.outer]
    if (summed.length === 1 || product.conditions.length > 0) return undefined
    if (summed.some((index) => !product.left.free.includes(index))) return undefined
    const extents = summed.map((index) => substitute(graph, index.extent, leaf.at))
    if (extents.some(({ free }) => summed.some((index) => free.includes(index)))) return undefined
    const first = new Map(leaf.at).set(product.row, rows.start).set(product.column, graph.zero)
    for (const index of summed) first.set(index, graph.zero)
    const right = stepsOf(emission, product.right, first, product.column, summed)
    if (right?.across !== graph.one) return undefined
    const order = nested(graph, right.along, extents)
    if (!order) return undefined
    const length = graph.mul(...extents)
    const found = this.joinedLeft(first, summed, extents, order, depth)
    if (!found) return undefined
    const add: AddProduct = {
      kind: 'product',
      panel: this.panelPlace(panel, graph.zero),
      left: found.operand,
      right: {
        buffer: right.buffer,
        offset: emission.value(right.offset),
        depthStep: emission.value(right.along[order[order.length - 1]]),
      },
      rows: emission.value(rows.count),
      depth: emission.value(length),
      columns: emission.value(substitute(graph, product.column.extent, leaf.at)),
    }
    return [...found.packing, add]
  }

  /** `order` says which summed index is how far outside. */
  private joinedLeft(
    first: ReadonlyMap<Index, Expr>,
    summed: readonly Index[],
    extents: readonly Expr[],
    order: readonly number[],
    depth: number,
  ): { operand: AddProduct['left']; packing: Statement[] } | undefined {
    const { emission, def, product, rows } = this
    const { graph, scalars } = emission
    const direct = stepsOf(emission, product.left, first, product.row, summed)
    if (direct && direct.buffer.element !== 'i32') {
      const { buffer, offset, across, along } = direct
      if (nested(graph, along, extents)?.join() !== order.join()) return undefined
      const depthStep = emission.value(along[order[order.length - 1]])
      const operand = {
        buffer,
        offset: emission.value(offset),
        rowStep: emission.value(across),
        depthStep,
      }
      return { operand, packing: [] }
    }
    const height = graph.num(heightOf(product, emission.storage.machine))
    const length = graph.mul(...extents)
    const entries = graph.mul(height, length)
    if (entries.kind === 'num' && entries.value.toNumber() > JOINED_MOST) return undefined
    const buffer = emission.temporary(`${plainName(def)}Left`, def, emission.element, [height, length], 'left') // prettier-ignore
    const at = new Map(first)
    const along = emission.open(def, order.map((n) => summed[n]), at) // prettier-ignore
    const row = graph.freshIndex(substitute(graph, product.row.extent, first), nameOf(def, product.row))
    at.set(product.row, row)
    // What lies side by side is copied side by side.
    const byRow = isInLastAxis(graph, emission.storage, product.left, product.row)
    const [rowStep, depthStep] = byRow ? [graph.one, height] : [length, graph.one]
    const k = along.reduce<Expr>((sum, index) => graph.add(graph.mul(sum, index.extent), index), graph.zero)
    const place = graph.add(graph.mul(graph.sub(row, rows.start), rowStep), graph.mul(k, depthStep))
    const ranges = along.map((index) => ({ index, from: graph.zero, to: index.extent }))
    const own = { index: row, ...rows.range }
    const entry = (): Statement[] => [{ kind: 'store', buffer, offset: emission.value(place), value: emission.value(product.left, at), accumulate: false }] // prettier-ignore
    const packing = (byRow ? [...ranges, own] : [own, ...ranges]).reduceRight<
      (within: number) => Statement[]
    >((body, range) => (within) => [emission.loop(range.index, within, body, range)], entry)
    return {
      operand: {
        buffer,
        offset: scalars.zero,
        rowStep: emission.value(rowStep),
        depthStep: emission.value(depthStep),
      },
      packing: packing(depth),
    }
  }

  /**
   * With one summed index inside the product: another than was planned where the steps of a recurrence lie in a ring, or none, so that the
   * product is that of a column and a row.
   */
  private sumsAlong(
    panel: Buffer,
    inner: Index | undefined,
    outer: readonly Index[],
    depth: number,
  ): Statement[] | undefined {
    const { emission, def, product, leaf, rows } = this
    const { graph, scalars } = emission
    const at = new Map(leaf.at)
    const indices = emission.open(def, [...outer, ...(inner ? [inner] : []), product.column], at)
    const conditions = product.conditions.map((condition) => substitute(graph, condition, at))
    const { outside, loops } = rangesOf(graph, indices, conditions)
    const across = loops[loops.length - 1]
    const along = inner ? loops[loops.length - 2] : undefined
    const around = loops.slice(0, outer.length)
    if (across.conditions.length > 0 || (along && along.conditions.length > 0)) return undefined
    if (along && [across.from, across.to].some((e) => e.free.includes(along.index))) return undefined
    const first = new Map(at).set(product.row, rows.start).set(product.column, across.from)
    if (inner && along) first.set(inner, along.from)
    const summed = inner ? [inner] : []
    const right = stepsOf(emission, product.right, first, product.column, summed)
    if (right?.across !== graph.one) return undefined
    const isWhole = (range: RangedIndex): boolean =>
      range.from === graph.zero && range.to === range.index.extent
    const sums = (): Statement[] => {
      const { operand, packing } = this.left(first, inner, along, depth + around.length)
      const add: AddProduct = {
        kind: 'product',
        panel: this.panelPlace(panel, across.from),
        left: operand,
        right: {
          buffer: right.buffer,
          offset: emission.value(right.offset),
          depthStep: emission.value(right.along.at(0) ?? graph.zero),
        },
        rows: emission.value(rows.count),
        depth: along ? emission.value(graph.sub(along.to, along.from)) : scalars.one,
        columns: emission.value(graph.sub(across.to, across.from)),
      }
      // A range may be empty the wrong way round.
      const tests = [...(along ? [along] : []), across]
        .filter((range) => !isWhole(range))
        .map((range) => scalars.apply('lt', [emission.value(range.from), emission.value(range.to)]))
      if (tests.length === 0) return [...packing, add]
      return [{ kind: 'branch', condition: emission.lowering.all(tests), consequent: [...packing, add], alternate: [] }] // prettier-ignore
    }
    return emission.when(outside, () => emission.ranged(around, depth, sums))
  }

  /** Where the left operand lies; if its entries are computed or not evenly spaced, they are put into memory first. */
  private left(
    first: Map<Index, Expr>,
    inner: Index | undefined,
    along: RangedIndex | undefined,
    depth: number,
  ): { operand: AddProduct['left']; packing: Statement[] } {
    const { emission, def, product, rows } = this
    const { graph, scalars } = emission
    const direct = stepsOf(emission, product.left, first, product.row, inner ? [inner] : [])
    if (direct && direct.buffer.element !== 'i32') {
      const { buffer, offset, across, along: steps } = direct
      const operand = {
        buffer,
        offset: emission.value(offset),
        rowStep: emission.value(across),
        depthStep: emission.value(steps.at(0) ?? graph.zero),
      }
      return { operand, packing: [] }
    }
    const length = inner?.extent ?? graph.one
    const height = graph.num(heightOf(product, emission.storage.machine))
    const buffer = emission.temporary(
      `${plainName(def)}Left`,
      def,
      emission.element,
      [height, length],
      'left',
    )
    const rowStep = substitute(graph, length, first)
    const row = graph.freshIndex(substitute(graph, product.row.extent, first), nameOf(def, product.row))
    const at = new Map(first).set(product.row, row)
    const entry = (): Statement[] => {
      const place = graph.mul(graph.sub(row, rows.start), rowStep)
      const own = inner && along ? graph.sub(at.get(inner) ?? graph.zero, along.from) : graph.zero
      return [{ kind: 'store', buffer, offset: emission.value(graph.add(place, own)), value: emission.value(product.left, at), accumulate: false }] // prettier-ignore
    }
    const entries = (within: number): Statement[] => {
      if (!inner || !along) return entry()
      const index = graph.freshIndex(along.index.extent, graph.indexNames.get(along.index))
      at.set(inner, index)
      return [emission.loop(index, within, entry, along)]
    }
    return {
      operand: { buffer, offset: scalars.zero, rowStep: emission.value(rowStep), depthStep: scalars.one },
      packing: [emission.loop(row, depth, entries, rows.range)],
    }
  }

  /** From the panel into the result. */
  private round(panel: Target, depth: number): Statement[] {
    const { emission, def, product, leaf, rows, target } = this
    const { graph, lowering, scalars } = emission
    const at = new Map(leaf.at)
    const [row, column] = emission.open(def, [product.row, product.column], at)
    const store = (entry: Expr): Statement[] => {
      const own = new Map(at).set(product.column, entry)
      const args = def.idx.map((index) => substitute(graph, index, own))
      const value = scalars.load(panel.buffer, lowering.offset(def, args, panel))
      return [{ kind: 'store', buffer: target.buffer, offset: lowering.offset(def, args, target), value, accumulate: false }] // prettier-ignore
    }
    // Steps of a loop cost as much as what is done in them here, but for vectors.
    const entries = (inner: number): Statement[] =>
      column.extent.kind === 'num' && !emission.storage.machine.narrow
        ? unrolled(emission, { index: column, from: graph.zero, to: column.extent, conditions: [] }, ROW_UNROLL, inner, (each) => each.flatMap(store)) // prettier-ignore
        : [emission.loop(column, inner, () => store(column))]
    return [emission.loop(row, depth, entries, rows.range)]
  }
}
