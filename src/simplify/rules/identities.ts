/** Shorter spellings for people. Numbers that come out may be larger on the way, so the compiler does not use them. */
import { rule } from '../../rewrite/rule.js'

export const sumsOfAngles = [
  rule({
    name: 'sin of a sum',
    sound: 'real',
    of: (m, { x, y }) => [m.add(m.mul(m.sin(x), m.cos(y)), m.mul(m.cos(x), m.sin(y))), m.sin(m.add(x, y))],
  }),
  rule({
    name: 'sin of a difference',
    sound: 'real',
    of: (m, { x, y }) => [m.sub(m.mul(m.sin(x), m.cos(y)), m.mul(m.cos(x), m.sin(y))), m.sin(m.sub(x, y))],
  }),
  rule({
    name: 'cos of a sum',
    sound: 'real',
    of: (m, { x, y }) => [m.sub(m.mul(m.cos(x), m.cos(y)), m.mul(m.sin(x), m.sin(y))), m.cos(m.add(x, y))],
  }),
  rule({
    name: 'cos of a difference',
    sound: 'real',
    of: (m, { x, y }) => [m.add(m.mul(m.cos(x), m.cos(y)), m.mul(m.sin(x), m.sin(y))), m.cos(m.sub(x, y))],
  }),
  rule({
    name: 'sinh of a sum',
    sound: 'real',
    of: (m, { x, y }) => [
      m.add(m.mul(m.sinh(x), m.cosh(y)), m.mul(m.cosh(x), m.sinh(y))),
      m.sinh(m.add(x, y)),
    ],
  }),
  rule({
    name: 'sinh of a difference',
    sound: 'real',
    of: (m, { x, y }) => [
      m.sub(m.mul(m.sinh(x), m.cosh(y)), m.mul(m.cosh(x), m.sinh(y))),
      m.sinh(m.sub(x, y)),
    ],
  }),
  rule({
    name: 'cosh of a sum',
    sound: 'real',
    of: (m, { x, y }) => [
      m.add(m.mul(m.cosh(x), m.cosh(y)), m.mul(m.sinh(x), m.sinh(y))),
      m.cosh(m.add(x, y)),
    ],
  }),
  rule({
    name: 'cosh of a difference',
    sound: 'real',
    of: (m, { x, y }) => [
      m.sub(m.mul(m.cosh(x), m.cosh(y)), m.mul(m.sinh(x), m.sinh(y))),
      m.cosh(m.sub(x, y)),
    ],
  }),
  rule({ name: 'cosh + sinh', sound: 'real', of: (m, { x }) => [m.add(m.cosh(x), m.sinh(x)), m.exp(x)] }),
  rule({
    name: 'cosh - sinh',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.cosh(x), m.sinh(x)), m.exp(m.neg(x))],
  }),
]

export const inverses = [
  rule({ name: 'tan of atan', sound: 'real', of: (m, { x }) => [m.tan(m.atan(x)), x] }),
  rule({ name: 'sinh of asinh', sound: 'real', of: (m, { x }) => [m.sinh(m.asinh(x)), x] }),
  rule({ name: 'asinh of sinh', sound: 'real', of: (m, { x }) => [m.asinh(m.sinh(x)), x] }),
  rule({ name: 'atanh of tanh', sound: 'real', of: (m, { x }) => [m.atanh(m.tanh(x)), x] }),
  rule({ name: 'acosh of cosh', sound: 'real', of: (m, { x }) => [m.acosh(m.cosh(x)), m.abs(x)] }),
  rule({ name: 'cbrt of a cube', sound: 'real', of: (m, { x }) => [m.cbrt(m.pow(x, m.number(3))), x] }),
  rule({ name: 'cube of cbrt', sound: 'real', of: (m, { x }) => [m.pow(m.cbrt(x), m.number(3)), x] }),
]

