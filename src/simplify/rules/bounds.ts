/** Comparisons that stand together, as people write them: `x > 0 and x > 1` is `x > 1`, `not x < y` is `y <= x`. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { conjuncts } from '../../ir/normal/condition.js'
import type { Rational } from '../../ir/rational.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'

/** What a comparison with a number leaves of the line: everything beyond an end, one place, or all but one. */
type Bound = HalfLine | Place<'equal'> | Place<'apart'>

interface Place<Kind> {
  readonly kind: Kind
  readonly of: Expr
  readonly at: Rational
}

interface HalfLine {
  readonly kind: 'above' | 'below'
  readonly of: Expr
  readonly at: Rational
  readonly strict: boolean
}

interface End {
  readonly at: Rational
  readonly strict: boolean
}

/** More conditions than that are no list that somebody reads. */
const LONGEST = 16

export const bounds: readonly Procedure[] = [
  procedure({
    name: 'opposite comparison',
    sound: 'real',
    root: 'not',
    apply: (e, { graph }) => {
      const inner = e.kind === 'apply' ? e.args[0] : undefined
      if (inner?.kind !== 'apply' || (inner.operator !== 'lt' && inner.operator !== 'le')) return undefined
      const [left, right] = inner.args
      if (!left.facts.finite || !right.facts.finite) return undefined
      return graph.apply(inner.operator === 'lt' ? 'le' : 'lt', [right, left])
    },
  }),
  procedure({
    name: 'bounds that hold together',
    sound: 'real',
    root: 'and',
    apply: (e, { graph }) => {
      const parts = conjuncts(e)
      if (parts.length > LONGEST) return undefined
      const groups = groupsOf(parts)
      for (const group of groups.values()) {
        if (group.length < 2) continue
        const left = intersection(graph, group)
        if (left && left.length < group.length)
          return graph.and([...parts.filter((part) => !group.some(({ condition }) => condition === part)), ...left]) // prettier-ignore
      }
      return undefined
    },
  }),
  procedure({
    name: 'bounds of which one holds',
    sound: 'real',
    root: 'or',
    apply: (e, { graph }) => {
      if (e.kind !== 'apply') return undefined
      const [first, second] = e.args.map(boundOf)
      return first && second && first.of === second.of ? union(graph, first, second) : undefined
    },
  }),
]

interface Stated {
  readonly condition: Expr
  readonly bound: Bound
}

function groupsOf(conditions: readonly Expr[]): ReadonlyMap<Expr, readonly Stated[]> {
  const groups = new Map<Expr, Stated[]>()
  for (const condition of conditions) {
    const bound = boundOf(condition)
    if (!bound) continue
    const group = groups.get(bound.of)
    if (group) group.push({ condition, bound })
    else groups.set(bound.of, [{ condition, bound }])
  }
  return groups
}

function boundOf(e: Expr): Bound | undefined {
  if (e.kind !== 'apply') return undefined
  const [left, right] = e.args
  const { operator } = e
  if (operator !== 'lt' && operator !== 'le' && operator !== 'eq' && operator !== 'ne') return undefined
  const [of, number] = right.kind === 'num' ? [left, right] : [right, left]
  if (number.kind !== 'num' || of.kind === 'num') return undefined
  const at = number.value
  if (operator === 'eq' || operator === 'ne')
    return operator === 'eq' ? { kind: 'equal', of, at } : { kind: 'apart', of, at }
  return { kind: of === left ? 'below' : 'above', of, at, strict: operator === 'lt' }
}

/** What several conditions on one expression leave of the line: two ends, and places that are left out. */
function intersection(graph: Graph, stated: readonly Stated[]): readonly Expr[] | undefined {
  const [{ bound: { of } }] = stated // prettier-ignore
  let low: End | undefined
  let high: End | undefined
  const apart: Rational[] = []
  const raise = (end: End): void => {
    const order = low ? end.at.compare(low.at) : 1
    if (order > 0 || (order === 0 && end.strict)) low = end
  }
  const lower = (end: End): void => {
    const order = high ? end.at.compare(high.at) : -1
    if (order < 0 || (order === 0 && end.strict)) high = end
  }
  for (const { bound } of stated)
    switch (bound.kind) {
      case 'above':
        raise(bound)
        break
      case 'below':
        lower(bound)
        break
      case 'equal':
        raise({ at: bound.at, strict: false })
        lower({ at: bound.at, strict: false })
        break
      case 'apart':
        apart.push(bound.at)
    }
  for (const at of apart) {
    if (low?.at.equals(at)) low = { at, strict: true }
    if (high?.at.equals(at)) high = { at, strict: true }
  }
  const distance = low && high ? high.at.compare(low.at) : 1
  if (distance < 0 || (distance === 0 && (low?.strict || high?.strict))) return [graph.zero]
  if (low && distance === 0) return [graph.apply('eq', [of, graph.num(low.at)])]
  const isInside = (at: Rational): boolean =>
    (!low || at.compare(low.at) > 0) && (!high || at.compare(high.at) < 0)
  return [
    ...(low ? [above(graph, of, low)] : []),
    ...(high ? [below(graph, of, high)] : []),
    ...apart.filter(isInside).map((at) => graph.apply('ne', [of, graph.num(at)])),
  ]
}

const above = (graph: Graph, of: Expr, { at, strict }: End): Expr =>
  graph.apply(strict ? 'lt' : 'le', [graph.num(at), of])

const below = (graph: Graph, of: Expr, { at, strict }: End): Expr =>
  graph.apply(strict ? 'lt' : 'le', [of, graph.num(at)])

/** With its end, where that is the place. */
const closed = (graph: Graph, { kind, of, at }: HalfLine, place: Rational): Expr | undefined =>
  at.equals(place) ? (kind === 'above' ? above : below)(graph, of, { at, strict: false }) : undefined

/** Of two ends in one direction the farther one; two that meet leave out one place, or nothing. */
function union(graph: Graph, first: Bound, second: Bound): Expr | undefined {
  const { of } = first
  if (first.kind === 'apart' || second.kind === 'apart') return undefined
  if (first.kind === 'equal') return second.kind === 'equal' ? undefined : closed(graph, second, first.at)
  if (second.kind === 'equal') return closed(graph, first, second.at)
  if (first.kind === second.kind) {
    const order = first.at.compare(second.at) * (first.kind === 'above' ? 1 : -1)
    const farther = order < 0 || (order === 0 && !first.strict) ? first : second
    return (first.kind === 'above' ? above : below)(graph, of, farther)
  }
  if (!of.facts.finite) return undefined
  const [low, high] = first.kind === 'above' ? [first, second] : [second, first]
  const overlap = high.at.compare(low.at)
  if (overlap > 0 || (overlap === 0 && !(low.strict && high.strict))) return graph.one
  return overlap === 0 ? graph.apply('ne', [of, graph.num(low.at)]) : undefined
}
