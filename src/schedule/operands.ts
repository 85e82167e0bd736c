/**
 * Operands of products that do not lie in memory as kernels read them, and sums inside of others. The rows of the right one are read once for every sixteen rows of
 * the result, so it gets a definition of its own, stored row by row: `Bᵀ` of `A @ Bᵀ`. As any definition it is computed once, before the
 * loop of a recurrence that does not change it, and shared by all products that read it.
 */
import type { ComputedDef, Def, Expr, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { findUnsafeRead, linearIn } from '../ir/prove.js'
import { type Product, isShort, mayBeTransposed, productsOf } from './products.js'
import { isScatter } from './scatter.js'
import type { Replaced, Storage } from './storage.js'

export interface Operands extends Replaced {
  /** The definitions to schedule, dependencies first. */
  readonly live: readonly Def[]
}

/** `onlyData`: copies of computed operands would have a place of their own in the loops over segments of time. */
export function planOperands(
  graph: Graph,
  storage: Storage,
  live: readonly Def[],
  onlyData: boolean,
): Operands {
  const bodies = new Map<ComputedDef, Expr>()
  const made = new Map<ComputedDef, ComputedDef[]>()
  const known = new Set<Def>(live)
  const all: Def[] = []
  const add = (def: Def): void => {
    if (def.kind === 'computed') {
      const replaced =
        (onlyData ? undefined : withoutInnerSum(graph, def)) ?? packedRight(graph, storage, def, onlyData)
      if (replaced) {
        const { copy, body } = replaced
        const readers = made.get(copy)
        if (readers) readers.push(def)
        else if (!known.has(copy)) {
          made.set(copy, [def])
          add(copy)
        }
        bodies.set(def, body)
      }
    }
    all.push(def)
  }
  for (const def of live) add(def)
  return { live: all, bodies, made }
}

interface Replacement {
  readonly copy: ComputedDef
  readonly body: Expr
}

/**
 * `D[v, j] = Σ_s,p [v = word[s]] g[s, p] W[j, p]`: the sum over p, which has no part in where a term belongs, gets a definition of its own,
 * which may be a product of matrices.
 */
function withoutInnerSum(graph: Graph, def: ComputedDef): Replacement | undefined {
  const { reduction, body } = def
  if (reduction?.kind !== 'sum' || body?.kind !== 'guard' || def.nominal) return undefined
  if (!isScatter(graph, body, reduction.idx, def.idx)) return undefined
  const places = new Set(body.conditions.flatMap(({ free }) => free))
  const inner = reduction.idx.filter((index) => !places.has(index))
  const outer = reduction.idx.filter((index) => places.has(index))
  // The sum must be defined where no term belongs anywhere.
  if (inner.length === 0 || findUnsafeRead(graph, body.body)) return undefined
  const idx = [...outer, ...def.idx].filter((index) => body.body.free.includes(index))
  if (idx.length === 0) return undefined
  const copy = graph.define({
    name: `${def.name}Terms`,
    idx,
    reduction: { kind: 'sum', idx: inner, filter: [] },
    body: body.body,
    origin: def.origin,
    auto: true,
  })
  return { copy, body: graph.guard(body.conditions, graph.read(copy, idx)) }
}

function packedRight(
  graph: Graph,
  storage: Storage,
  def: ComputedDef,
  onlyData: boolean,
): Replacement | undefined {
  const { reduction, body } = def
  if (reduction?.kind !== 'sum' || !body || def.integer || isShort(def, body, storage.machine))
    return undefined
  const own = storage.order(def).map((axis) => def.idx[axis])
  const products = productsOf(graph, body, own, reduction.idx, storage.machine)
  if (readableOf(graph, storage, def, products)) return undefined
  const candidates = products.filter((product) => mayCopy(graph, def, product, onlyData))
  // The copy with the fewest axes: of a matrix, not of all that it is multiplied with.
  for (const product of candidates.toSorted((a, b) => a.right.free.length - b.right.free.length)) {
    const { right, left, depth, column, conditions } = product
    const inner = [depth, column]
    const idx = [...right.free.filter((index) => !inner.includes(index)), ...inner]
    const name = right.kind === 'read' ? `${right.def.name}T` : `${def.name}Right`
    const copy = graph.define({ name, idx, body: right, origin: def.origin, auto: true })
    // It is written in this order of axes, and lies in another.
    if (right.kind === 'read' && right.def === copy) continue
    return { copy, body: graph.guard(conditions, graph.mul(left, graph.read(copy, idx))) }
  }
  return undefined
}

function mayCopy(
  graph: Graph,
  def: ComputedDef,
  { right, depth, column, conditions }: Product,
  onlyData: boolean,
): boolean {
  if (onlyData && (right.kind !== 'read' || right.def.kind === 'computed')) return false
  // A copy of all windows of a convolution would be many times as long as its input.
  const isWindow =
    !isPermuted(right) &&
    right.free.some((index) => index !== depth && index !== column && !def.idx.includes(index))
  return !isWindow && (conditions.length === 0 || !findUnsafeRead(graph, right))
}

/** The same entries in another order. */
const isPermuted = (e: Expr): e is Read =>
  e.kind === 'read' && e.args.every((arg) => arg.kind === 'index') && new Set(e.args).size === e.args.length

/** The first product that the kernel can read without a copy of the right operand. */
export function readableOf(
  graph: Graph,
  storage: Storage,
  def: ComputedDef,
  products: readonly Product[],
): Product | undefined {
  return (
    products.find((product) => isInRows(graph, storage, product)) ??
    products.find((product) => isTransposed(graph, storage, def, product))
  )
}

/**
 * Whether the right operand is a stored matrix, the entries of a column side by side. One that is multiplied again and again, by the matrices
 * of a batch or in the steps of a recurrence, is transposed once instead.
 */
function isTransposed(graph: Graph, storage: Storage, def: ComputedDef, product: Product): boolean {
  const { right, row, column, outer } = product
  if (!mayBeTransposed(product, storage.machine)) return false
  if (!isPermuted(right) || storage.isInlined(right.def) || mayBeOther(graph, storage, right.def))
    return false
  const around = def.idx.filter((index) => index !== row && index !== column)
  return [...around, ...outer].every((index) => right.free.includes(index))
}

/** Whether its elements may have another type than those of panels: kernels transpose no others. */
function mayBeOther(graph: Graph, storage: Storage, def: Def): boolean {
  if (def.kind !== 'computed') return def.integer || def.kind === 'table'
  const { integer, routine, reduction } = def
  if (integer || routine || reduction?.kind === 'logsumexp') return true
  return reduction?.kind === 'sum' && isScatter(graph, storage.bodyOf(def), storage.boundOf(def), def.idx)
}

/** Whether the right operand is stored, the entries of a row side by side. */
function isInRows(graph: Graph, storage: Storage, { right, column, depth }: Product): boolean {
  if (right.kind !== 'read' || storage.isInlined(right.def)) return false
  const order = storage.order(right.def)
  return order.every((axis, place) => {
    const arg = right.args[axis]
    if (!arg.free.includes(column))
      return !arg.free.includes(depth) || linearIn(graph, arg, depth) !== undefined
    const linear = linearIn(graph, arg, column)
    return place === order.length - 1 && linear?.coefficient === graph.one
  })
}
