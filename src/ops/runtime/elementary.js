// @ts-check
import { gaussian, normal_pdf } from "./normal.js";

/**
 * 2^n for n = -538 … 538: whole powers of two beyond are products of two.
 */
export const POWERS_OF_TWO = /* @__PURE__ */ Float64Array.from(
  { length: 1077 },
  (_, at) => 2 ** (at - 538),
);

/**
 * 2^(n/64) for n = 0 … 63, and after them what was rounded away.
 */
export const ROOTS_OF_TWO = /* @__PURE__ */ makeRootsOfTwo();

/**
 * Powers of 2^(1/64) in whole numbers with 128 bits after the point.
 */
function makeRootsOfTwo() {
  const step = 0x102c9a3e778060ee6f7caca4f7a29bde9n;
  const roots = new Float64Array(128);
  for (let n = 0, power = 1n << 128n; n < 64; n++) {
    const root = Number(power);
    roots[n] = root / 2 ** 128;
    roots[64 + n] = Number(power - BigInt(root)) / 2 ** 128;
    power = (power * step) >> 128n;
  }
  return roots;
}

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
 * log(1 + n/128) for n = 0 … 128.
 */
export const LOGARITHMS_FROM_ONE = /* @__PURE__ */ Float64Array.from(
  { length: 129 },
  (_, at) => Math.log1p(at / 128),
);

/**
 * 1 / (1 + n/128) for n = 0 … 128.
 */
export const INVERSES = /* @__PURE__ */ Float64Array.from(
  { length: 129 },
  (_, at) => 128 / (128 + at),
);

/**
 * exp(r) - 1 for |r| <= log(2) / 128: the series.
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
            s * 0.001388888888888889))
  );
}

/**
 * exp(x) = 2^(n/64) exp(r) within 1 ulp. V8 puts it into the loop around it,
 * where nothing is called but for very large and very small results.
 * @param {number} x
 * @returns {number}
 */
export function fastExp(x) {
  if (!(x > -372 && x < 372)) return Math.exp(x);
  const n = Math.floor(x * 92.33248261689366 + 0.5);
  const r = x - n * 0.010830424696223417 - n * 2.572804622327669e-14;
  const root = ROOTS_OF_TWO[n & 63];
  const tail = ROOTS_OF_TWO[(n & 63) + 64];
  const power = POWERS_OF_TWO[(n >> 6) + 538];
  return power * (root + (tail + root * expm1OfSmall(r)));
}

/**
 * exp(x) - 1 within 2 ulp.
 * @param {number} x
 * @returns {number}
 */
export function fastExpm1(x) {
  if (!(x > -372 && x < 372)) return Math.expm1(x);
  const n = Math.floor(x * 92.33248261689366 + 0.5);
  const r = x - n * 0.010830424696223417 - n * 2.572804622327669e-14;
  const root = ROOTS_OF_TWO[n & 63];
  const tail = ROOTS_OF_TWO[(n & 63) + 64];
  const power = POWERS_OF_TWO[(n >> 6) + 538];
  return power * root - 1 + power * (tail + root * expm1OfSmall(r));
}

/**
 * 1 / (1 + exp(-x)) within 2 ulp; far on the left it is exp(x).
 * @param {number} x
 * @returns {number}
 */
export function fastSigmoid(x) {
  return x < -372 ? Math.exp(x) : 1 / (1 + fastExp(-x));
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
 * of 1/128 next to u, and r = (u - t) / (1 + t).
 * @param {number} u
 * @returns {number}
 */
function log1pOfUnit(u) {
  const n = (u * 128 + 0.5) | 0;
  const r = (u - n * 0.0078125) * INVERSES[n];
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
              s * (0.16666666666666666 - r * 0.14285714285714285))))
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

/**
 * exp(-x²) within 2 ulp: the square of the leading 24 bits of x is exact, and
 * what it leaves of x² is small.
 * @param {number} x
 * @returns {number}
 */
export function fastGaussian(x) {
  if (!(x > -19 && x < 19)) return gaussian(x);
  const z = Math.fround(x);
  const u = (z - x) * (z + x);
  const near = fastExp(-z * z);
  return near + near * (u * (1 + u * (0.5 + u * 0.16666666666666666)));
}

/**
 * exp(-x²/2) / √(2π) within 2 ulp: what rounding the constant has lost is added.
 * @param {number} x
 * @returns {number}
 */
export function fastNormalPdf(x) {
  if (!(x > -27 && x < 27)) return normal_pdf(x);
  const z = Math.fround(x);
  const u = 0.5 * (z - x) * (z + x);
  const near = 0.3989422804014327 * fastExp(-0.5 * z * z);
  const rest = u * (1 + u * (0.5 + u * 0.16666666666666666));
  return near + near * (rest - 6.247337834861335e-17);
}
