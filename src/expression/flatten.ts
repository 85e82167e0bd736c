import { Dependencies } from '../ir/dependencies.js'
import type { Def, Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { rebuildDefinitions } from '../ir/rebuild.js'
import { rewrite, substituteAt } from '../ir/walk.js'

/** A number as one expression: pointwise definitions are written out; reductions and recurrences stay reads. */
export function flattened(graph: Graph, def: Def): Expr {
  const dependencies = new Dependencies()
  const components = dependencies.components([def])
  const recurrent = new Set(components.filter((each) => dependencies.isRecurrence(each)).flat())
  const plain = new Map<Def, Expr>()
  const inline = (root: Expr): Expr =>
    rewrite(graph, root, (_, rebuilt) => {
      if (rebuilt.kind !== 'read') return rebuilt
      const body = plain.get(rebuilt.def)
      return body ? substituteAt(graph, body, rebuilt.def.idx, rebuilt.args) : rebuilt // prettier-ignore
    })
  const made = (before: Def, def: Def): void => {
    if (def.kind === 'computed' && !def.reduction && def.body && !recurrent.has(before))
      plain.set(def, def.body)
  }
  const rebuilt = rebuildDefinitions(graph, [def], { body: inline, made }).get(def) ?? def
  return plain.get(rebuilt) ?? graph.read(rebuilt, [])
}
