/** Rules whose left side is another operator of one or more arguments. */
import { rule } from '../../rewrite/rule.js'

export const recognisedOperators = [
  rule({
    name: 'exp of log',
    sound: 'real',
    vars: { x: 'positive' },
    of: (m, { x }) => [m.exp(m.log(x)), x],
  }),
  rule({
    name: 'expm1 of log1p',
    sound: 'real',
    vars: { x: 'nonnegative' },
    of: (m, { x }) => [m.expm1(m.log1p(x)), x],
  }),
  rule({
    name: 'exp of log1p',
    sound: 'real',
    vars: { x: 'nonnegative' },
    of: (m, { x }) => [m.exp(m.log1p(x)), m.add(m.number(1), x)],
  }),
  rule({
    name: 'exp of softplus',
    sound: 'real',
    of: (m, { x }) => [m.exp(m.softplus(x)), m.add(m.number(1), m.exp(x))],
  }),
  rule({
    name: 'expm1 of softplus',
    sound: 'real',
    of: (m, { x }) => [m.expm1(m.softplus(x)), m.exp(x)],
  }),
  rule({
    name: 'softplus of log',
    sound: 'real',
    vars: { x: 'positive' },
    of: (m, { x }) => [m.softplus(m.log(x)), m.log1p(x)],
  }),
  rule({
    name: 'exp of log_sigmoid',
    sound: 'real',
    of: (m, { x }) => [m.exp(m.log_sigmoid(x)), m.sigmoid(x)],
  }),
  rule({
    name: 'normal_cdf from erfc',
    sound: 'real',
    of: (m, { x }) => [m.erfc(m.div(x, m.sqrt(m.number(2)))), m.mul(m.number(2), m.normal_cdf(m.neg(x)))],
  }),
  rule({ name: '|-|x||', sound: 'exact', of: (m, { x }) => [m.abs(m.abs(x)), m.abs(x)] }),
  rule({
    name: '|x| of x >= 0',
    sound: 'exact',
    vars: { x: 'nonnegative' },
    of: (m, { x }) => [m.abs(x), x],
  }),
  rule({
    name: 'relu of x >= 0',
    sound: 'exact',
    vars: { x: 'nonnegative' },
    of: (m, { x }) => [m.relu(x), x],
  }),
  rule({ name: 'sign of sign', sound: 'exact', of: (m, { x }) => [m.sign(m.sign(x)), m.sign(x)] }),
  rule({
    name: 'sign of x > 0',
    sound: 'exact',
    vars: { x: 'positive' },
    of: (m, { x }) => [m.sign(x), m.number(1)],
  }),
  rule({ name: 'max of equals', sound: 'exact', of: (m, { x }) => [m.max(x, x), x] }),
  rule({ name: 'min of equals', sound: 'exact', of: (m, { x }) => [m.min(x, x), x] }),
  rule({
    name: 'max absorbs min',
    sound: 'real',
    vars: { y: 'finite' },
    of: (m, { x, y }) => [m.max(x, m.min(x, y)), x],
  }),
  rule({
    name: 'min absorbs max',
    sound: 'real',
    vars: { y: 'finite' },
    of: (m, { x, y }) => [m.min(x, m.max(x, y)), x],
  }),
]
