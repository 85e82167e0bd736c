// @ts-check
import { SINES } from "./circular.js";
import {
  INVERSES,
  LOGARITHMS_FROM_ONE,
  POWERS_OF_TWO,
  ROOTS_OF_TWO,
  TANHS,
} from "./elementary.js";
import { normal_cdf } from "./normal.js";
import { ERF_TABLE, NORMAL_TABLE } from "./tabulated.js";

/**
 * exp(x) = 2^(n/64) exp(r), for results that are rounded to 32 bits: they are
 * within 0.51 ulp of these.
 * @param {number} x
 * @returns {number}
 */
export function fastExpF32(x) {
  const bounded = x > 372 ? 372 : x < -372 ? -372 : x;
  const n = Math.floor(bounded * 92.33248261689366 + 0.5);
  const r = bounded - n * 0.010830424696249145;
  const power = POWERS_OF_TWO[(n >> 6) + 538] * ROOTS_OF_TWO[n & 63];
  return power * (1 + r * (1 + r * (0.5 + r * 0.16666666666666666)));
}

/**
 * exp(x) - 1, within 0.51 ulp of 32 bits.
 * @param {number} x
 * @returns {number}
 */
export function fastExpm1F32(x) {
  const bounded = x > 372 ? 372 : x < -372 ? -372 : x;
  const n = Math.floor(bounded * 92.33248261689366 + 0.5);
  const r = bounded - n * 0.010830424696249145;
  const power = POWERS_OF_TWO[(n >> 6) + 538] * ROOTS_OF_TWO[n & 63];
  const small =
    r * (1 + r * (0.5 + r * (0.16666666666666666 + r * 0.041666666666666664)));
  return power - 1 + power * small;
}

/**
 * 1 / (1 + exp(-x)), within 0.51 ulp of 32 bits.
 * @param {number} x
 * @returns {number}
 */
export function fastSigmoidF32(x) {
  return 1 / (1 + fastExpF32(-x));
}

/**
 * tanh(x) as fastTanh, within 0.51 ulp of 32 bits.
 * @param {number} x
 * @returns {number}
 */
export function fastTanhF32(x) {
  const bounded = x > 20 ? 20 : x < -20 ? -20 : x;
  const n = (bounded * 32) | 0;
  const r = bounded - n * 0.03125;
  const s = r * r;
  const small = r - r * s * (0.3333333333333333 - s * 0.13333333333333333);
  const tanh = TANHS[n + 640];
  return tanh + (small * (1 - tanh * tanh)) / (1 + tanh * small);
}

/**
 * log(1 + exp(x)) as fastSoftplus, within 0.51 ulp of 32 bits.
 * @param {number} x
 * @returns {number}
 */
export function fastSoftplusF32(x) {
  const u = fastExpF32(-Math.abs(x));
  const n = (u * 128 + 0.5) | 0;
  const r = (u - n * 0.0078125) * INVERSES[n];
  const small = r * (1 - r * (0.5 - r * (0.3333333333333333 - r * 0.25)));
  return Math.max(x, 0) + (LOGARITHMS_FROM_ONE[n] + small);
}

/**
 * log(sigmoid(x)) = -softplus(-x).
 * @param {number} x
 * @returns {number}
 */
export function fastLogSigmoidF32(x) {
  return -fastSoftplusF32(-x);
}

/**
 * exp(-x²), within 0.51 ulp of 32 bits.
 * @param {number} x
 * @returns {number}
 */
export function fastGaussianF32(x) {
  return fastExpF32(-(x * x));
}

/**
 * exp(-x²/2) / √(2π), within 0.51 ulp of 32 bits.
 * @param {number} x
 * @returns {number}
 */
export function fastNormalPdfF32(x) {
  return 0.3989422804014327 * fastExpF32(-0.5 * x * x);
}

/**
 * The sine, within 0.51 ulp of 32 bits: x = n π/256 + r, where π/256 has two
 * parts, of the first of which n multiples are exact.
 * @param {number} x
 * @returns {number}
 */
export function fastSinF32(x) {
  if (!(x > -800 && x < 800)) return Math.sin(x);
  const n = Math.floor(x * 81.48733086305042 + 0.5);
  const r = x - n * 0.012271846303065104 - n * 2.00261262e-14;
  const sin = SINES[n & 511];
  const cos = SINES[(n + 128) & 511];
  return sin + r * (cos - r * (sin * 0.5 + r * cos * 0.16666666666666666));
}

/**
 * The cosine: the sine a quarter further.
 * @param {number} x
 * @returns {number}
 */
export function fastCosF32(x) {
  if (!(x > -800 && x < 800)) return Math.cos(x);
  const n = Math.floor(x * 81.48733086305042 + 0.5);
  const r = x - n * 0.012271846303065104 - n * 2.00261262e-14;
  const cos = SINES[(n + 128) & 511];
  const sin = SINES[n & 511];
  return cos - r * (sin + r * (cos * 0.5 - r * sin * 0.16666666666666666));
}

/**
 * erf as fastErf, within 0.51 ulp of 32 bits.
 * @param {number} x
 * @returns {number}
 */
export function fastErfF32(x) {
  const bounded = x > 6 ? 6 : x < -6 ? -6 : x;
  const n = (bounded * 32) | 0;
  const r = bounded - n * 0.03125;
  const s = r * r;
  const at = (n + 192) * 11;
  return (
    ERF_TABLE[at] +
    r *
      (ERF_TABLE[at + 1] +
        r * ERF_TABLE[at + 2] +
        s * (ERF_TABLE[at + 3] + r * ERF_TABLE[at + 4] + s * ERF_TABLE[at + 5]))
  );
}

/**
 * The standard normal distribution as fastNormalCdf, within 0.51 ulp of 32 bits.
 * @param {number} x
 * @returns {number}
 */
export function fastNormalCdfF32(x) {
  if (!(x > -5)) return normal_cdf(x);
  const bounded = x > 8.5 ? 8.5 : x;
  const n = Math.floor(bounded * 16 + 0.5);
  const r = bounded - n * 0.0625;
  const s = r * r;
  const at = (n + 80) * 11;
  return (
    NORMAL_TABLE[at] +
    r *
      (NORMAL_TABLE[at + 1] +
        r * NORMAL_TABLE[at + 2] +
        s *
          (NORMAL_TABLE[at + 3] +
            r * NORMAL_TABLE[at + 4] +
            s * (NORMAL_TABLE[at + 5] + r * NORMAL_TABLE[at + 6])))
  );
}
