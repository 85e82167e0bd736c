/** Terms of a sum that are about one thing, for people: choices by one condition, and sums over one range. */
import type { Add, Expr, ReductionHead, Term } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { substitute } from '../../ir/walk.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import type { NodeCounts } from '../count.js'
import { oppositesOf } from './piecewise.js'

const WIDEST = 24

export function together(counts: NodeCounts): readonly Procedure[] {
  return [
    procedure({
      name: 'choices by one condition',
      sound: 'real',
      root: 'add',
      apply: (e, { graph }) =>
        e.kind === 'add'
          ? shorter(counts, graph, e, alike(graph, e, armsOf, conditionOf), choiceOf)
          : undefined,
    }),
    procedure({
      name: 'sums over one range',
      sound: 'real',
      root: 'add',
      apply: (e, { graph }) =>
        e.kind === 'add' ? shorter(counts, graph, e, alike(graph, e, sumOf, rangeOf), sumOfTerms) : undefined,
    }),
  ]
}

interface Part<T> {
  readonly term: Term
  readonly of: T
}

/** Terms of one key; the first key that several have. */
function alike<T>(
  graph: Graph,
  { terms }: Add,
  read: (graph: Graph, node: Expr) => T | undefined,
  keyOf: (of: T) => unknown,
): readonly Part<T>[] {
  if (terms.length > WIDEST) return []
  const groups = new Map<unknown, Part<T>[]>()
  for (const term of terms) {
    const of = read(graph, term.node)
    if (!of) continue
    const group = groups.get(keyOf(of))
    if (group) group.push({ term, of })
    else groups.set(keyOf(of), [{ term, of }])
  }
  return [...groups.values()].find(({ length }) => length > 1) ?? []
}

/** The sum with these terms as one, if that is shorter. */
function shorter<T>(
  counts: NodeCounts,
  graph: Graph,
  e: Add,
  parts: readonly Part<T>[],
  join: (graph: Graph, parts: readonly Part<T>[]) => Expr,
): Expr | undefined {
  if (parts.length < 2) return undefined
  const rest = e.terms.filter((term) => !parts.some((part) => part.term === term))
  const result = graph.add(graph.addTerms(e.constant, rest), join(graph, parts))
  return counts.of(result) < counts.of(e) ? result : undefined
}

interface Arms {
  readonly condition: Expr
  readonly consequent: Expr
  readonly alternate: Expr
}

/** `if c then a else b`, by that of `c` and its opposite which comes first. */
function armsOf(graph: Graph, e: Expr): Arms | undefined {
  const isGuard = e.kind === 'guard' && e.conditions.length === 1
  if (!isGuard && (e.kind !== 'apply' || e.operator !== 'select')) return undefined
  const [condition, consequent, alternate] = isGuard ? [e.conditions[0], e.body, graph.zero] : e.operands
  // Comparisons of what may be no number fail together.
  const areNumbers = condition.operands.every(({ facts }) => facts.finite)
  const [opposite = condition] = areNumbers ? oppositesOf(graph, condition).toReversed() : []
  return condition.id <= opposite.id
    ? { condition, consequent, alternate }
    : { condition: opposite, consequent: alternate, alternate: consequent }
}

const conditionOf = ({ condition }: Arms): Expr => condition

function choiceOf(graph: Graph, parts: readonly Part<Arms>[]): Expr {
  const [{ of: first }] = parts
  const arm = (side: 'consequent' | 'alternate'): Expr =>
    graph.addAll(parts.map(({ term, of }) => graph.scale(term.coefficient, of[side])))
  return graph.select(first.condition, arm('consequent'), arm('alternate'))
}

interface SumOver {
  readonly head: ReductionHead
  readonly names: readonly string[]
  readonly bodyAt: (graph: Graph, bound: ReductionHead['idx']) => Expr
}

function sumOf(_: Graph, e: Expr): SumOver | undefined {
  if (e.kind !== 'read' || e.def.kind !== 'computed' || e.def.reduction?.kind !== 'sum') return undefined
  const { def, args } = e
  const { reduction: head, body, indexNames } = def
  if (!head || !body || def.nominal) return undefined
  return {
    head,
    names: indexNames.slice(def.idx.length),
    bodyAt: (graph, bound) =>
      substitute(graph, body, new Map([...def.idx, ...head.idx].map((index, at) => [index, [...args, ...bound][at]]))), // prettier-ignore
  }
}

const rangeOf = ({ head }: SumOver): string => head.idx.map(({ extent }) => extent.id).join()

function sumOfTerms(graph: Graph, parts: readonly Part<SumOver>[]): Expr {
  const [{ of: first }] = parts
  const bound = first.head.idx.map(({ extent }, at) => graph.freshIndex(extent, first.names[at]))
  const terms = parts.map(({ term, of }) => graph.scale(term.coefficient, of.bodyAt(graph, bound)))
  return graph.sum(bound, graph.addAll(terms))
}
