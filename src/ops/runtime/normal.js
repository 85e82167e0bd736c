// @ts-check
import { erfc, erfcx, expOfSquare } from "./erf.js";

/**
 * The standard normal density exp(-x²/2) / √(2π), with what rounding the
 * constant has lost. Error below 2 ulp.
 * @param {number} x
 * @returns {number}
 */
export function normal_pdf(x) {
  if (Math.abs(x) > 39) return 0;
  const z = Math.fround(x);
  const near = 0.3989422804014327 * Math.exp(-0.5 * z * z);
  const rest = Math.expm1(0.5 * (z - x) * (z + x)) - 6.247337834861335e-17;
  return near + near * rest;
}

/**
 * exp(-x²). Error below 2 ulp.
 * @param {number} x
 * @returns {number}
 */
export function gaussian(x) {
  return Math.abs(x) > 28 ? 0 : expOfSquare(x, -1);
}

/**
 * The standard normal distribution erfc(-x/√2) / 2. In the left tail the
 * rounding of x/√2 would be amplified by x²; erfcx feels it once.
 * Error below 5 ulp.
 * @param {number} x
 * @returns {number}
 */
export function normal_cdf(x) {
  if (x > -1) return 0.5 * erfc(-x * Math.SQRT1_2);
  if (x < -39) return 0;
  return 0.5 * erfcx(-x * Math.SQRT1_2) * expOfSquare(x, -0.5);
}
