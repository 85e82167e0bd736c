/**
 * Contractions with a row of accumulators: for `Y[i,j] = Σ_k A[i,k] B[k,j]` the row `Y[i]` is kept in 64 bits, and rows of
 * `B` are added to it, several per pass, their factors held in locals. Memory is walked forwards throughout.
 */
import type { ComputedDef, Expr, Index } from '../ir/expr.js'
import { substitute } from '../ir/walk.js'
import { emitRanges } from './block.js'
import { ROW_PART, ROW_UNROLL } from './cost.js'
import { type Emission, plainName, type Target } from './emission.js'
import type { Columns } from './left-operand.js'
import type { Buffer, Scalar, Statement } from './loop-program.js'
import type { Frame } from './lower.js'
import { partAt, storePart } from './parts.js'
import { type RangedIndex, rangesOf } from './ranges.js'
import type { LeafNode, Nest, NestForm } from './tree.js'
import { unrolled } from './unroll.js'

type Form = Extract<NestForm, { kind: 'row' }>

export function emitRow(
  emission: Emission,
  leaf: LeafNode,
  form: Form,
  target: Target,
  depth: number,
): Statement[] {
  return new RowContraction(emission, leaf.nest, leaf.at, form, target).emit(depth)
}

class RowContraction {
  private readonly def: ComputedDef
  private readonly whole: Columns
  /** Of long rows some columns are made at a time. */
  private readonly inParts: boolean
  /** The result itself where it is stored in 64 bits, row by row. */
  private readonly accumulator: Buffer

  constructor(
    private readonly emission: Emission,
    private readonly nest: Nest,
    private readonly at: Frame,
    private readonly form: Form,
    private readonly target: Target,
  ) {
    const { graph } = emission
    const { def } = nest
    this.def = def
    const extent = substitute(graph, form.row.extent, at)
    this.whole = { start: graph.zero, count: extent, range: { from: graph.zero, to: extent } }
    const isSideBySide = target.axes.at(-1) === def.idx.indexOf(form.row)
    const wide = target.buffer.element === 'f64' && isSideBySide
    const isLong = extent.kind !== 'num' || extent.value.toNumber() > 2 * ROW_PART
    this.inParts = !wide && isLong && extent.free.length === 0 && !this.isNarrowed()
    const length = this.inParts ? graph.apply('min', [graph.num(ROW_PART), extent]) : extent
    this.accumulator = wide
      ? target.buffer
      : emission.temporary(`${plainName(def)}Row`, def, 'f64', [length], 'row')
  }

  emit(depth: number): Statement[] {
    const { emission, form, whole, inParts } = this
    if (!inParts) return this.columns(whole, depth)
    return [emitRanges(emission, form.row, whole.count, ROW_PART, 'columns', depth, (columns, inner) => this.columns(columns, inner))] // prettier-ignore
  }

  /** Whether there are columns that not all is added up of. */
  private isNarrowed(): boolean {
    const body = this.emission.storage.bodyOf(this.def)
    return body.kind === 'guard' && body.conditions.some(({ free }) => free.includes(this.form.row))
  }

  /** The sums of some columns. */
  private columns(columns: Columns, depth: number): Statement[] {
    const { emission, def, form, accumulator, target, inParts } = this
    const { graph } = emission
    const frame = new Map(this.at)
    const reduced = emission.open(def, form.order, frame)
    const [row] = emission.open(def, [form.row], frame)
    const body = emission.storage.bodyOf(def)
    const conditions = body.kind === 'guard' ? body.conditions : []
    const value = body.kind === 'guard' ? body.body : body
    const { outside, loops } = rangesOf(
      graph,
      [...reduced, row],
      conditions.map((condition) => substitute(graph, condition, frame)),
      partAt(this.nest, frame),
    )
    const outer = loops.slice(0, -2)
    const [last, all] = loops.slice(-2)
    const along = inParts ? { ...all, ...columns.range } : all
    const narrowed = [along.from, along.to, ...along.conditions].some((e) => e.free.includes(last.index))

    const pass = (entries: readonly Expr[], inner: number): Statement[] => {
      const running = renamed(emission, along)
      return emission.ranged([running], inner, () => {
        const terms = entries.map((entry) => {
          const moved = new Map(frame)
            .set(form.order[form.order.length - 1], entry)
            .set(form.row, running.index)
          return emission.value(value, moved)
        })
        const sum = terms.reduce((total, term) => emission.scalars.add(total, term))
        return [{ kind: 'store', buffer: accumulator, offset: this.offset(accumulator, running.index, columns), value: sum, accumulate: true }] // prettier-ignore
      })
    }
    const innermost = (inner: number): Statement[] =>
      narrowed || last.conditions.length > 0
        ? emission.ranged([last], inner, (within) => pass([last.index], within))
        : unrolled(emission, last, ROW_UNROLL, inner, pass)
    const sums = emission.when(outside, () => emission.ranged(outer, depth, innermost))
    const copy = accumulator === target.buffer ? [] : [this.round(row, columns, depth)]
    // The part of a block of rows is added to what there is.
    const clear = this.nest.part && accumulator === target.buffer ? [] : [this.clear(columns)]
    return [...clear, ...sums, ...copy]
  }

  /** Where an element of the row stands. */
  private offset(buffer: Buffer, element: Expr, { start }: Columns): Scalar {
    const { emission, def, form, target } = this
    const { graph } = emission
    if (buffer !== target.buffer) return emission.value(graph.sub(element, start))
    const at = new Map(this.at).set(form.row, element)
    return emission.lowering.offset(
      def,
      def.idx.map((index) => substitute(graph, index, at)),
      target,
    )
  }

  private clear(columns: Columns): Statement {
    const { accumulator, target, emission, inParts } = this
    const isWhole = !inParts && (accumulator !== target.buffer || target.axes.length === 1)
    const from = this.offset(accumulator, columns.start, columns)
    const count = emission.value(columns.count)
    return { kind: 'fill', buffer: accumulator, range: isWhole ? undefined : { from, count } }
  }

  private round(row: Index, columns: Columns, depth: number): Statement {
    const { emission, accumulator, target } = this
    const { graph } = emission
    const index = graph.freshIndex(row.extent, graph.indexNames.get(row))
    const store = (): Statement[] => {
      const value = emission.scalars.load(accumulator, this.offset(accumulator, index, columns))
      return [storePart(emission, this.nest, target.buffer, this.offset(target.buffer, index, columns), value)] // prettier-ignore
    }
    return emission.loop(index, depth, store, columns.range)
  }
}

/** The same range for an index of its own: every loop binds another. */
function renamed({ graph }: Emission, { index, from, to, conditions }: RangedIndex): RangedIndex {
  const own = graph.freshIndex(index.extent, graph.indexNames.get(index))
  const at = new Map([[index, own]])
  return { index: own, from, to, conditions: conditions.map((condition) => substitute(graph, condition, at)) }
}
