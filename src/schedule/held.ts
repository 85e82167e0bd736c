/**
 * Sums of a few terms of which several are held in variables: `dW[i, j] = Σ_s h[s, i] dz[s, j]` over the samples of a block, sixteen entries at
 * a time. What is read is read once for all of them, nothing is added up in memory, and each sum is stored once.
 */
import type { Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { substitute } from '../ir/walk.js'
import { HELD } from './cost.js'
import { type Emission, plainName } from './emission.js'
import { nameOf } from './fuse.js'
import type { Scalar, Statement } from './loop-program.js'
import type { Frame } from './lower.js'
import { partAt } from './parts.js'
import { rangesOf } from './ranges.js'
import type { Storage } from './storage.js'
import type { LeafNode, Nest, NestForm } from './tree.js'
import { unrolled } from './unroll.js'

type Form = Extract<NestForm, { kind: 'held' }>

/** What each block of rows adds to a small result is held; panels and rows of sums are for larger ones, that fill no cache on the way. */
export function heldOf(graph: Graph, storage: Storage, nest: Nest): Nest {
  const { def, form, part } = nest
  const isSum = form.kind === 'row' || (form.kind === 'block' && form.product.conditions.length === 0)
  const bound = storage.boundOf(def)
  if (!isSum || !part || bound.length !== 1 || storage.bodyOf(def).kind === 'guard') return nest
  const last = form.kind === 'row' ? [form.row] : [form.product.row, form.product.column]
  const own = storage
    .order(def)
    .map((axis) => def.idx[axis])
    .filter((index) => nest.loops.includes(index) || last.includes(index))
  const entries = graph.mulAll(own.map(({ extent }) => extent))
  const [across] = own.slice(-1)
  if (entries.kind !== 'num' || entries.value.toNumber() > HELD.entries || lengthOf(across) > HELD.columns)
    return nest
  return {
    ...nest,
    form: { kind: 'held', tile: own.slice(-2), order: bound },
    loops: own.slice(0, -2),
  }
}

/** `store` makes the statement for a sum, over loop indices. */
export function emitHeld(
  emission: Emission,
  { nest, at }: LeafNode,
  { tile, order }: Form,
  depth: number,
  store: (at: Frame, value: Scalar) => Statement,
): Statement[] {
  const { graph } = emission
  const name = plainName(nest.def)
  const inTiles = (axes: readonly Index[], entries: readonly Entry[], inner: number): Statement[] => {
    const [own, ...rest] = axes
    if (!own) return holdSums(emission, nest, order, entries, inner, store)
    const index = graph.freshIndex(own.extent, nameOf(nest.def, own))
    const whole = { index, from: graph.zero, to: own.extent, conditions: [] }
    return unrolled(emission, whole, sideOf(own, rest.length === 0), inner, (positions, within) => {
      const each = entries.flatMap((entry) =>
        positions.map((to, n) => ({ name: `${entry.name}${n}`, at: new Map(entry.at).set(own, to) })),
      )
      return inTiles(rest, each, within)
    })
  }
  return inTiles(tile, [{ name: `${name}_`, at }], depth)
}

/** A sum among those that are held at a time. */
interface Entry {
  readonly name: string
  readonly at: Frame
}

/** How many entries along an axis: so many that none are left, if that is possible. */
function sideOf(own: Index, isLast: boolean): number {
  const length = lengthOf(own)
  if (length <= HELD.side) return length
  for (let side = HELD.side; side > 1; side--) if (length % side === 0) return side
  return isLast ? HELD.side : 1
}

/** The sums, in one pass through what they add up. */
export function holdSums(
  emission: Emission,
  nest: Nest,
  order: readonly Index[],
  entries: readonly Entry[],
  depth: number,
  store: (at: Frame, value: Scalar) => Statement,
): Statement[] {
  const { graph, scalars, storage } = emission
  const { def } = nest
  const sums = entries.map(({ name }) => emission.local(name, 'real', depth))
  const at = new Map(entries[0].at)
  const indices = emission.open(def, order, at)
  const body = storage.bodyOf(def)
  const [conditions, value] = body.kind === 'guard' ? [body.conditions, body.body] : [[], body]
  const { outside, loops } = rangesOf(graph, indices, conditions.map((condition) => substitute(graph, condition, at)), partAt(nest, at)) // prettier-ignore
  const terms = (): Statement[] =>
    entries.map((entry, n) => {
      const own = new Map([...entry.at, ...order.map((each, place): [Index, Expr] => [each, indices[place]])])
      return { kind: 'accumulate', local: sums[n], operator: 'add', value: emission.value(value, own) }
    })
  return [
    ...sums.map((local): Statement => ({ kind: 'variable', local, value: scalars.zero })),
    ...emission.when(outside, () => emission.ranged(loops, depth, terms)),
    ...entries.map((entry, n) => store(entry.at, scalars.local(sums[n]))),
  ]
}

const lengthOf = ({ extent }: Index): number => (extent.kind === 'num' ? extent.value.toNumber() : Infinity)
