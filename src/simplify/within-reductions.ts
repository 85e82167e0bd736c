/** What sums and other reductions in an expression are taken of, for people: it is simplified, or printed as a formula, as the rest is. */
import type { ComputedDef, Def, Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { rebuildDefinitions } from '../ir/rebuild.js'
import { NodeMap } from '../ir/node-map.js'
import { postorder, readsIn, rewriteWhere, substituteAt } from '../ir/walk.js'
import { redefine } from './inline.js'

/** The expression with what each reduction is of as `change` has it, innermost first; a sum may be none afterwards. */
export function withinReductions(graph: Graph, e: Expr, change: (body: Expr) => Expr): Expr {
  const reduced = [...new Set(readsIn(e).map(({ def }) => def))].filter((def) => isReduction(def))
  if (reduced.length === 0) return e
  const plain = new Map<Def, ComputedDef>()
  const inline = (root: Expr): Expr =>
    rewriteWhere(
      graph,
      root,
      (part) => part.kind === 'read' && plain.has(part.def),
      (part) => {
        const def = part.kind === 'read' ? plain.get(part.def) : undefined
        return part.kind === 'read' && def?.body ? substituteAt(graph, def.body, def.idx, part.args) : part
      },
    )
  const made = rebuildDefinitions(graph, reduced, {
    body: inline,
    replace: (def, rebuilt) => {
      if (!isReduction(def) || !def.body) return undefined
      const before = inline(rebuilt.expr(def.body))
      const after = change(before)
      if (after === def.body) return undefined
      const filter = (def.reduction?.filter ?? []).map((condition) => inline(rebuilt.expr(condition)))
      return redefine(graph, def, after, filter)
    },
    made: (before, def) => {
      if (isReduction(before) && def.kind === 'computed' && !def.reduction) plain.set(def, def)
    },
  })
  return inline(
    rewriteWhere(
      graph,
      e,
      (part) => part.kind === 'read' && (made.get(part.def) ?? part.def) !== part.def,
      (part) => (part.kind === 'read' ? graph.read(made.get(part.def) ?? part.def, part.args) : part),
    ),
  )
}

/** Whether expressions hold a reduction; what several share is looked at once. */
export function reductionFinder(): (e: Expr) => boolean {
  const known = new NodeMap<boolean>()
  return (e) => {
    for (const node of postorder([e], (part) => !known.has(part)))
      known.set(node, (node.kind === 'read' && isReduction(node.def)) || node.operands.some((operand) => known.get(operand))) // prettier-ignore
    return known.get(e) === true
  }
}

const isReduction = (def: Def): def is ComputedDef =>
  def.kind === 'computed' && def.reduction !== undefined && !def.nominal && !def.routine
