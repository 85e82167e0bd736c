/**
 * Where a derivative flows: a sum of guarded terms is 0 where none of the guards holds. Behind it stands an arm that is not taken, and what a
 * partial is there must not count: `0 · log'(0)` is no number, though nothing depends on that logarithm.
 *
 * It is asked of the conditions, never whether the flow is 0: that may be so by chance, and its own derivative is not 0 then.
 */
import type { ComputedDef, Def, Expr, Index } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { conjuncts } from '../ir/normal/condition.js'
import { isNumber } from '../ir/overflow.js'
import { summandsOf } from '../ir/term.js'
import { readsIn, substitute } from '../ir/walk.js'
import { anyOf, askable } from '../ir/any-of.js'

/** `partial · flow`, and 0 wherever nothing flows. */
export function passed(graph: Graph, partial: Expr, flow: Expr): Expr {
  if (isNumber(partial)) return graph.mul(partial, flow)
  // Where indices meet each term stands by itself: sums and subscripts are found there.
  const terms = summandsOf(graph, flow)
  const deltas = terms.filter(isDelta)
  const others = terms.filter((term) => !isDelta(term))
  const rest = others.length === 0 ? [] : [deltas.length === 0 ? flow : graph.addAll(others)]
  const through = (part: Expr): Expr => graph.guard(conditionsOf(graph, part), graph.mul(partial, part))
  return graph.addAll([...deltas, ...rest].map(through))
}

/** What holds wherever `flow` is not 0, as conditions that may be asked anywhere. */
export const conditionsOf = (graph: Graph, flow: Expr): readonly Expr[] =>
  askable(graph, conjuncts(supportOf(graph, flow)))

const supports = new WeakMap<Expr, Expr>()

/** The condition without which `flow` is 0. Iterative, for sums and chains of definitions are as long as users make them. */
export function supportOf(graph: Graph, flow: Expr): Expr {
  const stack = [flow]
  for (let node = stack.at(-1); node; node = stack.at(-1)) {
    const missing = supports.has(node) ? [] : partsOf(node).filter((part) => !supports.has(part))
    for (const part of missing) stack.push(part)
    if (missing.length > 0) continue
    stack.pop()
    if (!supports.has(node)) supports.set(node, made(graph, node))
  }
  return supports.get(flow) ?? graph.one
}

/** What has to be 0 for `flow` to be 0, of itself or together. */
function partsOf(flow: Expr): readonly Expr[] {
  switch (flow.kind) {
    case 'guard':
      return [flow.body]
    case 'mul':
      return flow.factors.flatMap(({ base, exponent }) => (exponent.isNegative ? [] : [base]))
    case 'add':
      return flow.constant.isZero ? flow.terms.map(({ node }) => node) : []
    case 'read': {
      const body = bodyOf(flow.def)
      return body ? [body] : []
    }
    default:
      return []
  }
}

/** Of cotangents in recurrences, which need each other, over their own indices. */
const ofRecurrences = new WeakMap<Def, Expr>()

/** States the condition without which an entry of a definition is 0. */
export const stateSupport = (def: Def, condition: Expr): void => void ofRecurrences.set(def, condition)

/** Of definitions that derivatives made. */
const bodyOf = (def: Def): Expr | undefined =>
  def.kind === 'computed' && def.auto && !def.nominal ? def.body : undefined

function made(graph: Graph, flow: Expr): Expr {
  const parts = partsOf(flow).map((part) => supports.get(part) ?? graph.one)
  switch (flow.kind) {
    case 'guard':
      return graph.and([...flow.conditions.filter(isChoice), ...parts])
    case 'mul':
      return graph.and(parts)
    case 'add':
      return parts.length > 0 ? anyOf(graph, parts) : graph.one
    case 'read': {
      const { def, args } = flow
      const places = new Map(def.idx.map((index, axis) => [index, args[axis]]))
      const inside =
        parts.length > 0 && def.kind === 'computed'
          ? ofDefinition(graph, def, parts[0])
          : ofRecurrences.get(def)
      return inside ? substitute(graph, inside, places) : graph.one
    }
    default:
      return graph.one
  }
}

const known = new WeakMap<ComputedDef, Expr>()

/** Of a sum: that there is any entry. */
function ofDefinition(graph: Graph, def: ComputedDef, support: Expr): Expr {
  const { reduction } = def
  if (!reduction) return support
  let condition = known.get(def)
  if (!condition) {
    const entry = graph.and([...reduction.filter.filter(isChoice), support])
    known.set(def, (condition = anywhere(graph, reduction.idx, entry)))
  }
  return condition
}

/** Whether it holds for any values of the indices: how many there are is counted. */
function anywhere(graph: Graph, indices: readonly Index[], condition: Expr): Expr {
  if (condition === graph.one) return condition
  const count = graph.sum(indices, graph.guard([condition], graph.one))
  const [conditions, inner] = count.kind === 'guard' ? [count.conditions, count.body] : [[], count]
  return graph.and([...conditions, ...(inner.facts.nonzero ? [] : [graph.apply('ne', [inner, graph.zero])])])
}

/** A term that is zero but where indices meet: `[i = k] …`, `[t = T - 1] …`. */
export const isDelta = (term: Expr): boolean => term.kind === 'guard' && term.conditions.some(areSamePlaces)

/** Where indices meet, whatever the data are: sums find those conditions by themselves. */
const areSamePlaces = (condition: Expr): boolean =>
  condition.kind === 'test' && condition.test === 'eq0' && readsIn(condition).length === 0

/** Not what partials of powers say of themselves: `x != 0 or p != 0`. */
const isChoice = (condition: Expr): boolean =>
  !(condition.kind === 'apply' && condition.operator === 'or' && condition.args.every(isNotZero))

const isNotZero = (e: Expr): boolean =>
  e.kind === 'apply' && e.operator === 'ne' && e.args.some((arg) => arg.kind === 'num' && arg.value.isZero)
