/** Spellings of the last run, in which nothing is differentiated any more: identities that keep digits or do not underflow. */
import { Rational } from '../../ir/rational.js'
import { factorsOf, productWithout } from '../../ir/term.js'
import type { Algebra } from '../../ops/operator.js'
import { procedure, rule } from '../../rewrite/rule.js'

export const lastSpellings = [
  /** `sign(x²)` as `sign(x)²`: the square may be 0. */
  procedure({
    name: 'sign of a product, apart',
    sound: 'real',
    root: 'sign',
    apply: (e, { graph }) => {
      const product = e.kind === 'apply' ? e.args[0] : e
      if (product.kind !== 'mul') return undefined
      const isWhole = product.factors.every(({ exponent }) => exponent.isInteger && !exponent.isNegative)
      if (!isWhole) return undefined
      return graph.mulAll(
        product.factors.map(({ base, exponent }) =>
          graph.power(graph.apply('sign', [base]), Rational.of(exponent.n % 2n === 0n ? 2 : 1)),
        ),
      )
    },
  }),
  /** `1 - a / (a + b)` as `b / (a + b)`. */
  procedure({
    name: 'complement of a share',
    sound: 'real',
    root: 'add',
    apply: (e, { graph }) => {
      if (e.kind !== 'add' || e.terms.length !== 1 || e.constant.isZero) return undefined
      const [{ node, coefficient }] = e.terms
      const factors = factorsOf(node)
      const whole = factors.find(({ base, exponent }) => base.kind === 'add' && exponent.isMinusOne)
      if (whole?.base.kind !== 'add') return undefined
      const part = productWithout(graph, factors, whole)
      const own = whole.base.terms.find((term) => term.node === part)
      if (!own?.coefficient.times(e.constant).plus(coefficient).isZero) return undefined
      const rest = graph.sub(whole.base, graph.scale(own.coefficient, part))
      return graph.scale(e.constant, graph.div(rest, whole.base))
    },
  }),
  rule({
    name: 'atan(x) + π/2',
    sound: 'real',
    looksThrough: false,
    of: (m, { x }) => [m.add(m.atan(x), m.div(m.pi, m.number(2))), m.atan2(m.number(1), m.neg(x))],
  }),
  rule({
    name: '1/2 + atan(x)/π',
    sound: 'real',
    looksThrough: false,
    of: (m, { x }) => [
      m.add(m.div(m.atan(x), m.pi), m.number(1, 2)),
      m.div(m.atan2(m.number(1), m.neg(x)), m.pi),
    ],
  }),
  rule({
    name: '1/2 - atan(x)/π',
    sound: 'real',
    looksThrough: false,
    of: (m, { x }) => [m.sub(m.number(1, 2), m.div(m.atan(x), m.pi)), m.div(m.atan2(m.number(1), x), m.pi)],
  }),
  rule({
    name: 'tan(π (x - 1/2))',
    sound: 'real',
    looksThrough: false,
    // Of an x next to 0 the difference rounds much, next to the zero it is exact.
    of: (m, { x }) => {
      const plain = m.tan(m.mul(m.pi, m.sub(x, m.number(1, 2))))
      const cotangent = m.div(m.number(-1), m.tan(m.mul(m.pi, x)))
      return [plain, m.select(isNearZero(m, x), cotangent, plain)]
    },
  }),
  rule({
    name: 'tan(x - π/2)',
    sound: 'real',
    looksThrough: false,
    of: (m, { x }) => {
      const plain = m.tan(m.sub(x, m.div(m.pi, m.number(2))))
      return [plain, m.select(isNearZero(m, x), m.div(m.number(-1), m.tan(x)), plain)]
    },
  }),
  rule({
    name: 'cos(π (x - 1/2))',
    sound: 'real',
    looksThrough: false,
    of: (m, { x }) => [m.cos(m.mul(m.pi, m.sub(x, m.number(1, 2)))), m.sin(m.mul(m.pi, x))],
  }),
  rule({
    name: 'x Φ(y) - x',
    sound: 'real',
    looksThrough: false,
    of: (m, { x, y }) => [m.sub(m.mul(x, m.normal_cdf(y)), x), m.neg(m.mul(x, m.normal_cdf(m.neg(y))))],
  }),
  rule({
    name: 'x erf(y) - x',
    sound: 'real',
    looksThrough: false,
    of: (m, { x, y }) => [m.sub(m.mul(x, m.erf(y)), x), m.neg(m.mul(x, m.erfc(y)))],
  }),
  rule({
    name: 'x erf(y) + x',
    sound: 'real',
    looksThrough: false,
    of: (m, { x, y }) => [m.add(m.mul(x, m.erf(y)), x), m.mul(x, m.erfc(m.neg(y)))],
  }),
  rule({
    name: 'acosh(1 + x)',
    sound: 'real',
    looksThrough: false,
    of: (m, { x }) => [
      m.acosh(m.add(m.number(1), x)),
      // Of an x that is negative by rounding the sum is 1.
      m.select(
        m.lt(x, m.number(0)),
        m.acosh(m.add(m.number(1), x)),
        m.mul(m.number(2), m.asinh(m.sqrt(m.div(x, m.number(2))))),
      ),
    ],
  }),
  rule({
    name: 'acos(1 - x)',
    sound: 'real',
    looksThrough: false,
    of: (m, { x }) => [
      m.acos(m.sub(m.number(1), x)),
      m.select(
        m.lt(x, m.number(0)),
        m.acos(m.sub(m.number(1), x)),
        m.mul(m.number(2), m.asin(m.sqrt(m.div(x, m.number(2))))),
      ),
    ],
  }),
  rule({
    name: 'asin(x - 1)',
    sound: 'real',
    looksThrough: false,
    of: (m, { x }) => [
      m.asin(m.sub(x, m.number(1))),
      m.select(
        m.lt(m.abs(m.sub(x, m.number(1, 4))), m.number(1, 4)),
        m.sub(m.mul(m.number(2), m.asin(m.sqrt(m.div(x, m.number(2))))), m.div(m.pi, m.number(2))),
        m.asin(m.sub(x, m.number(1))),
      ),
    ],
  }),
  rule({
    name: '(1 + x)^y',
    sound: 'real',
    vars: { x: 'real' },
    looksThrough: false,
    of: (m, { x, y }) => {
      const power = m.pow(m.add(m.number(1), x), y)
      // Of the rounding of the sum a large exponent makes much.
      const near = m.exp(m.mul(y, m.log1p(x)))
      return [power, m.select(m.lt(m.abs(x), m.number(1, 2)), near, power)]
    },
  }),
  rule({
    name: '1 - coth²',
    sound: 'real',
    looksThrough: false,
    of: (m, { x }) => [
      m.sub(m.number(1), m.div(m.number(1), m.pow(m.tanh(x), m.number(2)))),
      m.div(m.number(-1), m.pow(m.sinh(x), m.number(2))),
    ],
  }),
]

/** Where the cotangent is a number. */
const isNearZero = <E>(m: Algebra<E>, x: E): E =>
  m.and(m.lt(m.pow(m.number(2), m.number(-1000)), m.abs(x)), m.lt(m.abs(x), m.number(1, 4)))
