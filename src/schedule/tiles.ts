/**
 * Loops over what others lie coarser in: `y[k] = x[div(k, 2)]`, as the gradient of a pooling or a picture that is made larger. One step for
 * each entry of `x` computes all entries that it is read for, so that nothing is divided and `x` is read once.
 */
import type { Apply, Expr, Index } from '../ir/expr.js'
import { linearIn } from '../ir/prove.js'
import { postorder, substitute } from '../ir/walk.js'
import type { Emission } from './emission.js'
import type { Statement } from './loop-program.js'
import type { LeafNode, LoopNode, TreeNode } from './tree.js'

/** So many entries along an axis are written out; more have a loop. */
const WRITTEN = 4

/** Loops around one definition, one inside of the other, with how many entries of each go together. */
export interface Tiles {
  readonly leaf: LeafNode
  readonly loops: readonly { readonly index: Index; readonly size: number }[]
}

/** Loops that are worth it. */
export function tilesOf(emission: Emission, node: LoopNode): Tiles | undefined {
  const indices: Index[] = []
  let inner: TreeNode = node
  while (inner.kind === 'loop') {
    const { items, sequential, descending, range, index }: LoopNode = inner
    if (items.length !== 1 || sequential || descending || range) return undefined
    indices.push(index)
    inner = items[0]
  }
  if (inner.kind !== 'leaf' || inner.nest.form.kind !== 'pointwise') return undefined
  const { graph, storage } = emission
  const mentioned = [bodyOf(inner), ...storage.effectiveReads(inner.nest.def), ...inner.at.values()]
  if (!mentioned.some(divides)) return undefined
  const body = substitute(graph, bodyOf(inner), inner.at)
  const roots = [body, ...storage.effectiveReadsIn([body])]
  const loops = indices.map((index) => ({ index, size: sizeAlong(emission, roots, index) }))
  const written = loops.filter(({ size }) => size > 1 && size <= WRITTEN)
  return loops.some(({ size }) => size > 1) && written.length <= 2 ? { leaf: inner, loops } : undefined
}

export function bodyOf({ nest: { def } }: LeafNode): Expr {
  if (!def.body) throw new Error(`'${def.name}' has no body`)
  return def.body
}

const divides = (e: Expr): boolean => e.operands.length > 0 && postorder([e]).some(isDivision)

const isDivision = (node: Expr): node is Apply =>
  node.kind === 'apply' && (node.operator === 'idiv' || node.operator === 'mod')

/** The number by which all is divided that is divided; 1 if there is none. */
function sizeAlong({ graph }: Emission, roots: readonly Expr[], index: Index): number {
  let size = 1
  for (const node of postorder(roots)) {
    if (!isDivision(node)) continue
    const [dividend, divisor] = node.args
    if (!dividend.free.includes(index)) continue
    // What is divided by several numbers, or by one that is not known, stays as it is.
    if (divisor.kind !== 'num' || !linearIn(graph, dividend, index)) return 1
    const own = divisor.value.toNumber()
    if (size !== 1 && own !== size) return 1
    size = own
  }
  const { extent } = index
  return extent.kind === 'num' && extent.value.toNumber() < size ? 1 : size
}

/** `store` makes the statement for an entry, over loop indices. */
export function emitTiles(
  emission: Emission,
  { leaf, loops }: Tiles,
  depth: number,
  store: (at: ReadonlyMap<Index, Expr>) => Statement,
): Statement[] {
  const { graph } = emission
  const from = (level: number, places: readonly ReadonlyMap<Index, Expr>[], within: number): Statement[] => {
    const loop = loops.at(level)
    if (!loop) return places.map((place) => store(new Map([...leaf.at].map(([own, e]) => [own, substitute(graph, e, place)])))) // prettier-ignore
    const { index, size } = loop
    const put = (positions: readonly Expr[], inside: number): Statement[] =>
      from(level + 1, places.flatMap((place) => positions.map((position) => new Map(place).set(index, position))), inside) // prettier-ignore
    const name = graph.indexNames.get(index)
    const count = graph.apply('idiv', [index.extent, graph.num(size)])
    const tile = graph.freshIndex(count, name)
    const start = graph.mul(tile, graph.num(size))
    const written = (): Expr[] => Array.from({ length: size }, (_, at) => graph.add(start, graph.num(at)))
    const place = graph.freshIndex(graph.num(size), name)
    const body = (inside: number): Statement[] =>
      size <= WRITTEN
        ? put(written(), inside)
        : [emission.loop(place, inside, (deeper) => put([graph.add(start, place)], deeper))]
    const statements: Statement[] = [emission.loop(tile, within, body)]
    const end = graph.mul(count, graph.num(size))
    const rest = graph.sub(index.extent, end)
    if (rest === graph.zero) return statements
    if (rest === graph.one) return [...statements, ...put([end], within)]
    const own = graph.freshIndex(index.extent, name)
    return [...statements, emission.loop(own, within, (inside) => put([own], inside), { from: end, to: index.extent })] // prettier-ignore
  }
  return from(0, [new Map()], depth)
}
