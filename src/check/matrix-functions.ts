/** `solve`, `inv`, `det`, `cofactors`, `logdet`, `cholesky`: operators on whole matrices. Leading axes count matrices. */
import type { Span } from '../base/source.js'
import type { Expr, Index } from '../ir/expr.js'
import { isEqual } from '../ir/prove.js'
import { MATRIX_OPERATORS, type MatrixOperator } from '../ops/matrix.js'
import { axesOf, elementAt } from './axes.js'
import { closed, outerIndices } from './define.js'
import { conditionsOf, type Env, report } from './env.js'
import { messages } from './messages.js'
import { type Operand, shapeNotes } from './pointwise.js'
import { showShape } from './show.js'
import { POISON, type Tensor, tensor, type Value } from './value.js'

/** The longest text of a matrix in a message. */
const LONGEST = 60

export function matrixFunction(
  env: Env,
  name: MatrixOperator,
  operands: readonly Operand[],
  span: Span,
): Value {
  const { graph } = env.context
  const [matrix, right] = operands
  if (!isSquare(env, matrix, name)) return POISON
  const lead = matrix.value.shape.slice(0, -2)
  if (right && !fits(env, matrix.value, right.value)) {
    const shapes = operands.map(({ value }) => showShape(graph, value.shape))
    return report(env, messages.shapeMismatch(name, shapes[0], shapes[1]), span, shapeNotes(env, operands))
  }
  const across = lead.map((extent) => graph.freshIndex(extent))
  const made = operands.map(({ value }, at) => {
    // The extent of a matrix is one expression, however its axes were found.
    const own = value.shape.slice(lead.length)
    const idx = own.map((extent, axis) =>
      graph.freshIndex(axis < 2 - at ? matrix.value.shape[lead.length] : extent),
    )
    const element = elementAt(graph, value, [...across, ...idx])
    return { idx, value: at === 0 ? whereUsed(env, element, idx) : closed(graph, element, env.path) }
  })
  const outer: Index[] = []
  for (const { idx, value } of made)
    for (const index of outerIndices(graph, [], value))
      if (!idx.includes(index) && !across.includes(index) && !outer.includes(index)) outer.push(index)
  const { result } = MATRIX_OPERATORS[name]
  const like = result === 'scalar' ? [] : made[result === 'matrix' ? 0 : 1].idx
  const def = graph.matrix({
    name,
    operator: name,
    batch: [...outer, ...across],
    operands: made,
    subject: subjectOf(matrix),
    origin: { span },
    auto: true,
  })
  const shape = [...lead, ...like.map((index) => index.extent)]
  return tensor(shape, graph.read(def, [...outer, ...axesOf(graph, shape)]))
}

/** A matrix in an arm that is not taken is replaced by the identity: nothing is singular there. */
function whereUsed(env: Env, element: Expr, [row, column]: readonly Index[]): Expr {
  const { graph } = env.context
  const own = conditionsOf(env.path).filter((condition) =>
    condition.free.every((index) => element.free.includes(index)),
  )
  const inside = closed(graph, element, env.path)
  const conditions = inside.kind === 'guard' && inside !== element ? [...own, ...inside.conditions] : own
  return graph.select(graph.and(conditions), inside, graph.eq0(graph.sub(row, column)))
}

function isSquare(env: Env, { value, syntax }: Operand, name: string): boolean {
  const { graph } = env.context
  const { shape } = value
  if (shape.length >= 2 && isEqual(graph, shape[shape.length - 2], shape[shape.length - 1])) return true
  const found = shape.length === 0 ? 'a scalar' : showShape(graph, shape)
  report(env, messages.rank(`'${name}'`, 'a square matrix', found), syntax.span)
  return false
}

/** The right side has the leading axes of the matrix, then as many rows; a last axis counts columns. */
function fits({ context: { graph } }: Env, matrix: Tensor, right: Tensor): boolean {
  const rows = matrix.shape.length - 1
  return (
    (right.shape.length === rows || right.shape.length === rows + 1) &&
    matrix.shape.slice(0, rows).every((extent, at) => isEqual(graph, extent, right.shape[at]))
  )
}

function subjectOf({ syntax: { span } }: Operand): string {
  const text = span.source.text.slice(span.start, span.end).replaceAll(/\s+/g, ' ')
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text
}
