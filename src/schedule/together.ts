/**
 * Sums over windows that overlap, several at a time: `dK[v] = Σ_r x[r + v] dy[r]`, as the gradient of the kernel of a convolution. Each entry of
 * `dy` is read once for all of them, and what is read of `x` is still at hand.
 */
import type { Expr, Index } from '../ir/expr.js'
import { substitute } from '../ir/walk.js'
import { type Emission, plainName } from './emission.js'
import type { Scalar, Statement } from './loop-program.js'
import { partAt } from './parts.js'
import { rangesOf } from './ranges.js'
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
  const { graph, scalars, storage } = emission
  const { def } = leaf.nest
  const count = lengthOf(index) <= ALL ? lengthOf(index) : GROUP
  const whole = { index, from: graph.zero, to: index.extent, conditions: [] }
  return unrolled(emission, whole, count, depth, (positions, inner) => {
    const frames = positions.map((position) => {
      const moved = new Map([[index, position]])
      return new Map([...leaf.at].map(([own, e]) => [own, substitute(graph, e, moved)]))
    })
    const sums = frames.map((_, at) => emission.local(frames.length > 1 ? `${plainName(def)}${at}` : plainName(def), 'real', inner)) // prettier-ignore
    const at = new Map(frames[0])
    const indices = emission.open(def, order, at)
    const body = storage.bodyOf(def)
    const [conditions, value] = body.kind === 'guard' ? [body.conditions, body.body] : [[], body]
    const { outside, loops } = rangesOf(graph, indices, conditions.map((condition) => substitute(graph, condition, at)), partAt(leaf.nest, at)) // prettier-ignore
    const terms = (): Statement[] =>
      frames.map((frame, n) => {
        const own = new Map([...frame, ...order.map((each, place): [Index, Expr] => [each, indices[place]])])
        return { kind: 'accumulate', local: sums[n], operator: 'add', value: emission.value(value, own) }
      })
    return [
      ...sums.map((local): Statement => ({ kind: 'variable', local, value: scalars.zero })),
      ...emission.when(outside, () => emission.ranged(loops, inner, terms)),
      ...frames.map((frame, n) => store(frame, scalars.local(sums[n]))),
    ]
  })
}

const lengthOf = ({ extent }: Index): number => (extent.kind === 'num' ? extent.value.toNumber() : Infinity)
