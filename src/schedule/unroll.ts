/** Loops in steps of several entries, with a loop for the rest. */
import type { Expr, Index } from '../ir/expr.js'
import { isNonNegative } from '../ir/prove.js'
import type { Emission } from './emission.js'
import type { Statement } from './loop-program.js'
import type { RangedIndex } from './ranges.js'

/**
 * Runs `body` on `lanes` entries at a time, then on what is left one at a time. A range of known length that the lanes
 * cover is no loop at all.
 */
export function unrolled(
  emission: Emission,
  { index, from, to }: RangedIndex,
  lanes: number,
  depth: number,
  body: (indices: readonly Expr[], depth: number) => Statement[],
): Statement[] {
  const { graph } = emission
  const length = graph.sub(to, from)
  const known = length.kind === 'num' ? length.value.toNumber() : undefined
  if (known !== undefined && known <= lanes)
    return known <= 0 ? [] : body(Array.from({ length: known }, (_, lane) => graph.add(from, graph.num(lane))), depth) // prettier-ignore
  // A range may be empty the wrong way round.
  const steps = isNonNegative(graph, length) ? length : graph.apply('max', [graph.zero, length])
  const whole = graph.mul(graph.apply('idiv', [steps, graph.num(lanes)]), graph.num(lanes))
  const middle =
    known === undefined ? graph.add(from, whole) : graph.add(from, graph.num(known - (known % lanes)))
  const name = graph.indexNames.get(index) ?? 'i'
  emission.scalars.hint(emission.value(from), `${name}From`)
  emission.scalars.hint(emission.value(to), `${name}To`)
  emission.scalars.hint(emission.value(middle), `${name}End`)
  const loop = (start: Expr, end: Expr, step: number, at: Index): Statement => {
    const [first, last] = [emission.value(start), emission.value(end)]
    const local = emission.bind(at, depth + 1)
    const indices = Array.from({ length: step }, (_, lane) => graph.add(at, graph.num(lane)))
    return { kind: 'loop', index: local, from: first, to: last, step, descending: false, body: body(indices, depth + 1) } // prettier-ignore
  }
  const statements = [loop(from, middle, lanes, index)]
  if (known !== undefined && known % lanes === 0) return statements
  const rest = graph.freshIndex(index.extent, graph.indexNames.get(index))
  return [...statements, loop(middle, to, 1, rest)]
}
