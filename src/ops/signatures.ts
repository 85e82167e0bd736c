/**
 * The names and arities of all scalar operators, written first, so that a missing record, spelling or
 * derivative does not compile. Conditions are operators too: they yield 0 or 1.
 */
export const SIGNATURES = {
  // arithmetic
  add: 2, sub: 2, mul: 2, div: 2, neg: 1, pow: 2,
  abs: 1, sign: 1, floor: 1, ceil: 1, round: 1, trunc: 1, mod: 2, idiv: 2, min: 2, max: 2, clamp: 3,
  sqrt: 1, cbrt: 1, hypot: 2, relu: 1,
  // exponentials and logarithms
  exp: 1, expm1: 1, log: 1, log1p: 1, log2: 1, log10: 1, xlogy: 2,
  sigmoid: 1, logit: 1, softplus: 1, log_sigmoid: 1, log1mexp: 1,
  // trigonometric, hyperbolic and their inverses
  sin: 1, cos: 1, tan: 1, asin: 1, acos: 1, atan: 1, atan2: 2,
  sinh: 1, cosh: 1, tanh: 1, asinh: 1, acosh: 1, atanh: 1,
  // special functions
  erf: 1, erfc: 1, erfcx: 1, erfcx_derivative: 2, log_erfc: 1, log_erfc_derivative: 2, normal_cdf: 1, normal_pdf: 1, gaussian: 1, exprel: 2,
  lgamma: 1, digamma: 1, polygamma: 2, lgamma_difference: 2, polygamma_difference: 3, lbeta: 2,
  // comparisons and logic
  lt: 2, le: 2, gt: 2, ge: 2, eq: 2, ne: 2, and: 2, or: 2, not: 1, select: 3,
} as const // prettier-ignore

export type OperatorName = keyof typeof SIGNATURES

/** A tuple of `N` values of type `E`. */
export type Tuple<E, N extends number> = N extends 1
  ? readonly [E]
  : N extends 2
    ? readonly [E, E]
    : readonly [E, E, E]

export type Arguments<E, K extends OperatorName> = Tuple<E, (typeof SIGNATURES)[K]>
