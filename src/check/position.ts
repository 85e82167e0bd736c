/** Every read is in range: proven, refuted, or tested before anything is computed. */
import type { Expression } from '../../grammar/ast.js'
import type { Expr } from '../ir/expr.js'
import { isNonNegative } from '../ir/prove.js'
import { extreme, isKnownEarly } from './bounds.js'
import { conditionsOf, type Env, report, warn } from './env.js'
import { messages } from './messages.js'
import { showExpr } from './show.js'
import type { Margin } from './value.js'

/** An axis of something that is read. */
export interface ReadAxis {
  readonly name: string
  readonly at: number
  readonly extent: Expr
  readonly margin: Margin | undefined
}

/** What the caller has to do about a position. */
export type Position =
  | { readonly kind: 'inside' }
  | { readonly kind: 'guard'; readonly conditions: readonly Expr[] }
  | { readonly kind: 'mistake' }

const INSIDE: Position = { kind: 'inside' }
const MISTAKE: Position = { kind: 'mistake' }

/** Checks one position against one axis. */
export function checkPosition(env: Env, position: Expr, axis: ReadAxis, at: Expression): Position {
  const { graph, probing } = env.context
  if (probing || (position.kind === 'index' && position.extent === axis.extent)) return INSIDE
  const conditions = conditionsOf(env.path)
  const low = axis.margin ? graph.add(position, graph.num(axis.margin.before)) : position
  const last = graph.add(axis.extent, graph.num((axis.margin?.after ?? 0) - 1))
  const room = graph.sub(last, position)
  const lowInside = isNonNegative(graph, low, conditions)
  const highInside = isNonNegative(graph, room, conditions)
  if (lowInside && highInside) return INSIDE
  if (
    position.kind === 'read' &&
    position.def.kind === 'input' &&
    position.def.integer &&
    (position.args.length > 0 || !axis.margin)
  ) {
    // Data used as a subscript: the boundary checks it against the axis.
    if (!position.def.bounds.includes(axis.extent)) position.def.bounds.push(axis.extent)
    return INSIDE
  }
  const lastPosition = showExpr(graph, graph.sub(axis.extent, graph.one))
  const mistake = messages.outOfRange(axis.name, axis.at, lastPosition, describe(env, position))
  const outside = (): Position => {
    report(env, mistake, at.span)
    return MISTAKE
  }
  const missing = [...(lowInside ? [] : [low]), ...(highInside ? [] : [room])]
  if (missing.some((e) => isNonNegative(graph, graph.sub(graph.num(-1), e), conditions))) return outside()
  const constant = conditions.length === 0 && axis.extent.kind === 'num'
  if (constant && isWholeTable(position) && missing.some((e) => e.facts.low < 0)) return outside()
  if (!isKnownEarly(position) || !conditions.every(isKnownEarly)) {
    report(env, messages.notProven(axis.name, axis.at, showExpr(graph, axis.extent)), at.span)
    return MISTAKE
  }
  const conditionsToTest: Expr[] = []
  for (const e of missing) {
    const least = conditions.length === 0 ? extreme(graph, e, 'least', () => false) : undefined
    if (least && isNonNegative(graph, least)) {
      // Proven at the ends of the ranges, which the reader of the definition cannot see: the guard says so.
      conditionsToTest.push(graph.ge0(e))
      continue
    }
    if (least && isNonNegative(graph, graph.sub(graph.num(-1), least))) return outside()
    const bound = least ?? leastOf(env, e, conditions)
    const message = messages.testedLater(axis.name, axis.at)
    env.context.checks.push({ expr: bound, message: mistake.message, span: at.span })
    if (least) graph.assume(least)
    warn(env, message, at.span)
    conditionsToTest.push(graph.ge0(e))
  }
  return conditionsToTest.length === 0 ? INSIDE : { kind: 'guard', conditions: conditionsToTest }
}

/** A read of a table of numbers at all its places: the least and the greatest of them occur. */
const isWholeTable = (e: Expr): boolean =>
  e.kind === 'read' &&
  e.def.kind === 'table' &&
  e.args.every((arg, axis) => arg.kind === 'index' && arg.extent === e.def.idx[axis].extent)

/** The least value of an expression over its indices, as a reduction that is evaluated when the sizes are bound. */
function leastOf(env: Env, e: Expr, conditions: readonly Expr[]): Expr {
  const { graph } = env.context
  const indices = [...new Set([e, ...conditions].flatMap(({ free }) => [...free]))]
  return indices.length === 0 ? e : graph.reduce('min', indices, conditions, e)
}

function describe(env: Env, position: Expr): string {
  const { graph } = env.context
  const text = showExpr(graph, position)
  if (isWholeTable(position)) return `${text} (${position.facts.low} … ${position.facts.high})`
  const least = extreme(graph, position, 'least', () => false)
  if (!least || position.free.length === 0) return text
  const greatest = extreme(graph, position, 'greatest', () => false)
  const range = greatest ? ` (${showExpr(graph, least)} … ${showExpr(graph, greatest)})` : ''
  return `${text}${range}`
}
