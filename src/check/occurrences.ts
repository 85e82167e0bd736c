/** Where the indices of one statement stand in subscripts: what their ranges are inferred from. */
import type { Binder, Expression, Subscript } from '../../grammar/ast.js'
import { namesIn, operandsOf } from './syntax.js'

/** The binders that can be seen at a place, innermost first. */
export interface Bound {
  readonly names: ReadonlyMap<string, Binder>
  readonly outer: Bound | undefined
}

/** Names in the conditions (filters, `if`) that a place stands under. */
interface Guards {
  readonly names: ReadonlySet<string>
  readonly outer: Guards | undefined
}

export interface Occurrence {
  readonly read: Subscript
  /** Position among the subscripts of `read`. */
  readonly at: number
  readonly subscript: Expression
  readonly bound: Bound | undefined
  /** The subscript shares an index with a condition around it: it limits no range. */
  readonly guarded: boolean
}

export interface Tracked {
  readonly binder: Binder
  /** The binders its own bounds may use. */
  readonly bound: Bound | undefined
  readonly occurrences: Occurrence[]
}

export function lookup(bound: Bound | undefined, name: string): Binder | undefined {
  for (let at = bound; at; at = at.outer) {
    const binder = at.names.get(name)
    if (binder) return binder
  }
  return undefined
}

interface Place {
  readonly expression: Expression
  readonly bound: Bound | undefined
  readonly guards: Guards | undefined
}

/** All binders of a statement (those on its left side first), in nesting order, with their occurrences. */
export function track(left: readonly Binder[], values: readonly Expression[]): Map<Binder, Tracked> {
  const tracked = new Map<Binder, Tracked>()
  const extend = (outer: Bound | undefined, binders: readonly Binder[]): Bound | undefined => {
    const names = new Map<string, Binder>()
    const bound: Bound = { names, outer }
    for (const binder of binders) {
      names.set(binder.name.name, binder)
      tracked.set(binder, { binder, bound, occurrences: [] })
    }
    return binders.length > 0 ? bound : outer
  }
  const top = extend(undefined, left)
  const stack: Place[] = values.map((expression) => ({ expression, bound: top, guards: undefined })).reverse()
  for (let place = stack.pop(); place; place = stack.pop()) {
    const { expression, bound, guards } = place
    if (expression.kind === 'reduction') {
      const inner = extend(bound, expression.binders)
      const filtered = expression.filter ? { names: namesIn([expression.filter]), outer: guards } : guards
      stack.push({ expression: expression.body, bound: inner, guards: filtered })
      if (expression.filter) stack.push({ expression: expression.filter, bound: inner, guards })
      continue
    }
    if (expression.kind === 'conditional') {
      const names = namesIn([expression.condition])
      const inside = { names, outer: guards }
      stack.push({ expression: expression.alternate, bound, guards: inside })
      stack.push({ expression: expression.consequent, bound, guards: inside })
      stack.push({ expression: expression.condition, bound, guards })
      continue
    }
    if (expression.kind === 'subscript') record(expression, place, tracked)
    for (const operand of [...operandsOf(expression)].reverse()) stack.push({ ...place, expression: operand })
  }
  return tracked
}

function record(read: Subscript, { bound, guards }: Place, tracked: ReadonlyMap<Binder, Tracked>): void {
  for (const [at, subscript] of read.subscripts.entries()) {
    if (subscript.kind === 'slice') continue
    const names = subscript.kind === 'name' ? [subscript.name] : [...namesIn([subscript])]
    const binders = names.map((name) => lookup(bound, name))
    if (binders.every((binder) => binder === undefined)) continue
    let guarded = false
    for (let around = guards; around && !guarded; around = around.outer)
      guarded = names.some((name, n) => binders[n] !== undefined && around?.names.has(name) === true)
    const occurrence: Occurrence = { read, at, subscript, bound, guarded }
    for (const binder of new Set(binders)) if (binder) tracked.get(binder)?.occurrences.push(occurrence)
  }
}
