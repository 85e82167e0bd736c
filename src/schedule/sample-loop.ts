/** The loop over blocks of samples, with what stands before and after it. */
import type { ComputedDef, Def } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { nestOf } from './contraction.js'
import type { Edge } from './dimension.js'
import type { RowsInBlocks } from './fuse.js'
import type { Part } from './ranges.js'
import type { SampleLoop } from './samples.js'
import type { Storage } from './storage.js'
import type { LeafNode, TreeNode } from './tree.js'

/** Puts definitions into loops; inside of a block of rows those along its axis run through these. */
type Run = (defs: readonly ComputedDef[], edges: readonly Edge[], inBlock?: InBlock) => TreeNode[]

export interface InBlock {
  readonly rows: RowsInBlocks
  readonly parts: ReadonlyMap<ComputedDef, Part>
}

/** `flagsOf`: the results under which a definition is needed, if it is not always. */
export function placeSamples(
  graph: Graph,
  storage: Storage,
  { blocks, axes, sums, copies, after }: SampleLoop,
  defs: readonly ComputedDef[],
  edges: readonly Edge[],
  flagsOf: (def: ComputedDef) => readonly number[],
  run: Run,
): TreeNode[] {
  const { start, count } = blocks
  const to = graph.add(start, count)
  const several = graph.apply('lt', [graph.num(blocks.length), blocks.extent])
  const parts = new Map([...sums].map(([def, index]) => [def, { index, from: start, to, several }] as const))
  const own = new Map([...axes].map(([def, axis]) => [def, def.idx[axis]] as const))
  const isInside = (def: Def): boolean =>
    def.kind === 'computed' && (axes.has(def) || sums.has(def) || copies.has(def))
  const among = (wanted: (def: ComputedDef) => boolean, inBlock?: InBlock): TreeNode[] => {
    const some = defs.filter(wanted)
    const present = new Set<Def>(some)
    return run(some, edges.filter(({ from, to: source }) => present.has(from) && present.has(source)), inBlock) // prettier-ignore
  }
  const under = (flags: readonly number[], items: TreeNode[]): TreeNode[] =>
    flags.length === 0 ? items : [{ kind: 'flagged', flags, items }]
  const ends = (part: 'start' | 'end'): TreeNode[] =>
    defs.flatMap((def) => {
      if (!sums.has(def)) return []
      const nest = { ...nestOf(graph, storage, def, new Set()), form: { kind: 'running', part }, part: parts.get(def) } as const // prettier-ignore
      const only = def.idx.filter(({ extent }) => extent === graph.one)
      const leaf: LeafNode = { kind: 'leaf', nest, at: new Map(only.map((own) => [own, graph.zero])) }
      // A number grows in a variable, whoever wants it.
      const isNumber = def.idx.every(({ extent }) => extent === graph.one)
      return under(part === 'start' && isNumber ? [] : flagsOf(def), [leaf])
    })
  const groups = new Map(defs.filter(isInside).map((def) => [flagsOf(def).join(), flagsOf(def)] as const))
  const rank = (flags: readonly number[]): number => (flags.length === 0 ? Infinity : flags.length)
  const items = [...groups]
    .sort(([, a], [, b]) => rank(b) - rank(a))
    .flatMap(([key, flags]) => under(flags, among((def) => isInside(def) && flagsOf(def).join() === key, { rows: { blocks, own }, parts }))) // prettier-ignore
  return [
    ...among((def) => !isInside(def) && !after.has(def)),
    ...ends('start'),
    { kind: 'rows', blocks, items },
    ...ends('end'),
    ...among((def) => after.has(def)),
  ]
}
