/** What nodes of expressions look like in memory, and how their operands are told apart. */
import type { Expr, Facts, Index } from './expr.js'
import { mix } from './interning.js'

/**
 * Nodes of all kinds have the same fields in the same order, so that V8 finds `kind` and `operands` of any node at one place:
 * where each kind has a layout of its own, compiling takes twice as long.
 */
export class Shape {
  readonly kind: unknown = undefined
  readonly value: unknown = undefined
  readonly name: unknown = undefined
  readonly extent: unknown = undefined
  readonly ordinal: unknown = undefined
  readonly def: unknown = undefined
  readonly args: unknown = undefined
  readonly constant: unknown = undefined
  readonly terms: unknown = undefined
  readonly factors: unknown = undefined
  readonly operator: unknown = undefined
  readonly test: unknown = undefined
  readonly operand: unknown = undefined
  readonly conditions: unknown = undefined
  readonly body: unknown = undefined

  constructor(
    readonly id: number,
    readonly skeleton: number,
    readonly operands: readonly Expr[],
    readonly free: readonly Index[],
    readonly integer: boolean,
    readonly facts: Facts,
  ) {}
}

/** Where the hash of each kind of node starts. */
export const KIND = { num: 1, read: 2, add: 3, mul: 4, apply: 5, ge0: 6, eq0: 7, guard: 8, stop: 9 } as const

export function hashOperands(start: number, operands: readonly Expr[]): number {
  let hash = start
  for (const { id } of operands) hash = mix(hash, id)
  return hash
}

export function isSameList(a: readonly Expr[], b: readonly Expr[]): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}

export const NO_INDICES: readonly Index[] = []

/** The indices of several nodes, by id, shared where one node has them all. */
export function union(nodes: readonly Expr[]): readonly Index[] {
  let all: readonly Index[] = NO_INDICES
  for (const { free } of nodes) {
    if (free.length === 0 || free === all) continue
    if (all.length === 0) all = free
    else if (!free.every((index) => all.includes(index)))
      all = [...new Set([...all, ...free])].sort((a, b) => a.id - b.id)
  }
  return all
}
