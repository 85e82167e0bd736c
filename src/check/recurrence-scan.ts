/** Which names a recurrence steps, and over which positions: read off its equations before they are elaborated. */
import type { Binder, Expression, RecurStatement, Statement, Target } from '../../grammar/ast.js'
import type { Expr } from '../ir/expr.js'
import { type Env, report } from './env.js'
import { messages } from './messages.js'
import { wholeScalar } from './inference.js'
import type { Recurrent, StepAxis } from './recurrent.js'
import { requireNonNegative } from './require.js'
import { Scope } from './scope.js'
import { showExpr } from './show.js'
import { boundsOf } from './syntax.js'
import { type Steps, valueOf } from './task.js'
import { POISON } from './value.js'

/** The range of one binder of `recur`. */
export interface StepRange {
  readonly binder: Binder
  readonly low: Expr
  readonly high: Expr
}

/** Recurrences inside recurrences: more axes than any tensor has are a slip. */
const DEEPEST = 16

function depthOf(statement: RecurStatement): number {
  let depth = 0
  for (let at: Statement | undefined = statement; at?.kind === 'recur'; depth++)
    at = at.body.find((inner) => inner.kind === 'recur')
  return depth
}

export function* stepRanges(statement: RecurStatement, env: Env): Steps<StepRange[] | undefined> {
  if (depthOf(statement) > DEEPEST) {
    report(env, messages.tooManyRecurrences(DEEPEST), statement.span)
    return undefined
  }
  const { graph } = env.context
  if (statement.filter) report(env, messages.stepFilter(), statement.filter.span)
  const ranges: StepRange[] = []
  for (const binder of statement.binders) {
    const name = binder.name.name
    if (!binder.upper) {
      report(env, messages.noRange(name), binder.span)
      return undefined
    }
    const bounds: Expr[] = []
    for (const e of boundsOf(binder)) {
      const value = wholeScalar(env, yield valueOf(e, env), `a bound of '${name}'`, e)
      if (!value) return undefined
      bounds.push(value)
    }
    const low = binder.lower
      ? binder.lower.inclusive
        ? bounds[0]
        : graph.add(bounds[0], graph.one)
      : graph.zero
    const last = bounds[bounds.length - 1]
    const high = binder.upper.inclusive ? graph.add(last, graph.one) : last
    const length = graph.sub(high, low)
    if (length.free.length > 0) {
      report(env, messages.varyingSteps(name), binder.span)
      return undefined
    }
    if (!requireNonNegative(env, length, messages.negativeRange(name, showExpr(graph, length)), binder.span))
      return undefined
    ranges.push({ binder, low, high })
  }
  return ranges
}

/** An equation with subscripts, and the steps around it, outermost first. */
interface Candidate {
  readonly target: Target
  readonly steps: readonly string[]
}

function candidatesIn(statement: RecurStatement): {
  candidates: Candidate[]
  inner: Map<string, RecurStatement>
} {
  const candidates: Candidate[] = []
  const inner = new Map<string, RecurStatement>()
  const stack: { statement: Statement; steps: readonly string[] }[] = [{ statement, steps: [] }]
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { statement: at, steps } = next
    if (at.kind === 'recur') {
      const own = at.binders.map((binder) => binder.name.name)
      for (const name of own) inner.set(name, at)
      stack.push(...at.body.map((each) => ({ statement: each, steps: [...steps, ...own] })).reverse())
    } else if (at.kind === 'definition')
      candidates.push(
        ...at.targets.filter((target) => target.subscripts).map((target) => ({ target, steps })),
      )
  }
  return { candidates, inner }
}

export type Subscript = Binder | Expression

const isStep = (subscript: Subscript | undefined, name: string): boolean =>
  subscript?.kind === 'binder' && subscript.name.name === name && !subscript.upper && !subscript.lower

/** How many leading subscripts are the steps around the equation, in order. */
function steppedAxes({ target, steps }: Candidate): number {
  let count = 0
  while (count < steps.length && isStep(target.subscripts?.[count], steps[count])) count++
  return count
}

