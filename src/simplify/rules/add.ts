/** Rules whose left side is a sum. */
import { rule } from '../../rewrite/rule.js'

/** Shorter spellings of the same function: they hold for people as well as for the compiler. */
export const recognisedSums = [
  rule({
    name: 'sinh from exponentials',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.exp(x), m.exp(m.neg(x))), m.mul(m.number(2), m.sinh(x))],
  }),
  rule({
    name: 'cosh from exponentials',
    sound: 'real',
    of: (m, { x }) => [m.add(m.exp(x), m.exp(m.neg(x))), m.mul(m.number(2), m.cosh(x))],
  }),
  rule({
    name: 'tanh from sigmoid',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.mul(m.number(2), m.sigmoid(x)), m.number(1)), m.tanh(m.div(x, m.number(2)))],
  }),
  rule({
    name: 'erfc from erf',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.number(1), m.erf(x)), m.erfc(x)],
  }),
  rule({
    name: 'erfc from erf, reflected',
    sound: 'real',
    of: (m, { x }) => [m.add(m.number(1), m.erf(x)), m.erfc(m.neg(x))],
  }),
  rule({
    name: 'erf from erfc',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.number(1), m.erfc(x)), m.erf(x)],
  }),
  rule({
    name: 'complement of normal_cdf',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.number(1), m.normal_cdf(x)), m.normal_cdf(m.neg(x))],
  }),
  rule({
    name: 'sin² + cos²',
    sound: 'real',
    vars: { x: 'finite' },
    of: (m, { x }) => [m.add(m.pow(m.sin(x), m.number(2)), m.pow(m.cos(x), m.number(2))), m.number(1)],
  }),
  rule({
    name: 'cosh² - sinh²',
    sound: 'real',
    vars: { x: 'finite' },
    of: (m, { x }) => [m.sub(m.pow(m.cosh(x), m.number(2)), m.pow(m.sinh(x), m.number(2))), m.number(1)],
  }),
  rule({
    name: 'relu of both signs, difference',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.relu(x), m.relu(m.neg(x))), x],
  }),
  rule({
    name: 'relu of both signs, sum',
    sound: 'exact',
    of: (m, { x }) => [m.add(m.relu(x), m.relu(m.neg(x))), m.abs(x)],
  }),
]

/** Spellings without the cancellation or the overflow of the left side. */
export const stableSums = [
  rule({
    name: 'expm1',
    sound: 'real',
    looksThrough: false,
    of: (m, { x }) => [m.sub(m.exp(x), m.number(1)), m.expm1(x)],
  }),
  rule({
    name: 'complement of sigmoid',
    sound: 'real',
    // A stored sigmoid is subtracted from 1 more cheaply than computed again.
    looksThrough: false,
    of: (m, { x }) => [m.sub(m.number(1), m.sigmoid(x)), m.sigmoid(m.neg(x))],
  }),
  rule({
    name: '1 - tanh',
    sound: 'real',
    looksThrough: false,
    of: (m, { x }) => [m.sub(m.number(1), m.tanh(x)), m.mul(m.number(2), m.sigmoid(m.mul(m.number(-2), x)))],
  }),
  rule({
    name: '1 + tanh',
    sound: 'real',
    looksThrough: false,
    of: (m, { x }) => [m.add(m.number(1), m.tanh(x)), m.mul(m.number(2), m.sigmoid(m.mul(m.number(2), x)))],
  }),
  rule({
    name: 'log_sigmoid and softplus',
    sound: 'real',
    of: (m, { x }) => [m.add(m.log_sigmoid(x), m.softplus(x)), x],
  }),
  rule({
    name: 'log_sigmoid of both signs',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.log_sigmoid(x), m.log_sigmoid(m.neg(x))), x],
  }),
  rule({
    name: 'softplus reflected',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.softplus(x), x), m.softplus(m.neg(x))],
  }),
  rule({
    name: 'logit from logarithms',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.log(x), m.log1p(m.neg(x))), m.logit(x)],
  }),
]

