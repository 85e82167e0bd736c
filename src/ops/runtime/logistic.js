// @ts-check

/**
 * 1 / (1 + exp(-x)), which neither overflows nor loses the left tail.
 * @param {number} x
 * @returns {number}
 */
export function sigmoid(x) {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/**
 * log(p / (1 - p)), accurate around its zero at 1/2.
 * @param {number} p
 * @returns {number}
 */
export function logit(p) {
  return Math.abs(p - 0.5) < 0.25
    ? 2 * Math.atanh(2 * p - 1)
    : Math.log(p) - Math.log1p(-p);
}

/**
 * log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|)).
 * @param {number} x
 * @returns {number}
 */
export function softplus(x) {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/**
 * log(sigmoid(x)) = -softplus(-x).
 * @param {number} x
 * @returns {number}
 */
export function log_sigmoid(x) {
  return -softplus(-x);
}

/**
 * log(1 - exp(x)) for x <= 0: each form is accurate on its side of -log(2).
 * @param {number} x
 * @returns {number}
 */
export function log1mexp(x) {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

/**
 * x log(y), which is 0 at x = 0 for every number y.
 * @param {number} x
 * @param {number} y
 * @returns {number}
 */
export function xlogy(x, y) {
  return x === 0 && y === y ? 0 : x * Math.log(y);
}
