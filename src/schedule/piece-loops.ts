/**
 * Loops over entries that are put together of pieces. A sum over all but the first or last of the same positions grows in the longest of them: the energy
 * of a chain, `Σ_i e(x[i], x[i+1])`, and its gradient read the same entries.
 */
import type { ComputedDef, Expr, Index } from '../ir/expr.js'
import { postorder, substitute } from '../ir/walk.js'
import { type Emission, plainName } from './emission.js'
import type { Local, Scalar, Statement } from './loop-program.js'
import type { Frame } from './lower.js'
import { type Piece, piecesOf } from './pieces.js'
import type { LeafNode, LoopNode } from './tree.js'

export interface PieceLoops {
  readonly leaf: LeafNode
  readonly index: Index
  readonly pieces: readonly Piece[]
}

export type Store = (at: Frame, value: Scalar) => Statement

/** A sum in one variable, beside the entries. */
export interface SumBeside {
  readonly def: ComputedDef
  readonly index: Index
  readonly body: Expr
  readonly at: Frame
}

export function piecesAlong({ graph }: Emission, node: LoopNode): PieceLoops | undefined {
  if (node.sequential || node.range) return undefined
  const [leaf, ...others] = node.items
  if (others.length > 0 || leaf?.kind !== 'leaf') return undefined
  const { body } = leaf.nest.def
  if (leaf.nest.form.kind !== 'pointwise' || !body) return undefined
  if (!postorder([body]).some((part) => part.kind === 'test')) return undefined
  const pieces = piecesOf(graph, substitute(graph, body, leaf.at), node.index)
  return pieces && { leaf, index: node.index, pieces }
}

/** The sum that such loops can add up on the way: it ends where the longest piece does, and reads what the entries read. */
export function sumBeside(
  { storage }: Emission,
  { nest, at }: LeafNode,
  { leaf, pieces }: PieceLoops,
): SumBeside | undefined {
  const { def, form, part } = nest
  const [index, ...others] = storage.boundOf(def)
  if (form.kind !== 'reduce' || form.lanes > 1 || part || def.idx.length > 0 || others.length > 0)
    return undefined
  const body = storage.bodyOf(def)
  if (def.reduction?.kind !== 'sum' || body.kind === 'guard') return undefined
  const long = pieces.filter(({ single }) => !single)
  if (long.length !== 1 || long[0].to !== index.extent || long[0].from.kind !== 'num') return undefined
  const reads = storage.effectiveReads(leaf.nest.def)
  const own = new Set(storage.effectiveReads(def).map((read) => read.def))
  if (reads.some((read) => read.def === def) || !reads.some((read) => own.has(read.def))) return undefined
  return { def, index, body, at }
}

/** `store` puts an entry where it belongs; `add` stands before it in the steps of loops. */
export function emitPieces(
  emission: Emission,
  { leaf, index, pieces }: PieceLoops,
  depth: number,
  store: Store,
  add: (at: Expr) => readonly Statement[] = () => [],
): Statement[] {
  const { graph } = emission
  return pieces.flatMap((piece): Statement[] => {
    const entry = (to: Expr): Statement => {
      const moved = new Map([[index, to]])
      const own = new Map([...leaf.at].map(([from, at]) => [from, substitute(graph, at, moved)]))
      return store(own, emission.value(substitute(graph, piece.body, moved)))
    }
    const { from, to } = piece
    if (piece.single) return emission.when(piece.conditions, () => [entry(from)])
    // Joined pieces are counted each from 0, as they are where they come from.
    const isJoined = from.kind === 'num' && to.kind === 'num' && from.facts.low > 1
    const extent = isJoined ? graph.sub(to, from) : index.extent
    const step = graph.freshIndex(extent, graph.indexNames.get(index))
    const position = isJoined ? graph.add(from, step) : step
    const range = isJoined ? undefined : { from, to }
    return [emission.loop(step, depth, () => [...add(position), entry(position)], range)]
  })
}

/** The sum begins with what lies before the longest piece. */
export function emitSumBeside(
  emission: Emission,
  { def, index, body, at }: SumBeside,
  { pieces }: PieceLoops,
  depth: number,
): { readonly local: Local; readonly start: Statement[]; readonly add: (at: Expr) => Statement[] } {
  const { graph, scalars } = emission
  const local = emission.local(plainName(def), 'real', depth)
  const add = (to: Expr): Statement[] => [
    { kind: 'accumulate', local, operator: 'add', value: emission.value(body, new Map(at).set(index, to)) },
  ]
  const [before] = pieces.flatMap(({ single, from }) =>
    single || from.kind !== 'num' ? [] : from.value.toNumber(),
  )
  const start: Statement[] = [{ kind: 'variable', local, value: scalars.zero }]
  for (let position = 0; position < (before ?? 0); position++) {
    const first = graph.num(position)
    const isThere = graph.ge0(graph.sub(graph.sub(index.extent, first), graph.one))
    start.push(...emission.when(isThere === graph.one ? [] : [isThere], () => add(first)))
  }
  return { local, start, add }
}
