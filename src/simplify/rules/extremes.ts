/** Minima and maxima as sets of arguments: what others exceed goes, what all share stands outside. */
import type { Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { ONE, type Rational } from '../../ir/rational.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import type { NodeCounts } from '../count.js'

type Extreme = 'max' | 'min'

/** More arguments than that stay nested as they are. */
const WIDEST = 8

export function extremes(counts: NodeCounts): readonly Procedure[] {
  return (['max', 'min'] as const).map((operator) =>
    procedure({
      name: operator,
      sound: 'real',
      root: operator,
      apply: (e, { graph }) => {
        const items = argumentsOf(e, operator)
        if (!items) return undefined
        const left = remaining(graph, operator, items)
        let best = e
        for (const candidate of spellings(graph, operator, left))
          if (counts.of(candidate) < counts.of(best)) best = candidate
        return best === e ? undefined : best
      },
    }),
  )
}

function argumentsOf(e: Expr, operator: Extreme): readonly Expr[] | undefined {
  const items = new Set<Expr>()
  const pending = [e]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.kind === 'apply' && next.operator === operator) pending.push(next.args[1], next.args[0])
    else items.add(next)
    if (items.size + pending.length > WIDEST) return undefined
  }
  return [...items]
}

const opposite = (operator: Extreme): Extreme => (operator === 'max' ? 'min' : 'max')

/** Without those that another is never below (for `max`). NaN must not go unseen: only what is defined may be dropped. */
function remaining(graph: Graph, operator: Extreme, items: readonly Expr[]): readonly Expr[] {
  const isBeaten = (item: Expr, by: Expr): boolean => {
    if (!item.facts.finite) return false
    if (item.kind === 'num' && by.kind === 'num') return graph.apply(operator, [item, by]) === by
    return item !== by && (operator === 'max' ? isNeverAbove(graph, item, by) : isNeverAbove(graph, by, item))
  }
  const left: Expr[] = []
  for (const [at, item] of items.entries()) {
    const others = [...left, ...items.slice(at + 1)]
    if (!others.some((other) => isBeaten(item, other))) left.push(item)
  }
  return left
}

/** `a <= b`, seen from their ranges, their difference, a modulus, or what they are extremes of. */
function isNeverAbove(graph: Graph, a: Expr, b: Expr): boolean {
  const [low, high] = [argumentsOf(a, 'min') ?? [a], argumentsOf(b, 'min') ?? [b]]
  const [most, least] = [argumentsOf(a, 'max') ?? [a], argumentsOf(b, 'max') ?? [b]]
  const isBelow = (x: Expr, y: Expr): boolean =>
    x === y ||
    x.facts.high <= y.facts.low ||
    isModulusOf(graph, y, x) ||
    (x.facts.finite && y.facts.finite && graph.sub(y, x).facts.low >= 0)
  return (
    high.every((each) => low.some((x) => isBelow(x, each))) ||
    most.every((each) => least.some((y) => isBelow(each, y)))
  )
}

const isModulusOf = (graph: Graph, e: Expr, x: Expr): boolean =>
  e.kind === 'apply' && e.operator === 'abs' && (e.args[0] === x || e.args[0] === graph.neg(x))

function* spellings(graph: Graph, operator: Extreme, items: readonly Expr[]): Generator<Expr> {
  yield join(graph, operator, items)
  if (items.length < 2) return
  const negated = items.map((item) => graph.neg(item))
  yield graph.neg(join(graph, opposite(operator), negated))
  const pair = items.find((item, at) => items.indexOf(graph.neg(item)) > at)
  if (pair) {
    const modulus = graph.apply('abs', [pair])
    const rest = items.filter((item) => item !== pair && item !== graph.neg(pair))
    yield join(graph, operator, [operator === 'max' ? modulus : graph.neg(modulus), ...rest])
  }
  const shared = sharedTerms(graph, items)
  if (shared !== graph.zero) {
    const own = items.map((item) => graph.sub(item, shared))
    yield graph.add(shared, join(graph, operator, own))
  }
  const scale = sharedScale(items)
  if (scale && !scale.isOne) {
    const own = items.map((item) => graph.scale(scale.inverse(), item))
    yield graph.scale(scale, join(graph, operator, own))
  }
}

const join = (graph: Graph, operator: Extreme, items: readonly Expr[]): Expr =>
  items.slice(1).reduce((all, item) => graph.apply(operator, [all, item]), items[0])

/** The terms that all sums have, as one sum: finite ones, for what is added to `inf` is no difference. */
export function sharedTerms(graph: Graph, items: readonly Expr[]): Expr {
  const [first, ...others] = items.map((item) => termsOf(graph, item))
  const shared: Expr[] = []
  for (const [node, coefficient] of first)
    if (node.facts.finite && others.every((other) => other.get(node)?.equals(coefficient)))
      shared.push(graph.scale(coefficient, node))
  return graph.addAll(shared)
}

function termsOf(graph: Graph, e: Expr): ReadonlyMap<Expr, Rational> {
  if (e.kind === 'num') return new Map([[graph.one, e.value]])
  if (e.kind !== 'add') return new Map([[e, ONE]])
  const terms = new Map(e.terms.map(({ node, coefficient }) => [node, coefficient]))
  if (!e.constant.isZero) terms.set(graph.one, e.constant)
  return terms
}

/** A positive number that is the coefficient of all, up to sign. */
function sharedScale(items: readonly Expr[]): Rational | undefined {
  const scales = items.map((item) =>
    item.kind === 'num' ? item.value.abs() : item.kind === 'add' ? item.terms[0].coefficient.abs() : ONE,
  )
  const present = scales.filter((scale) => !scale.isZero)
  const [first] = present
  return present.every((scale) => scale.equals(first)) ? first : undefined
}
