/**
 * Where a derivative flows: a sum of guarded terms is 0 where none of the guards holds. Behind it stands an arm that is not taken, and what a
 * partial is there must not count: `0 · log'(0)` is no number, though nothing depends on that logarithm.
 */
import type { AppliedOperator, ComputedDef, Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { factorsOf } from '../ir/term.js'
import { readsIn, substitute } from '../ir/walk.js'

/** `partial · flow`, and 0 wherever nothing flows. */
export function passed(graph: Graph, partial: Expr, flow: Expr): Expr {
  const product = graph.mul(partial, flow)
  return isNumber(partial) ? product : graph.guard(supportOf(graph, flow), product)
}

/** Whether it is a number wherever it is computed, in binary64 too. */
const isNumber = (partial: Expr): boolean =>
  partial.facts.finite && factorsOf(partial).every(({ base }) => isBounded(base) || !mayOverflow(base))

const isBounded = ({ facts: { low, high } }: Expr): boolean => Number.isFinite(low) && Number.isFinite(high)

/** Exponentials, and what may be one. */
const mayOverflow = (e: Expr): boolean =>
  e.kind === 'apply' ? OVERFLOWS.has(e.operator) : e.kind === 'read' && e.def.kind === 'computed'

const OVERFLOWS: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>([
  'exp',
  'expm1',
  'sinh',
  'cosh',
  'pow',
])

/** More terms, and conditions within conditions, are not looked through. */
const MOST_TERMS = 8
const DEEPEST = 3

/** Conditions that hold wherever `flow` is not 0. */
function supportOf(graph: Graph, flow: Expr, depth = 0): readonly Expr[] {
  if (depth > DEEPEST) return []
  switch (flow.kind) {
    case 'guard':
      // Where indices meet is no choice: sums find those by themselves.
      return all([...flow.conditions.filter((condition) => !isEquation(condition)), ...supportOf(graph, flow.body, depth + 1)]) // prettier-ignore
    case 'mul':
      return all(
        flow.factors.flatMap(({ base, exponent }) =>
          exponent.isNegative ? [] : supportOf(graph, base, depth + 1),
        ),
      )
    case 'add':
      return flow.constant.isZero ? ofSum(graph, flow.terms.map(({ node }) => node), depth) : [] // prettier-ignore
    case 'read': {
      const { def, args } = flow
      if (def.kind !== 'computed' || !def.auto || def.nominal || !def.body) return []
      const inside = ofDefinition(graph, def, def.body)
      // A sum of such terms: none of them, if it is 0.
      if (def.reduction) return inside.length > 0 ? [graph.apply('ne', [flow, graph.zero])] : []
      const places = new Map(def.idx.map((index, axis) => [index, args[axis]]))
      return inside.map((condition) => substitute(graph, condition, places))
    }
    default:
      return []
  }
}

const all = (conditions: readonly Expr[]): readonly Expr[] => [...new Set(conditions)]

const isEquation = (condition: Expr): boolean =>
  condition.kind === 'test' && condition.test === 'eq0' && readsIn(condition).length === 0

function ofSum(graph: Graph, terms: readonly Expr[], depth: number): readonly Expr[] {
  if (terms.length > MOST_TERMS) return []
  const supports = terms.map((term) => supportOf(graph, term, depth + 1))
  const [first, ...others] = supports
  const shared = first.filter((condition) => others.every((other) => other.includes(condition)))
  const own = supports.map((support) => support.filter((condition) => !shared.includes(condition)))
  if (own.length === 1 || own.some((support) => support.length === 0)) return shared
  return [...shared, own.map((support) => graph.and(support)).reduce((a, b) => graph.or(a, b))]
}

const known = new WeakMap<ComputedDef, readonly Expr[]>()

function ofDefinition(graph: Graph, def: ComputedDef, body: Expr): readonly Expr[] {
  let support = known.get(def)
  if (!support) {
    const filter = def.reduction?.filter.filter((condition) => !isEquation(condition)) ?? []
    known.set(def, (support = all([...filter, ...supportOf(graph, body)])))
  }
  return support
}