/** Spellings for the last run before code is made: accurate, but no longer those of a textbook. */
export const finalSums = [
  rule({
    name: 'complement of a stored sigmoid',
    sound: 'real',
    // The last run looks through numbers only: for one number the tail is worth an exponential.
    of: (m, { x }) => [m.sub(m.number(1), m.sigmoid(x)), m.sigmoid(m.neg(x))],
  }),
  rule({
    name: 'softplus - relu',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.softplus(x), m.relu(x)), m.softplus(m.neg(m.abs(x)))],
  }),
  rule({
    name: 'softplus - max',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.softplus(x), m.max(x, m.number(0))), m.softplus(m.neg(m.abs(x)))],
  }),
  rule({
    name: 'cosh - 1',
    sound: 'real',
    of: (m, { x }) => [
      m.sub(m.cosh(x), m.number(1)),
      m.mul(m.number(2), m.pow(m.sinh(m.div(x, m.number(2))), m.number(2))),
    ],
  }),
  rule({
    name: '1 - cos',
    sound: 'real',
    of: (m, { x }) => [
      m.sub(m.number(1), m.cos(x)),
      m.mul(m.number(2), m.pow(m.sin(m.div(x, m.number(2))), m.number(2))),
    ],
  }),
  rule({
    name: '1 + cos',
    sound: 'real',
    of: (m, { x }) => [
      m.add(m.number(1), m.cos(x)),
      m.mul(m.number(2), m.pow(m.cos(m.div(x, m.number(2))), m.number(2))),
    ],
  }),
  // Half of an angle is exact; a quarter of a turn added to it is not, far from 0.
  rule({
    name: '1 - sin',
    sound: 'real',
    of: (m, { x }) => {
      const half = m.div(x, m.number(2))
      return [m.sub(m.number(1), m.sin(x)), m.pow(m.sub(m.sin(half), m.cos(half)), m.number(2))]
    },
  }),
  rule({
    name: '1 + sin',
    sound: 'real',
    of: (m, { x }) => {
      const half = m.div(x, m.number(2))
      return [m.add(m.number(1), m.sin(x)), m.pow(m.add(m.sin(half), m.cos(half)), m.number(2))]
    },
  }),
  rule({
    name: '1 / cos - 1',
    sound: 'real',
    of: (m, { x }) => [
      m.sub(m.div(m.number(1), m.cos(x)), m.number(1)),
      m.div(m.mul(m.number(2), m.pow(m.sin(m.div(x, m.number(2))), m.number(2))), m.cos(x)),
    ],
  }),
  rule({
    name: 'power - 1',
    sound: 'real',
    vars: { a: 'positive', x: 'real' },
    looksThrough: false,
    of: (m, { a, x }) => [m.sub(m.pow(a, x), m.number(1)), m.expm1(m.mul(x, m.log(a)))],
  }),
  rule({
    name: 'complement of a reciprocal',
    sound: 'real',
    looksThrough: false,
    of: (m, { x }) => {
      const sum = m.add(m.number(1), x)
      return [m.sub(m.number(1), m.div(m.number(1), sum)), m.div(x, sum)]
    },
  }),
  rule({
    name: 'complement of atan',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.div(m.pi, m.number(2)), m.atan(x)), m.atan2(m.number(1), x)],
  }),
  rule({
    name: '1 - x²',
    sound: 'real',
    vars: { x: 'real' },
    of: (m, { x }) => [
      m.sub(m.number(1), m.pow(x, m.number(2))),
      m.mul(m.sub(m.number(1), x), m.add(m.number(1), x)),
    ],
  }),
  rule({
    name: 'difference of squares',
    sound: 'real',
    vars: { x: 'real', y: 'real' },
    looksThrough: false,
    of: (m, { x, y }) => [
      m.sub(m.pow(x, m.number(2)), m.pow(y, m.number(2))),
      m.mul(m.sub(x, y), m.add(x, y)),
    ],
  }),
  rule({
    name: 'square of a difference',
    sound: 'real',
    vars: { x: 'real', y: 'real' },
    looksThrough: false,
    of: (m, { x, y }) => [
      m.add(m.sub(m.pow(x, m.number(2)), m.mul(m.number(2), m.mul(x, y))), m.pow(y, m.number(2))),
      m.pow(m.sub(x, y), m.number(2)),
    ],
  }),
  rule({
    name: 'softplus of a difference',
    sound: 'real',
    // From log(e^a + e^b): a large difference must not be added back, and of two that are infinite there is none.
    of: (m, { a, b }) => [
      m.add(a, m.softplus(m.sub(b, a))),
      m.add(m.max(a, b), m.select(m.eq(a, b), m.log(m.number(2)), m.softplus(m.neg(m.abs(m.sub(a, b)))))),
    ],
  }),
]