export const shorterSums = [
  rule({
    name: 'both sigmoids',
    sound: 'real',
    of: (m, { x }) => [m.add(m.sigmoid(x), m.sigmoid(m.neg(x))), m.number(1)],
  }),
  rule({
    name: 'both erfcs',
    sound: 'real',
    of: (m, { x }) => [m.add(m.erf(x), m.erfc(x)), m.number(1)],
  }),
  rule({
    name: 'softplus reflected',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.softplus(x), x), m.softplus(m.neg(x))],
  }),
  rule({
    name: 'exp from expm1',
    sound: 'real',
    of: (m, { x }) => [m.add(m.expm1(x), m.number(1)), m.exp(x)],
  }),
  rule({
    name: 'odds of sigmoid, reciprocal',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.div(m.number(1), m.sigmoid(x)), m.number(1)), m.exp(m.neg(x))],
  }),
  rule({
    name: 'softplus, odd part',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.softplus(x), m.softplus(m.neg(x))), x],
  }),
  rule({
    name: 'log_sigmoid, odd part',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.log_sigmoid(x), m.log_sigmoid(m.neg(x))), x],
  }),
  rule({
    name: 'log_sigmoid and softplus, reflected',
    sound: 'real',
    of: (m, { x }) => [m.add(m.log_sigmoid(x), m.softplus(m.neg(x))), m.number(0)],
  }),
  rule({
    name: 'log_sigmoid and softplus',
    sound: 'real',
    of: (m, { x }) => [m.add(m.log_sigmoid(x), m.softplus(x)), x],
  }),
  rule({
    name: 'other side of a triangle',
    sound: 'real',
    of: (m, { x, y }) => [
      m.sub(m.pow(m.hypot(x, y), m.number(2)), m.pow(x, m.number(2))),
      m.pow(y, m.number(2)),
    ],
  }),
  rule({
    name: 'positive part less negative part',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.max(x, m.number(0)), m.max(m.neg(x), m.number(0))), x],
  }),
  rule({
    name: 'positive part and negative part',
    sound: 'real',
    of: (m, { x }) => [m.add(m.max(x, m.number(0)), m.max(m.neg(x), m.number(0))), m.abs(x)],
  }),
  rule({
    name: 'digamma of the number before',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.digamma(m.add(x, m.number(1))), m.div(m.number(1), x)), m.digamma(x)],
  }),
  rule({
    name: 'tangent and its reciprocal, sum',
    sound: 'real',
    of: (m, { x }) => [
      m.add(m.tan(x), m.div(m.number(1), m.tan(x))),
      m.div(m.number(2), m.sin(m.mul(m.number(2), x))),
    ],
  }),
  rule({
    name: 'sign from comparisons',
    sound: 'real',
    of: (m, { x }) => [m.sub(m.gt(x, m.number(0)), m.lt(x, m.number(0))), m.sign(x)],
  }),
  rule({
    name: 'atan of x and 1/x',
    sound: 'real',
    vars: { x: 'positive' },
    of: (m, { x }) => [m.add(m.atan(x), m.atan(m.div(m.number(1), x))), m.div(m.pi, m.number(2))],
  }),
  rule({
    name: 'both normal_cdfs',
    sound: 'real',
    of: (m, { x }) => [m.add(m.normal_cdf(x), m.normal_cdf(m.neg(x))), m.number(1)],
  }),
  rule({ name: 'exp - cosh', sound: 'real', of: (m, { x }) => [m.sub(m.exp(x), m.cosh(x)), m.sinh(x)] }),
  rule({ name: 'exp - sinh', sound: 'real', of: (m, { x }) => [m.sub(m.exp(x), m.sinh(x)), m.cosh(x)] }),
  rule({
    name: 'sin of three angles',
    sound: 'real',
    of: (m, { x }) => [
      m.sub(m.mul(m.number(3), m.sin(x)), m.mul(m.number(4), m.pow(m.sin(x), m.number(3)))),
      m.sin(m.mul(m.number(3), x)),
    ],
  }),
  rule({
    name: 'cos of three angles',
    sound: 'real',
    of: (m, { x }) => [
      m.sub(m.mul(m.number(4), m.pow(m.cos(x), m.number(3))), m.mul(m.number(3), m.cos(x))),
      m.cos(m.mul(m.number(3), x)),
    ],
  }),
  rule({
    name: 'max and min, sum',
    sound: 'real',
    of: (m, { x, y }) => [m.add(m.max(x, y), m.min(x, y)), m.add(x, y)],
  }),
  rule({
    name: 'max and min, difference',
    sound: 'real',
    of: (m, { x, y }) => [m.sub(m.max(x, y), m.min(x, y)), m.abs(m.sub(x, y))],
  }),
]

