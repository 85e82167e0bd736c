/**
 * Finite values beyond the facts kept on nodes, which know nothing of recurrences: a recurrence whose steps are finite where
 * the steps before are, and whose initial values are finite, is finite.
 */
import type { ComputedDef, Def, Expr, Factor } from '../ir/expr.js'
import { Dependencies, expressionsOf } from '../ir/dependencies.js'
import { rootsOf } from '../ir/program-map.js'
import type { Program } from '../ir/program.js'
import { operandsOf, postorder } from '../ir/walk.js'
import { OPERATORS } from '../ops/table.js'
import { procedure, type Procedure } from '../rewrite/rule.js'

export class Finiteness {
  private readonly known = new Map<Expr, boolean>()

  /** `recurrences`: whether reads of recurrences count as finite. */
  constructor(private readonly recurrences: boolean) {}

  isFinite(root: Expr): boolean {
    for (const node of postorder([root], (e) => !e.facts.finite && !this.known.has(e)))
      this.known.set(node, this.node(node))
    return this.get(root)
  }

  private get(e: Expr): boolean {
    return e.facts.finite || (this.known.get(e) ?? false)
  }

  private node(e: Expr): boolean {
    const operands = operandsOf(e).every((operand) => this.get(operand))
    switch (e.kind) {
      case 'num':
      case 'size':
      case 'index':
      case 'test':
        return true
      case 'constant':
        return false
      case 'read':
        return this.definition(e.def)
      case 'add':
      case 'guard':
      case 'stop':
        return operands
      case 'mul':
        return operands && e.factors.every(isInDomain)
      case 'apply':
        return operands && OPERATORS[e.operator].facts.total === true
    }
  }

  private definition(def: Def): boolean {
    if (def.facts.finite) return true
    if (def.kind !== 'computed') return false
    if (def.nominal) return this.recurrences
    return def.body !== undefined && (!def.reduction || isTotal(def)) && this.isFinite(def.body)
  }
}

/** A power of a finite base that is finite. */
function isInDomain({ base, exponent }: Factor): boolean {
  if (exponent.isNegative && !base.facts.nonzero) return false
  return exponent.isInteger || base.facts.low >= 0
}

/** A reduction that is finite over finite entries. */
function isTotal({ reduction }: ComputedDef): boolean {
  if (!reduction || reduction.kind === 'sum' || reduction.kind === 'prod') return true
  return reduction.filter.length === 0 && reduction.idx.every((index) => index.extent.facts.low >= 1)
}

const isRecurrent = (def: Def): boolean => def.kind === 'computed' && def.nominal

/** By induction over the steps: each member is finite if all reads of members are. */
export function recurrencesAreFinite(program: Program): boolean {
  if (!program.graph.definitions.all.some(isRecurrent)) return true
  const roots = program.entries.flatMap(rootsOf)
  const finiteness = new Finiteness(true)
  return new Dependencies()
    .components(roots)
    .flat()
    .filter(isRecurrent)
    .every((def) => expressionsOf(def).every((e) => finiteness.isFinite(e)))
}

/** `0 · x` of a finite `x` vanishes. */
export function dropCancelled(finiteness: Finiteness): Procedure {
  return procedure({
    name: 'cancelled terms',
    sound: 'real',
    root: 'add',
    apply: (e, { graph }) => {
      if (e.kind !== 'add') return undefined
      const left = e.terms.filter(
        ({ node, coefficient }) => !coefficient.isZero || !finiteness.isFinite(node),
      )
      if (left.length === e.terms.length) return undefined
      return graph.addTerms(e.constant, left)
    },
  })
}
