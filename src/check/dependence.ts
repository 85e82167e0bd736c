/** How an expression depends on what it is differentiated by: a derivative that is 0 everywhere is mostly a slip. */
import { expressionsOf } from '../ir/dependencies.js'
import type { Def, Expr } from '../ir/expr.js'
import { smoothOperands } from '../ir/smooth.js'

/** `steps`: only through what is constant between its jumps: roundings, comparisons, positions. */
export type Dependence = 'smooth' | 'steps' | 'none'

/** Programs in which more is reachable are not looked through to the end: they count as smooth. */
const MOST = 20_000

export function dependenceOn(of: Expr, variable: Def): Dependence {
  if (reaches(of, variable, smoothOperands, smoothParts)) return 'smooth'
  return reaches(of, variable, (e) => e.operands, expressionsOf) ? 'steps' : 'none'
}

/** Neither the filter of a reduction nor what a position is found in. */
function smoothParts(def: Def): readonly Expr[] {
  if (def.kind !== 'computed') return expressionsOf(def)
  const isPosition = def.reduction?.kind === 'argmax' || def.reduction?.kind === 'argmin'
  return isPosition || !def.body ? [] : [def.body]
}

function reaches(
  of: Expr,
  variable: Def,
  operands: (e: Expr) => readonly Expr[],
  partsOf: (def: Def) => readonly Expr[],
): boolean {
  const seen = new Set<Expr | Def>([of])
  const pending = [of]
  const visit = (e: Expr): void => {
    if (seen.has(e)) return
    seen.add(e)
    pending.push(e)
  }
  for (let e = pending.pop(); e; e = pending.pop()) {
    if (seen.size > MOST) return true
    operands(e).forEach(visit)
    if (e.kind !== 'read') continue
    const { def } = e
    if (def === variable) return true
    if (seen.has(def)) continue
    seen.add(def)
    // A recurrence in the making may turn out to depend on anything.
    if (def.kind === 'computed' && !def.body) return true
    partsOf(def).forEach(visit)
  }
  return false
}
