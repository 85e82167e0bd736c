/** Operators as expansions over arithmetic. What is missing here is called as a function of JavaScript. */
import type { OperatorName } from '../../../src/ops/signatures.js'
import type { Arithmetic } from '../arithmetic.js'
import type { Code } from '../code.js'
import { cbrt } from './cube-root.js'
import { erf, erfc, gaussian, normal_cdf, normal_pdf } from './error-function.js'
import { exp, expm1, sigmoid, tanh } from './exponential.js'
import { cosh, sinh } from './hyperbolic.js'
import { acos, asin, atan, atan2 } from './inverse-circular.js'
import { acosh, asinh, atanh } from './inverse-hyperbolic.js'
import { log, log10, log1p, log2, xlogy } from './logarithm.js'
import { log1mexp, log_sigmoid, logit, softplus } from './logistic.js'
import { mod, pow } from './powers.js'
import { clamp, hypot, idiv, max, min, relu, round, sign } from './rounding.js'
import { cos, sin, tan } from './trigonometric.js'

export type Expansion = (m: Arithmetic, ...args: Code[]) => Code

/** Number by number, in JavaScript: what else stands in the loop is computed in vectors. */
const called =
  (operator: OperatorName): Expansion =>
  (m, ...args) =>
    m.each(operator, ...args)

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
  min,
  max,
  clamp,
  relu,
  sign,
  round,
  idiv,
  hypot,
  pow,
  mod,
  exp,
  expm1,
  log,
  log1p,
  log2,
  log10,
  xlogy,
  softplus,
  log_sigmoid,
  logit,
  log1mexp,
  sinh,
  cosh,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  atan2,
  asinh,
  acosh,
  atanh,
  cbrt,
  erf,
  erfc,
  normal_cdf,
  normal_pdf,
  gaussian,
  sigmoid,
  tanh,
  erfcx: called('erfcx'),
  log_erfc: called('log_erfc'),
  log_erfc_derivative: called('log_erfc_derivative'),
  erfcx_derivative: called('erfcx_derivative'),
  exprel: called('exprel'),
  lgamma: called('lgamma'),
  digamma: called('digamma'),
  polygamma: called('polygamma'),
  lgamma_difference: called('lgamma_difference'),
  polygamma_difference: called('polygamma_difference'),
  lbeta: called('lbeta'),
}
