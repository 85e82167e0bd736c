import type { Def, Expr, Index, Read, Size } from './expr.js'
import { stronglyConnected } from './scc.js'
import { postorder } from './walk.js'

/** The expressions a definition consists of. */
export function expressionsOf(def: Def): readonly Expr[] {
  switch (def.kind) {
    case 'input':
    case 'param':
    case 'table':
      return []
    case 'computed':
      if (def.body && !def.reduction && !def.routine) return [def.body]
      return [
        ...(def.body ? [def.body] : []),
        ...(def.reduction?.filter ?? []),
        ...(def.routine?.factors ? [def.routine.factors] : []),
      ]
    case 'matrix':
      return def.operands.map((operand) => operand.value)
    case 'derivative':
      return [def.of, ...def.at]
  }
}

/** The indices that a definition binds inside: those of its reduction, or of its operands. */
export function boundIn(def: Def): readonly Index[] {
  if (def.kind === 'matrix') return def.operands.flatMap((operand) => operand.idx)
  return def.kind === 'computed' && def.reduction ? def.reduction.idx : []
}

/** What an expression mentions, in the order of first occurrence. */
interface Mentions {
  readonly reads: readonly Read[]
  readonly defs: readonly Def[]
  readonly sizes: readonly Size[]
}

const mentions = new WeakMap<Expr, Mentions>()

/** Memoised, for expressions never change. */
export function mentionedIn(e: Expr): Mentions {
  let found = mentions.get(e)
  if (!found) {
    const reads: Read[] = []
    const sizes: Size[] = []
    for (const node of postorder([e]))
      if (node.kind === 'read') reads.push(node)
      else if (node.kind === 'size') sizes.push(node)
    const defs = reads.length === 0 ? NO_DEFS : [...new Set(reads.map((read) => read.def))]
    mentions.set(e, (found = { reads, defs, sizes }))
  }
  return found
}

const NO_DEFS: readonly Def[] = []

/** The definitions that an expression reads, in the order of their first occurrence. */
export const definitionsReadBy = (e: Expr): readonly Def[] => mentionedIn(e).defs

/** What the rules of a result speak of: the arguments on which it depends, and the derivatives by them. */
export const ruledBy = (def: Def): readonly Def[] =>
  def.kind === 'computed' ? def.rules.flatMap((rule) => [rule.argument, rule.def]) : []

/** Lists of which most are empty, as one without repetitions: there are many, so as a rule nothing is made for it. */
class Union {
  private first: readonly Def[] = NO_DEFS
  private all: Set<Def> | undefined

  add(list: readonly Def[]): void {
    if (list.length === 0) return
    if (this.first.length === 0) this.first = list
    else {
      this.all ??= new Set(this.first)
      for (const def of list) this.all.add(def)
    }
  }

  get list(): readonly Def[] {
    return this.all ? [...this.all] : this.first
  }
}

/** Memoised: the definitions that each definition reads. Bodies must not change while it is in use. */
export class Dependencies {
  private readonly memo = new Map<Def, readonly Def[]>()

  /** `further` definitions that count as read: those of rules, where derivatives matter. */
  constructor(private readonly further: (def: Def) => readonly Def[] = () => []) {}

  of(def: Def): readonly Def[] {
    let found = this.memo.get(def)
    if (!found) {
      const own = new Union()
      for (const e of expressionsOf(def)) own.add(definitionsReadBy(e))
      // Reads inside the extents too: `t[i < n]` with a whole-numbered parameter `n`.
      for (const { extent } of def.idx) own.add(definitionsReadBy(extent))
      for (const { extent } of boundIn(def)) own.add(definitionsReadBy(extent))
      own.add(this.further(def))
      if (def.kind === 'derivative') own.add([def.wrt])
      this.memo.set(def, (found = own.list))
    }
    return found
  }

  /** Components of the definitions reachable from the roots, dependencies first. */
  components(roots: readonly Def[]): Def[][] {
    return stronglyConnected(roots, (def) => this.of(def))
  }

  /** A component that depends on itself: a recurrence. */
  isRecurrence(component: readonly Def[]): boolean {
    return component.length > 1 || this.of(component[0]).includes(component[0])
  }
}
