/** Shares of a whole, as those of a softmax: `e^(u_i - logsumexp u)` is at most 1. */
import type { ComputedDef, Expr, Index, Term } from './expr.js'

interface LogOfSum {
  readonly def: ComputedDef
  readonly bound: readonly Index[]
  readonly body: Expr
  readonly args: readonly Expr[]
}

/** `node` as a `logsumexp` of all entries. */
export function logOfEntries(node: Expr): LogOfSum | undefined {
  if (node.kind !== 'read' || node.def.kind !== 'computed') return undefined
  const { def, args } = node
  const { reduction, body } = def
  if (reduction?.kind !== 'logsumexp' || reduction.filter.length > 0 || !body) return undefined
  return { def, bound: reduction.idx, body, args }
}

/** Whether terms are `u_i - logsumexp u` for entries that are read: not above 0, since no part is more than the whole. */
export function isLogOfShare(terms: readonly Term[]): boolean {
  if (terms.length !== 2) return false
  return terms.some(({ node, coefficient }, at) => {
    const whole = coefficient.isMinusOne ? logOfEntries(node) : undefined
    const other = terms[1 - at]
    return whole !== undefined && other.coefficient.isOne && isEntry(whole, other.node)
  })
}

/** Whether `node` is one of the entries. */
function isEntry({ def, bound, body, args }: LogOfSum, node: Expr): boolean {
  if (body.kind !== 'read' || node.kind !== 'read' || body.def !== node.def) return false
  const places = new Map<Expr, Expr>(def.idx.map((index, axis) => [index, args[axis]]))
  return body.args.every((arg, axis) => {
    const actual = node.args[axis]
    const place = places.get(arg)
    if (place !== undefined) return place === actual
    if (arg.kind !== 'index' || !bound.includes(arg)) return arg.free.length === 0 && arg === actual
    places.set(arg, actual)
    // Of a part of the axis others are no entries.
    return arg.extent === node.def.idx[axis].extent
  })
}
