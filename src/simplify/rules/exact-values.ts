/** Functions of numbers whose values have a name, for people: `atan(1)` is π/4, `∛27` is 3. */
import type { AppliedOperator, Expr } from '../../ir/expr.js'
import type { Graph } from '../../ir/graph.js'
import { HALF, ONE, Rational, TWO, ZERO } from '../../ir/rational.js'
import { withFactors } from '../../ir/term.js'
import { procedure, type Procedure } from '../../rewrite/rule.js'
import { rationalRoot } from '../../ir/integers.js'

const THIRD = Rational.of(1, 3)
const QUARTER = Rational.of(1, 4)

/** Multiples of π from 0 to a half, and the squares of their sines. */
const SINES: readonly (readonly [turns: Rational, square: Rational])[] = [
  [ZERO, ZERO],
  [Rational.of(1, 6), QUARTER],
  [QUARTER, HALF],
  [THIRD, Rational.of(3, 4)],
  [HALF, ONE],
]

/** As `SINES`, of tangents. */
const TANGENTS: readonly (readonly [turns: Rational, square: Rational])[] = [
  [ZERO, ZERO],
  [Rational.of(1, 6), THIRD],
  [QUARTER, ONE],
  [THIRD, Rational.of(3)],
]

/** `sin(turns · π)`, where it is a number or the root of one. */
export function sineOf(graph: Graph, turns: Rational): Expr | undefined {
  const turned = turns.minus(TWO.times(turns.times(HALF).floor()))
  const isPositive = turned.compare(ONE) <= 0
  const half = isPositive ? turned : turned.minus(ONE)
  const quarter = half.compare(HALF) <= 0 ? half : Rational.of(1).minus(half)
  return signedRoot(graph, SINES, quarter, !isPositive)
}

/** `tan(turns · π)`, likewise. */
export function tangentOf(graph: Graph, turns: Rational): Expr | undefined {
  const turned = turns.minus(turns.floor())
  const isPositive = turned.compare(HALF) < 0
  return signedRoot(graph, TANGENTS, isPositive ? turned : Rational.of(1).minus(turned), !isPositive)
}

function signedRoot(
  graph: Graph,
  table: typeof SINES,
  turns: Rational,
  isNegative: boolean,
): Expr | undefined {
  const square = table.find(([each]) => each.equals(turns))?.[1]
  if (!square) return undefined
  // √3/2 and 1/√2, not √(3/4) and √(1/2).
  const root = graph.mul(graph.power(graph.num(square.n), HALF), graph.power(graph.num(square.d), HALF.negate())) // prettier-ignore
  return isNegative ? graph.neg(root) : root
}

/** The angle, in multiples of π, from the square of what is given and its sign. */
function angleOf(graph: Graph, table: typeof SINES, e: Expr): Rational | undefined {
  const square = graph.power(e, TWO)
  if (square.kind !== 'num') return undefined
  const found = table.find(([, each]) => each.equals(square.value))?.[0]
  if (!found) return undefined
  if (e.facts.low >= 0) return found
  return e.facts.high <= 0 ? found.negate() : undefined
}

const angle = (graph: Graph, turns: Rational | undefined): Expr | undefined =>
  turns && graph.scale(turns, graph.pi)

type ValueOf = (graph: Graph, args: readonly Expr[]) => Expr | undefined

const VALUES: readonly (readonly [operator: AppliedOperator, value: ValueOf])[] = [
  ['asin', (graph, [x]) => angle(graph, angleOf(graph, SINES, x))],
  [
    'acos',
    (graph, [x]) => {
      const complement = angleOf(graph, SINES, x)
      return angle(graph, complement && HALF.minus(complement))
    },
  ],
  ['atan', (graph, [x]) => angle(graph, angleOf(graph, TANGENTS, x))],
  ['atan2', polarAngle],
  [
    'cbrt',
    (graph, [x]) => {
      const root = x.kind === 'num' ? rationalRoot(x.value.abs(), 3) : undefined
      return root && graph.num(x.facts.low < 0 ? root.negate() : root)
    },
  ],
  [
    'hypot',
    (graph, [x, y]) => {
      if (x.kind !== 'num' || y.kind !== 'num') return undefined
      const root = rationalRoot(x.value.times(x.value).plus(y.value.times(y.value)), 2)
      return root && graph.num(root)
    },
  ],
  ['lgamma', logarithmOfFactorial],
  ['softplus', (graph, [x]) => (x === graph.zero ? graph.apply('log', [graph.num(2)]) : undefined)],
]

/** Longer factorials are read with more effort than their argument. */
const LARGEST_FACTORIAL = 20n

function logarithmOfFactorial(graph: Graph, [x]: readonly Expr[]): Expr | undefined {
  if (x.kind !== 'num' || !x.value.isInteger || x.value.n < 1n || x.value.n > LARGEST_FACTORIAL + 1n)
    return undefined
  let factorial = 1n
  for (let k = 2n; k < x.value.n; k++) factorial *= k
  return graph.apply('log', [graph.num(Rational.of(factorial))])
}

/** `atan2(y, x)` of numbers. */
function polarAngle(graph: Graph, [y, x]: readonly Expr[]): Expr | undefined {
  if (y.kind !== 'num' || x.kind !== 'num') return undefined
  if (x.value.isZero) {
    const quarter = y.value.isNegative ? HALF.negate() : HALF
    return y.value.isZero ? undefined : angle(graph, quarter)
  }
  const turns = angleOf(graph, TANGENTS, graph.div(y, x))
  if (!turns || !x.value.isNegative) return angle(graph, turns)
  return angle(graph, y.value.isNegative ? turns.minus(ONE) : turns.plus(ONE))
}

export const exactValues: readonly Procedure[] = [
  ...VALUES.map(([operator, value]) =>
    procedure({
      name: `${operator} of a number`,
      sound: 'real',
      root: operator,
      apply: (e, { graph }) => (e.kind === 'apply' ? value(graph, e.args) : undefined),
    }),
  ),
  procedure({
    name: 'root of a number',
    sound: 'real',
    root: 'mul',
    apply: (e, { graph }) => {
      if (e.kind !== 'mul') return undefined
      return withFactors(graph, e, ({ base, exponent }) => {
        const isRoot = base.kind === 'num' && !base.value.isNegative && exponent.d > 2n
        const root = isRoot ? rationalRoot(base.value, Number(exponent.d)) : undefined
        return root && graph.power(graph.num(root), Rational.of(exponent.n))
      })
    },
  }),
]
