/**
 * Chooses how a reduction is computed: as a product of matrices, block by block, with a scalar accumulator, with several, or with a
 * row of them, so that the innermost loop walks memory forwards.
 */
import type { ComputedDef, Expr, Index, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { linearIn } from '../ir/prove.js'
import { CHEAP, DOT_LEAST } from './cost.js'
import { readableOf } from './operands.js'
import { isLarge, isShort, productsOf } from './products.js'
import { runningAlong } from './running.js'
import { isScatter } from './scatter.js'
import type { Storage } from './storage.js'
import type { Nest, NestForm } from './tree.js'

/** The nest of a definition; own indices in `fixed` belong to the loop of a recurrence around it. */
export function nestOf(graph: Graph, storage: Storage, def: ComputedDef, fixed: ReadonlySet<Index>): Nest {
  const nest = plainNestOf(graph, storage, def, fixed)
  const { kind } = nest.form
  const mayRun = (kind === 'reduce' || kind === 'spelled' || kind === 'row') && fixed.size === 0
  return mayRun ? { ...nest, along: runningAlong(graph, storage, def) } : nest
}

function plainNestOf(graph: Graph, storage: Storage, def: ComputedDef, fixed: ReadonlySet<Index>): Nest {
  const own = storage
    .order(def)
    .map((axis) => def.idx[axis])
    .filter((index) => !fixed.has(index) && index.extent !== graph.one)
  const { reduction, routine } = def
  if (routine) {
    const inner = def.idx.slice(def.idx.length - routine.rank)
    const loops = own.filter((index) => !inner.includes(index))
    return { def, form: { kind: 'routine', inner }, loops, heavy: true }
  }
  if (!reduction) return { def, form: { kind: 'pointwise' }, loops: own, heavy: false }
  if (reduction.kind === 'sum' && isScatter(graph, storage.bodyOf(def), storage.boundOf(def), own))
    return { def, form: { kind: 'scatter', inner: own }, loops: [], heavy: true }
  const products = reduction.kind === 'sum' && !def.integer ? productsOf(graph, storage.bodyOf(def), own, reduction.idx, storage.machine) : [] // prettier-ignore
  const product = readableOf(graph, storage, def, products)
  if (isShort(def, storage.bodyOf(def), storage.machine) && !(product && isLarge(product)))
    return { def, form: { kind: 'spelled', bound: reduction.idx }, loops: own, heavy: false }
  if (product) {
    const loops = own.filter((index) => index !== product.row && index !== product.column)
    return { def, form: { kind: 'block', product }, loops: [...loops, product.row], heavy: true }
  }
  const reads = storage.effectiveReads(def)
  const heavy = reduction.kind === 'sum' && isContraction(reads, own, reduction.idx)
  const form = formOf(graph, storage, def, own, heavy)
  return { def, form, loops: form.kind === 'row' ? own.slice(0, -1) : own, heavy }
}

/** Some entry is read for several elements of the result. */
function isContraction(reads: readonly Read[], own: readonly Index[], bound: readonly Index[]): boolean {
  const big = reads.filter((read) => bound.some((index) => read.free.includes(index)))
  return own.length > 0 && big.some((read) => own.some((index) => !read.free.includes(index)))
}

function formOf(
  graph: Graph,
  storage: Storage,
  def: ComputedDef,
  own: readonly Index[],
  heavy: boolean,
): NestForm {
  const bound = def.reduction?.idx ?? []
  const reads = storage.effectiveReads(def)
  const roughness = (index: Index): number =>
    reads.reduce((sum, read) => sum + roughOf(graph, storage, read, index), 0)
  const order = [...bound]
  const smoothest = order.reduce(
    (best, index) => (roughness(index) <= roughness(best) ? index : best),
    order[0],
  )
  const row = own.at(-1)
  if (
    def.reduction?.kind === 'sum' &&
    row &&
    storage.cost(def) <= 4 * CHEAP &&
    roughness(row) < roughness(smoothest)
  ) {
    // The last reduction index is unrolled: a long one for choice.
    const last = order.reduce((best, index) => (lengthOf(index) >= lengthOf(best) ? index : best), order[0])
    return { kind: 'row', row, order: [...order.filter((index) => index !== last), last] }
  }
  const innermost = [...order.filter((index) => index !== smoothest), smoothest]
  const long = smoothest && lengthOf(smoothest) >= DOT_LEAST
  return { kind: 'reduce', order: innermost, lanes: heavy && long ? storage.machine.accumulators : 1 }
}

const lengthOf = (index: Index): number =>
  index.extent.kind === 'num' ? index.extent.value.toNumber() : Infinity

/** How far a step of the index jumps in what is read: 0 not at all or to the next element, 1 further. */
function roughOf(graph: Graph, storage: Storage, read: Read, index: Index): number {
  if (!read.free.includes(index)) return 0
  const order = storage.order(read.def)
  const moving = order.filter((axis) => read.args[axis].free.includes(index))
  if (moving.length !== 1 || moving[0] !== order.at(-1)) return 1
  const linear = linearIn(graph, read.args[moving[0]], index)
  return linear && isUnit(linear.coefficient) ? 0 : 1
}

const isUnit = (e: Expr): boolean => e.kind === 'num' && e.value.abs().isOne
