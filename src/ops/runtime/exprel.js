// @ts-check

/**
 * The n-th derivative of (exp(x) - 1) / x, which is the integral of t^n exp(t x)
 * over t from 0 to 1: for whole n up to 200, NaN for others.
 * @param {number} n
 * @param {number} x
 * @returns {number}
 */
export function exprel(n, x) {
  if (!(n >= 0 && n <= 200 && Number.isInteger(n)) || Number.isNaN(x))
    return NaN;
  if (n === 0 && Math.abs(x) < 700) return x === 0 ? 1 : Math.expm1(x) / x;
  if (x === -Infinity) return 0;
  // By parts, where little is subtracted: as shares of exp(x), or as they are.
  if (x > 20 + 4 * n) {
    let share = -Math.expm1(-x) / x;
    for (let k = 1; k <= n; k++) share = (1 - k * share) / x;
    const half = Math.exp(x / 2);
    return half * (half * share);
  }
  if (x < -12 - 2 * n) {
    const end = Math.exp(x);
    let value = Math.expm1(x) / x;
    for (let k = 1; k <= n; k++) value = (end - k * value) / x;
    return value;
  }
  // Kummer's series, of which all terms are positive.
  let sum = 0;
  let term = 1;
  if (x < 0) {
    for (let k = 1; sum + term !== sum; k++) {
      sum += term;
      term *= -x / (n + 1 + k);
    }
    return (Math.exp(x) * sum) / (n + 1);
  }
  for (let k = 1; sum + term / (n + k) !== sum; k++) {
    sum += term / (n + k);
    term *= x / k;
  }
  return sum;
}
