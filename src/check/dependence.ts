/** How an expression depends on what it is differentiated by: a derivative that is 0 everywhere is mostly a slip. */
import { OPERATORS } from '../ops/table.js'
import type { Def, Expr } from '../ir/expr.js'

/** `steps`: only through what is constant between its jumps: roundings, comparisons, positions. */
export type Dependence = 'smooth' | 'steps' | 'none'

/** Programs in which more is reachable are not looked through to the end: they count as smooth. */
const MOST = 20_000

export function dependenceOn(of: Expr, variable: Def): Dependence {
  if (reaches(of, variable, smoothOperands)) return 'smooth'
  return reaches(of, variable, (e) => e.operands) ? 'steps' : 'none'
}

function reaches(of: Expr, variable: Def, operands: (e: Expr) => readonly Expr[]): boolean {
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
    if (def.kind === 'derivative') visit(def.of)
    if (def.kind !== 'computed') continue
    // A recurrence in the making may turn out to depend on anything.
    if (!def.body) return true
    const isPosition = def.reduction?.kind === 'argmax' || def.reduction?.kind === 'argmin'
    if (!isPosition || operands !== smoothOperands) visit(def.body)
    if (operands !== smoothOperands) def.reduction?.filter.forEach(visit)
  }
  return false
}

/** What is stopped counts: it is stopped on purpose. */
function smoothOperands(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case 'num':
    case 'constant':
    case 'size':
    case 'index':
    case 'read':
    case 'test':
      return []
    case 'add':
    case 'mul':
    case 'stop':
      return e.operands
    case 'guard':
      return [e.body]
    case 'apply':
      if (e.operator === 'select') return [e.args[1], e.args[2]]
      return OPERATORS[e.operator].derivative.kind === 'zero' ? [] : e.args
  }
}
