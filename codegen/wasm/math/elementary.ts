/** Operators as expansions over arithmetic. What is missing here is called as a function of JavaScript. */
import type { OperatorName } from '../../../src/ops/signatures.js'
import type { Arithmetic } from '../arithmetic.js'
import type { Code } from '../code.js'
import { exp, expm1, sigmoid, tanh } from './exponential.js'
import { log } from './logarithm.js'

export type Expansion = (m: Arithmetic, ...args: Code[]) => Code

export const ELEMENTARY: Partial<Record<OperatorName, Expansion>> = {
  add: (m, a, b) => m.add(a, b),
  sub: (m, a, b) => m.sub(a, b),
  mul: (m, a, b) => m.mul(a, b),
  div: (m, a, b) => m.div(a, b),
  neg: (m, a) => m.neg(a),
  abs: (m, a) => m.abs(a),
  sqrt: (m, a) => m.sqrt(a),
  floor: (m, a) => m.floor(a),
  ceil: (m, a) => m.ceil(a),
  trunc: (m, a) => m.trunc(a),
  min: (m, a, b) => m.min(a, b),
  max: (m, a, b) => m.max(a, b),
  relu: (m, a) => m.select(m.le(a, m.number(0)), m.number(0), a),
  lt: (m, a, b) => m.lt(a, b),
  le: (m, a, b) => m.le(a, b),
  gt: (m, a, b) => m.lt(b, a),
  ge: (m, a, b) => m.le(b, a),
  eq: (m, a, b) => m.eq(a, b),
  ne: (m, a, b) => m.ne(a, b),
  and: (m, a, b) => m.and(a, b),
  or: (m, a, b) => m.or(a, b),
  not: (m, a) => m.not(a),
  select: (m, mask, yes, no) => m.select(mask, yes, no),
  exp,
  expm1,
  log,
  sigmoid,
  tanh,
}
