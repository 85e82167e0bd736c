/** Differences `f(x + y) - f(x)`, of which little is left where `y` is small beside `x`: by `y`, which nothing has rounded. */
import type { AppliedOperator, Expr, Factor } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, Rational } from '../../ir/rational.js'
import { factorsOf } from '../../ir/term.js'
import { readsIn } from '../../ir/walk.js'
import { procedure } from '../../rewrite/rule.js'

/** `s - u`, if it is simpler than the larger of them, or no longer by more than that: then it is known without their rounding. */
export function step(graph: Graph, s: Expr, u: Expr, more = 0): Expr | undefined {
  const y = graph.sub(s, u)
  return lengthOf(y) < Math.max(lengthOf(s), lengthOf(u)) + more ? y : undefined
}

const lengthOf = (e: Expr): number => (e.kind === 'add' ? e.terms.length + (e.constant.isZero ? 0 : 1) : 1)

/** Longer sums are left alone. */
const LONGEST = 6

const LARGE = Rational.fromNumber(1e300)

/** Of logarithms, sines, cosines and powers of numbers. Of one number the series are known. */
export const differenceByStep = procedure({
  name: 'difference by a step',
  sound: 'real',
  root: 'add',
  apply: (e, { graph }) => {
    if (e.kind !== 'add' || e.terms.length < 2 || e.terms.length > LONGEST) return undefined
    for (const above of e.terms)
      for (const below of e.terms) {
        if (above === below || !above.coefficient.equals(below.coefficient.negate())) continue
        const spelled = spelling(graph, above.node, below.node)
        if (!spelled) continue
        const rest = e.terms.filter((term) => term !== above && term !== below)
        const [f, g] = [above, below].map(({ node }) => graph.stop(node))
        return graph.add(
          graph.scale(above.coefficient, graph.select(spelled.isNear, spelled.value, graph.sub(f, g))),
          graph.addTerms(e.constant, rest),
        )
      }
    return undefined
  },
})

interface Spelling {
  readonly isNear: Expr
  readonly value: Expr
}

/** `f - g`, where what they are functions of is near to each other. */
function spelling(graph: Graph, f: Expr, g: Expr): Spelling | undefined {
  const [left, right] = [f, g].map((e) => functionOf(graph, e))
  if (!left || !right || left.operator !== right.operator || !left.exponent.equals(right.exponent)) return undefined // prettier-ignore
  const [u, v] = [left.argument, right.argument]
  const y = areSeveralNumbers([u, v]) ? stepBetween(graph, u, v, left.operator) : undefined
  if (!y) return undefined
  const lt = (a: Expr, b: Expr): Expr => graph.apply('lt', [a, b])
  const size = graph.apply('abs', [y])
  const { operator, exponent } = left
  if (operator === 'sin' || operator === 'cos') {
    const half = graph.scale(HALF, y)
    const middle = graph.apply(operator === 'sin' ? 'cos' : 'sin', [graph.add(v, half)])
    const factor = graph.num(operator === 'sin' ? 2 : -2)
    return { isNear: lt(size, graph.one), value: graph.mulAll([factor, middle, graph.apply('sin', [half])]) }
  }
  const ratio = graph.apply('log1p', [graph.div(y, v)])
  const twice = graph.add(size, size)
  if (operator === 'log') {
    // A quotient that is large is as good, unless it overflows.
    const bounds = [lt(graph.neg(v), graph.add(y, y)), lt(y, graph.mul(graph.num(LARGE), v))]
    return { isNear: graph.apply('and', bounds), value: ratio }
  }
  const growth = graph.apply('expm1', [graph.scale(exponent, ratio)])
  const isNear = lt(twice, exponent.isInteger ? graph.apply('abs', [v]) : v)
  return { isNear, value: graph.mul(graph.power(v, exponent), growth) }
}

/** Of two numbers that are near to each other the difference is exact: `log x - log y` is by the step `x - y`. Powers of such have a rule of their own. */
function stepBetween(graph: Graph, u: Expr, v: Expr, operator: Applied['operator']): Expr | undefined {
  const [length, other] = [lengthOf(u), lengthOf(v)]
  if (length > other) return step(graph, u, v)
  const y = length === other && operator !== 'power' ? graph.sub(u, v) : undefined
  return y && lengthOf(y) <= 2 ? y : undefined
}

interface Applied {
  readonly operator: AppliedOperator | 'power'
  readonly exponent: Rational
  readonly argument: Expr
}

const FUNCTIONS: ReadonlySet<AppliedOperator> = new Set<AppliedOperator>(['log', 'sin', 'cos'])

function functionOf(graph: Graph, e: Expr): Applied | undefined {
  if (e.kind === 'apply' && e.operator === 'log1p')
    return { operator: 'log', exponent: ONE, argument: graph.add(graph.one, e.args[0]) }
  if (e.kind === 'apply' && FUNCTIONS.has(e.operator))
    return { operator: e.operator, exponent: ONE, argument: e.args[0] }
  const factors: readonly Factor[] = factorsOf(e)
  const [{ base, exponent }] = factors
  return factors.length > 1 || exponent.isOne ? undefined : { operator: 'power', exponent, argument: base }
}

/** In loops the plain spelling stays. */
export function areSeveralNumbers(nodes: readonly Expr[]): boolean {
  const reads = new Set(nodes.flatMap((node) => readsIn(node)))
  return reads.size > 1 && [...reads].every((read) => read.args.length === 0)
}
