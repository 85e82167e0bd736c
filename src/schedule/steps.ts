/** Where the operands of products lie: how far apart the entries along an index are. */
import type { Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { linearIn } from '../ir/prove.js'
import { substitute } from '../ir/walk.js'
import type { Emission } from './emission.js'
import type { Buffer } from './loop-program.js'
import type { Storage } from './storage.js'

export interface Steps {
  readonly buffer: Buffer
  /** Of the first entry. */
  readonly offset: Expr
  /** Along the operand's own index: the row of the left one, the column of the right one. */
  readonly across: Expr
  /** Along each of the summed indices. */
  readonly along: readonly Expr[]
}

/** Absent where the operand is computed, or the steps are not the same everywhere; `first` is the first value of each index. */
export function stepsOf(
  emission: Emission,
  operand: Expr,
  first: ReadonlyMap<Index, Expr>,
  own: Index,
  summed: readonly Index[],
): Steps | undefined {
  const { graph, storage, lowering } = emission
  if (operand.kind !== 'read' || storage.isInlined(operand.def)) return undefined
  const access = emission.accessTo(operand.def)
  if (access.kind !== 'buffer') return undefined
  // Indices of their own stand for them, so that they are told from all else.
  const indices = [own, ...summed]
  const fresh = indices.map((index) => graph.freshIndex(substitute(graph, index.extent, first)))
  const at = new Map(first)
  for (const [n, index] of indices.entries()) at.set(index, fresh[n])
  const args = operand.args.map((arg) => substitute(graph, arg, at))
  let rest = lowering.positions.of(operand.def, args, access)
  const steps: Expr[] = []
  for (const index of fresh) {
    const linear = linearIn(graph, rest, index)
    if (!linear || fresh.some((other) => linear.coefficient.free.includes(other))) return undefined
    steps.push(linear.coefficient)
    rest = linear.rest
  }
  const starts = indices.map((index, n) => graph.mul(steps[n], first.get(index) ?? graph.zero))
  const [across, ...along] = steps
  return { buffer: access.buffer, offset: graph.add(...starts, rest), across, along }
}

/**
 * Places of the steps, that of the outermost index first, if one step of each is as far as all steps of the next: together they are one
 * index.
 */
export function nested(
  graph: Graph,
  steps: readonly Expr[],
  extents: readonly Expr[],
): readonly number[] | undefined {
  for (const inner of steps.keys()) {
    const order = [inner]
    for (let next: number | undefined = inner; next !== undefined;) {
      const length = graph.mul(steps[next], extents[next])
      next = steps.findIndex((step, at) => step === length && !order.includes(at))
      if (next < 0) next = undefined
      else order.unshift(next)
    }
    if (order.length === steps.length) return order
  }
  return undefined
}

/** Whether entries along an index are read side by side. */
export function isInLastAxis(graph: Graph, storage: Storage, operand: Expr, index: Index): boolean {
  return storage.effectiveReadsIn([operand]).some(({ def, args }) => {
    const last = storage.order(def).at(-1)
    return last !== undefined && linearIn(graph, args[last], index)?.coefficient === graph.one
  })
}
