// @ts-check

/**
 * 2^n for n = -538 … 538: whole powers of two beyond are products of two.
 */
export const POWERS_OF_TWO = /* @__PURE__ */ Float64Array.from(
  { length: 1077 },
  (_, at) => 2 ** (at - 538),
);

/**
 * 2^(n/8) for n = 0 … 7, and after them what was rounded away.
 */
export const EIGHTH_POWERS = /* @__PURE__ */ Float64Array.of(
  1.0,
  1.0905077326652577,
  1.189207115002721,
  1.2968395546510096,
  1.4142135623730951,
  1.5422108254079407,
  1.681792830507429,
  1.8340080864093424,
  0.0,
  -3.046782079812471e-17,
  3.982015231465646e-17,
  2.5382502794888315e-17,
  -9.667293313452913e-17,
  7.949834809697621e-17,
  8.199010020581497e-17,
  3.283107224245627e-17,
);

/**
 * tanh(n/32) for n = -640 … 640.
 */
export const TANHS = /* @__PURE__ */ makeTanhs();

/**
 * (e^2x - 1) / (e^2x + 1) for the multiples of 1/32, rounded once: powers of
 * exp(1/16) in whole numbers with 128 bits after the point.
 */
function makeTanhs() {
  const step = 0x11082b577d34ed7d5b1a019e225c9a951n;
  const one = 1n << 128n;
  const tanhs = new Float64Array(1281);
  for (let n = 1, power = step; n <= 640; n++, power = (power * step) >> 128n) {
    const tanh = Number(((power - one) << 128n) / (power + one)) / 2 ** 128;
    tanhs[640 + n] = tanh;
    tanhs[640 - n] = -tanh;
  }
  return tanhs;
}

/**
 * log(1 + n/64) for n = 0 … 64.
 */
export const LOGARITHMS_FROM_ONE = /* @__PURE__ */ Float64Array.from(
  { length: 65 },
  (_, at) => Math.log1p(at / 64),
);

/**
 * 1 / (1 + n/64) for n = 0 … 64.
 */
export const INVERSES = /* @__PURE__ */ Float64Array.from(
  { length: 65 },
  (_, at) => 64 / (64 + at),
);

/**
 * exp(r) - 1 for |r| <= log(2) / 16: the series.
 * @param {number} r
 * @returns {number}
 */
function expm1OfSmall(r) {
  const s = r * r;
  return (
    r +
    s *
      (0.5 +
        r * 0.16666666666666666 +
        s *
          (0.041666666666666664 +
            r * 0.008333333333333333 +
            s *
              (0.001388888888888889 +
                r * 0.0001984126984126984 +
                s * 0.0000248015873015873)))
  );
}

/**
 * exp(x) = 2^(n/8) exp(r) within 1 ulp, for every x. V8 puts it into the loop
 * around it, where nothing is called and branches are for overflow alone.
 * @param {number} x
 * @returns {number}
 */
export function fastExp(x) {
  const bounded = x > 710 ? 710 : x < -745.5 ? -745.5 : x;
  const n = Math.floor(bounded * 11.541560327111707 + 0.5);
  const r = bounded - n * 0.08664339754614048 - n * 2.3852686615882346e-11;
  const root = EIGHTH_POWERS[n & 7];
  const tail = EIGHTH_POWERS[(n & 7) + 8];
  const power = n >> 3;
  const half = power >> 1;
  const first =
    POWERS_OF_TWO[half + 538] * (root + (tail + root * expm1OfSmall(r)));
  return first * POWERS_OF_TWO[power - half + 538];
}

/**
 * 1 / (1 + exp(-x)) within 2 ulp. Of the power of two in exp(-x) one half
 * multiplies both sides of the fraction, which does not overflow then.
 * @param {number} x
 * @returns {number}
 */
export function fastSigmoid(x) {
  const bounded = x > 745.5 ? -745.5 : x < -745.5 ? 746 : -x;
  const n = Math.floor(bounded * 11.541560327111707 + 0.5);
  const r = bounded - n * 0.08664339754614048 - n * 2.3852686615882346e-11;
  const root = EIGHTH_POWERS[n & 7];
  const tail = EIGHTH_POWERS[(n & 7) + 8];
  const power = n >> 3;
  const half = power >> 1;
  const first =
    POWERS_OF_TWO[half + 538] * (root + (tail + root * expm1OfSmall(r)));
  const second = POWERS_OF_TWO[half - power + 538];
  return second / (second + first);
}

/**
 * tanh(x) = (1 - exp(-2|x|)) / (1 + exp(-2|x|)), and the sign of x, within 2.5
 * ulp: where the derivative is computed too the exponential serves both.
 * @param {number} x
 * @returns {number}
 */
export function tanhByExp(x) {
  const size = Math.abs(x);
  if (!(size > 0.55)) return Math.tanh(x);
  const e = Math.exp(-(2 * size));
  return x > 0 ? (1 - e) / (1 + e) : (e - 1) / (1 + e);
}

/**
 * tanh(t + r) = tanh(t) + tanh(r) (1 - tanh(t)^2) / (1 + tanh(t) tanh(r)) within
 * 2 ulp, where t is the multiple of 1/32 next to x on the side of 0.
 * @param {number} x
 * @returns {number}
 */
export function fastTanh(x) {
  const bounded = x > 20 ? 20 : x < -20 ? -20 : x;
  const n = (bounded * 32) | 0;
  const r = bounded - n * 0.03125;
  const s = r * r;
  const small =
    r +
    r *
      s *
      (-0.3333333333333333 +
        s *
          (0.13333333333333333 +
            s * (-0.05396825396825397 + s * 0.021869488536155203)));
  const tanh = TANHS[n + 640];
  return tanh + (small * (1 - tanh * tanh)) / (1 + tanh * small);
}

/**
 * log(1 + u) for 0 <= u <= 1: log(1 + t) + log(1 + r), where t is the multiple
 * of 1/64 below u, and r = (u - t) / (1 + t).
 * @param {number} u
 * @returns {number}
 */
function log1pOfUnit(u) {
  const n = (u * 64) | 0;
  const r = (u - n * 0.015625) * INVERSES[n];
  const s = r * r;
  return (
    LOGARITHMS_FROM_ONE[n] +
    (r -
      s *
        (0.5 -
          r * 0.3333333333333333 +
          s *
            (0.25 -
              r * 0.2 +
              s *
                (0.16666666666666666 -
                  r * 0.14285714285714285 +
                  s * (0.125 - r * 0.1111111111111111)))))
  );
}

/**
 * log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)) within 2 ulp.
 * @param {number} x
 * @returns {number}
 */
export function fastSoftplus(x) {
  return Math.max(x, 0) + log1pOfUnit(fastExp(-Math.abs(x)));
}

/**
 * log(sigmoid(x)) = -softplus(-x).
 * @param {number} x
 * @returns {number}
 */
export function fastLogSigmoid(x) {
  return -fastSoftplus(-x);
}
