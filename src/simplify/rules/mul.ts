/** Rules whose left side is a product: quotients and roots are products too. */
import { rule } from '../../rewrite/rule.js'

export const recognisedProducts = [
  rule({
    name: 'tanh from sinh and cosh',
    sound: 'real',
    of: (m, { x }) => [m.div(m.sinh(x), m.cosh(x)), m.tanh(x)],
  }),
  rule({
    name: 'tanh from exponentials',
    sound: 'real',
    of: (m, { x }) => [
      m.div(m.sub(m.exp(x), m.number(1)), m.add(m.exp(x), m.number(1))),
      m.tanh(m.div(x, m.number(2))),
    ],
  }),
  rule({
    name: 'tanh from expm1',
    sound: 'real',
    of: (m, { x }) => [m.div(m.expm1(x), m.add(m.exp(x), m.number(1))), m.tanh(m.div(x, m.number(2)))],
  }),
  rule({
    name: 'coth from exponentials',
    sound: 'real',
    of: (m, { x, y }) => [
      m.div(m.add(m.exp(x), m.exp(y)), m.sub(m.exp(x), m.exp(y))),
      m.div(m.number(1), m.tanh(m.div(m.sub(x, y), m.number(2)))),
    ],
  }),
  rule({
    name: 'share of a difference of exponentials',
    sound: 'real',
    of: (m, { x, y }) => [
      m.div(m.exp(x), m.sub(m.exp(x), m.exp(y))),
      m.div(m.number(-1), m.expm1(m.sub(y, x))),
    ],
  }),
  rule({
    name: 'sigmoid',
    sound: 'real',
    of: (m, { x }) => [m.div(m.number(1), m.add(m.number(1), m.exp(x))), m.sigmoid(m.neg(x))],
  }),
  rule({
    name: 'softmax of two',
    sound: 'real',
    of: (m, { x, y }) => [m.div(m.exp(x), m.add(m.exp(x), m.exp(y))), m.sigmoid(m.sub(x, y))],
  }),
  rule({
    name: 'sigmoid reflected by exp',
    sound: 'real',
    of: (m, { x }) => [m.mul(m.exp(x), m.sigmoid(m.neg(x))), m.sigmoid(x)],
  }),
  rule({
    name: 'odds of sigmoid',
    sound: 'real',
    of: (m, { x }) => [m.div(m.sigmoid(x), m.sigmoid(m.neg(x))), m.exp(x)],
  }),
  rule({
    name: 'tan from sin and cos',
    sound: 'real',
    of: (m, { x }) => [m.div(m.sin(x), m.cos(x)), m.tan(x)],
  }),
  rule({
    name: 'root of a square',
    sound: 'real',
    of: (m, { x }) => [m.sqrt(m.pow(x, m.number(2))), m.abs(x)],
  }),
  rule({
    name: '|x| times its sign',
    sound: 'real',
    of: (m, { x }) => [m.mul(m.abs(x), m.sign(x)), x],
  }),
  rule({
    name: 'x times its sign',
    sound: 'real',
    of: (m, { x }) => [m.mul(x, m.sign(x)), m.abs(x)],
  }),
  rule({
    name: 'square of a modulus',
    sound: 'exact',
    of: (m, { x }) => [m.pow(m.abs(x), m.number(2)), m.pow(x, m.number(2))],
  }),
]

/** Spellings without the overflow of the left side. */
export const stableProducts = [
  rule({
    name: 'exp over expm1',
    sound: 'real',
    // From derivatives of 1 / (exp(x) - 1): exp(x) overflows in both.
    of: (m, { x }) => [m.div(m.exp(x), m.expm1(x)), m.div(m.number(-1), m.expm1(m.neg(x)))],
  }),
  rule({
    name: 'exp over expm1, squared',
    sound: 'real',
    of: (m, { x }) => [
      m.div(m.exp(m.mul(m.number(2), x)), m.pow(m.expm1(x), m.number(2))),
      m.div(m.number(1), m.pow(m.expm1(m.neg(x)), m.number(2))),
    ],
  }),
  rule({
    name: 'exp over expm1, cubed',
    sound: 'real',
    of: (m, { x }) => [
      m.div(m.exp(m.mul(m.number(3), x)), m.pow(m.expm1(x), m.number(3))),
      m.div(m.number(-1), m.pow(m.expm1(m.neg(x)), m.number(3))),
    ],
  }),
]
