/** Norms `(Σ |x|^p)^(1/p)` and means of powers, whose powers overflow where the norm does not. */
import type { Apply, Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { ONE, Rational } from '../../ir/rational.js'
import { factorsOf, productWithout } from '../../ir/term.js'
import { hasAtMost, holdsStop, readsIn } from '../../ir/walk.js'
import { procedure } from '../../rewrite/rule.js'

/** Within them the sum and the powers of it that stand in derivatives are numbers. */
const [SMALL, LARGE] = [Rational.fromNumber(1e-60), Rational.fromNumber(1e60)]
const TINY = Rational.fromNumber(1e-300)
/** Longer sums are left alone. */
const MOST_NODES = 60

/**
 * With the largest of what is raised, as a constant, taken out where the sum is no ordinary number. Any constant may be taken out, and so no derivative
 * depends on it.
 */
export const powerMean = procedure({
  name: 'root of a sum of powers',
  sound: 'real',
  root: 'pow',
  apply: (e, { graph }) => {
    if (e.kind !== 'apply') return undefined
    const [sum, root] = e.args
    // In loops the plain spelling stays, and what is subtracted may have another one.
    if (sum.kind !== 'add' || root.kind === 'num' || !hasAtMost(MOST_NODES, e) || !readsIn(e).every(({ args }) => args.length === 0)) return undefined // prettier-ignore
    if (sum.constant.isNegative || sum.terms.some(({ coefficient }) => coefficient.isNegative))
      return undefined
    const parts = sum.terms.map(({ node, coefficient }) => {
      const factors = factorsOf(node)
      const power = factors.find((factor) => factor.exponent.isOne && isInverse(graph, factor.base, root)) // prettier-ignore
      if (power?.base.kind !== 'apply') return undefined
      const rest = productWithout(graph, factors, power)
      return { power: power.base, rest: graph.scale(coefficient, rest) }
    })
    const found = parts.flatMap((part) => part ?? [])
    // What has a constant taken out has been looked at.
    if (found.length < parts.length || found.some(({ power }) => holdsStop(power.args[0]))) return undefined
    const one = sum.constant.isZero ? [] : [graph.one]
    const sizes = [...found.map(({ power }) => graph.apply('abs', [power.args[0]])), ...one]
    const largest = [...sizes, graph.num(TINY)].reduce((x, y) => graph.apply('max', [x, y]))
    const isOrdinary = graph.apply('and', [graph.apply('lt', [graph.num(SMALL), sum]), graph.apply('lt', [sum, graph.num(LARGE)])]) // prettier-ignore
    const constant = graph.stop(graph.select(isOrdinary, graph.one, largest))
    const scaled = (x: Expr): Expr => graph.apply('pow', [graph.div(x, constant), found[0].power.args[1]])
    const terms = found.map(({ power, rest }) => graph.mul(rest, scaled(power.args[0])))
    const beside = one.map((each) => graph.scale(sum.constant, scaled(each)))
    return graph.mul(constant, graph.apply('pow', [graph.addAll([...terms, ...beside]), root]))
  },
})

/** Whether it is `x^p` for the `1/p` that the sum is raised to. */
const isInverse = (graph: Graph, e: Expr, root: Expr): e is Apply =>
  e.kind === 'apply' && e.operator === 'pow' && graph.power(e.args[1], ONE.negate()) === root
