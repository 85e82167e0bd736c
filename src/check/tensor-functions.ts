/** `zeros`, `eye`, `concat`, `reshape` …: functions of tensors that are index expressions. */
import type { Argument, Call } from '../../grammar/ast.js'
import type { Expr } from '../ir/expr.js'
import { isEqual } from '../ir/prove.js'
import { MATRIX_OPERATORS } from '../ops/matrix.js'
import { operandsOf } from './arithmetic.js'
import { axesOf, elementAt } from './axes.js'
import type { TensorFunction } from './builtin-names.js'
import { materialised } from './define.js'
import { type Env, report } from './env.js'
import { matrixFunction } from './matrix-functions.js'
import { messages } from './messages.js'
import { asTensor, type Operand, shapeNotes } from './pointwise.js'
import { sizeScalar } from './inference.js'
import { showShape } from './show.js'
import { type Steps, valueOf } from './task.js'
import { POISON, tensor, type Value } from './value.js'

export function* elaborateTensorFunction(e: Call, name: TensorFunction, env: Env): Steps<Value> {
  const { graph } = env.context
  switch (name) {
    case 'where':
      throw new Error("'where' is a choice")
    case 'zeros':
    case 'ones': {
      const shape = yield* sizes(e.arguments, env)
      return shape ? tensor(shape, name === 'zeros' ? graph.zero : graph.one) : POISON
    }
    case 'eye': {
      const shape = yield* sizes(e.arguments, env)
      if (!shape) return POISON
      if (shape.length !== 1) return report(env, messages.exactArguments(name, 1, shape.length), e.span)
      const square = [shape[0], shape[0]]
      const [row, column] = axesOf(graph, square)
      return tensor(square, graph.eq0(graph.sub(row, column)))
    }
    case 'stop_gradient': {
      const operands = yield* exactly(e, name, 1, env)
      return operands ? { ...operands[0].value, element: graph.stop(operands[0].value.element) } : POISON
    }
    case 'concat':
      return yield* concat(e, env)
    case 'reshape':
      return yield* reshape(e, env)
    case 'solve':
    case 'inv':
    case 'det':
    case 'cofactors':
    case 'logdet':
    case 'cholesky': {
      const operands = yield* exactly(e, name, MATRIX_OPERATORS[name].operands.length, env)
      return operands ? matrixFunction(env, name, operands, e.span) : POISON
    }
  }
}

function* exactly(e: Call, name: TensorFunction, count: number, env: Env): Steps<Operand[] | undefined> {
  const values = e.arguments.map((argument) => argument.value)
  const named = e.arguments.find((argument) => argument.name)
  if (named) {
    report(env, messages.unknownArgument(name, named.name?.name ?? ''), named.span)
    return undefined
  }
  if (values.length !== count) {
    report(env, messages.exactArguments(name, count, values.length), e.span)
    return undefined
  }
  return yield* operandsOf(values, env)
}

function* sizes(args: readonly Argument[], env: Env): Steps<Expr[] | undefined> {
  const shape: Expr[] = []
  let sound = true
  for (const { value } of args) {
    const extent = sizeScalar(env, yield valueOf(value, env), value)
    if (extent) shape.push(extent)
    else sound = false
  }
  return sound ? shape : undefined
}

/** The value of `axis = …`, a number known now. */
function* axisArgument(args: readonly Argument[], rank: number, env: Env): Steps<number | undefined> {
  const named = args.find((argument) => argument.name)
  if (!named) return 0
  if (named.name?.name !== 'axis') {
    report(env, messages.unknownArgument('concat', named.name?.name ?? '', 'axis'), named.span)
    return undefined
  }
  const value = yield valueOf(named.value, env)
  if (value.kind === 'poison') return undefined
  const at = value.kind === 'tensor' && value.element.kind === 'num' ? value.element.value.toNumber() : NaN
  if (Number.isInteger(at) && at >= 0 && at < rank) return at
  report(env, messages.axisExpected(rank), named.span)
  return undefined
}

function* concat(e: Call, env: Env): Steps<Value> {
  const { graph } = env.context
  const operands = yield* operandsOf(e.arguments.filter((a) => !a.name).map((a) => a.value), env) // prettier-ignore
  if (!operands) return POISON
  if (operands.length === 0) return report(env, messages.exactArguments('concat', 2, 0), e.span)
  const [first] = operands
  const rank = first.value.shape.length
  if (rank === 0) return report(env, messages.rank("'concat'", 'tensors', 'a scalar'), first.syntax.span)
  const at = yield* axisArgument(e.arguments, rank, env)
  if (at === undefined) return POISON
  const odd = operands.find(
    ({ value }) =>
      value.shape.length !== rank ||
      value.shape.some((extent, n) => n !== at && !isEqual(graph, extent, first.value.shape[n])),
  )
  if (odd) {
    const message = messages.shapeMismatch(
      'concat',
      showShape(graph, first.value.shape),
      showShape(graph, odd.value.shape),
    )
    return report(env, message, odd.syntax.span, shapeNotes(env, [first, odd]))
  }
  const total = graph.addAll(operands.map(({ value }) => value.shape[at]))
  const shape = first.value.shape.map((extent, n) => (n === at ? total : extent))
  const axes = axesOf(graph, shape)
  let start: Expr = graph.zero
  const parts = operands.map(({ value, syntax }) => {
    const source = materialised(env, value, 'part', syntax.span)
    const positions = axes.map((index, n) => (n === at ? graph.sub(index, start) : index))
    const end = graph.add(start, value.shape[at])
    const part = { element: elementAt(graph, source, positions), end }
    start = end
    return part
  })
  const last = parts[parts.length - 1].element
  const element = parts
    .slice(0, -1)
    .reduceRight(
      (rest: Expr, part) => graph.select(graph.apply('lt', [axes[at], part.end]), part.element, rest),
      last,
    )
  return tensor(shape, element)
}

/** `reshape(x, n, m)`: the same entries in row-major order. */
function* reshape(e: Call, env: Env): Steps<Value> {
  const { graph } = env.context
  const [object, ...rest] = e.arguments
  if (!object || rest.length === 0)
    return report(env, messages.exactArguments('reshape', 2, e.arguments.length), e.span)
  const value = asTensor(env, yield valueOf(object.value, env), object.value)
  const shape = yield* sizes(rest, env)
  if (!value || !shape) return POISON
  if (!isEqual(graph, graph.mulAll(shape), graph.mulAll(value.shape)))
    return report(
      env,
      messages.shapeMismatch('reshape', showShape(graph, value.shape), showShape(graph, shape)),
      e.span,
    )
  const source = materialised(env, value, 'entries', object.span)
  const axes = axesOf(graph, shape)
  const flat = axes.reduce(
    (position: Expr, index, n) => graph.add(graph.mul(position, shape[n]), index),
    graph.zero,
  )
  let left: Expr = flat
  const positions: Expr[] = []
  for (const [n, extent] of [...value.shape.entries()].reverse()) {
    positions.unshift(n === 0 ? left : graph.apply('mod', [left, extent]))
    left = graph.apply('idiv', [left, extent])
  }
  return tensor(shape, elementAt(graph, source, positions))
}
