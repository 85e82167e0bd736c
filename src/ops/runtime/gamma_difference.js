// @ts-check
import { horner } from "./horner.js";
import { lgamma, lgammaOfOnePlus } from "./lgamma.js";
import { POLYGAMMA_SERIES, polygamma } from "./polygamma.js";

/** B(2k) / (2k (2k - 1)) for k = 1, 2, …, Bernoulli's numbers. */
const STIRLING_SERIES = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
];

/**
 * lgamma(x + y) - lgamma(x), for positive x and x + y without rounding what is
 * small: by Stirling's series where y is small beside x.
 * @param {number} x
 * @param {number} y
 * @returns {number}
 */
export function lgamma_difference(x, y) {
  if (x === 1 && y >= -0.1 && y < 1) return lgammaOfOnePlus(y);
  if (x === 2 && y >= -0.1 && y < 0.5)
    return lgammaOfOnePlus(y) + Math.log1p(y);
  // Both are about -log there.
  if (x > 0 && x < 1 && y < 1 && x + y > 0)
    return lgamma_difference(x + 1, y) - Math.log1p(y / x);
  if (!(x > 0 && Math.abs(y) <= x / 2)) return lgamma(x + y) - lgamma(x);
  let z = x;
  let sum = 0;
  for (; z < 10; z++) sum += Math.log1p(y / z);
  const [p, q] = [1 / z, 1 / (z + y)];
  // (q^n - p^n) / (q - p) for n = 1, 3, …
  let [quotient, power, series] = [1, p, 0];
  for (const coefficient of STIRLING_SERIES) {
    series += coefficient * quotient;
    quotient = q * q * quotient + power * (p + q);
    power *= p * p;
  }
  const main = y * (Math.log(z) - 1) + (z + y - 0.5) * Math.log1p(y * p);
  return main - y * q * p * series - sum;
}

/**
 * polygamma(n, x + y) - polygamma(n, x), for positive x and x + y without
 * rounding what is small; n as there, 0 for digamma.
 * @param {number} n
 * @param {number} x
 * @param {number} y
 * @returns {number}
 */
export function polygamma_difference(n, x, y) {
  const end = x + y;
  const plain = !(x > 0 && end > 0 && end < Infinity && n >= 0 && n < 170);
  if (plain || !Number.isInteger(n)) return polygamma(n, end) - polygamma(n, x);
  let factorial = 1;
  for (let k = 2; k <= n; k++) factorial *= k;
  const steps = Math.max(0, Math.ceil(n + 16 - Math.min(x, end)));
  let sum = 0;
  for (let k = steps - 1; k >= 0; k--) {
    const [p, q] = [1 / (x + k), 1 / (x + k + y)];
    sum += y * q * p * powerQuotient(n + 1, p, q);
  }
  const z = x + steps;
  const [p, q] = [1 / z, 1 / (z + y)];
  let quotient = powerQuotient(n + 2, p, q);
  let power = p ** (n + 2);
  let series = powerQuotient(n + 1, p, q) / 2;
  let rising = n + 1;
  for (let k = 0; k < POLYGAMMA_SERIES.length; k++) {
    series += POLYGAMMA_SERIES[k] * rising * quotient;
    rising *= (n + 2 * k + 2) * (n + 2 * k + 3);
    quotient = q * q * quotient + power * (p + q);
    power *= p * p;
  }
  const own = y * q * p;
  const first =
    n === 0 ? Math.log1p(y * p) : (own * powerQuotient(n, p, q)) / n;
  const total = factorial * (first + own * series + sum);
  return n % 2 === 0 ? total : -total;
}

/**
 * (q^n - p^n) / (q - p).
 * @param {number} n
 * @param {number} p
 * @param {number} q
 * @returns {number}
 */
function powerQuotient(n, p, q) {
  let [quotient, power] = [1, p];
  for (let k = 1; k < n; k++) {
    quotient = q * quotient + power;
    power *= p;
  }
  return quotient;
}

/**
 * log B(x, y) = lgamma(x) + lgamma(y) - lgamma(x + y), for positive x and y by
 * what does not cancel.
 * @param {number} x
 * @param {number} y
 * @returns {number}
 */
export function lbeta(x, y) {
  if (!(x > 0 && y > 0)) return lgamma(x) + lgamma(y) - lgamma(x + y);
  const [a, b] = [Math.min(x, y), Math.max(x, y)];
  if (b === Infinity) return -b;
  if (a < 10) return lgamma(a) - lgamma_difference(b, a);
  const share = a / (a + b);
  const rest = [a, b, a + b].map(
    (z) => horner(1 / (z * z), STIRLING_SERIES) / z,
  );
  const halves = (Math.log(2 * Math.PI) - Math.log(b)) / 2;
  const main = (a - 0.5) * Math.log(share) + b * Math.log1p(-share);
  return main + halves + (rest[0] + rest[1] - rest[2]);
}
