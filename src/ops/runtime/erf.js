// @ts-check
import { horner } from "./horner.js";

/**
 * erf(x) / x - 1 for |x| < 27/32 in x²: numerator (FreeBSD msun s_erf.c, Sun
 * Microsystems 1993).
 */
const ERF_NEAR_P = [
  0.12837916709551256, -0.3250421072470015, -0.02848174957559851,
  -0.005770270296489442, -0.000023763016656650163,
];

/** Its denominator. */
const ERF_NEAR_Q = [
  1, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766,
  0.00013249473800432164, -0.000003960228278775368,
];

/** erf(1) to 24 bits, so that sums with it lose nothing. */
const ERF_ONE = 0.8450629115104675;

/** erf(x) - ERF_ONE for 27/32 <= x < 5/4 in x - 1: numerator (s_erf.c). */
const ERF_ONE_P = [
  -0.0023621185607526594, 0.41485611868374833, -0.3722078760357013,
  0.31834661990116175, -0.11089469428239668, 0.035478304325618236,
  -0.002166375594868791,
];

/** Its denominator. */
const ERF_ONE_Q = [
  1, 0.10642088040084423, 0.540397917702171, 0.07182865441419627,
  0.12617121980876164, 0.01363708391202905, 0.011984499846799107,
];

/** log(x erfcx(x)) + 9/16 for 5/4 <= x < 20/7 in 1/x²: numerator (s_erf.c). */
const ERFC_MIDDLE_P = [
  -0.009864944034847148, -0.6938585727071818, -10.558626225323291,
  -62.375332450326006, -162.39666946257347, -184.60509290671104,
  -81.2874355063066, -9.814329344169145,
];

/** Its denominator. */
const ERFC_MIDDLE_Q = [
  1, 19.651271667439257, 137.65775414351904, 434.56587747522923,
  645.3872717332679, 429.00814002756783, 108.63500554177944, 6.570249770319282,
  -0.0604244152148581,
];

/** The same for x >= 20/7: numerator (s_erf.c). */
const ERFC_FAR_P = [
  -0.0098649429247001, -0.799283237680523, -17.757954917754752,
  -160.63638485582192, -637.5664433683896, -1025.0951316110772,
  -483.5191916086514,
];

/** Its denominator. */
const ERFC_FAR_Q = [
  1, 30.33806074348246, 325.7925129965739, 1536.729586084437,
  3199.8582195085955, 2553.0504064331644, 474.52854120695537,
  -22.44095244658582,
];

/**
 * log(x erfcx(x)) + 9/16 for x >= 5/4, a slowly varying number near -0.01.
 * @param {number} x
 * @returns {number}
 */
export function erfcScale(x) {
  const z = 1 / (x * x);
  return x < 20 / 7
    ? horner(z, ERFC_MIDDLE_P) / horner(z, ERFC_MIDDLE_Q)
    : horner(z, ERFC_FAR_P) / horner(z, ERFC_FAR_Q);
}

/**
 * exp(scale x²), where the rounding of x² would be amplified by x²: the square
 * of the leading 24 bits is exact. For |x| < 1e19 and a power of two as scale.
 * @param {number} x
 * @param {number} scale
 * @returns {number}
 */
export function expOfSquare(x, scale) {
  const z = Math.fround(x);
  const near = Math.exp(scale * z * z);
  return near + near * Math.expm1(scale * (x - z) * (x + z));
}

/**
 * erf(x) = 2/√π ∫ exp(-t²) dt from 0 to x. Error below 1 ulp.
 * @param {number} x
 * @returns {number}
 */
export function erf(x) {
  const a = Math.abs(x);
  if (a < 27 / 32) {
    const z = x * x;
    return x + (x * horner(z, ERF_NEAR_P)) / horner(z, ERF_NEAR_Q);
  }
  if (a < 5 / 4) {
    const s = a - 1;
    const y = ERF_ONE + horner(s, ERF_ONE_P) / horner(s, ERF_ONE_Q);
    return x < 0 ? -y : y;
  }
  return x < 0 ? erfc(-x) - 1 : 1 - erfc(x);
}

/**
 * erfc(x) = 1 - erf(x) without the cancellation, down to underflow at 27.2.
 * Error below 2 ulp.
 * @param {number} x
 * @returns {number}
 */
export function erfc(x) {
  const a = Math.abs(x);
  if (a < 27 / 32) {
    const z = x * x;
    const r = (x * horner(z, ERF_NEAR_P)) / horner(z, ERF_NEAR_Q);
    return x < 1 / 4 ? 1 - (x + r) : 0.5 - (x - 0.5 + r);
  }
  if (a < 5 / 4) {
    const s = a - 1;
    const r = horner(s, ERF_ONE_P) / horner(s, ERF_ONE_Q);
    return x < 0 ? 1 + (ERF_ONE + r) : 1 - ERF_ONE - r;
  }
  if (x < 0) return x < -6 ? 2 : 2 - erfc(-x);
  if (x > 28) return 0;
  const z = Math.fround(x);
  const near = Math.exp(-z * z - 9 / 16);
  return (near * Math.exp((z - x) * (z + x) + erfcScale(x))) / x;
}

/**
 * erfcx(x) = exp(x²) erfc(x), finite wherever erfc underflows; about
 * 1 / (x √π) for large x. Error below 4 ulp.
 * @param {number} x
 * @returns {number}
 */
export function erfcx(x) {
  // Twice the largest exponential.
  if (x < -26.63) return Infinity;
  if (x < 5 / 4) return erfc(x) * expOfSquare(x, 1);
  return Math.exp(erfcScale(x) - 9 / 16) / x;
}

/**
 * log(erfc(x)), about -x² for large x. Error below 4 ulp.
 * @param {number} x
 * @returns {number}
 */
export function log_erfc(x) {
  if (x < 0.5) return Math.log1p(-erf(x));
  if (x < 5 / 4) return Math.log(erfc(x));
  return erfcScale(x) - 9 / 16 - Math.log(x) - x * x;
}

/**
 * The n-th derivative of erfcx, 2/√π ∫ (-2t)^n exp(-t² - 2xt) dt over t > 0, for
 * whole n from 0 to 200. On the right by the continued fraction of the quotients of
 * neighbours (DLMF 7.18(vii)), in which all is positive. Error below 8 ulp for
 * small n.
 * @param {number} n
 * @param {number} x
 * @returns {number}
 */
export function erfcx_derivative(n, x) {
  if (!(n >= 0 && n <= 200 && Number.isInteger(n))) return NaN;
  let value = erfcx(x);
  if (x < 0.5 || n === 0) {
    let before = 0;
    for (let k = 0; k < n; k++) {
      const next =
        2 * (x * value + k * before) - (k === 0 ? Math.sqrt(4 / Math.PI) : 0);
      before = value;
      value = next;
    }
    return value;
  }
  const levels = Math.max(0, Math.ceil(Math.min(600, 20 + 160 / (x * x)))) + n;
  let ratio = (2 * levels) / (x + Math.sqrt(x * x + 2 * levels));
  for (let k = levels - 1; k > 0; k--) {
    ratio = (2 * k) / (2 * x + ratio);
    if (k <= n) value *= -ratio;
  }
  return value;
}
