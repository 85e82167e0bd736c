/** Walks over expressions: all iterative, each node visited once. */
import type { Builder } from './builder.js'
import type { Def, Expr, Index, Read } from './expr.js'
import { type Memo, NodeMap } from './node-map.js'
import { withVisited } from './visited.js'

/** The operands of a node, in order. */
export const operandsOf = (e: Expr): readonly Expr[] => e.operands

/** The definition that `e` reads whole: at those indices, and they are all its entries, not a prefix of them. */
export function wholeRead(e: Expr, idx: readonly Index[]): Def | undefined {
  if (e.kind !== 'read' || e.args.length !== idx.length) return undefined
  const { def, args } = e
  const isWhole = args.every((arg, axis) => arg === idx[axis] && def.idx[axis].extent === idx[axis].extent)
  return isWhole ? def : undefined
}

/** All nodes reachable from the roots, operands before users, in a deterministic order. `enter` prunes. */
export function postorder(roots: readonly Expr[], enter: (e: Expr) => boolean = everything): readonly Expr[] {
  if (roots.length !== 1 || enter !== everything) return walk(roots, enter)
  const [root] = roots
  let order = orders.get(root)
  if (!order) orders.set(root, (order = walk(roots, enter)))
  return order
}

/** Whole expressions are walked again and again by passes; they never change. */
const orders = new WeakMap<Expr, readonly Expr[]>()

function walk(roots: readonly Expr[], enter: (e: Expr) => boolean): Expr[] {
  return withVisited((visited) => {
    const order: Expr[] = []
    // A node and the position of its next operand, side by side.
    const path: Expr[] = []
    const position: number[] = []
    for (const root of roots) {
      if (!visited.add(root) || !enter(root)) continue
      path.push(root)
      position.push(0)
      while (path.length > 0) {
        const top = path.length - 1
        const { operands } = path[top]
        if (position[top] === operands.length) {
          order.push(path[top])
          path.pop()
          position.pop()
          continue
        }
        const operand = operands[position[top]++]
        if (!visited.add(operand) || !enter(operand)) continue
        if (operand.operands.length === 0) order.push(operand)
        else {
          path.push(operand)
          position.push(0)
        }
      }
    }
    return order
  })
}

export const everything = (): boolean => true

/** The node with other operands, in normal form. */
export function withOperands(b: Builder, e: Expr, operands: readonly Expr[]): Expr {
  if (operandsOf(e).every((operand, at) => operand === operands[at])) return e
  switch (e.kind) {
    case 'num':
    case 'constant':
    case 'size':
    case 'index':
      return e
    case 'read':
      return b.read(e.def, operands)
    case 'add':
      return b.addTerms(
        e.constant,
        e.terms.map(({ coefficient }, at) => ({ node: operands[at], coefficient })),
      )
    case 'mul':
      return b.mulAll(e.factors.map((factor, at) => b.power(operands[at], factor.exponent)))
    case 'apply':
      return b.apply(e.operator, operands)
    case 'test':
      return e.test === 'ge0' ? b.ge0(operands[0]) : b.eq0(operands[0])
    case 'guard':
      return b.guard(operands.slice(0, -1), operands[operands.length - 1])
    case 'stop':
      return b.stop(operands[0])
  }
}

/** The node with what stands for its operands: most have none for which something else does. */
export function withMapped(b: Builder, e: Expr, memo: Pick<Memo<Expr>, 'get'>): Expr {
  const { operands } = e
  for (let at = 0; at < operands.length; at++) {
    const mapped = memo.get(operands[at])
    if (mapped && mapped !== operands[at])
      return withOperands(b, e, operands.map((operand) => memo.get(operand) ?? operand)) // prettier-ignore
  }
  return e
}

/**
 * Rebuilds expressions bottom-up: `replace` sees each node with its operands already rewritten. Nodes for
 * which `enter` is false are kept as they are. The memo may be shared between calls with the same `replace`.
 */
export function rewrite(
  b: Builder,
  root: Expr,
  replace: (original: Expr, rebuilt: Expr) => Expr,
  enter: (e: Expr) => boolean = everything,
  memo: Memo<Expr> = new Map<Expr, Expr>(),
): Expr {
  for (const node of postorder([root], (e) => !memo.has(e) && enter(e))) {
    const rebuilt = withMapped(b, node, memo)
    memo.set(node, replace(node, rebuilt))
  }
  return memo.get(root) ?? root
}

/** The same where `replace` keeps all nodes but those of a certain look: what holds none of them is not rebuilt. */
export function rewriteWhere(
  b: Builder,
  root: Expr,
  isConcerned: (e: Expr) => boolean,
  replace: (rebuilt: Expr) => Expr,
): Expr {
  return postorder([root]).some(isConcerned) ? rewrite(b, root, (_, rebuilt) => replace(rebuilt)) : root
}

/** A rewriting of many expressions of one graph: what they share is rewritten once. */
export function rewriting(b: Builder, replace: (rebuilt: Expr) => Expr): (root: Expr) => Expr {
  const memo = new NodeMap<Expr>()
  return (root) => rewrite(b, root, (_, rebuilt) => replace(rebuilt), everything, memo)
}

/** Replaces indices. There are no binders in expressions, so nothing can be captured. */
export function substitute(b: Builder, e: Expr, values: ReadonlyMap<Index, Expr>): Expr {
  if (values.size === 0) return e
  if (e.kind === 'index') return values.get(e) ?? e
  const affected = (node: Expr): boolean => node.free.some((index) => values.has(index))
  if (!affected(e)) return e
  return rewrite(
    b,
    e,
    (original, rebuilt) => (original.kind === 'index' ? (values.get(original) ?? original) : rebuilt),
    affected,
  )
}

/** What is written over the indices of a definition, where the definition is read. */
export function substituteAt(b: Builder, e: Expr, idx: readonly Index[], args: readonly Expr[]): Expr {
  return substitute(b, e, new Map(idx.map((index, axis) => [index, args[axis]])))
}

/** Replaces whole nodes (reads, inputs) by others. */
export function replaceNodes(b: Builder, e: Expr, values: ReadonlyMap<Expr, Expr>): Expr {
  return rewrite(b, e, (original, rebuilt) => values.get(original) ?? rebuilt, (node) => !values.has(node), new Map(values)) // prettier-ignore
}

/** Every read in the expression, those in subscripts and conditions included. */
export function readsIn(e: Expr): Read[] {
  return postorder([e]).filter((node): node is Read => node.kind === 'read')
}

/** Whether an expression has at most so many different nodes: no more are looked at. */
export function hasAtMost(count: number, e: Expr): boolean {
  const seen = new Set([e])
  for (const node of seen) {
    for (const operand of node.operands) seen.add(operand)
    if (seen.size > count) return false
  }
  return true
}

/** Whether a value is kept as it stands somewhere in it. */
export const holdsStop = (e: Expr): boolean => postorder([e]).some(({ kind }) => kind === 'stop')