/** The position that a subscript on the left fixes: an expression, or the name of a value (`T`). */
export function positionSyntax(subscript: Subscript, step: string, env: Env): Expression | undefined {
  if (subscript.kind !== 'binder') return subscript
  if (subscript.name.name === step || subscript.lower || subscript.upper) return undefined
  return env.scope.value(subscript.name.name) ? subscript.name : undefined
}

/** The names that this recurrence steps, with their axes; inner recurrences add axes of theirs. */
export function* scanRecurrence(
  statement: RecurStatement,
  ranges: readonly StepRange[],
  env: Env,
): Steps<Map<string, Recurrent>> {
  const { candidates, inner } = candidatesIn(statement)
  const found = new Map<string, Recurrent>()
  const own = statement.binders.map((binder) => binder.name.name)
  const rangesByName = new Map(ranges.map((range) => [range.binder.name.name, range]))
  for (const candidate of candidates) {
    const name = candidate.target.name.name
    const count = steppedAxes(candidate)
    if (count < own.length || found.has(name)) continue
    const equations = candidates.filter((other) => other.target.name.name === name)
    const axes: StepAxis[] = []
    for (const step of candidate.steps.slice(0, count)) {
      let range = rangesByName.get(step)
      const source = inner.get(step)
      if (!range && source) {
        const scope = new Scope(env.scope)
        for (const binder of statement.binders) scope.bind(binder.name.name, POISON, binder.span, 'index')
        for (const each of (yield* stepRanges(source, { ...env, scope })) ?? [])
          rangesByName.set(each.binder.name.name, each)
        range = rangesByName.get(step)
      }
      if (!range) break
      const axis = yield* axisOf(
        env,
        name,
        range,
        equations.map(({ target }) => target.subscripts?.[axes.length]),
        equations,
      )
      if (!axis) break
      axes.push(axis)
    }
    const complete = axes.length === count
    found.set(name, {
      name,
      span: candidate.target.name.span,
      axes,
      ambient: env.ambient,
      rest: undefined,
      def: undefined,
      equations: [],
      defined: false,
      poisoned: !complete,
    })
  }
  return found
}

/** One stepped axis with the initial positions that the equations fix on it. */
function* axisOf(
  env: Env,
  name: string,
  { binder, low, high }: StepRange,
  subscripts: readonly (Subscript | undefined)[],
  equations: readonly Candidate[],
): Steps<StepAxis | undefined> {
  const { graph } = env.context
  const step = binder.name.name
  const before = new Set<number>()
  let after = 0
  for (const [at, subscript] of subscripts.entries()) {
    if (!subscript) continue
    const syntax = positionSyntax(subscript, step, env)
    if (!syntax) continue
    const position = wholeScalar(env, yield valueOf(syntax, env), 'a position', syntax)
    if (!position) return undefined
    const below = graph.sub(position, low)
    const above = graph.sub(position, high)
    if (below.kind === 'num' && below.value.isNegative) before.add(-below.value.toNumber())
    else if (above.kind === 'num' && !above.value.isNegative)
      after = Math.max(after, above.value.toNumber() + 1)
    else {
      report(env, messages.initialPosition(name), equations[at].target.span)
      return undefined
    }
  }
  const count = Math.max(0, ...before)
  const first = graph.sub(low, graph.num(count))
  for (let n = 1; n <= count; n++)
    if (!before.has(n)) {
      report(
        env,
        messages.noInitial(name, showExpr(graph, graph.sub(low, graph.num(n)))),
        equations[0].target.span,
      )
      return undefined
    }
  const belowZero = first.kind === 'num' ? -first.value.toNumber() : -1
  if (belowZero < 0) {
    report(env, messages.noInitial(name, '0'), equations[0].target.span)
    return undefined
  }
  return { binder: step, step: undefined, low, high, below: belowZero, after }
}
