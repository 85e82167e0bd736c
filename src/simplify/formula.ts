/** The formula of a derivative, for people: `n x^(n - 1)`, without the values given by decision where the formula has none. */
import type { Apply, Def, Expr } from '../ir/expr.js'
import type { Graph } from '../ir/graph.js'
import { asTerm } from '../ir/term.js'
import { postorder, replaceNodes, rewrite } from '../ir/walk.js'

export interface Formula {
  readonly expr: Expr
  /** The conditions that are left out: where one of them fails the formula has no value. */
  readonly without: readonly Expr[]
}

/** Sums and products of so many operands are looked into, and so deep. */
const WIDEST = 16
const DEEPEST = 6

/**
 * `0^0` is constant, and so the slope of `x^n` is 0 at `x = n = 0`; that of a norm at 0 is 0 as well. The formulas, `0 · 0^-1` and `0/0`, say where
 * they do not hold by themselves. What was `written` with a condition keeps it.
 */
export function formulaOf(graph: Graph, e: Expr, written: readonly Expr[]): Formula {
  const own = new Set(postorder(written))
  const without = new Set<Expr>()
  /** Whether the formula has no value where the condition fails. */
  const isNeedless = (condition: Expr, formula: Expr): boolean => {
    if (own.has(condition)) return false
    if (isEmptySum(condition, formula)) return true
    const zeros = zerosWhereFails(condition)
    if (zeros.length === 0 || !isUndefinedAt(graph, formula, zeros, DEEPEST)) return false
    without.add(condition)
    return true
  }
  const expr = rewrite(graph, e, (_, part) => {
    if (part.kind === 'guard') {
      const kept = part.conditions.filter((condition) => !isNeedless(condition, part.body))
      return graph.guard(kept, part.body)
    }
    if (part.kind !== 'apply' || part.operator !== 'select' || own.has(part.args[0])) return part
    const [condition, , otherwise] = part.args
    return isNeedless(graph.not(condition), otherwise) ? otherwise : part
  })
  return { expr, without: [...without] }
}

const DERIVED: ReadonlySet<string> = new Set(['reverse mode', 'forward mode', 'derivative'])

/** The body of a definition, of a derivative as its formula: `x / √S` and not 0 where the norm is. */
export const bodyAsFormula =
  (graph: Graph) =>
  ({ origin }: Def, body: Expr): Expr =>
    origin.rule !== undefined && DERIVED.has(origin.rule) ? formulaOf(graph, body, []).expr : body

/** What is 0, all of it, where the condition fails; none where that cannot be said. */
function zerosWhereFails(condition: Expr): readonly Expr[] {
  if (condition.kind !== 'apply') return []
  if (condition.operator === 'ne') return sideOf(condition)
  if (condition.operator === 'not') {
    const [equal] = condition.args
    return equal.kind === 'apply' && equal.operator === 'eq' ? sideOf(equal) : []
  }
  if (condition.operator !== 'or') return []
  const sides = condition.args.map((side) => placeOf(side) ?? zerosWhereFails(side))
  return sides.some(({ length }) => length === 0) ? [] : sides.flat()
}

/** `k` of `k != 0`, for an index: in `k != 0 or x != 0`, which partials of powers say of themselves. */
function placeOf(condition: Expr): readonly Expr[] | undefined {
  if (condition.kind !== 'apply' || condition.operator !== 'not') return undefined
  const [equal] = condition.args
  return equal.kind === 'test' && equal.test === 'eq0' ? [equal.operand] : undefined
}

/** Whether there is an entry at all, where the formula is a multiple of the sum of these entries: without any it is 0. */
function isEmptySum(condition: Expr, formula: Expr): boolean {
  const [count] = placeOf(condition) ?? []
  const entries = count && summandsIn(count)
  if (!entries || entries.body.kind !== 'num') return false
  const { node } = asTerm(formula)
  const factors = node.kind === 'mul' ? node.factors : []
  return [node, ...factors.flatMap(({ base, exponent }) => (exponent.isNegative ? [] : [base]))].some(
    (factor) => {
      const own = summandsIn(factor)
      return own && entries.conditions.every((each) => own.conditions.includes(each))
    },
  )
}

/** What a sum adds up under conditions. */
function summandsIn(e: Expr): { readonly conditions: readonly Expr[]; readonly body: Expr } | undefined {
  if (e.kind !== 'read' || e.def.kind !== 'computed' || e.def.reduction?.kind !== 'sum') return undefined
  return e.def.body?.kind === 'guard' ? e.def.body : undefined
}

function sideOf({ args: [left, right] }: Apply): readonly Expr[] {
  const isZero = (e: Expr): boolean => e.kind === 'num' && e.value.isZero
  return isZero(right) ? [left] : isZero(left) ? [right] : []
}

/** Whether it is surely infinite or no number where all of these are 0. */
function isUndefinedAt(graph: Graph, e: Expr, zeros: readonly Expr[], depth: number): boolean {
  if (depth === 0 || e.operands.length > WIDEST) return false
  const isZero = (base: Expr): boolean =>
    zeros.includes(base) ||
    zeros.includes(graph.neg(base)) ||
    (base.kind === 'apply' && base.operator === 'abs' && isZero(base.args[0]))
  switch (e.kind) {
    case 'mul':
      return e.factors.some(
        ({ base, exponent }) =>
          (exponent.isNegative && isZero(base)) ||
          (!exponent.isNegative && isUndefinedAt(graph, base, zeros, depth - 1)),
      )
    case 'add':
      return e.terms.some(({ node }) => isUndefinedAt(graph, node, zeros, depth - 1))
    case 'apply':
      if (e.operator === 'log') return isZero(e.args[0])
      return e.operator === 'pow' && isZero(e.args[0]) && isBelowZero(graph, e.args[1], zeros)
    default:
      return false
  }
}

/** `n - 1` where `n` is 0. */
function isBelowZero(graph: Graph, exponent: Expr, zeros: readonly Expr[]): boolean {
  const nothing = new Map(zeros.map((zero): [Expr, Expr] => [zero, graph.zero]))
  const isNegative = (e: Expr): boolean => e.kind === 'num' && e.value.isNegative
  return (
    isNegative(replaceNodes(graph, exponent, nothing)) ||
    zeros.some((zero) => isNegative(graph.sub(exponent, zero)))
  )
}
