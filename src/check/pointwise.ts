/** Operations element by element, with NumPy broadcasting. */
import type { Expression } from '../../grammar/ast.js'
import type { Note } from '../base/diagnostic.js'
import type { Span } from '../base/source.js'
import type { Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { isEqual } from '../ir/prove.js'
import { substitute } from '../ir/walk.js'
import { axis } from './axes.js'
import { type Env, report } from './env.js'
import { messages } from './messages.js'
import { showShape } from './show.js'
import { POISON, type Poison, scalar, type Tensor, type Value } from './value.js'

/** A value as a tensor; reports layers and several results, which are none. */
export function asTensor(env: Env, value: Value, at: Expression | Span): Tensor | undefined {
  const span = 'source' in at ? at : at.span
  switch (value.kind) {
    case 'tensor':
      return value
    case 'tuple':
      report(env, messages.tupleUsed(value.of, value.values.length), span)
      return undefined
    case 'instance':
      report(env, messages.instanceUsed(value.path.at(-1) ?? ''), span)
      return undefined
    case 'poison':
      return undefined
  }
}

/** An operand with the syntax it comes from. */
export interface Operand {
  readonly value: Tensor
  readonly syntax: Expression
}

/** Applies an operation to the elements of operands of fitting shapes. */
export function pointwise(
  env: Env,
  operands: readonly Operand[],
  what: string,
  span: Span,
  operation: (elements: readonly Expr[]) => Expr,
): Tensor | Poison {
  const { graph } = env.context
  if (operands.every(({ value }) => value.shape.length === 0))
    return scalar(operation(operands.map(({ value }) => value.element)))
  const shape = broadcastShape(env, operands, what, span)
  if (!shape) return POISON
  const vectors = operands.filter(({ value }) => value.shape.length === 1)
  const rows = vectors.filter(({ value }) => value.row)
  if (rows.length > 0 && rows.length < vectors.length) return report(env, messages.rowAndColumn(), span)
  const elements = operands.map(({ value }) => stretched(graph, value, shape))
  return { kind: 'tensor', shape, element: operation(elements), row: shape.length === 1 && rows.length > 0 }
}

const isOne = (extent: Expr): boolean => extent.kind === 'num' && extent.value.isOne

/** The common shape, aligned at the last axis; extents are equal or literally 1. */
function broadcastShape(
  env: Env,
  operands: readonly Operand[],
  what: string,
  span: Span,
): Expr[] | undefined {
  const { graph } = env.context
  let shape: Expr[] = []
  for (const { value } of operands) {
    const other = value.shape
    if (other.length === 0) continue
    const rank = Math.max(shape.length, other.length)
    const joined: Expr[] = []
    for (let at = 0; at < rank; at++) {
      const mine = shape[at - rank + shape.length]
      const theirs = other[at - rank + other.length]
      if (!mine || !theirs) joined.push(mine ?? theirs)
      else if (isOne(mine)) joined.push(theirs)
      else if (isOne(theirs) || isEqual(graph, mine, theirs)) joined.push(mine)
      else {
        const message = messages.entriesDiffer(what, showShape(graph, shape), showShape(graph, other))
        report(env, message, span, shapeNotes(env, operands))
        return undefined
      }
    }
    shape = joined
  }
  return shape
}

/** Where the shapes of operands come from. */
export function shapeNotes(env: Env, operands: readonly Operand[]): Note[] {
  const { graph } = env.context
  const notes: Note[] = []
  for (const { value, syntax } of operands) {
    if (value.shape.length === 0) continue
    const shape = showShape(graph, value.shape)
    const binding = syntax.kind === 'name' ? env.scope.value(syntax.name) : undefined
    if (syntax.kind === 'name' && binding?.kind === 'value' && binding.span)
      notes.push({ message: `${syntax.name} is declared here: ${shape}`, span: binding.span })
    else notes.push({ message: `this is ${shape}`, span: syntax.span })
  }
  return notes.slice(0, 4)
}

/** The element of a value in a larger shape: axes of extent 1 are read at 0. */
export function stretched(graph: Graph, value: Tensor, shape: readonly Expr[]): Expr {
  const values = new Map<Index, Expr>()
  for (const [at, extent] of value.shape.entries()) {
    const position = value.shape.length - 1 - at
    const wanted = shape[shape.length - 1 - position]
    if (wanted === extent) continue
    const own = axis(graph, position, extent)
    values.set(own, isOne(extent) ? graph.zero : axis(graph, position, wanted))
  }
  return substitute(graph, value.element, values)
}
