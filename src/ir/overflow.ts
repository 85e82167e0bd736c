/** What is a number by its facts and yet may be none in binary64: exponentials of large numbers, and what is computed of them. */
import type { AppliedOperator, Expr } from './expr.js'

/** Whether it is a number wherever it is computed, in binary64 too. */
export const isNumber = (e: Expr): boolean => e.facts.finite && !mayOverflow(e)

const OVERFLOWS: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>([
  'exp',
  'expm1',
  'sinh',
  'cosh',
  'pow',
])

/** Of infinities they are numbers. */
const SATURATES: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>([
  'tanh',
  'sigmoid',
  'atan',
  'erf',
  'erfc',
  'normal_cdf',
  'sign',
  'lt',
  'le',
  'eq',
  'ne',
])

const found = new WeakMap<Expr, boolean>()

/** Looks through definitions; a recurrence counts as what it reads beside itself. */
function mayOverflow(e: Expr): boolean {
  const stack = [e]
  const entered = new Set<Expr>()
  for (let node = stack.at(-1); node; node = stack.at(-1)) {
    const parts = found.has(node) || entered.has(node) ? [] : partsOf(node)
    entered.add(node)
    const missing = parts.filter((part) => !found.has(part) && !entered.has(part))
    for (const part of missing) stack.push(part)
    if (missing.length > 0) continue
    stack.pop()
    if (!found.has(node)) found.set(node, overflowsItself(node) || partsOf(node).some((part) => found.get(part) === true)) // prettier-ignore
  }
  return found.get(e) === true
}

const overflowsItself = (e: Expr): boolean =>
  e.kind === 'apply' && OVERFLOWS.has(e.operator) && e.facts.high === Infinity

function partsOf(e: Expr): readonly Expr[] {
  if (e.kind === 'apply') return SATURATES.has(e.operator) ? [] : e.operands
  if (e.kind === 'read') {
    const body = e.def.kind === 'computed' ? e.def.body : undefined
    return body ? [body] : []
  }
  return e.kind === 'index' || e.kind === 'size' || e.kind === 'test' ? [] : e.operands
}
