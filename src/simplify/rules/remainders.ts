/** Roundings and remainders, for people: `mod(x + 2π, 2π)` is `mod(x, 2π)`, and `2 floor(x/2) + mod(x, 2)` is `x`. */
import type { Expr, Term } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { asTerm, summandsOf, withoutTerms } from '../../ir/term.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import type { NodeCounts } from '../count.js'
import type { Report } from './widen.js'

const WIDEST = 24

export function remainders(report: Report, counts: NodeCounts): readonly Procedure[] {
  return [
    procedure({
      name: 'remainder without multiples',
      sound: 'real',
      root: 'mod',
      apply: (e, { graph }) => {
        if (e.kind !== 'apply') return undefined
        const [x, divisor] = e.args
        const summands = summandsOf(graph, x)
        if (summands.length > WIDEST) return undefined
        const left = graph.addAll(summands.flatMap((part) => withoutMultiples(graph, part, divisor)))
        const result = graph.apply('mod', [left, divisor])
        return counts.of(result) < counts.of(e) ? result : undefined
      },
    }),
    procedure({
      name: 'remainder of a multiple',
      sound: 'real',
      root: 'mod',
      apply: (e, { graph }) => {
        if (e.kind !== 'apply') return undefined
        const [x, divisor] = e.args
        const size = asTerm(x).coefficient.abs()
        if (divisor.kind !== 'num' || divisor.value.isNegative || size.isOne || size.isZero) return undefined
        const rest = divisor.value.dividedBy(size)
        if (!rest.isInteger) return undefined
        return graph.scale(size, graph.apply('mod', [graph.scale(size.inverse(), x), graph.num(rest)]))
      },
    }),
    procedure({
      name: 'multiple and remainder',
      sound: 'real',
      root: 'add',
      among: 'mod',
      apply: (e, { graph }) => {
        if (e.kind !== 'add' || e.terms.length > WIDEST) return undefined
        for (const remainder of e.terms) {
          const found = remainderOf(remainder)
          if (!found) continue
          const { x, divisor } = found
          for (const quotient of quotients(graph, x, divisor)) {
            const { node, coefficient } = asTerm(graph.mul(divisor, quotient))
            const multiple = e.terms.find(
              (term) => term.node === node && term.coefficient.equals(coefficient.times(remainder.coefficient)), // prettier-ignore
            )
            if (!multiple) continue
            if (!divisor.facts.nonzero) report(graph.apply('ne', [divisor, graph.zero]))
            const rest = withoutTerms(graph, e, [remainder, multiple])
            return graph.add(graph.scale(remainder.coefficient, x), rest)
          }
        }
        return undefined
      },
    }),
  ]
}

/** What a summand leaves when divided: of a remainder by the same number what that is of, of a multiple nothing. */
function withoutMultiples(graph: Graph, part: Expr, divisor: Expr): readonly Expr[] {
  const { node, coefficient } = asTerm(part)
  const isRemainder = node.kind === 'apply' && node.operator === 'mod' && node.args[1] === divisor
  if (isRemainder && coefficient.isInteger) return [graph.scale(coefficient, node.args[0])]
  if (part.kind === 'num' && divisor.kind === 'num' && !divisor.value.isZero) {
    const whole = part.value.dividedBy(divisor.value).floor()
    return [graph.num(part.value.minus(whole.times(divisor.value)))]
  }
  const times = graph.div(part, divisor)
  return times.integer && times.facts.finite ? [] : [part]
}

function remainderOf({ node }: Term): { readonly x: Expr; readonly divisor: Expr } | undefined {
  if (node.kind !== 'apply' || node.operator !== 'mod') return undefined
  return { x: node.args[0], divisor: node.args[1] }
}

const quotients = (graph: Graph, x: Expr, divisor: Expr): readonly Expr[] => [
  graph.apply('floor', [graph.div(x, divisor)]),
  graph.apply('idiv', [x, divisor]),
]
