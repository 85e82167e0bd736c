/** What the inference of ranges shares: what is known so far, and how to ask about what is not. */
import type { Binder, Expression } from '../../grammar/ast.js'
import { Diagnostics } from '../base/diagnostic.js'
import type { Expr, Index } from '../ir/expr.js'
import { type Env, type Range, report } from './env.js'
import { messages } from './messages.js'
import { type Bound, type Occurrence, type Tracked, lookup } from './occurrences.js'
import { Scope } from './scope.js'
import { namesIn } from './syntax.js'
import { type Value, scalar } from './value.js'

/** What inference knows so far. */
export interface Inference {
  readonly env: Env
  readonly tracked: ReadonlyMap<Binder, Tracked>
  readonly ranges: Map<Binder, Range | undefined>
  /** Stand-ins for indices without range yet. */
  readonly standIns: Map<Binder, Index>
  readonly standInSizes: Set<Expr>
  readonly extents: Map<Occurrence, Expr | undefined>
  /** Binders whose mistake was reported. */
  readonly failed: Set<Binder>
  /** Binders that stand in something with a mistake. */
  readonly silent: Set<Binder | undefined>
}

export const open = (state: Inference, { binder }: Tracked): boolean =>
  !state.ranges.has(binder) && !state.failed.has(binder)

/** A comparison is 0 or 1, but nobody means it as a number of positions. */
const isCondition = (e: Expr): boolean =>
  e.kind === 'test' ||
  (e.kind === 'apply' && ['lt', 'le', 'eq', 'ne', 'and', 'or', 'not'].includes(e.operator))

/** The value of a bound, a size or a subscript; reports what is no whole-numbered scalar. */
export function wholeScalar(env: Env, value: Value, what: string, at: Expression): Expr | undefined {
  if (value.kind === 'poison') return undefined
  if (
    value.kind !== 'tensor' ||
    value.shape.length > 0 ||
    !value.element.integer ||
    isCondition(value.element)
  ) {
    report(env, messages.wholeExpected(what), at.span)
    return undefined
  }
  return value.element
}

/** A size as it is written; `-D` may have made it negative. */
export function sizeScalar(env: Env, value: Value, at: Expression): Expr | undefined {
  const size = wholeScalar(env, value, 'a size', at)
  if (size?.kind !== 'num' || !size.value.isNegative) return size
  report(env, messages.sizeNegative(size.value.toString()), at.span)
  return undefined
}

/** The names of some expressions bound to their ranges, or to stand-ins. */
export function scopeAt(state: Inference, bound: Bound | undefined, expressions: readonly Expression[]): Env {
  const scope = new Scope(state.env.scope)
  for (const name of namesIn(expressions)) {
    const binder = lookup(bound, name)
    if (binder) scope.bind(name, scalar(valueOfBinder(state, binder)), binder.name.span, 'index')
  }
  return { ...state.env, scope, ranges: state.ranges }
}

function valueOfBinder(state: Inference, binder: Binder): Expr {
  const { graph } = state.env.context
  const range = state.ranges.get(binder)
  return range ? graph.add(range.index, range.low) : standIn(state, binder)
}

export function standIn(state: Inference, binder: Binder): Index {
  const { graph } = state.env.context
  const present = state.standIns.get(binder)
  if (present) return present
  const size = graph.size(binder.name.name)
  state.standInSizes.add(size)
  const index = graph.freshIndex(size, binder.name.name)
  state.standIns.set(binder, index)
  return index
}

/** The environment in which only shapes are asked for. */
export function probing(env: Env): Env {
  const { context } = env
  return {
    ...env,
    context: {
      ...context,
      diagnostics: new Diagnostics(),
      checks: [],
      probing: true,
    },
  }
}
