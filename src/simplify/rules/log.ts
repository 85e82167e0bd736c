/** Rules whose left side is a logarithm. */
import { rule } from '../../rewrite/rule.js'

export const recognisedLogarithms = [
  rule({ name: 'log of exp', sound: 'real', of: (m, { x }) => [m.log(m.exp(x)), x] }),
  rule({ name: 'log1p of expm1', sound: 'real', of: (m, { x }) => [m.log1p(m.expm1(x)), x] }),
  rule({
    name: 'softplus',
    sound: 'real',
    of: (m, { x }) => [m.log(m.add(m.number(1), m.exp(x))), m.softplus(x)],
  }),
  rule({
    name: 'softplus from log1p',
    sound: 'real',
    of: (m, { x }) => [m.log1p(m.exp(x)), m.softplus(x)],
  }),
  rule({ name: 'logit of sigmoid', sound: 'real', of: (m, { x }) => [m.logit(m.sigmoid(x)), x] }),
]

export const stableLogarithms = [
  rule({
    name: 'log of sigmoid',
    sound: 'real',
    of: (m, { x }) => [m.log(m.sigmoid(x)), m.log_sigmoid(x)],
  }),
  rule({
    name: 'log of a complement of sigmoid',
    sound: 'real',
    of: (m, { x }) => [m.log(m.sub(m.number(1), m.sigmoid(x))), m.neg(m.softplus(x))],
  }),
  rule({
    name: 'log1p of -sigmoid',
    sound: 'real',
    of: (m, { x }) => [m.log1p(m.neg(m.sigmoid(x))), m.neg(m.softplus(x))],
  }),
  rule({
    name: 'logit',
    sound: 'real',
    of: (m, { x }) => [m.log(m.div(x, m.sub(m.number(1), x))), m.logit(x)],
  }),
  rule({
    name: 'atanh',
    sound: 'real',
    of: (m, { x }) => [
      m.log(m.div(m.add(m.number(1), x), m.sub(m.number(1), x))),
      m.mul(m.number(2), m.atanh(x)),
    ],
  }),
  rule({
    name: 'asinh',
    sound: 'real',
    of: (m, { x }) => [m.log(m.add(x, m.sqrt(m.add(m.pow(x, m.number(2)), m.number(1))))), m.asinh(x)],
  }),
  rule({
    name: 'log of normal_pdf',
    sound: 'real',
    of: (m, { x }) => [
      m.log(m.normal_pdf(x)),
      m.neg(m.div(m.add(m.mul(x, x), m.log(m.mul(m.number(2), m.pi))), m.number(2))),
    ],
  }),
  rule({
    name: 'log of gaussian',
    sound: 'real',
    of: (m, { x }) => [m.log(m.gaussian(x)), m.neg(m.mul(x, x))],
  }),
  rule({
    name: 'log1mexp',
    sound: 'real',
    of: (m, { x }) => [m.log(m.neg(m.expm1(x))), m.log1mexp(x)],
  }),
  rule({
    name: 'log1mexp from exp',
    sound: 'real',
    of: (m, { x }) => [m.log(m.sub(m.number(1), m.exp(x))), m.log1mexp(x)],
  }),
  rule({
    name: 'log1mexp from log1p',
    sound: 'real',
    of: (m, { x }) => [m.log1p(m.neg(m.exp(x))), m.log1mexp(x)],
  }),
  rule({
    name: 'log of expm1',
    sound: 'real',
    of: (m, { x }) => [m.log(m.expm1(x)), m.add(x, m.log1mexp(m.neg(x)))],
  }),
  rule({ name: 'log of erfc', sound: 'real', of: (m, { x }) => [m.log(m.erfc(x)), m.log_erfc(x)] }),
  rule({
    name: 'log of normal_cdf',
    sound: 'real',
    of: (m, { x }) => [
      m.log(m.normal_cdf(x)),
      m.sub(m.log_erfc(m.neg(m.div(x, m.sqrt(m.number(2))))), m.log(m.number(2))),
    ],
  }),
  rule({
    name: 'log1p',
    sound: 'real',
    vars: { x: 'real' },
    looksThrough: false,
    of: (m, { x }) => [m.log(m.add(m.number(1), x)), m.log1p(x)],
  }),
]

/** After differentiation only: the derivative of the left side is the plainer one. */
export const finalLogarithms = [
  rule({
    name: 'log cosh',
    sound: 'real',
    of: (m, { x }) => {
      const size = m.abs(x)
      const near = m.log1p(m.mul(m.number(2), m.pow(m.sinh(m.div(x, m.number(2))), m.number(2))))
      const far = m.sub(m.add(size, m.log1p(m.exp(m.mul(m.number(-2), size)))), m.log(m.number(2)))
      return [m.log(m.cosh(x)), m.select(m.lt(size, m.number(1)), near, far)]
    },
  }),
  rule({
    name: 'log of twice cosh',
    sound: 'real',
    of: (m, { x }) => {
      const size = m.abs(x)
      return [m.log(m.mul(m.number(2), m.cosh(x))), m.add(size, m.log1p(m.exp(m.mul(m.number(-2), size))))]
    },
  }),
  rule({
    name: 'log of half of erfc',
    sound: 'real',
    // Far to the left erfc is 2 less its tail.
    of: (m, { x }) => {
      const tail = m.log1p(m.neg(m.div(m.erfc(m.neg(x)), m.number(2))))
      const rest = m.add(m.log_erfc(x), m.log(m.number(1, 2)))
      return [m.sub(m.log_erfc(x), m.log(m.number(2))), m.select(m.lt(x, m.number(0)), tail, rest)]
    },
  }),
  rule({
    name: 'log1p - log',
    sound: 'real',
    vars: { x: 'real' },
    looksThrough: false,
    of: (m, { x }) => {
      // 1 / x overflows next to 0, where nothing cancels.
      const near = m.sub(m.log1p(x), m.mul(m.log2(x), m.log(m.number(2))))
      const far = m.log1p(m.div(m.number(1), x))
      return [m.sub(m.log1p(x), m.log(x)), m.select(m.lt(x, m.number(1)), near, far)]
    },
  }),
  rule({
    name: 'log of a square',
    sound: 'real',
    of: (m, { x }) => [m.log(m.pow(x, m.number(2))), m.mul(m.number(2), m.log(m.abs(x)))],
  }),
  rule({
    name: 'log of 1 - x²',
    sound: 'real',
    of: (m, { x }) => [
      m.log(m.mul(m.sub(m.number(1), x), m.add(m.number(1), x))),
      m.log1p(m.neg(m.pow(x, m.number(2)))),
    ],
  }),
]
