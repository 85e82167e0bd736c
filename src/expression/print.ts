/** Scalar expressions in `.nn` syntax as a textbook sets them; large ones print what they share once. */
import type { Expr } from '../ir/expr.js'
import { atom } from '../ir/print-pieces.js'
import { operandsOf } from '../ir/walk.js'
import { TextbookPrinter } from './textbook-printer.js'

/** Trees above this size print their shared parts once, by name. */
const LARGE = 2000

/** The expression; where its tree would explode, its shared parts come before it, one per line, as `t1 = …`. */
export function printExpression(root: Expr): string {
  const printer = new TextbookPrinter()
  const order = printer.ordered(root)
  const uses = new Map<Expr, number>()
  const sizes = new Map<Expr, number>()
  for (const node of order) {
    let size = 1
    for (const operand of printer.order.operands(node)) {
      uses.set(operand, (uses.get(operand) ?? 0) + 1)
      size += sizes.get(operand) ?? 1
    }
    sizes.set(node, size)
  }
  const shares = (sizes.get(root) ?? 0) > LARGE && (sizes.get(root) ?? 0) > 2 * order.length
  const taken = new Set(order.flatMap((node) => (node.kind === 'read' ? [node.def.name] : [])))
  const lines: string[] = []
  for (const node of order) {
    const isShared = shares && node !== root && (uses.get(node) ?? 0) > 1 && operandsOf(node).length > 0
    const piece = printer.compose(node)
    if (!isShared) {
      printer.set(node, piece)
      continue
    }
    let name = `t${lines.length + 1}`
    while (taken.has(name)) name += '_'
    lines.push(`${name} = ${piece.text}`)
    printer.set(node, atom(name))
  }
  return [...lines, printer.piece(root).text].join('\n')
}

/** A condition as people write it: `x != 1` for `x - 1 != 0`. */
export function printCondition(condition: Expr): string {
  return new TextbookPrinter().print(condition).text
}

/** All of them in one line; an `or` among several stands in brackets. */
export const joinedConditions = (conditions: readonly string[]): string =>
  conditions.map((each) => (conditions.length > 1 && / or /.test(each) ? `(${each})` : each)).join(' and ')
