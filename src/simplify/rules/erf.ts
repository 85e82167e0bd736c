/** The scaled complement of erf and its derivatives, on the left, where they overflow. */
import { ONE, Rational } from '../../ir/rational.js'
import { procedure } from '../../rewrite/rule.js'

const SQUARE = Rational.of(-2)

/**
 * `erfcx'(x) / erfcx(x)²`, from the second derivative of `log erfc`: for `x < 0` it is `2x / erfcx(x) - 2/√π / erfcx(x)²`, in which
 * nothing cancels and no quotient of infinities arises. On the other side, `|x|` is `x`.
 */
export const slopeOfLogErfc = procedure({
  name: 'derivative of 1 / erfcx',
  sound: 'real',
  root: 'mul',
  apply: (e, { graph }) => {
    if (e.kind !== 'mul') return undefined
    const above = e.factors.find(({ base, exponent }) => base.kind === 'apply' && base.operator === 'erfcx_derivative' && base.args[0] === graph.one && exponent.equals(ONE)) // prettier-ignore
    if (above?.base.kind !== 'apply') return undefined
    const [, x] = above.base.args
    const erfcx = graph.apply('erfcx', [x])
    const below = e.factors.find(({ base, exponent }) => base === erfcx && exponent.equals(SQUARE))
    if (!below || x.facts.low >= 0) return undefined
    const slope = graph.scale(Rational.of(2), graph.power(graph.algebra.pi, Rational.of(-1, 2)))
    const left = graph.sub(
      graph.scale(Rational.of(2), graph.div(x, erfcx)),
      graph.mul(slope, graph.power(erfcx, SQUARE)),
    )
    const size = graph.apply('abs', [x])
    const right = graph.mul(
      graph.apply('erfcx_derivative', [graph.one, size]),
      graph.power(graph.apply('erfcx', [size]), SQUARE),
    )
    const others = e.factors.filter((factor) => factor !== above && factor !== below)
    return graph.mulAll([
      graph.select(graph.apply('lt', [x, graph.zero]), left, right),
      ...others.map(({ base, exponent }) => graph.power(base, exponent)),
    ])
  },
})
