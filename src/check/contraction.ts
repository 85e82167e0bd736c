/** `@` and `'`: contractions and transposition. */
import type { Binary, Expression, Transpose } from '../../grammar/ast.js'
import type { Expr } from '../ir/expr.js'
import { isEqual } from '../ir/prove.js'
import { axesOf, axis, elementAt } from './axes.js'
import { operandsOf } from './arithmetic.js'
import { closed, materialised } from './define.js'
import { type Env, report } from './env.js'
import { messages } from './messages.js'
import { asTensor, shapeNotes } from './pointwise.js'
import { showShape } from './show.js'
import { type Steps, valueOf } from './task.js'
import { POISON, type Tensor, type Value } from './value.js'

/**
 * The last axis of the left with the last but one of the right (its only one if it is a vector). Leading axes of
 * both are broadcast. A row on the right of a vector makes the outer product.
 */
export function* elaborateContraction(e: Binary, env: Env): Steps<Value> {
  const operands = yield* operandsOf([e.left, e.right], env)
  if (!operands) return POISON
  const { graph } = env.context
  const [left, right] = operands
  const misfit = (): Value =>
    report(env, messages.contraction(showShape(graph, left.value.shape), showShape(graph, right.value.shape)), e.span, shapeNotes(env, operands)) // prettier-ignore
  const a = materialised(env, left.value, 'left', e.left.span)
  const b = materialised(env, right.value, 'right', e.right.span)
  if (a.shape.length === 0 || b.shape.length === 0) {
    const which = a.shape.length === 0 ? e.left : e.right
    return report(env, messages.rank("'@'", 'a vector or a matrix', 'a scalar'), which.span)
  }
  if (right.value.row && right.value.shape.length === 1) {
    if (left.value.row || a.shape.length !== 1) {
      const shown = showShape(graph, left.value.shape) + (left.value.row ? "'" : '')
      return report(env, messages.rowProduct(shown, showShape(graph, right.value.shape)), e.span, shapeNotes(env, operands)) // prettier-ignore
    }
    const shape = [a.shape[0], b.shape[0]]
    const [row, column] = axesOf(graph, shape)
    return { kind: 'tensor', shape, element: graph.mul(elementAt(graph, a, [row]), elementAt(graph, b, [column])), row: false } // prettier-ignore
  }
  const inner = a.shape[a.shape.length - 1]
  const summed = b.shape.length === 1 ? 0 : b.shape.length - 2
  if (!isEqual(graph, inner, b.shape[summed])) return misfit()
  const leftLead = a.shape.slice(0, -1)
  const columns = b.shape.slice(summed + 1)
  const rightLead = b.shape.slice(0, summed)
  // Rows of the left stand between the leading axes and the columns of the right.
  const batch = rightLead.length
  const rows = leftLead.slice(batch)
  if (batch > 0) {
    const own = leftLead.slice(0, batch)
    const fits =
      leftLead.length <= 1 ||
      (own.length === batch && own.every((extent, at) => isEqual(graph, extent, rightLead[at])))
    if (!fits) return misfit()
  }
  const isMatrixOnly = batch > 0 && leftLead.length <= 1
  const lead = batch > 0 ? rightLead : []
  const middle = isMatrixOnly ? leftLead : rows
  const shape = [...lead, ...middle, ...columns]
  const axes = axesOf(graph, shape)
  const leadAxes = axes.slice(0, lead.length)
  const middleAxes = axes.slice(lead.length, lead.length + middle.length)
  const columnAxes = axes.slice(lead.length + middle.length)
  const k = graph.freshIndex(inner, 'k')
  const leftArgs = isMatrixOnly ? [...middleAxes, k] : [...leadAxes, ...middleAxes, k]
  const product = graph.mul(
    elementAt(graph, a, leftArgs),
    elementAt(graph, b, [...leadAxes, k, ...columnAxes]),
  )
  const element = graph.sum([k], closed(graph, product, env.path))
  return {
    kind: 'tensor',
    shape,
    element,
    row: left.value.row && left.value.shape.length === 1 && shape.length === 1,
  }
}

export function* elaborateTranspose(e: Transpose, env: Env): Steps<Value> {
  let swaps = 1
  let inner: Expression = e.operand
  for (; inner.kind === 'transpose'; inner = inner.operand) swaps++
  const value = asTensor(env, yield valueOf(inner, env), inner)
  if (!value) return POISON
  if (value.shape.length === 0)
    return report(env, messages.rank('a transposition', 'a vector or a matrix', 'a scalar'), e.span)
  return swaps % 2 === 0 ? value : transposed(env, value)
}

export function transposed(env: Env, value: Tensor): Tensor {
  const { graph } = env.context
  const rank = value.shape.length
  if (rank === 1) return { ...value, row: !value.row, margins: undefined }
  const shape: Expr[] = [...value.shape]
  shape[rank - 2] = value.shape[rank - 1]
  shape[rank - 1] = value.shape[rank - 2]
  const args = axesOf(graph, shape)
  args[rank - 1] = axis(graph, 1, shape[rank - 2])
  args[rank - 2] = axis(graph, 0, shape[rank - 1])
  return { kind: 'tensor', shape, element: elementAt(graph, value, args), row: false }
}
