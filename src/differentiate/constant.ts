/** What is free of parameters and data, also through definitions: numbers, sizes, indices and tables. */
import { definitionsReadBy, expressionsOf } from '../ir/dependencies.js'
import type { Def, Expr } from '../ir/expr.js'
import { postorder } from '../ir/walk.js'

const constantNodes = new WeakMap<Expr, boolean>()
const constantDefs = new WeakMap<Def, boolean>()

/** At a tie of `max(x, c)` the constant wins (ARCHITECTURE.md, "Kinks"). */
export function isConstant(e: Expr): boolean {
  for (const node of postorder([e], (below) => !constantNodes.has(below))) {
    const own = node.kind !== 'read' || isConstantDef(node.def)
    constantNodes.set(node, own && node.operands.every((operand) => constantNodes.get(operand)))
  }
  return constantNodes.get(e) === true
}

function isConstantDef(root: Def): boolean {
  const stack = [root]
  for (let def = stack.at(-1); def; def = stack.at(-1)) {
    const below = constantDefs.has(def) || isLeaf(def) ? [] : expressionsOf(def).flatMap(definitionsReadBy)
    const open = below.filter((other) => !constantDefs.has(other))
    if (open.length > 0) {
      stack.push(...open)
      continue
    }
    stack.pop()
    if (constantDefs.has(def)) continue
    constantDefs.set(
      def,
      isLeaf(def) ? def.kind === 'table' : below.every((other) => constantDefs.get(other)),
    )
  }
  return constantDefs.get(root) === true
}

/** Recurrences count as data: their members may not have bodies yet. */
const isLeaf = (def: Def): boolean => def.kind !== 'computed' || def.nominal || !def.body
