// @ts-check
import { horner } from "./horner.js";
import { cotOfPi } from "./reflection.js";

/**
 * digamma(x) / (x - root) for 1 <= x <= 2 in x - 1: numerator of a rational
 * minimax fit made at 50 digits, relative error 2e-20.
 */
const DIGAMMA_P = [
  1.2503801375034054, 1.8700020347056845, 0.9743372731283537,
  0.21768056838652566, 0.020179330430597848, 0.0005912129841130641,
  1.1203113441659782e-6,
];

/** Its denominator. */
const DIGAMMA_Q = [
  1, 2.1790936320755905, 1.666953750932769, 0.5736309634694897,
  0.0918246398437672, 0.006176511551828741, 0.00012271901638051161,
];

/** The positive root of digamma to 30 bits, so that subtracting it is exact. */
const DIGAMMA_ROOT = 1.4616321446374059;

/** The next 30 bits. */
const DIGAMMA_ROOT_NEXT = 3.309564688275257e-10;

/** The rest. */
const DIGAMMA_ROOT_REST = 9.016312093258695e-20;

/** B(2k) / 2k for k = 1, 2, …, Bernoulli's numbers. */
const DIGAMMA_SERIES = [
  1 / 12,
  -1 / 120,
  1 / 252,
  -1 / 240,
  1 / 132,
  -691 / 32760,
  1 / 12,
  -3617 / 8160,
];

/**
 * digamma(x) = d/dx log Γ(x), NaN at its poles -1, -2, … For x > 0 the error is
 * below 4 ulp, at its root 1.46 too. For x < 0, by reflection, it is below
 * 8 (1 + |x ψ'(x) / ψ(x)|) ulp, which is large only next to the roots there.
 * @param {number} x
 * @returns {number}
 */
export function digamma(x) {
  if (x === 0) return -1 / x;
  if (x < 0) {
    if (x === -Infinity || Number.isInteger(x)) return NaN;
    return digamma(1 - x) - Math.PI * cotOfPi(x);
  }
  if (x < 1) return digamma(1 + x) - 1 / x;
  if (x >= 10) {
    const z = 1 / (x * x);
    return Math.log(x) - 0.5 / x - z * horner(z, DIGAMMA_SERIES);
  }
  let t = x;
  let sum = 0;
  for (; t > 2; sum += 1 / t) t--;
  const s = t - 1;
  const r = horner(s, DIGAMMA_P) / horner(s, DIGAMMA_Q);
  const u = t - DIGAMMA_ROOT - DIGAMMA_ROOT_NEXT - DIGAMMA_ROOT_REST;
  return sum + u * r;
}

/** B(2k) / (2k)! for k = 1, 2, …, Bernoulli's numbers. */
export const POLYGAMMA_SERIES = [
  1 / 12,
  -1 / 720,
  1 / 30240,
  -1 / 1209600,
  1 / 47900160,
  -691 / 1307674368000,
  1 / 74724249600,
  -3617 / 10670622842880000,
  43867 / 5109094217170944000,
  -174611 / 802857662698291200000,
];

/**
 * The n-th derivative of digamma for whole n from 0 to 169, NaN for others:
 * recurrence up to n + 15, then the asymptotic series. For n <= 20 and x > 0
 * the error is below 8 ulp; for x < 0, by reflection, the measure of digamma
 * holds.
 * @param {number} n
 * @param {number} x
 * @returns {number}
 */
export function polygamma(n, x) {
  if (n === 0) return digamma(x);
  if (!(n > 0 && n < 170 && Number.isInteger(n))) return NaN;
  if (x === -Infinity) return NaN;
  const sign = n % 2 === 0 ? -1 : 1;
  if (x < 0 && Number.isInteger(x)) return n % 2 === 0 ? NaN : Infinity;
  if (x < 0) {
    const cotangents = Math.PI ** (n + 1) * cotDerivative(n, cotOfPi(x));
    return sign * (cotangents - polygamma(n, 1 - x));
  }
  let factorial = 1;
  for (let k = 2; k < n; k++) factorial *= k;
  const steps = Math.max(0, Math.ceil(n + 15 - x));
  const z = x + steps;
  let series = 0;
  let rising = n * (n + 1);
  for (let k = 0; k < POLYGAMMA_SERIES.length; k++) {
    const power = z ** (-2 * k - 2);
    series += POLYGAMMA_SERIES[k] * rising * power;
    rising *= (n + 2 * k + 2) * (n + 2 * k + 3);
  }
  let sum = 0;
  for (let k = steps - 1; k >= 0; k--) sum += (x + k) ** (-n - 1);
  const tail = (1 + n / (2 * z) + series) * z ** -n;
  return sign * factorial * (n * sum + tail);
}

/**
 * P(c) such that the n-th derivative of cot(π x) is (-π)^n P(cot(π x)): the
 * n-th derivative of c where c' is 1 + c². No coefficient is negative.
 * @param {number} n
 * @param {number} c
 * @returns {number}
 */
export function cotDerivative(n, c) {
  let p = [0, 1];
  for (let k = 0; k < n; k++) {
    const next = Array.from({ length: p.length + 1 }, () => 0);
    for (let j = 1; j < p.length; j++) {
      next[j - 1] += j * p[j];
      next[j + 1] += j * p[j];
    }
    p = next;
  }
  return horner(c, p);
}
