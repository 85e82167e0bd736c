/**
 * Where a derivative flows: a sum of guarded terms is 0 where none of the guards holds. Behind it stands an arm that is not taken, and what a
 * partial is there must not count: `0 · log'(0)` is no number, though nothing depends on that logarithm.
 */
import type { AppliedOperator, ComputedDef, Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { findUnsafeRead } from '../ir/prove.js'
import { factorsOf } from '../ir/term.js'
import { readsIn, substitute } from '../ir/walk.js'

/** `partial · flow`, and 0 wherever nothing flows. */
export function passed(graph: Graph, partial: Expr, flow: Expr): Expr {
  const product = graph.mul(partial, flow)
  if (isNumber(partial)) return product
  const isOverflow = partial.facts.finite
  const support = supportOf(graph, flow).filter(
    (condition) => !findUnsafeRead(graph, condition) && !(isOverflow && asksForSum(condition)),
  )
  return graph.guard(support, product)
}

/** Whether it is a number wherever it is computed, in binary64 too. */
const isNumber = (partial: Expr): boolean =>
  partial.facts.finite && factorsOf(partial).every(({ base }) => !mayOverflow(base))

/** Exponentials, and what is stored of them. */
function mayOverflow(e: Expr): boolean {
  const body = e.kind === 'read' && e.def.kind === 'computed' && !e.def.reduction ? e.def.body : e
  return body?.kind === 'apply' && OVERFLOWS.has(body.operator) && body.facts.high === Infinity
}

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
      return all([...flow.conditions.filter(isChoice), ...supportOf(graph, flow.body, depth + 1)])
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

/** Whether a sum is compared with 0: that is done where a partial may be undefined, not where it may be too large. */
const asksForSum = (condition: Expr): boolean =>
  readsIn(condition).some(({ def }) => def.kind === 'computed' && def.auto && def.reduction !== undefined)

const all = (conditions: readonly Expr[]): readonly Expr[] => [...new Set(conditions)]

/** Where indices meet, whatever the data are: sums find those conditions by themselves. */
export const areSamePlaces = (condition: Expr): boolean =>
  condition.kind === 'test' && condition.test === 'eq0' && readsIn(condition).length === 0

/** Not where indices meet, nor what partials of powers say of themselves: `x != 0 or p != 0`. */
const isChoice = (condition: Expr): boolean =>
  !areSamePlaces(condition) &&
  !(condition.kind === 'apply' && condition.operator === 'or' && condition.args.every(isNotZero))

const isNotZero = (e: Expr): boolean =>
  e.kind === 'apply' && e.operator === 'ne' && e.args.some((arg) => arg.kind === 'num' && arg.value.isZero)

function ofSum(graph: Graph, terms: readonly Expr[], depth: number): readonly Expr[] {
  if (terms.length > MOST_TERMS) return []
  const supports = terms.map((term) => supportOf(graph, term, depth + 1))
  const [first, ...others] = supports
  const shared = first.filter((condition) => others.every((other) => other.includes(condition)))
  // Of places alone, as the parts of an axis are, some hold anywhere.
  const own = supports.map((support) =>
    support.filter((condition) => !shared.includes(condition) && readsIn(condition).length > 0),
  )
  if (own.length === 1 || own.some((support) => support.length === 0)) return shared
  return [...shared, own.map((support) => graph.and(support)).reduce((a, b) => graph.or(a, b))]
}

const known = new WeakMap<ComputedDef, readonly Expr[]>()

function ofDefinition(graph: Graph, def: ComputedDef, body: Expr): readonly Expr[] {
  let support = known.get(def)
  if (!support) {
    const filter = def.reduction?.filter.filter(isChoice) ?? []
    known.set(def, (support = all([...filter, ...supportOf(graph, body)])))
  }
  return support
}
