/**
 * A loop over what is put together of pieces, `if k < 64 then … else …`, as one loop for each piece, without conditions: what derivatives of
 * `concat` and of slices are made of.
 */
import type { Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { linearIn } from '../ir/prove.js'
import { postorder } from '../ir/walk.js'

/** With more pieces the code is longer than the conditions are dear. */
const MOST = 6
/** Pieces of fewer steps are not worth a loop. */
const SHORTEST = 4

/** Where the pieces of an expression begin along an index, from 0 on; `undefined` where it is one. */
export function piecesOf(graph: Graph, e: Expr, index: Index): readonly number[] | undefined {
  const { extent } = index
  if (extent.kind !== 'num') return undefined
  const length = extent.value.toNumber()
  const starts = new Set([0])
  for (const node of postorder([e])) {
    if (node.kind !== 'test' || node.test !== 'ge0' || !node.free.includes(index)) continue
    const linear = linearIn(graph, node.operand, index)
    if (linear?.rest.kind !== 'num') continue
    const rest = linear.rest.value.toNumber()
    // k + rest >= 0, or rest - k >= 0.
    if (linear.coefficient === graph.one) starts.add(-rest)
    else if (linear.coefficient === graph.num(-1)) starts.add(rest + 1)
  }
  const inside = [...starts].filter((start) => start >= 0 && start < length).sort((a, b) => a - b)
  const lengths = inside.map((start, at) => (inside[at + 1] ?? length) - start)
  const isWorthIt = inside.length > 1 && inside.length <= MOST && lengths.every((own) => own >= SHORTEST)
  return isWorthIt ? inside : undefined
}
