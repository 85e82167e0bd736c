// @ts-check
import { expOfSquare } from "./erf.js";
import { horner } from "./horner.js";

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

/** (Φ(x) - 1/2) / x in x² for |x| <= 0.7: minimax (Remez). */
const CDF_MIDDLE = [
  0.39894228040143265, -0.06649038006690355, 0.009973557009971877,
  -0.0011873282144809253, 0.00011543467906871236, -9.44461299400074e-6,
  6.65836073782853e-7, -4.098075888399903e-8, 2.0220630449238607e-9,
];

/** (1 + x) exp(x²/2) Φ(-x) for 0.6 <= x <= 39 in (x - 5) / (x + 5): minimax (Remez), the constant. */
const CDF_TAIL_FIRST = 0.46151582985003775;

/** The other coefficients. */
const CDF_TAIL = [
  -0.09155228183400894, 0.03103036842596306, 0.010002352385220716,
  -0.026401042966281752, 0.024536963243921194, -0.015170415402895312,
  0.0065220006647919325, -0.0016760723424207875, 7.79161628814414e-6,
  0.00018233414478339112, -5.360764168501996e-5, -9.89615237270872e-6,
  9.059885200766583e-6, -7.005104814595463e-8, -1.3072210038323986e-6,
  1.271068882660234e-7, 1.9534179582791118e-7, -2.516575620742917e-8,
  -2.944677520794848e-8, 2.757664352978555e-9, 3.2112339576118706e-9,
];

/**
 * The standard normal distribution: around 0 a polynomial, in the lower tail
 * one times exp(-x²/2), which the rounding of x² does not reach. Error below 2.5
 * ulp.
 * @param {number} x
 * @returns {number}
 */
export function normal_cdf(x) {
  const a = Math.abs(x);
  if (a < 0.66) return 0.5 + x * horner(x * x, CDF_MIDDLE);
  if (a > 39) return x > 0 ? 1 : 0;
  const q = (a - 5) / (a + 5);
  const rest = q * horner(q, CDF_TAIL);
  const above = CDF_TAIL_FIRST + rest;
  const below = 1 + a;
  const scaled = above / below;
  // What the roundings of all three have lost, by products that are exact.
  const [f, b, z] = [Math.fround(scaled), Math.fround(below), Math.fround(a)];
  const remainder =
    above -
    f * b -
    (f * (below - b) + (scaled - f) * b) -
    (scaled - f) * (below - b);
  const lost =
    rest - (above - CDF_TAIL_FIRST) + remainder - scaled * (a - (below - 1));
  const near = scaled * Math.exp(-0.5 * z * z);
  const tail =
    near + near * (Math.expm1(0.5 * (z - a) * (z + a)) + lost / above);
  return x > 0 ? 1 - tail : tail;
}
