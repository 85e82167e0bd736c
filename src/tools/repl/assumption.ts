/** `x > 0`, `0 <= p < 1`, `n != 0` as facts about a name. */
import type { Comparison, Expression } from '../../../grammar/ast.js'
import { Diagnostics } from '../../base/diagnostic.js'
import { checkExpression } from '../../check/check-expression.js'
import { Graph } from '../../ir/graph.js'
import type { Facts } from '../../ir/expr.js'
import { REAL } from '../../ir/facts.js'

export interface Assumption {
  readonly name: string
  readonly facts: Facts
}

const MIRRORED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==', '!=': '!=' } as const

/** What comparisons say, with what was known; undefined where one is of another kind. */
export function assumptionsOf(
  e: Expression,
  known: (name: string) => Facts | undefined,
): readonly Assumption[] | undefined {
  const found = new Map<string, Facts>()
  for (const comparison of comparisonsOf(e)) {
    if (!comparison) return undefined
    for (const [at, operator] of comparison.operators.entries()) {
      const [left, right] = [comparison.operands[at], comparison.operands[at + 1]]
      const [subject, bound, sign] = left.kind === 'name' && numberOf(left) === undefined ? [left, numberOf(right), operator] : [right, numberOf(left), MIRRORED[operator]] // prettier-ignore
      if (subject.kind !== 'name' || bound === undefined) return undefined
      const before = found.get(subject.name) ?? known(subject.name) ?? REAL
      found.set(subject.name, narrowed(before, sign, bound))
    }
  }
  return [...found].map(([name, facts]) => ({ name, facts }))
}

function comparisonsOf(e: Expression): (Comparison | undefined)[] {
  const found: (Comparison | undefined)[] = []
  const stack = [e]
  for (let each = stack.pop(); each; each = stack.pop()) {
    if (each.kind === 'binary' && each.operator === 'and') stack.push(each.right, each.left)
    else found.push(each.kind === 'comparison' ? each : undefined)
  }
  return found
}

function narrowed(before: Facts, sign: keyof typeof MIRRORED, bound: number): Facts {
  const { low, high, nonzero } = before
  switch (sign) {
    case '>':
    case '>=':
      return {
        ...before,
        low: Math.max(low, bound),
        nonzero: nonzero || bound > 0 || (bound === 0 && sign === '>'),
      }
    case '<':
    case '<=':
      return {
        ...before,
        high: Math.min(high, bound),
        nonzero: nonzero || bound < 0 || (bound === 0 && sign === '<'),
      }
    case '==':
      return {
        ...before,
        low: Math.max(low, bound),
        high: Math.min(high, bound),
        nonzero: nonzero || bound !== 0,
      }
    case '!=':
      return bound === 0 ? { ...before, nonzero: true } : before
  }
}

/** No real number is left. */
export const isContradiction = ({ low, high, nonzero }: Facts): boolean =>
  low > high || (nonzero && low === 0 && high === 0)

/** The value of an expression without variables. */
export function numberOf(e: Expression): number | undefined {
  const diagnostics = new Diagnostics()
  const checked = checkExpression(e, { graph: new Graph(), diagnostics })
  if (!checked || checked.free.size > 0) return undefined
  const { expr } = checked
  if (expr.kind === 'num') return expr.value.toNumber()
  return expr.facts.low === expr.facts.high ? expr.facts.low : undefined
}
