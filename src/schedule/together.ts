/**
 * Sums over windows that overlap, several at a time: `dK[v] = Σ_r x[r + v] dy[r]`, as the gradient of the kernel of a convolution. Each entry of
 * `dy` is read once for all of them, and what is read of `x` is still at hand.
 */
import type { Expr, Index } from '../ir/expr.js'
import { substitute } from '../ir/walk.js'
import { type Emission, plainName } from './emission.js'
import { holdSums } from './held.js'
import type { Scalar, Statement } from './loop-program.js'
import type { LeafNode, LoopNode, NestForm } from './tree.js'
import { unrolled } from './unroll.js'

/** As many sums as there are, if there are no more; else so many at a time. */
const ALL = 8
const GROUP = 4
/** Of more sums than this each has enough to do. */
const MOST = 16

export interface Together {
  readonly leaf: LeafNode
  readonly order: Extract<NestForm, { kind: 'reduce' }>['order']
  readonly index: Index
}

/** Sums along a loop that are worth it. */
export function togetherAlong({ graph, storage }: Emission, node: LoopNode): Together | undefined {
  const { items, index, sequential, descending, range } = node
  const [leaf, ...others] = items
  if (others.length > 0 || leaf?.kind !== 'leaf' || sequential || descending || range) return undefined
  const { def, form, heavy } = leaf.nest
  if (form.kind !== 'reduce' || def.reduction?.kind !== 'sum' || !heavy) return undefined
  const [own, ...more] = def.idx.filter((each) => leaf.at.get(each) === index)
  if (!own || more.length > 0) return undefined
  // Many sums of few terms have loops of their own around them.
  const terms = form.order.at(-1)
  if (!terms || lengthOf(index) > MOST || lengthOf(terms) <= lengthOf(index)) return undefined
  const body = storage.bodyOf(def)
  if (body.kind === 'guard' && body.conditions.some(({ free }) => free.includes(own))) return undefined
  const isBound = (e: Expr): boolean => form.order.some((each) => e.free.includes(each))
  const reads = storage.effectiveReads(def).filter(isBound)
  const slides = reads.some(({ args }) => args.some((arg) => arg.free.includes(own) && isBound(arg)))
  const stays = reads.some(({ free }) => !free.includes(own))
  const isSum = form.order.every((each) => !substitute(graph, each.extent, leaf.at).free.includes(index))
  return slides && stays && isSum ? { leaf, order: form.order, index } : undefined
}

/** `store` makes the statement for a sum, over loop indices. */
export function emitTogether(
  emission: Emission,
  { leaf, order, index }: Together,
  depth: number,
  store: (at: ReadonlyMap<Index, Expr>, value: Scalar) => Statement,
): Statement[] {
  const { graph } = emission
  const { def } = leaf.nest
  const count = lengthOf(index) <= ALL ? lengthOf(index) : GROUP
  const whole = { index, from: graph.zero, to: index.extent, conditions: [] }
  return unrolled(emission, whole, count, depth, (positions, inner) => {
    const entries = positions.map((position, n) => {
      const moved = new Map([[index, position]])
      const own = new Map([...leaf.at].map(([from, e]) => [from, substitute(graph, e, moved)]))
      return { name: positions.length > 1 ? `${plainName(def)}${n}` : plainName(def), at: own }
    })
    return holdSums(emission, leaf.nest, order, entries, inner, store)
  })
}

const lengthOf = ({ extent }: Index): number => (extent.kind === 'num' ? extent.value.toNumber() : Infinity)
