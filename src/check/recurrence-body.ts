/** The body of a stepped definition: its equations as one piecewise expression over the storage positions. */
import type { Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { findUnsafeRead } from '../ir/prove.js'
import { substitute } from '../ir/walk.js'
import { axesOf } from './axes.js'
import { closed } from './define.js'
import { type Env, report } from './env.js'
import { messages } from './messages.js'
import { finished } from './recurrent-read.js'
import type { Recurrent, RecurrentEquation, StepAxis } from './recurrent.js'
import { POISON, type Value } from './value.js'

/** Sets the body; the value is the tensor over the range. */
export function finishRecurrent(env: Env, recurrent: Recurrent): Value {
  const { graph, probing } = env.context
  if (recurrent.poisoned) return POISON
  const { def, rest, axes, ambient, equations } = recurrent
  if (!def || !rest || !recurrent.defined)
    return report(env, messages.noStep(recurrent.name, axes[0].binder), recurrent.span)
  const storage = axes.map((axis) =>
    graph.freshIndex(graph.add(axis.high, graph.num(axis.below + axis.after)), axis.binder),
  )
  // The step first, since its condition bounds the reads; then the initial values, most specific first.
  const fixedCount = (equation: RecurrentEquation): number => equation.positions.filter((p) => p).length
  const ordered = [...equations].sort((a, b) => {
    const [x, y] = [fixedCount(a), fixedCount(b)]
    return x === 0 ? -1 : y === 0 ? 1 : y - x
  })
  const arms = ordered.map((equation) => armOf(graph, axes, storage, equation))
  const body = arms
    .slice(0, -1)
    .reduceRight(
      (otherwise, arm) => graph.select(graph.and(arm.conditions), arm.value, otherwise),
      lastArm(graph, arms),
    )
  if (!probing || !def.body) graph.definitions.setBody(def, [...ambient, ...storage, ...axesOf(graph, rest)], closed(graph, body, env.path)) // prettier-ignore
  return finished(env, recurrent) ?? POISON
}

interface Arm {
  readonly conditions: readonly Expr[]
  readonly value: Expr
}

function armOf(
  graph: Graph,
  axes: readonly StepAxis[],
  storage: readonly Index[],
  equation: RecurrentEquation,
): Arm {
  const conditions: Expr[] = []
  const values = new Map<Index, Expr>()
  for (const [at, axis] of axes.entries()) {
    const position = graph.sub(storage[at], graph.num(axis.below))
    const fixed = equation.positions[at]
    if (fixed) {
      conditions.push(graph.eq0(graph.sub(position, fixed)))
      continue
    }
    const step = graph.sub(position, axis.low)
    const index = equation.steps[at]
    if (index) values.set(index, step)
    conditions.push(graph.ge0(step), graph.ge0(graph.sub(graph.sub(axis.high, graph.one), position)))
  }
  return {
    conditions: conditions.filter(
      (condition) => condition !== graph.one && !isAlways(graph, condition, storage, axes),
    ),
    value: substitute(graph, equation.value.element, values),
  }
}

/** A bound that every storage position meets. */
function isAlways(
  graph: Graph,
  condition: Expr,
  storage: readonly Index[],
  axes: readonly StepAxis[],
): boolean {
  if (condition.kind !== 'test' || condition.test !== 'ge0') return false
  return axes.some((axis, at) => {
    const last = graph.sub(graph.sub(axis.high, graph.one), graph.sub(storage[at], graph.num(axis.below)))
    return axis.after === 0 && condition === graph.ge0(last)
  })
}

function lastArm(graph: Graph, arms: readonly Arm[]): Expr {
  const last = arms[arms.length - 1]
  const safe = arms.length === 1 || !findUnsafeRead(graph, last.value)
  return safe ? last.value : graph.guard(last.conditions, last.value)
}
