/** Conditions that say nothing new: the result demands them itself, or others imply them. */
import type { AppliedOperator, Expr, Facts, Read } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { isFalse, isTrue } from '../ir/normal/condition.js'
import { HALF, TWO } from '../ir/rational.js'
import { asTerm } from '../ir/term.js'
import { replaceNodes } from '../ir/walk.js'
import { NodeCounts } from './count.js'
import { demandsOf } from './domain.js'
import { divideExactly } from './polynomial.js'

/** Longer demands are compared as they stand: a nest of quotients has one for each level, all with what is below it. */
const LONGEST = 64

/** Without those that follow from what is left; the longest go first. */
export function withoutImplied(
  graph: Graph,
  result: Expr,
  conditions: readonly Expr[],
  simplified: (e: Expr) => Expr,
): readonly Expr[] {
  const counts = new NodeCounts()
  const demanded = demandsOf(graph, result).map((e) => (counts.of(e) > LONGEST ? e : simplified(e)))
  const known = knownOf(graph, demanded)
  const shorter = (condition: Expr): Expr => {
    if (counts.of(condition) > LONGEST) return condition
    const given = known.restored(simplified(known.given(condition)))
    return counts.of(given) < counts.of(condition) ? given : condition
  }
  const all = [...new Set(conditions.map(shorter))].filter((condition) => !isTrue(condition))
  const left = new Set(all)
  for (const condition of all.toSorted((a, b) => counts.of(b) - counts.of(a))) {
    left.delete(condition)
    if (!follows(graph, condition, [...demanded, ...left], simplified)) left.add(condition)
  }
  return all.filter((condition) => left.has(condition))
}

/** Expressions in variables of which is known what the conditions say of them, and back. */
function knownOf(graph: Graph, conditions: readonly Expr[]) {
  const facts = new Map<Read, Facts>()
  for (const condition of conditions) narrow(facts, condition)
  const known = new Map<Expr, Expr>()
  const unknown = new Map<Expr, Expr>()
  for (const [read, own] of facts) {
    const narrowed = graph.read(graph.input({ name: read.def.name, shape: [], integer: read.integer, facts: own }), []) // prettier-ignore
    known.set(read, narrowed)
    unknown.set(narrowed, read)
  }
  return {
    given: (e: Expr): Expr => replaceNodes(graph, e, known),
    restored: (e: Expr): Expr => replaceNodes(graph, e, unknown),
  }
}

/** Whether the others say it once what they say of single variables is known. */
function follows(
  graph: Graph,
  condition: Expr,
  others: readonly Expr[],
  simplified: (e: Expr) => Expr,
): boolean {
  if (
    others.includes(condition) ||
    others.some((other) => separates(graph, other, condition) || isMultiple(graph, other, condition))
  )
    return true
  const known = knownOf(graph, others)
  const given = known.given(condition)
  if (given !== condition) {
    const rest = simplified(given)
    if (isTrue(rest) || others.includes(known.restored(rest))) return true
  }
  return excludes(graph, others, condition, simplified)
}

/** Whether one of them fails where the sides of `a != b` are the same: `floor(x) != x or x > 0` says that `x` is not 0. */
function excludes(
  graph: Graph,
  others: readonly Expr[],
  condition: Expr,
  simplified: (e: Expr) => Expr,
): boolean {
  if (condition.kind !== 'apply' || condition.operator !== 'ne') return false
  const [left, right] = condition.args
  if (right.kind !== 'num' || !isVariable(left)) return false
  const same = new Map([[left, right]])
  const counts = new NodeCounts()
  return others.some((other) => {
    const there = counts.of(other) > LONGEST ? other : replaceNodes(graph, other, same)
    return there !== other && isFalse(simplified(there))
  })
}

/** Whether one side is below the other, so that `a != b`; of a product with a sign no factor is 0. */
function separates(graph: Graph, order: Expr, condition: Expr): boolean {
  if (order.kind !== 'apply' || order.operator !== 'lt') return false
  if (condition.kind !== 'apply' || condition.operator !== 'ne') return false
  const [below, distance] = [order, condition].map(({ args: [a, b] }) => graph.sub(a, b))
  const { node } = asTerm(below)
  const isFactor = node.kind === 'mul' && node.operands.includes(asTerm(distance).node)
  return isFactor || distance === below || distance === graph.neg(below)
}

/** Whether `a != b` says it of a multiple: of `x² - 1`, where the condition is `x != 1`. */
function isMultiple(graph: Graph, other: Expr, condition: Expr): boolean {
  if (![other, condition].every((each) => each.kind === 'apply' && each.operator === 'ne')) return false
  const [multiple, factor] = [other, condition].map(({ operands: [a, b] }) => graph.sub(a, b))
  if (factor.kind === 'num' || !multiple.facts.finite) return false
  return [multiple, ...asPolynomials(graph, multiple)].some(
    (each) => each.kind === 'add' && divideExactly(graph, each, factor)?.facts.finite === true,
  )
}

/** Sums that are 0 just where a sine or a cosine is: `1 - cos²(x)`, `1 - 2 sin²(x/2)`. */
function asPolynomials(graph: Graph, e: Expr): readonly Expr[] {
  if (e.kind !== 'apply' || (e.operator !== 'sin' && e.operator !== 'cos')) return []
  const squareOf = (operator: AppliedOperator, angle: Expr): Expr =>
    graph.power(graph.apply(operator, [angle]), TWO)
  const [angle] = e.args
  const other = graph.sub(graph.one, squareOf(e.operator === 'sin' ? 'cos' : 'sin', angle))
  if (e.operator === 'sin') return [other]
  const half = graph.scale(HALF, angle)
  const [sine, cosine] = [squareOf('sin', half), squareOf('cos', half)]
  const ofSine = graph.sub(graph.one, graph.scale(TWO, sine))
  const ofCosine = graph.sub(graph.scale(TWO, cosine), graph.one)
  return [other, ofSine, ofCosine, graph.sub(cosine, sine)]
}

/** What `0 < x`, `x <= 1` or `x != 0` says of `x`; whether it says something. */
export function narrow(facts: Map<Read, Facts>, condition: Expr): boolean {
  if (condition.kind !== 'apply' || condition.args.length !== 2) return false
  const [left, right] = condition.args
  const [variable, bound] = isVariable(left) ? [left, right] : [right, left]
  if (!isVariable(variable) || bound.kind !== 'num') return false
  const before = facts.get(variable) ?? variable.facts
  const value = bound.value.toNumber()
  const isAbove = variable === right
  const { operator } = condition
  let after = before
  if (operator === 'ne' && value === 0) after = { ...before, nonzero: true }
  else if (operator === 'lt' || operator === 'le') {
    const excludesZero = value === 0 ? operator === 'lt' : value > 0 === isAbove
    after = {
      ...before,
      low: isAbove ? Math.max(before.low, value) : before.low,
      high: isAbove ? before.high : Math.min(before.high, value),
      nonzero: before.nonzero || excludesZero,
    }
  }
  if (after.low === before.low && after.high === before.high && after.nonzero === before.nonzero) return false
  facts.set(variable, after)
  return true
}

const isVariable = (e: Expr): e is Read => e.kind === 'read' && e.args.length === 0