export const shorterProducts = [
  rule({ name: 'log2', sound: 'real', of: (m, { x }) => [m.div(m.log(x), m.log(m.number(2))), m.log2(x)] }),
  rule({
    name: 'log10',
    sound: 'real',
    of: (m, { x }) => [m.div(m.log(x), m.log(m.number(10))), m.log10(x)],
  }),
  rule({
    name: 'log from log2',
    sound: 'real',
    of: (m, { x }) => [m.mul(m.log2(x), m.log(m.number(2))), m.log(x)],
  }),
  rule({
    name: 'log from log10',
    sound: 'real',
    of: (m, { x }) => [m.mul(m.log10(x), m.log(m.number(10))), m.log(x)],
  }),
  rule({
    name: 'odds of sigmoid',
    sound: 'real',
    of: (m, { x }) => [m.div(m.sigmoid(x), m.sub(m.number(1), m.sigmoid(x))), m.exp(x)],
  }),
  rule({
    name: 'sigmoid times its denominator',
    sound: 'real',
    of: (m, { x }) => [m.mul(m.sigmoid(x), m.add(m.number(1), m.exp(m.neg(x)))), m.number(1)],
  }),
  rule({
    name: 'tanh from sigmoid and exp',
    sound: 'real',
    of: (m, { x }) => [
      m.mul(m.sigmoid(x), m.sub(m.number(1), m.exp(m.neg(x)))),
      m.tanh(m.div(x, m.number(2))),
    ],
  }),
  rule({
    name: 'reciprocal of cosh from sigmoid',
    sound: 'real',
    of: (m, { x }) => [
      m.mul(m.exp(x), m.sigmoid(m.mul(m.number(-2), x))),
      m.div(m.number(1), m.mul(m.number(2), m.cosh(x))),
    ],
  }),
  rule({
    name: 'sine and cosine below',
    sound: 'real',
    of: (m, { x }) => [
      m.div(m.number(1), m.mul(m.sin(x), m.cos(x))),
      m.div(m.number(2), m.sin(m.mul(m.number(2), x))),
    ],
  }),
  rule({
    name: 'tangent and square of a cosine below',
    sound: 'real',
    of: (m, { x }) => [
      m.div(m.number(1), m.mul(m.tan(x), m.pow(m.cos(x), m.number(2)))),
      m.div(m.number(2), m.sin(m.mul(m.number(2), x))),
    ],
  }),
  rule({
    name: 'sign over modulus',
    sound: 'real',
    of: (m, { x }) => [m.div(m.sign(x), m.abs(x)), m.div(m.number(1), x)],
  }),
  rule({
    name: 'sign over its argument',
    sound: 'real',
    of: (m, { x }) => [m.div(m.sign(x), x), m.div(m.number(1), m.abs(x))],
  }),
  rule({
    name: 'slope of coth',
    sound: 'real',
    of: (m, { x }) => [
      m.div(m.sub(m.number(1), m.pow(m.tanh(x), m.number(2))), m.pow(m.tanh(x), m.number(2))),
      m.div(m.number(1), m.pow(m.sinh(x), m.number(2))),
    ],
  }),
  rule({
    name: 'slope of the logarithm of tanh',
    sound: 'real',
    of: (m, { x }) => [
      m.div(m.sub(m.number(1), m.pow(m.tanh(x), m.number(2))), m.tanh(x)),
      m.div(m.number(2), m.sinh(m.mul(m.number(2), x))),
    ],
  }),
  rule({
    name: 'odds of tanh',
    sound: 'real',
    of: (m, { x }) => [
      m.div(m.add(m.number(1), m.tanh(x)), m.sub(m.number(1), m.tanh(x))),
      m.exp(m.mul(m.number(2), x)),
    ],
  }),
  rule({
    name: 'cube of a sign',
    sound: 'real',
    of: (m, { x }) => [m.pow(m.sign(x), m.number(3)), m.sign(x)],
  }),
  rule({
    name: 'product of signs',
    sound: 'real',
    of: (m, { x, y }) => [m.mul(m.sign(x), m.sign(y)), m.sign(m.mul(x, y))],
  }),
  rule({
    name: 'max and min, product',
    sound: 'real',
    of: (m, { x, y }) => [m.mul(m.max(x, y), m.min(x, y)), m.mul(x, y)],
  }),
  rule({
    name: 'product of moduli',
    sound: 'real',
    of: (m, { x, y }) => [m.mul(m.abs(x), m.abs(y)), m.abs(m.mul(x, y))],
  }),
  rule({
    name: 'quotient of moduli',
    sound: 'real',
    of: (m, { x, y }) => [m.div(m.abs(x), m.abs(y)), m.abs(m.div(x, y))],
  }),
  rule({
    name: 'root of an even power',
    sound: 'real',
    of: (m, { x, y }) => [m.sqrt(m.mul(m.pow(x, m.number(2)), m.pow(y, m.number(2)))), m.abs(m.mul(x, y))],
  }),
]

/** What the compiler has other spellings for. */
export const shorterOperators = [
  rule({
    name: 'log of the complement of sigmoid',
    sound: 'real',
    of: (m, { x }) => [m.log(m.sub(m.number(1), m.sigmoid(x))), m.neg(m.softplus(x))],
  }),
  rule({
    name: 'exp of softplus',
    sound: 'real',
    of: (m, { x }) => [m.exp(m.neg(m.softplus(x))), m.sigmoid(m.neg(x))],
  }),
  rule({
    name: 'logit',
    sound: 'real',
    of: (m, { x }) => [m.log(m.div(x, m.sub(m.number(1), x))), m.logit(x)],
  }),
  rule({
    name: 'logit, reciprocal',
    sound: 'real',
    of: (m, { x }) => [m.log(m.div(m.sub(m.number(1), x), x)), m.neg(m.logit(x))],
  }),
  rule({
    name: 'logsumexp of two, less one of them',
    sound: 'real',
    of: (m, { x, y }) => [m.sub(m.log(m.add(m.exp(x), m.exp(y))), x), m.softplus(m.sub(y, x))],
  }),
  rule({ name: 'hypot of one side', sound: 'exact', of: (m, { x }) => [m.hypot(x, m.number(0)), m.abs(x)] }),
  rule({ name: 'log2 of a power', sound: 'real', of: (m, { x }) => [m.log2(m.pow(m.number(2), x)), x] }),
  rule({ name: 'log10 of a power', sound: 'real', of: (m, { x }) => [m.log10(m.pow(m.number(10), x)), x] }),
]
