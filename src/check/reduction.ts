/** `sum[i < n, j if i != j] body`, and the reductions over all entries: `max(x)`. */
import type { Expression, Reduction, ReductionName } from '../../grammar/ast.js'
import type { Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { isNonNegative } from '../ir/prove.js'
import { asCondition } from './arithmetic.js'
import { axesOf, elementAt } from './axes.js'
import { closed, materialised } from './define.js'
import { type Env, mistakesIn, type Path, report, under } from './env.js'
import { messages } from './messages.js'
import { asTensor } from './pointwise.js'
import { binderValue, reportNoRange } from './ranges.js'
import { Scope } from './scope.js'
import { type Steps, valueOf } from './task.js'
import { POISON, scalar, type Tensor, tensor, type Value } from './value.js'

export function* elaborateReduction(e: Reduction, env: Env): Steps<Value> {
  const { graph } = env.context
  const scope = new Scope(env.scope)
  const indices: Index[] = []
  const conditions: Expr[] = []
  let path: Path | undefined = env.path
  let sound = true
  const before = mistakesIn(env)
  for (const binder of e.binders) {
    const range = env.ranges.get(binder)
    if (!range) {
      sound = false
      scope.bind(binder.name.name, POISON, binder.name.span, 'index')
      continue
    }
    scope.bind(binder.name.name, binderValue(env, range), binder.name.span, 'index')
    indices.push(range.index)
    conditions.push(...range.conditions)
  }
  for (const condition of conditions) path = under(path, condition)
  if (e.filter) {
    const value = asTensor(env, yield valueOf(e.filter, { ...env, scope, path }), e.filter)
    if (!value) sound = false
    else if (value.shape.length > 0) {
      report(env, messages.scalarExpected('a filter', 'a tensor'), e.filter.span)
      sound = false
    } else {
      const condition = asCondition(graph, value.element)
      conditions.push(...unproven(graph, condition, conditions))
      path = under(path, condition)
    }
  }
  const body = asTensor(env, yield valueOf(e.body, { ...env, scope, path }), e.body)
  for (const binder of e.binders) if (!env.ranges.get(binder)) reportNoRange(env, binder, before)
  if (!body || !sound) return POISON
  const element = closed(graph, body.element, env.path)
  const reduced = reduce(graph, e.reduction, indices, conditions, element)
  return tensor(body.shape, reduced)
}

/** The parts of a filter that do not hold everywhere: the padding of a convolution without padding is no filter. */
function unproven(graph: Graph, condition: Expr, known: readonly Expr[]): readonly Expr[] {
  if (condition.kind === 'apply' && condition.operator === 'and')
    return condition.args.flatMap((part) => unproven(graph, part, known))
  const holds =
    condition.kind === 'test' && condition.test === 'ge0' && isNonNegative(graph, condition.operand, known)
  return holds ? [] : [condition]
}

/** A reduction of scalar expressions; `conditions` leave entries out. */
export function reduce(
  graph: Graph,
  reduction: ReductionName,
  indices: readonly Index[],
  conditions: readonly Expr[],
  element: Expr,
): Expr {
  switch (reduction) {
    case 'sum':
      return graph.sum(indices, graph.guard(conditions, element))
    case 'mean': {
      const total = graph.sum(indices, graph.guard(conditions, element))
      return graph.div(total, graph.sum(indices, graph.guard(conditions, graph.one)))
    }
    case 'any': {
      const held = graph.reduce('max', indices, conditions, asCondition(graph, element))
      return graph.apply('gt', [held, graph.zero])
    }
    case 'all': {
      const held = graph.reduce('min', indices, conditions, asCondition(graph, element))
      return graph.apply('gt', [held, graph.zero])
    }
    case 'prod':
    case 'max':
    case 'min':
    case 'logsumexp':
      // Of a number alone: itself.
      return indices.length + conditions.length === 0
        ? element
        : graph.reduce(reduction, indices, conditions, element)
    case 'argmax':
    case 'argmin':
      return graph.reduce(reduction, indices, conditions, element)
  }
}

/** `sum(x)`: over all entries. */
export function reduceAll(env: Env, reduction: ReductionName, value: Tensor, syntax: Expression): Tensor {
  const { graph } = env.context
  const source = materialised(env, value, 'entries', syntax.span)
  const indices = axesOf(graph, value.shape).map((index) => graph.freshIndex(index.extent))
  const element = closed(graph, elementAt(graph, source, indices), env.path)
  return scalar(reduce(graph, reduction, indices, [], element))
}
