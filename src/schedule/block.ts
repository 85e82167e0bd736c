/**
 * Products of matrices, block by block: the sums of a few rows are made side by side in a panel that stays in the cache. What reads them
 * row by row finds them there; else they are rounded into the result, or made there where that is of the same type.
 */
import type { ComputedDef, Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { isNonNegative } from '../ir/prove.js'
import { substitute } from '../ir/walk.js'
import { PANEL_PART, ROW_UNROLL } from './cost.js'
import { type Emission, plainName, type Target } from './emission.js'
import type { AddProduct, Buffer, Statement } from './loop-program.js'
import type { Layout, Panel } from './layout.js'
import type { Machine } from './machine.js'
import {
  type BlockOfRows,
  type Columns,
  type LeftOperand,
  type Rows,
  heightOf,
  leftIn,
  packedLeft,
  rowsOf,
  storedLeft,
} from './left-operand.js'
import { type Product, mayBeTransposed } from './products.js'
import { isPart, partAt, storePart } from './parts.js'
import { type RangedIndex, rangesOf } from './ranges.js'
import { type Steps, nested, stepsOf } from './steps.js'
import type { LeafNode, RowBlocks } from './tree.js'
import { unrolled } from './unroll.js'

/** A left operand of more entries is not put into memory at once. */
const JOINED_MOST = 65536

export interface BlockLeaf {
  readonly leaf: LeafNode
  readonly product: Product
}

/** Where the sums of a block are made. */
interface PanelPlace {
  readonly buffer: Buffer
  readonly offset: Expr
  readonly rowStep: Expr
  readonly columnStep: Expr
}

/** The sums of a block need no other memory than their panel: they are read only while the block is there. */
export const isPanel = (def: ComputedDef, { column }: Product, { axes, window }: Layout): boolean =>
  !window && axes.length === 1 && def.idx[axes[0]] === column

/** A loop over blocks of rows; none, if all rows are one block. */
export function emitBlocks(
  emission: Emission,
  row: Index,
  depth: number,
  body: (rows: Rows, depth: number) => Statement[],
): Statement[] {
  const { graph } = emission
  const { machine } = emission.storage
  const { extent } = row
  if (isOneBlock(row, machine))
    return body({ start: graph.zero, count: extent, range: { from: graph.zero, to: extent } }, depth)
  return [emitRanges(emission, row, extent, machine.blockRows, 'rows', depth, body)]
}

const isOneBlock = ({ extent }: Index, { blockRows }: Machine): boolean =>
  extent.kind === 'num' && extent.value.toNumber() <= blockRows

/** What the index of an axis without a name is called. */
const LETTERS = { rows: 'i', columns: 'j' } as const

/** A loop over ranges of so many positions along an axis; `many` names how many there are where the last has fewer. */
export function emitRanges(
  emission: Emission,
  axis: Index,
  extent: Expr,
  length: number,
  many: keyof typeof LETTERS,
  depth: number,
  body: (range: Rows, depth: number) => Statement[],
): Statement {
  const { graph } = emission
  const start = graph.freshIndex(extent, `${graph.indexNames.get(axis) ?? LETTERS[many]}Start`)
  const isRagged = extent.kind !== 'num' || extent.value.toNumber() % length !== 0
  const count = isRagged ? graph.freshIndex(graph.num(length + 1), many) : graph.num(length)
  const range = { from: start, to: graph.add(start, count) }
  return emitSteps(emission, { extent, start, count, length }, depth, (inner) => body({ start, count, range }, inner)) // prettier-ignore
}

/** The loop over blocks of rows; the last of them may have fewer, where the count is an index. */
export function emitSteps(
  emission: Emission,
  blocks: Pick<RowBlocks, 'extent' | 'start' | 'length'> & { readonly count: Expr },
  depth: number,
  body: (depth: number) => Statement[],
): Statement {
  const { scalars } = emission
  const index = emission.bind(blocks.start, depth + 1)
  const to = emission.value(blocks.extent)
  const statements: Statement[] = []
  const ragged = blocks.count.kind === 'index'
  if (ragged) {
    const local = emission.local(
      emission.graph.indexNames.get(blocks.count) ?? 'rows',
      'integer',
      depth + 1,
      true,
    )
    const rest = scalars.sub(to, scalars.local(index))
    statements.push({ kind: 'constant', local, value: scalars.apply('min', [scalars.number(blocks.length), rest]) }) // prettier-ignore
    emission.lowering.locals.set(blocks.count, local)
  }
  statements.push(...body(depth + 1))
  return { kind: 'loop', index, from: scalars.zero, to, step: blocks.length, ragged, descending: false, body: statements } // prettier-ignore
}

/** The product for one block of rows; of few long rows some columns are made at a time. */
export function emitBlock(
  emission: Emission,
  { leaf, product }: BlockLeaf,
  rows: Rows,
  depth: number,
): Statement[] {
  const { graph } = emission
  const { column } = product
  const extent = substitute(graph, column.extent, leaf.at)
  const block = (columns: Columns, inner: number): Statement[] =>
    new Block(emission, leaf, product, rows, columns).emit(inner)
  if (!isInParts(emission, leaf.nest.def, product, extent))
    return block({ start: graph.zero, count: extent, range: { from: graph.zero, to: extent } }, depth)
  return [emitRanges(emission, column, extent, PANEL_PART, 'columns', depth, block)]
}

/** Whether a panel of all columns would be twice as large as the result, where nothing else reads it: the rows are few and long. */
function isInParts(
  emission: Emission,
  def: ComputedDef,
  { row, column, conditions }: Product,
  extent: Expr,
): boolean {
  const { machine } = emission.storage
  if (machine.panel !== 'columns' || emission.target(def)?.panel || !isOneBlock(row, machine)) return false
  if (extent.free.length > 0 || conditions.some(({ free }) => free.includes(column))) return false
  return extent.kind !== 'num' || extent.value.toNumber() > 2 * PANEL_PART
}

class Block implements BlockOfRows {
  readonly def: ComputedDef
  private readonly target: Target
  /** Not only a part of the columns. */
  private readonly isWhole: boolean

  constructor(
    private readonly emission: Emission,
    private readonly leaf: LeafNode,
    readonly product: Product,
    readonly rows: Rows,
    private readonly columns: Columns,
  ) {
    this.def = leaf.nest.def
    const target = emission.target(this.def)
    if (!target) throw new Error(`the rows of '${this.def.name}' have no memory`)
    this.target = target
    this.isWhole = columns.count === columns.range.to
  }

  emit(depth: number): Statement[] {
    const { emission, def, leaf, product, rows, columns, target } = this
    const { graph, scalars } = emission
    const { machine } = emission.storage
    const panel: Panel = { axis: def.idx.indexOf(product.row), start: rows.start, rows: rows.count, order: machine.panel } // prettier-ignore
    const column = def.idx.indexOf(product.column)
    if (target.panel) emission.setTarget(def, { ...target, panel })
    const result = this.resultPlace()
    const longest = this.isWhole ? product.column.extent : graph.num(PANEL_PART)
    const extents = [rowsOf(graph, product, machine), longest]
    const buffer = result?.buffer ?? (target.panel ? target.buffer : emission.temporary(`${plainName(def)}Panel`, def, emission.sums, extents, 'panel')) // prettier-ignore
    const [rowStep, columnStep] =
      machine.panel === 'columns' ? [graph.one, rows.count] : [columns.count, graph.one]
    const place = { buffer, offset: result?.offset ?? graph.zero, rowStep, columnStep }
    const clear: Statement = {
      kind: 'fill',
      buffer,
      range: {
        from: emission.value(place.offset),
        count: scalars.mul(emission.value(rows.count), emission.value(columns.count)),
      },
    }
    const isDone = target.panel !== undefined || result !== undefined
    return [
      // The part of a block of rows is added to the result where that is the panel.
      ...(result && leaf.nest.part ? [] : [clear]),
      ...this.sums(place, depth),
      ...(isDone ? [] : this.round({ buffer, axes: [column], panel }, depth)),
    ]
  }

  /** The rows of the result, where they can be the panel: they are of its type and lie one after another. */
  private resultPlace(): { readonly buffer: Buffer; readonly offset: Expr } | undefined {
    const { emission, def, product, leaf, rows, columns, target } = this
    const { graph, storage } = emission
    if (target.panel || storage.machine.panel !== 'rows' || target.buffer.element !== emission.sums)
      return undefined
    const first = new Map(leaf.at).set(product.row, rows.start).set(product.column, graph.zero)
    const steps = stepsOf(emission, graph.read(def, def.idx), first, product.row, [product.column])
    return steps?.across === columns.count && steps.along[0] === graph.one ? steps : undefined
  }

  private panelPlace({ buffer, offset, rowStep, columnStep }: PanelPlace, from: Expr): AddProduct['panel'] {
    const { emission } = this
    const { graph } = emission
    return {
      buffer,
      offset: emission.value(graph.add(offset, graph.mul(from, columnStep))),
      rowStep: emission.value(rowStep),
      columnStep: emission.value(columnStep),
    }
  }

  private isReadable({ across }: Steps): boolean {
    const { graph, storage } = this.emission
    return across === graph.one || mayBeTransposed(this.product, storage.machine)
  }

  /** The loops over what else is summed, around the product. */
  private sums(panel: PanelPlace, depth: number): Statement[] {
    const { product } = this
    const joined = this.joined(panel, depth)
    if (joined) return joined
    const all = [product.depth, ...product.outer]
    // Loops that say where in the panel a product belongs are outermost: those inside add to one place.
    const places = new Set(
      product.conditions.flatMap(({ free }) => (free.includes(product.column) ? free : [])),
    )
    const outermostFirst = [...all].sort((a, b) => Number(places.has(b)) - Number(places.has(a)))
    for (const along of [...all, undefined]) {
      const found = this.sumsAlong(panel, along, outermostFirst.filter((index) => index !== along), depth) // prettier-ignore
      if (found) return found
    }
    throw new Error(`the rows of an operand of '${plainName(this.def)}' are apart`)
  }

  /**
   * All summed indices as one, where the right operand has them side by side: a block is a single product, not one for each step of loops
   * around. A left operand that is computed anyway is put into memory in that order.
   */
  private joined(panel: PanelPlace, depth: number): Statement[] | undefined {
    const { emission, product, leaf, rows, columns } = this
    const { graph } = emission
    const summed = [product.depth, ...product.outer]
    if (summed.length === 1 || product.conditions.length > 0 || leaf.nest.part) return undefined
    if (summed.some((index) => !product.left.free.includes(index))) return undefined
    const extents = summed.map((index) => substitute(graph, index.extent, leaf.at))
    if (extents.some(({ free }) => summed.some((index) => free.includes(index)))) return undefined
    const first = new Map(leaf.at).set(product.row, rows.start).set(product.column, columns.start)
    for (const index of summed) first.set(index, graph.zero)
    const right = stepsOf(emission, product.right, first, product.column, summed)
    if (!right || !this.isReadable(right)) return undefined
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
        columnStep: emission.value(right.across),
      },
      rows: emission.value(rows.count),
      depth: emission.value(length),
      columns: emission.value(columns.count),
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
  ): LeftOperand | undefined {
    const { emission, product } = this
    const { graph } = emission
    const stored = storedLeft(emission, product, first, summed)
    if (stored)
      return nested(graph, stored.along, extents)?.join() === order.join()
        ? leftIn(emission, stored, order[order.length - 1])
        : undefined
    const length = graph.mul(graph.num(heightOf(product, emission.storage.machine)), ...extents)
    if (length.kind === 'num' && length.value.toNumber() > JOINED_MOST) return undefined
    const ranges = order.map((n) => ({ own: summed[n], from: graph.zero, to: extents[n] }))
    return packedLeft(emission, this, first, ranges, depth)
  }

  /**
   * With one summed index inside the product: another than was planned where the steps of a recurrence lie in a ring, or none, so that the
   * product is that of a column and a row.
   */
  private sumsAlong(
    panel: PanelPlace,
    inner: Index | undefined,
    outer: readonly Index[],
    depth: number,
  ): Statement[] | undefined {
    const { emission, def, product, leaf, rows, columns } = this
    const { graph, scalars } = emission
    const at = new Map(leaf.at)
    const indices = emission.open(def, [...outer, ...(inner ? [inner] : []), product.column], at)
    const conditions = product.conditions.map((condition) => substitute(graph, condition, at))
    const { outside, loops } = rangesOf(graph, indices, conditions, partAt(leaf.nest, at))
    const last = loops[loops.length - 1]
    const across = this.isWhole ? last : { ...last, ...columns.range }
    const along = inner ? loops[loops.length - 2] : undefined
    const around = loops.slice(0, outer.length)
    if (across.conditions.length > 0 || (along && along.conditions.length > 0)) return undefined
    if (along && [across.from, across.to].some((e) => e.free.includes(along.index))) return undefined
    const first = new Map(at).set(product.row, rows.start).set(product.column, across.from)
    if (inner && along) first.set(inner, along.from)
    const summed = inner ? [inner] : []
    const right = stepsOf(emission, product.right, first, product.column, summed)
    if (!right || !this.isReadable(right)) return undefined
    const isWhole = (range: RangedIndex): boolean =>
      range.from === graph.zero && range.to === range.index.extent
    const sums = (): Statement[] => {
      const stored = storedLeft(emission, product, first, summed)
      const ranges = inner && along ? [{ own: inner, from: along.from, to: along.to }] : []
      const { operand, packing } = stored ? leftIn(emission, stored, 0) : packedLeft(emission, this, first, ranges, depth + around.length) // prettier-ignore
      const add: AddProduct = {
        kind: 'product',
        panel: this.panelPlace(panel, graph.sub(across.from, columns.start)),
        left: operand,
        right: {
          buffer: right.buffer,
          offset: emission.value(right.offset),
          depthStep: emission.value(right.along.at(0) ?? graph.zero),
          columnStep: emission.value(right.across),
        },
        rows: emission.value(rows.count),
        depth: along ? emission.value(graph.sub(along.to, along.from)) : scalars.one,
        columns: emission.value(graph.sub(across.to, across.from)),
      }
      // A range may be empty the wrong way round.
      const tests = [...(along ? [along] : []), ...(this.isWhole ? [across] : [])]
        .filter(
          (range) =>
            !isWhole(range) &&
            !isPart(leaf.nest, range) &&
            !isPositive(graph, graph.sub(range.to, range.from)),
        )
        .map((range) => scalars.apply('lt', [emission.value(range.from), emission.value(range.to)]))
      if (tests.length === 0) return [...packing, add]
      return [{ kind: 'branch', condition: emission.lowering.all(tests), consequent: [...packing, add], alternate: [] }] // prettier-ignore
    }
    return emission.when(outside, () => emission.ranged(around, depth, sums))
  }

  /** From the panel into the result. */
  private round(panel: Target, depth: number): Statement[] {
    const { emission, def, product, leaf, rows, columns, target } = this
    const { graph, lowering, scalars } = emission
    const at = new Map(leaf.at)
    const [row, column] = emission.open(def, [product.row, product.column], at)
    const store = (entry: Expr): Statement[] => {
      const argsAt = (own: Expr): Expr[] => {
        const frame = new Map(at).set(product.column, own)
        return def.idx.map((index) => substitute(graph, index, frame))
      }
      const value = scalars.load(panel.buffer, lowering.offset(def, argsAt(graph.sub(entry, columns.start)), panel)) // prettier-ignore
      return [storePart(emission, leaf.nest, target.buffer, lowering.offset(def, argsAt(entry), target), value)] // prettier-ignore
    }
    // Steps of a loop cost as much as what is done in them here, but for vectors.
    const entries = (inner: number): Statement[] =>
      this.isWhole && column.extent.kind === 'num' && !emission.storage.machine.narrow
        ? unrolled(emission, { index: column, from: graph.zero, to: column.extent, conditions: [] }, ROW_UNROLL, inner, (each) => each.flatMap(store)) // prettier-ignore
        : [emission.loop(column, inner, () => store(column), columns.range)]
    return [emission.loop(row, depth, entries, rows.range)]
  }
}

const isPositive = (graph: Graph, e: Expr): boolean => isNonNegative(graph, graph.sub(e, graph.one))
