/** Conditions of several places stated as one, shortly, and where they may be asked. */
import type { Expr } from './expr.js'
import type { Graph } from './graph.js'
import { conjuncts, isAboutData, isTrue } from './normal/condition.js'
import { findUnsafeRead, isNonNegative } from './prove.js'

/** Whether one of these conditions holds. What all of them ask stands by itself: `p and (q or r)`. */
export function anyOf(graph: Graph, conditions: readonly Expr[]): Expr {
  const sets = conditions.map(
    (condition) => new Set(conjuncts(condition).filter((each) => each !== graph.one)),
  )
  const [first, ...others] = sets
  const shared = [...first].filter((condition) => others.every((other) => other.has(condition)))
  for (const set of sets) for (const condition of shared) set.delete(condition)
  const alternatives = resolved(graph, sets)
  return graph.and(alternatives ? [...shared, disjunction(graph, alternatives, shared)] : shared)
}

/**
 * Without what the alternatives of one condition decide: `p or (not p and q)` is `p or q`, `p or (p and q)` is `p`. Undefined if one always holds.
 */
function resolved(graph: Graph, sets: readonly Set<Expr>[]): Set<Expr>[] | undefined {
  const units = new Set<Expr>()
  /** What some unit says does not hold together. */
  const denied: (readonly Expr[])[] = []
  const left = new Set(sets)
  for (let changed = true; changed;) {
    changed = false
    for (const set of left) {
      for (const condition of set) if (units.has(graph.not(condition))) set.delete(condition)
      for (const together of denied) if (together.every((condition) => set.has(condition))) for (const condition of together) set.delete(condition) // prettier-ignore
      if (set.size === 0) return undefined
      if ([...set].some((condition) => units.has(condition))) left.delete(set)
      else if (set.size === 1) {
        for (const condition of set) {
          units.add(condition)
          const together = conjuncts(graph.not(condition))
          if (together.length > 1) denied.push(together)
        }
        left.delete(set)
        changed = true
      }
    }
  }
  const short = withoutImplied(graph, [...units])
  return short && [...short.map((condition) => new Set([condition])), ...left]
}

/** More conditions on places are not compared with each other. */
const MOST = 8

/** `i > 0 or i > 1` is `i > 0`; undefined for `i > 0 or i < 3`. */
function withoutImplied(graph: Graph, units: readonly Expr[]): readonly Expr[] | undefined {
  const places = units.filter((unit) => !isAboutData(unit))
  if (places.length < 2 || places.length > MOST) return units
  const implies = (given: Expr, unit: Expr): boolean =>
    unit.kind === 'test' && unit.test === 'ge0' && isNonNegative(graph, unit.operand, [given])
  const left = new Set(units)
  for (const unit of places)
    for (const other of places) {
      if (other === unit || !left.has(other)) continue
      if (implies(graph.not(other), unit)) return undefined
      if (left.has(unit) && implies(unit, other)) left.delete(unit)
    }
  return [...left]
}

/** A condition that protects a subscript stands before it: in a count, for both sides of `and` may be computed. */
function disjunction(graph: Graph, sets: readonly Set<Expr>[], given: readonly Expr[]): Expr {
  const plain = sets.map((set) => graph.and([...set])).reduce((a, b) => graph.or(a, b))
  if (!findUnsafeRead(graph, plain, given)) return plain
  const count = graph.addAll(sets.map((set) => graph.guard([...set], graph.one)))
  return graph.ge0(graph.sub(count, graph.one))
}

/** Those that may be asked anywhere the others hold. */
export function askable(graph: Graph, conditions: readonly Expr[]): readonly Expr[] {
  return conditions.filter((condition) => {
    const others = conditions.filter((other) => other !== condition)
    return !isTrue(condition) && !findUnsafeRead(graph, condition, others)
  })
}
